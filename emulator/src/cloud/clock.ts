import type { Timers } from './timers.ts'

/** A clock that can be put forward; what waits by it is due the sooner. */
export interface MovableClock {
  now: () => number
  timers: Timers
  aheadMs(): number
  /** Puts it that far ahead of the machine's, instead of what it was before. */
  setAhead(ms: number): void
}

interface Waiting {
  dueAt: number
  run: () => void
  cancel: () => void
}

/** Over the machine's, or a test's. */
export function movableClock(machine: { now: () => number; timers: Timers }): MovableClock {
  let ahead = 0
  const waiting = new Set<Waiting>()
  const now = () => machine.now() + ahead
  const arm = (it: Waiting, ms: number) => {
    it.cancel = machine.timers.after(ms, () => {
      waiting.delete(it)
      it.run()
    })
  }
  return {
    now,
    timers: {
      after(ms, run) {
        const it: Waiting = { dueAt: now() + ms, run, cancel: () => undefined }
        waiting.add(it)
        arm(it, ms)
        return () => {
          waiting.delete(it)
          it.cancel()
        }
      },
    },
    aheadMs: () => ahead,
    setAhead(ms) {
      ahead = ms
      // what was due first still runs first
      for (const it of [...waiting].sort((a, b) => a.dueAt - b.dueAt)) {
        it.cancel()
        arm(it, Math.max(0, it.dueAt - now()))
      }
    },
  }
}
