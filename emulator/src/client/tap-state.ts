/**
 * 点击态: whether the code that runs now was reached by a press of the user (wechat-platform.md §1.4, §14 H1–H9).
 * The sources disagree in places; the default is the strictest reading, under which code that works here
 * works under every other.
 */
export interface TapProfile {
  /** Promise continuations of a tap handler: iOS ≤ 15 loses the state, Android keeps it (H4). */
  microtasks: 'lost' | 'kept'
  /** After a sensitive call, does a later `wx.request` of the same task still pass the state on? (H7) */
  passesOnAfterSensitiveCall: boolean
  /** Base library ≥ 2.21.3: a form's submit counts as a tap (H9). */
  formSubmit: boolean
}

export const strictTapProfile: TapProfile = {
  microtasks: 'lost',
  passesOnAfterSensitiveCall: false,
  formSubmit: true,
}

export const androidTapProfile: TapProfile = { ...strictTapProfile, microtasks: 'kept' }

export class TapState {
  private active = false
  private spent = false
  /** Counts presses and tasks, so that a late end cannot end a newer press. */
  private turn = 0

  constructor(readonly profile: TapProfile = strictTapProfile) {}

  /** Whether the running code has the tap state. */
  get held(): boolean {
    return this.active
  }

  /** Whether an API called now hands the state to its callbacks (H6, H7). */
  get passesOn(): boolean {
    return this.active && (!this.spent || this.profile.passesOnAfterSensitiveCall)
  }

  /** Runs what a press of the user reaches. The state ends with the call, or with its macrotask (H1, H4). */
  press<T>(run: () => T): T {
    if (this.active) return run()
    const turn = this.begin(true)
    try {
      return run()
    } finally {
      if (this.profile.microtasks === 'lost') this.end(turn)
      else afterThisTask(() => this.end(turn))
    }
  }

  /** Runs what begins a task of its own: a timer, the callback of an API that passes nothing on (H3, H8). */
  withoutPress<T>(run: () => T): T {
    this.begin(false)
    return run()
  }

  /** Runs one part of a press that does not count as one (H9 on an old base library). */
  suspend<T>(run: () => T): T {
    const { active } = this
    this.active = false
    try {
      return run()
    } finally {
      this.active = active
    }
  }

  /** A call that needs the state has used it; it stays for further synchronous calls (H7). */
  spend(): void {
    this.spent = true
  }

  private begin(active: boolean): number {
    this.active = active
    this.spent = false
    this.turn += 1
    return this.turn
  }

  private end(turn: number): void {
    if (turn === this.turn) this.active = false
  }
}

/** A message arrives after every microtask of the running task and before any timer set from now on. */
function afterThisTask(run: () => void): void {
  const { port1, port2 } = new MessageChannel()
  port1.onmessage = () => {
    port1.close()
    run()
  }
  port2.postMessage(null)
}
