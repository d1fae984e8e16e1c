import { DeliveryState, type Statistics } from '@leadbell/contract'
import { countDeliveries, countUnassigned, countWaiting } from '../db/statistics.ts'
import type { Context } from './context.ts'
import { done, refuse, type Outcome } from './refusal.ts'

const DAY_MS = 24 * 3600_000
const DEFAULT_DAYS = 7
const MAX_DAYS = 92
const MOST_UNASSIGNED = 10_000
// no daylight saving since 1991, and no message is older
const BEIJING_OFFSET_MS = 8 * 3600_000
const EARLIEST = Date.UTC(2000, 0)
const LATEST = Date.UTC(2200, 0)

export interface Range {
  from: Date
  to: Date
}

/** How many messages rang, and how fast. */
export async function readStatistics(
  ctx: Context,
  query: { from?: string | undefined; to?: string | undefined },
): Promise<Outcome<Statistics>> {
  const range = readRange(query, ctx.now())
  if (!range.ok) return range
  const { from, to } = range.value
  const { db } = ctx.database
  const { byState, days, medianSeconds } = await countDeliveries(db, range.value)
  const assigned = [...byState.values()].reduce((sum, queued) => sum + queued, 0)
  const perDay = new Map(days.map((row) => [row.day, row]))
  return done({
    from: from.toISOString(),
    to: to.toISOString(),
    assigned,
    // every state of the contract has its number
    states: Object.fromEntries(
      DeliveryState.options.map((state) => [state, byState.get(state) ?? 0]),
    ) as Statistics['states'],
    deliveryRate: assigned === 0 ? null : (byState.get('sent') ?? 0) / assigned,
    medianSecondsToRing: medianSeconds,
    waiting: await countWaiting(db),
    unassigned: await countUnassigned(db, MOST_UNASSIGNED),
    days: daysOf(range.value).map((day) => {
      const row = perDay.get(day)
      return {
        day,
        assigned: row?.queued ?? 0,
        sent: row?.sent ?? 0,
        medianSecondsToRing: row?.medianSeconds ?? null,
      }
    }),
  })
}

/** `from` until before `to`: by default the seven days until `to`, which is now by default. */
export function readRange(
  query: { from?: string | undefined; to?: string | undefined },
  now: Date,
): Outcome<Range> {
  const to = query.to === undefined ? now.getTime() : Date.parse(query.to)
  const from = query.from === undefined ? to - DEFAULT_DAYS * DAY_MS : Date.parse(query.from)
  // false for a day that no calendar has, too
  const fits = from >= EARLIEST && to <= LATEST && from < to && to - from <= MAX_DAYS * DAY_MS
  return fits ? done({ from: new Date(from), to: new Date(to) }) : refuse('range-bad')
}

/** Every day in Beijing that the range touches, as YYYY-MM-DD. */
export function daysOf({ from, to }: Range): string[] {
  const dayOf = (time: number) => Math.floor((time + BEIJING_OFFSET_MS) / DAY_MS)
  const first = dayOf(from.getTime())
  const last = dayOf(to.getTime() - 1)
  return Array.from({ length: last - first + 1 }, (_, n) =>
    new Date((first + n) * DAY_MS).toISOString().slice(0, 10),
  )
}
