import type { Timers } from '../cloud/timers.ts'

export interface ManualClock {
  now: () => number
  timers: Timers
  /** Time alone moves; what is due waits for `live`. */
  pass(ms: number): void
  /** Time moves from one due timer to the next, and what each sets off comes to rest in between. */
  live(ms: number): Promise<void>
}

/** A clock that stands still until the test moves it. */
export function manualClock(start: number): ManualClock {
  let time = start
  const due = new Set<{ at: number; run: () => void }>()
  // promises that wait for nothing but each other are done when the event loop comes round
  const rest = () => new Promise<void>((rested) => setImmediate(rested))
  return {
    now: () => time,
    timers: {
      after(ms, run) {
        const timer = { at: time + ms, run }
        due.add(timer)
        return () => void due.delete(timer)
      },
    },
    pass: (ms) => void (time += ms),
    async live(ms) {
      const end = time + ms
      for (;;) {
        await rest()
        const [next] = [...due].sort((a, b) => a.at - b.at)
        if (!next || next.at > end) break
        due.delete(next)
        time = Math.max(time, next.at)
        next.run()
      }
      time = end
    },
  }
}
