/** Middle of the sorted values; of an even number, the mean of the two in the middle. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b)
  const [low, high] = [sorted[Math.floor((sorted.length - 1) / 2)], sorted[Math.floor(sorted.length / 2)]]
  if (low === undefined || high === undefined) throw new Error('a median of nothing')
  return (low + high) / 2
}

/** The value that `share` of all are not above. */
export function quantile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b)
  const found = sorted[Math.min(sorted.length - 1, Math.ceil(share * sorted.length) - 1)]
  if (found === undefined) throw new Error('a quantile of nothing')
  return found
}

/** Runs every way in every round, one after the other, so that what else the machine does meets all of them. */
export async function alternate<Way extends string>(
  rounds: number,
  ways: Record<Way, (round: number) => Promise<number>>,
): Promise<Record<Way, number[]>> {
  const names = Object.keys(ways) as Way[]
  const figures = Object.fromEntries(names.map((name) => [name, [] as number[]])) as Record<Way, number[]>
  for (let round = 0; round < rounds; round++) {
    // each way is first in turn
    const from = round % names.length
    for (const name of [...names.slice(from), ...names.slice(0, from)])
      figures[name].push(await ways[name](round))
  }
  return figures
}

/** The median of the rounds' own ratios: what slows a whole round down slows both sides of it. */
export const pairedRatio = (ours: readonly number[], theirs: readonly number[]): number =>
  median(ours.map((value, round) => value / (theirs[round] ?? NaN)))

/** Runs `work` for 0 … count-1, `width` at a time; answers how many a second. */
export async function perSecond(
  count: number,
  width: number,
  work: (n: number) => Promise<unknown>,
): Promise<number> {
  let next = 0
  const started = performance.now()
  await Promise.all(
    Array.from({ length: width }, async () => {
      for (let n = next++; n < count; n = next++) await work(n)
    }),
  )
  return (count / (performance.now() - started)) * 1000
}
