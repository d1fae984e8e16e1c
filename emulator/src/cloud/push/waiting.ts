import type { PushEvent } from './event.ts'
import type { PushAttempt } from './record.ts'
import type { PushRequest } from './request.ts'

/** A push that is on its way, as plain JSON: what is needed to go on with it after a restart. */
export interface WaitingPush {
  event: PushEvent
  attempts: PushAttempt[]
  /** Deliveries that have begun, whether or not an answer came; three in total (H45). */
  begun: number
  /** When the next delivery is due: milliseconds since 1970, WeChat's clock. */
  nextAt: number
  /** How often it is still brought to acceptance: 1, or 2 for one that a fault repeats. */
  rounds: number
  timeoutMs: number
  /** Made at the first delivery and the same to the last byte ever after. */
  request?: PushRequest
}
