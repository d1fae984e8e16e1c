const SECOND = 1000
const MINUTE = 60 * SECOND
const HOUR = 60 * MINUTE

/**
 * How long after each failed try the next one comes; after the last a delivery is dead. docs/deliveries.zh-CN.md
 * publishes this table.
 */
export const retryDelays = {
  /** WeChat answered -1: it may be counted against us, so three times only (wechat-platform.md §6.2). */
  busy: [2 * SECOND, 30 * SECOND, 5 * MINUTE],
  /** WeChat could not be reached or asks to come back later: a night without network is survived. */
  later: [2 * SECOND, 10 * SECOND, MINUTE, 5 * MINUTE, 15 * MINUTE, HOUR, 3 * HOUR, 6 * HOUR],
  /** Somebody has to mend the configuration first. */
  configuration: [MINUTE, 5 * MINUTE, 15 * MINUTE, HOUR, 3 * HOUR, 6 * HOUR, 12 * HOUR, 24 * HOUR],
} as const satisfies Record<string, readonly number[]>

export type RetrySchedule = keyof typeof retryDelays

/** When to try again after `attempts` tries, half of the delay by chance so that many do not come back at once. */
export function nextTry(
  schedule: RetrySchedule,
  attempts: number,
  now: Date,
  random: () => number = Math.random,
): Date | undefined {
  const delay = retryDelays[schedule][attempts - 1]
  return delay === undefined ? undefined : new Date(now.getTime() + delay * (0.5 + random() / 2))
}

const CHINA_MS = 8 * HOUR
const DAY = 24 * HOUR

/** WeChat counts by the day: shortly after the next midnight in China, spread over ten minutes. */
export function nextDay(now: Date, random: () => number = Math.random): Date {
  const today = Math.floor((now.getTime() + CHINA_MS) / DAY) * DAY - CHINA_MS
  return new Date(today + DAY + MINUTE + random() * 10 * MINUTE)
}
