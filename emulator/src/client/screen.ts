/**
 * On a phone app code and the screen are two threads: `setData` changes the data and the component tree at once,
 * and the screen follows when the message has crossed (official page 合理使用 setData, "setData 的流程"). Here what
 * the framework and the built-in components do to the DOM waits in a queue meanwhile, and is done in the same order.
 */
export class Screen {
  /** Milliseconds until the screen follows, for a slow phone; 0 is the next task. */
  delayMs = 0
  private waiting: Step[] = []
  /** The first of `waiting` that is not done. */
  private next = 0
  private depth = 0
  private drawing = false
  /** The appointment for the next flush; undefined: none is made. */
  private appointment: object | undefined

  constructor(private readonly report: (thrown: unknown) => void = throwLater) {}

  /** Whether what is done to the screen now has to wait. */
  get waits(): boolean {
    return !this.drawing && (this.depth > 0 || this.next < this.waiting.length)
  }

  /** Runs a change of data: all it does to the screen comes later. */
  change<T>(run: () => T): T {
    this.depth += 1
    try {
      return run()
    } finally {
      this.depth -= 1
    }
  }

  /** Does something to the screen: now, or in its turn when the screen follows. */
  do(run: () => void): void {
    if (this.waits) this.add({ run, draws: true })
    else run()
  }

  /** Runs app code when everything asked of the screen until now is on it. */
  rendered(run: () => void): void {
    this.add({ run, draws: false })
  }

  /** The screen follows at once: something is about to look at it. Inside a change it cannot. */
  flush(): void {
    if (this.drawing || this.depth > 0) return
    // what app code changes meanwhile comes with the next time
    const end = this.waiting.length
    while (this.next < Math.min(end, this.waiting.length)) {
      const step = this.waiting[this.next]
      this.next += 1
      this.drawing = step?.draws === true
      try {
        step?.run()
      } catch (thrown) {
        this.report(thrown)
      }
      this.drawing = false
    }
    this.appointment = undefined
    if (this.next < this.waiting.length) return this.schedule()
    this.waiting = []
    this.next = 0
  }

  private add(step: Step): void {
    this.waiting.push(step)
    this.schedule()
  }

  private schedule(): void {
    if (this.appointment) return
    const appointment = (this.appointment = {})
    const follow = () => {
      // somebody looked earlier
      if (appointment === this.appointment) this.flush()
    }
    if (this.delayMs > 0) setTimeout(follow, this.delayMs)
    else nextTask(follow)
  }
}

interface Step {
  run: () => void
  /** It touches the screen; otherwise it is app code that waited for it. */
  draws: boolean
}

/** An error of ours must not stop what else waits, and must be seen: it goes to the window's own `error`. */
function throwLater(thrown: unknown): void {
  setTimeout(() => {
    throw thrown
  }, 0)
}

/** A message's arrival is a task of its own, and unlike a timer it is not held back in a hidden window. */
function nextTask(run: () => void): void {
  const { port1, port2 } = new MessageChannel()
  port1.onmessage = () => {
    port1.close()
    run()
  }
  port2.postMessage(null)
}

/** The document's: every phone draws one mini-program at a time. */
export const screen = new Screen()
