import type { Queryable } from '../db/database.ts'
import { appendEntry, findZeroBefore, hasEntry, readBalance, readLane, type Lane } from '../db/ledger.ts'
import { replay, SAME_ACCEPTANCE_MS, type LedgerFact } from './ledger-replay.ts'

interface Booking {
  lane: Lane
  /** Books once. */
  key: string
  /** When it happened; never later than `now`. */
  at: Date
  now: Date
}

const DAY_MS = 24 * 3600_000

/** Books one acceptance; false when it is in the book. The caller holds the lane. */
export const bookGrant = (
  tx: Queryable,
  booking: Booking & { source: 'report' | 'event' },
): Promise<boolean> =>
  book(tx, booking, { kind: 'grant', source: booking.source, at: booking.at.getTime() }, booking.source)

/** WeChat said that nothing is left: what was accepted until `at` pays for nothing more. The caller holds the lane. */
export const bookZero = (
  tx: Queryable,
  booking: Booking & { source: 'send' | 'event'; deliveryId?: number },
): Promise<boolean> =>
  book(tx, booking, { kind: 'zero', at: booking.at.getTime() }, booking.source, booking.deliveryId)

/** Books a message whose sending came to light late. The caller holds the lane. */
export const bookSpend = (tx: Queryable, booking: Booking & { deliveryId: number }): Promise<boolean> =>
  book(tx, booking, { kind: 'spend', at: booking.at.getTime() }, 'send', booking.deliveryId)

async function book(
  tx: Queryable,
  { lane, key, at, now }: Booking,
  fact: LedgerFact,
  source: 'report' | 'event' | 'send',
  deliveryId?: number,
): Promise<boolean> {
  if (await hasEntry(tx, key)) return false
  const { quota, latestAt } = await readBalance(tx, lane)
  // after everything and too late to be the second word of anything: one more, without looking back
  const isNews = fact.kind === 'grant' && fact.at - latestAt.getTime() > SAME_ACCEPTANCE_MS
  const change = isNews ? 1 : replay([...(await factsAround(tx, lane, at)), fact]) - quota
  const [least, most] = fact.kind === 'grant' ? [-1, 1] : fact.kind === 'spend' ? [-1, 0] : [-quota, 0]
  // within the signs of its kind whatever an older version of this program wrote
  const delta = Math.max(-quota, least, Math.min(most, change))
  await appendEntry(tx, {
    ...lane,
    kind: fact.kind,
    source,
    delta,
    key,
    at,
    bookedAt: now,
    ...(deliveryId !== undefined && { deliveryId }),
  })
  return true
}

/** The book from a day before the last zero on that is a day older: nothing before it can matter any more. */
async function factsAround(tx: Queryable, lane: Lane, at: Date): Promise<LedgerFact[]> {
  const zero = await findZeroBefore(tx, lane, new Date(at.getTime() - DAY_MS))
  const rows = await readLane(tx, lane, new Date((zero?.getTime() ?? DAY_MS) - DAY_MS))
  return rows.map(toFact)
}

/** What the whole book of a lane comes to, counted anew. */
export async function rebuildQuota(db: Queryable, lane: Lane): Promise<number> {
  return replay((await readLane(db, lane, new Date(0))).map(toFact))
}

function toFact(row: {
  kind: 'grant' | 'spend' | 'zero'
  source: 'report' | 'event' | 'send'
  at: Date
}): LedgerFact {
  const at = row.at.getTime()
  return row.kind === 'grant'
    ? { kind: 'grant', source: row.source === 'event' ? 'event' : 'report', at }
    : { kind: row.kind, at }
}
