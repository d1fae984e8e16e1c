const SECOND = 1000
const MINUTE = 60 * SECOND
const HOUR = 60 * MINUTE

/**
 * How long after each failed call of the customer's webhook the next one comes; after the last a call is dead.
 * docs/integration.zh-CN.md publishes this table.
 */
export const webhookRetryDelays: readonly number[] = [
  5 * SECOND,
  30 * SECOND,
  2 * MINUTE,
  10 * MINUTE,
  HOUR,
  3 * HOUR,
  12 * HOUR,
  24 * HOUR,
]

/** When to call again after `failures` calls that failed; undefined: never. */
export function nextWebhookCall(failures: number, now: Date): Date | undefined {
  const delay = webhookRetryDelays[failures - 1]
  return delay === undefined ? undefined : new Date(now.getTime() + delay)
}
