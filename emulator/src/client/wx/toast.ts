import type { ShellUi, ToastRequest } from './shell-ui.ts'

/** As the APIs are named: showToast, hideLoading. */
export type ToastKind = 'Toast' | 'Loading'

/** The one place that toast and loading share: a new one takes it, with a time of its own. */
export class Toast {
  /** What is on the screen now. */
  shown: ToastKind | undefined
  private timer: number | undefined

  constructor(private readonly shell: ShellUi) {}

  /** Without `duration` (ms) it stays until it is hidden. */
  show(kind: ToastKind, request: ToastRequest, duration?: number): void {
    window.clearTimeout(this.timer)
    this.shown = kind
    this.shell.showToast(request)
    if (duration !== undefined) this.timer = window.setTimeout(() => this.hide(), duration)
  }

  hide(): void {
    window.clearTimeout(this.timer)
    this.shown = undefined
    this.shell.hideToast()
  }
}
