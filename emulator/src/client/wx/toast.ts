import type { ShellUi, ToastRequest } from './shell-ui.ts'

/** The one place that toast and loading share: a new one takes it, with a time of its own. */
export class Toast {
  private timer: number | undefined

  constructor(private readonly shell: ShellUi) {}

  /** Without `duration` (ms) it stays until it is hidden. */
  show(request: ToastRequest, duration?: number): void {
    window.clearTimeout(this.timer)
    this.shell.showToast(request)
    if (duration !== undefined) this.timer = window.setTimeout(() => this.shell.hideToast(), duration)
  }

  hide(): void {
    window.clearTimeout(this.timer)
    this.shell.hideToast()
  }
}
