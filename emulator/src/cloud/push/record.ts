import type { PushEvent } from './event.ts'

/** What the backend made of one delivery. */
export type PushAnswer =
  /** HTTP 200 with an empty body or `success`. */
  | { kind: 'accepted' }
  /** Any other answer; `body` is its beginning. */
  | { kind: 'refused'; status: number; body: string }
  /** None in time: the connection was cut. */
  | { kind: 'timeout' }
  | { kind: 'unreachable'; reason: string }

export interface PushAttempt {
  /** Milliseconds since 1970. */
  at: number
  answer: PushAnswer
}

/** One event and what became of it. */
export interface PushRecord {
  event: PushEvent
  /** `abandoned`: three deliveries, none accepted, or the cloud was closed. `lost`: a fault ate it, nothing was delivered. */
  outcome: 'waiting' | 'accepted' | 'abandoned' | 'lost'
  attempts: PushAttempt[]
}

/** How the backend answered the GET that verifies it. */
export type PushVerification = { ok: true } | { ok: false; answer: PushAnswer }
