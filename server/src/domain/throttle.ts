/** Collects what is added and hands it over: the first at once, and never more than once in `everyMs`. */
export interface Throttle<T> {
  add(items: readonly T[]): void
  /** Waits for nothing any more; resolves when all that was added has been handed over. */
  flush(): Promise<void>
}

/** The same item added twice is handed over once. What `hand` throws must be its own affair. */
export function createThrottle<T>(everyMs: number, hand: (items: T[]) => void | Promise<void>): Throttle<T> {
  const due = new Set<T>()
  let running: Promise<void> | undefined
  let isHasty = false
  let hurry: (() => void) | undefined

  async function run(): Promise<void> {
    while (due.size > 0) {
      const items = [...due]
      due.clear()
      const rest = pause()
      await hand(items)
      await rest
    }
    running = undefined
  }

  function pause(): Promise<void> {
    if (isHasty) return Promise.resolve()
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, everyMs)
      // nobody stays for it
      timer.unref()
      hurry = () => {
        clearTimeout(timer)
        resolve()
      }
    })
  }

  return {
    add: (items) => {
      for (const item of items) due.add(item)
      if (due.size > 0) running ??= run()
    },
    flush: async () => {
      isHasty = true
      hurry?.()
      await running
    },
  }
}
