/** What time does for the cloud; a test has its own. */
export interface Timers {
  /** Runs `run` once after `ms`. The returned function calls it off. */
  after(ms: number, run: () => void): () => void
}

/** The machine's own. They keep no process alive. */
export const realTimers: Timers = {
  after(ms, run) {
    const timer = setTimeout(run, ms).unref()
    return () => clearTimeout(timer)
  },
}

export const wait = (timers: Timers, ms: number): Promise<void> =>
  new Promise((resolve) => void timers.after(ms, resolve))
