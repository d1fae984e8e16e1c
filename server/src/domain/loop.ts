/** A thing that is done again and again: at once when woken, else every `pollMs`. */
export interface Loop {
  start(): void
  wake(): void
  stopping(): boolean
  /** The present turn is long and goes on. */
  beat(): void
  /** How long ago, in milliseconds, it last showed a sign of life; undefined before it was started. */
  quietFor(): number | undefined
  /** No new turn; resolves when the present one is over. */
  stop(): Promise<void>
}

/** An error in a turn is told to `onError`, and the next turn comes as always. */
export function createLoop(options: {
  pollMs: number
  turn: () => Promise<void>
  onError: (error: unknown) => void
}): Loop {
  let isStopping = false
  let isRoused = false
  let rouse: (() => void) | undefined
  let running: Promise<void> | undefined
  let beatAt = 0
  const beat = () => {
    beatAt = performance.now()
  }

  async function run(): Promise<void> {
    while (!isStopping) {
      isRoused = false
      beat()
      try {
        await options.turn()
      } catch (error) {
        options.onError(error)
        // what fails at once would fail thousands of times a second
        await idle()
      }
      if (!isRoused && !isStopping) await idle()
    }
  }

  function idle(): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(awake, options.pollMs)
      function awake() {
        clearTimeout(timer)
        rouse = undefined
        resolve()
      }
      rouse = awake
    })
  }

  const wake = () => {
    isRoused = true
    rouse?.()
  }

  return {
    start: () => {
      running ??= run()
    },
    beat,
    quietFor: () => running && performance.now() - beatAt,
    wake,
    stopping: () => isStopping,
    stop: async () => {
      isStopping = true
      wake()
      await running
    },
  }
}
