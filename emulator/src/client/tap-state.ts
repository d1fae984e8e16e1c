import { clientProfiles, type ClientProfile } from '../profiles.ts'

/** What a platform answers about the tap state. */
export type TapRules = Pick<ClientProfile, 'microtasks' | 'passesOnAfterSensitiveCall'>

/**
 * 点击态: whether the code that runs now was reached by a press of the user (wechat-platform.md §1.4, §14 H1–H9).
 * The sources disagree in places; the default is the strictest reading, under which code that works here
 * works under every other.
 */
export class TapState {
  private active = false
  private spent = false
  /** Presses that are being delivered, one inside the other. */
  private depth = 0

  constructor(private readonly rules: TapRules = clientProfiles.strict) {}

  /** Whether the running code has the tap state. */
  get held(): boolean {
    return this.active
  }

  /** Whether an API called now hands the state to its callbacks (H6, H7). */
  get passesOn(): boolean {
    return this.active && (!this.spent || this.rules.passesOnAfterSensitiveCall)
  }

  /**
   * Runs what a press of the user reaches; one inside another is a part of it. The state ends with the call, or
   * with its macrotask (H1, H4).
   */
  press<T>(run: () => T): T {
    if (this.depth > 0) return run()
    this.begin(true)
    this.depth += 1
    try {
      return run()
    } finally {
      this.depth -= 1
      if (this.rules.microtasks === 'lost') this.active = false
      // between two tasks nobody holds it, whichever press was the last
      else afterThisTask(() => (this.active = false))
    }
  }

  /**
   * Runs what is a task of its own on a phone and no press: a timer, the callback of an API that passes nothing on
   * (H3, H8), an event that a press on the screen led to.
   */
  withoutPress<T>(run: () => T): T {
    const { depth } = this
    this.begin(false)
    this.depth = 0
    try {
      return run()
    } finally {
      this.depth = depth
    }
  }

  /** A call that needs the state has used it; it stays for further synchronous calls (H7). */
  spend(): void {
    this.spent = true
  }

  private begin(active: boolean): void {
    this.active = active
    this.spent = false
  }
}

/** A message arrives after every microtask of the running task, and it is a task of its own. */
function afterThisTask(run: () => unknown): void {
  const { port1, port2 } = new MessageChannel()
  port1.onmessage = () => {
    port1.close()
    run()
  }
  port2.postMessage(null)
}
