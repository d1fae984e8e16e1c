import { isConflict, isMomentary, type ApiError, type Outcome } from './outcome.ts'
import { randomId } from './random-id.ts'

/**
 * Sends requests that must not take effect twice. The same request again, after a failure that leaves open whether it
 * took effect, goes under the same Idempotency-Key; anything else gets a new one.
 */
export function sendOnce() {
  const open = new Map<string, string>()

  return async function send<T>(
    request: object,
    make: (key: string) => Promise<Outcome<T>>,
  ): Promise<Outcome<T>> {
    const asked = JSON.stringify(request)
    const earlier = open.get(asked)
    const key = earlier ?? randomId()
    open.set(asked, key)
    const outcome = await make(key)
    if (outcome.ok || isDecided(outcome.error, earlier !== undefined)) open.delete(asked)
    return outcome
  }
}

/** A refusal is kept under its key and would be answered again for ever, so the next try needs another key. */
function isDecided(error: ApiError, sentBefore: boolean): boolean {
  if (error.kind !== 'refused' || isMomentary(error)) return false
  // a new conflict without a record, on a key that was sent before: the first request may still be at work
  return !(sentBefore && isConflict(error) && error.result === null && !error.replayed)
}
