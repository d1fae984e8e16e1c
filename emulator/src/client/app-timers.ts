import type { Inspection } from './inspection.ts'
import type { TapState } from './tap-state.ts'

type Handler = (...args: unknown[]) => void

/** The timers that app code sees: no tap state in their callbacks (H3), and none outlives its mini-program. */
export class AppTimers {
  private timeouts = new Set<number>()
  private intervals = new Set<number>()
  /** Promises of a killed mini-program still run and may set timers. */
  private stopped = false

  constructor(
    private readonly tap: TapState,
    private readonly inspection: Inspection,
  ) {}

  readonly setTimeout = (handler: Handler, delay = 0, ...args: unknown[]): number => {
    if (this.stopped) return 0
    const id = window.setTimeout(() => {
      this.timeouts.delete(id)
      this.run('setTimeout', handler, args)
    }, delay)
    this.timeouts.add(id)
    return id
  }

  readonly setInterval = (handler: Handler, delay = 0, ...args: unknown[]): number => {
    if (this.stopped) return 0
    const id = window.setInterval(() => this.run('setInterval', handler, args), delay)
    this.intervals.add(id)
    return id
  }

  readonly clearTimeout = (id?: number): void => {
    if (id !== undefined) this.timeouts.delete(id)
    window.clearTimeout(id)
  }

  readonly clearInterval = (id?: number): void => {
    if (id !== undefined) this.intervals.delete(id)
    window.clearInterval(id)
  }

  /** The mini-program is gone: nothing of it runs any more. */
  stop(): void {
    this.stopped = true
    this.timeouts.forEach((id) => window.clearTimeout(id))
    this.intervals.forEach((id) => window.clearInterval(id))
    this.timeouts.clear()
    this.intervals.clear()
  }

  private run(name: string, handler: Handler, args: unknown[]): void {
    this.tap.withoutPress(() => {
      try {
        handler(...args)
      } catch (thrown) {
        this.inspection.error(name, thrown)
      }
    })
  }
}
