/** Milliseconds: always the same, evenly between two, or whatever the function says this time. */
export type Delay = number | readonly [least: number, most: number] | (() => number)

/** `random` is in 0–1, as Math.random gives it. */
export function drawDelay(delay: Delay, random: () => number): number {
  if (typeof delay === 'number') return delay
  if (typeof delay === 'function') return Math.max(0, delay())
  const [least, most] = delay
  return least + (most - least) * random()
}

const isDuration = (value: unknown): value is number =>
  typeof value === 'number' && Number.isFinite(value) && value >= 0

/** For values that came as JSON, or from a test that passes a function. */
export function isDelay(value: unknown): value is Delay {
  if (Array.isArray(value))
    return value.length === 2 && value.every(isDuration) && Number(value[0]) <= Number(value[1])
  return isDuration(value) || typeof value === 'function'
}
