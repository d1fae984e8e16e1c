import type { ApiError, Outcome } from '../../../api/outcome.ts'
import { randomId } from '../../../api/random-id.ts'

/**
 * Sends requests that must not take effect twice. The same request again, after a failure that leaves open whether it
 * took effect, goes under the same Idempotency-Key; anything else gets a new one.
 */
export function sendOnce() {
  let open: { request: string; key: string } | undefined

  return async function send<T>(
    request: object,
    make: (key: string) => Promise<Outcome<T>>,
  ): Promise<Outcome<T>> {
    const asked = JSON.stringify(request)
    const earlier = open?.request === asked ? open : undefined
    const mine = earlier ?? { request: asked, key: randomId() }
    open = mine
    const outcome = await make(mine.key)
    if (outcome.ok || isDecided(outcome.error, earlier !== undefined)) open = undefined
    return outcome
  }
}

/** A refusal is kept under its key and would be answered again for ever, so the next try needs another key. */
function isDecided(error: ApiError, sentBefore: boolean): boolean {
  if (error.kind !== 'refused') return false
  const failed = error.code >= 500
  // 409 without a record, on a key that was sent before: the first request is still at work
  const busy = sentBefore && error.code === 409 && error.result === null
  return !failed && !busy
}
