import { and, count, isNull, sql } from 'drizzle-orm'
import type { Queryable } from './database.ts'
import type { DeliveryState } from './deliveries.ts'
import { stamp } from './stamp.ts'
import { clues, deliveries, wechatBindings } from './schema.ts'

export interface DayRow {
  /** Beijing's, as YYYY-MM-DD. */
  day: string
  queued: number
  sent: number
  medianSeconds: number | null
}

export interface QueuedCounts {
  /** States that nothing is in are left out. */
  byState: Map<DeliveryState, number>
  /** In their order; days without a message are left out. */
  days: DayRow[]
  /** From the assignment to WeChat taking it, over those that were sent; null when none was. */
  medianSeconds: number | null
}

/**
 * Counts what was queued from `from` until before `to`: once by state, once by day, once all of it, in one pass over
 * the index on `created_at`.
 */
export async function countDeliveries(
  db: Queryable,
  { from, to }: { from: Date; to: Date },
): Promise<QueuedCounts> {
  const counted = await db.execute<CountedRow>(sql`
    with queued as (
      select state, to_char(created_at at time zone 'Asia/Shanghai', 'YYYY-MM-DD') as day,
        case when state = 'sent' then extract(epoch from settled_at - created_at)::float8 end as seconds
      from ${deliveries}
      where created_at >= ${stamp(from)} and created_at < ${stamp(to)}
    )
    select day, state, count(*)::int as queued, (count(*) filter (where state = 'sent'))::int as sent,
      percentile_cont(0.5) within group (order by seconds) as median
    from queued
    group by grouping sets ((), (day), (state))
    order by day`)
  const rows = counted.rows
  const total = rows.find(({ day, state }) => day === null && state === null)
  return {
    byState: new Map(rows.flatMap(({ state, queued }) => (state === null ? [] : [[state, queued]]))),
    days: rows.flatMap(({ day, queued, sent, median }) =>
      day === null ? [] : [{ day, queued, sent, medianSeconds: median }],
    ),
    medianSeconds: total?.median ?? null,
  }
}

interface CountedRow extends Record<string, unknown> {
  day: string | null
  state: DeliveryState | null
  queued: number
  sent: number
  median: number | null
}

/** What waits for a grant, and what for a WeChat, at this moment. */
export async function countWaiting(db: Queryable): Promise<{ unpaid: number; unbound: number }> {
  // looked up one by one: a join reads all bindings, of which few are waited for
  const counted = await db.execute<{ unpaid: number; unbound: number }>(sql`
    select count(openid)::int as unpaid, (count(*) - count(openid))::int as unbound
    from (
      select (select b.openid from ${wechatBindings} b where b.account_id = d.account_id) as openid
      from ${deliveries} d where d.state = 'waiting'
    ) waiting`)
  return counted.rows[0] ?? { unpaid: 0, unbound: 0 }
}

/** Leads that nobody has at this moment; counts no further than `most`. */
export async function countUnassigned(db: Queryable, most: number): Promise<number> {
  const found = db
    .select({ one: sql`1`.as('one') })
    .from(clues)
    .where(and(isNull(clues.assigneeId), isNull(clues.deletedAt)))
    .limit(most)
    .as('found')
  const [counted] = await db.select({ unassigned: count() }).from(found)
  return counted?.unassigned ?? 0
}
