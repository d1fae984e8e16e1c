export type Stops = Record<string, () => Promise<unknown>>

/**
 * Stops everything of a stage at once and one stage after the other. Answers the names of what had not stopped after
 * `ms`, none when all did; what fails to stop counts as left.
 */
export async function stopWithin(ms: number, stages: readonly Stops[]): Promise<string[]> {
  const left = new Set(stages.flatMap((stage) => Object.keys(stage)))
  let timer: NodeJS.Timeout | undefined
  const deadline = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, ms)
  })
  const stopOne = async ([name, stop]: [string, () => Promise<unknown>]) => {
    await stop()
    left.delete(name)
  }
  const stopAll = async () => {
    for (const stage of stages) await Promise.allSettled(Object.entries(stage).map(stopOne))
  }
  await Promise.race([stopAll(), deadline])
  clearTimeout(timer)
  return [...left]
}

export interface SignalSource {
  on(name: 'SIGINT' | 'SIGTERM', listener: () => void): unknown
}

/** npm and a terminal pass the same Ctrl-C on twice within a moment; that is one signal. */
const ONE_SIGNAL_MS = 500

/** Calls `first` for the first signal and `second` for one after it that somebody means. */
export function onSignals(
  handlers: { first: (signal: string) => void; second: (signal: string) => void },
  { now = () => performance.now(), source = process as SignalSource } = {},
): void {
  let since: number | undefined
  for (const name of ['SIGINT', 'SIGTERM'] as const)
    source.on(name, () => {
      if (since === undefined) {
        since = now()
        handlers.first(name)
      } else if (now() - since >= ONE_SIGNAL_MS) handlers.second(name)
    })
}
