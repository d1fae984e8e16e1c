/** How WeChat feels, by name: milliseconds, or evenly between two. */
export const latencyProfiles = {
  none: 0,
  lan: [1, 8],
  typical: [60, 180],
  slow: [800, 3000],
  /** Everybody sends at once: some answers come after a caller's usual five seconds. */
  rush: [200, 8000],
} as const satisfies Record<string, number | readonly [least: number, most: number]>
export type LatencyProfile = keyof typeof latencyProfiles

/** Milliseconds: always the same, evenly between two, as a profile has it, or what the function says this time. */
export type Delay = number | readonly [least: number, most: number] | LatencyProfile | (() => number)

/** `random` is in 0–1, as Math.random gives it. */
export function drawDelay(delay: Delay, random: () => number): number {
  if (typeof delay === 'string') return drawDelay(latencyProfiles[delay], random)
  if (typeof delay === 'number') return delay
  if (typeof delay === 'function') return Math.max(0, delay())
  const [least, most] = delay
  return least + (most - least) * random()
}

export const isLatencyProfile = (value: unknown): value is LatencyProfile =>
  typeof value === 'string' && Object.hasOwn(latencyProfiles, value)

const isDuration = (value: unknown): value is number =>
  typeof value === 'number' && Number.isFinite(value) && value >= 0

/** For values that came as JSON, or from a test that passes a function. */
export function isDelay(value: unknown): value is Delay {
  if (Array.isArray(value))
    return value.length === 2 && value.every(isDuration) && Number(value[0]) <= Number(value[1])
  return isDuration(value) || isLatencyProfile(value) || typeof value === 'function'
}
