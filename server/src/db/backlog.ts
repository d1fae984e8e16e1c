import { sql, type SQL } from 'drizzle-orm'
import type { Queryable } from './database.ts'
import { deliveries, webhookCalls, wechatPushes } from './schema.ts'
import { stamp } from './stamp.ts'

const countedStates = ['ready', 'leased', 'in_doubt', 'waiting', 'refused', 'dead'] as const

/** What is left to do in the whole database, as of one moment. */
export interface Backlog {
  /** By state; `sent`, which only grows, is left out. */
  deliveries: Record<(typeof countedStates)[number], number>
  /** How long the oldest delivery that is due has been due. */
  oldestDueSeconds: number
  pushes: number
  webhookCalls: number
}

/** Each count stops here, so that reading costs the same however much there is. */
export const COUNT_AT_MOST = 100_000

/** Every part reads an index made for it. */
export async function readBacklog(db: Queryable, now: Date): Promise<Backlog> {
  const time = stamp(now)
  const due = sql`state = 'ready' and run_at <= ${time}`
  const inState = countedStates.map(
    // literals: the planner sees which partial index fits
    (state) =>
      sql`${sql.raw(`'${state}'`)}, ${countOf(sql`${deliveries} where state = ${sql.raw(`'${state}'`)}`)}`,
  )
  const read = await db.execute<Record<keyof Backlog, unknown>>(sql`
    select json_build_object(${sql.join(inState, sql`, `)}) as deliveries,
      (select coalesce(extract(epoch from ${time} - min(run_at)), 0)::float8 from ${deliveries} where ${due})
        as "oldestDueSeconds",
      ${countOf(sql`${wechatPushes} where processed_at is null`)} as pushes,
      ${countOf(sql`${webhookCalls} where ${due}`)} as "webhookCalls"`)
  // what the statement above selects, column by column
  const [backlog] = read.rows as unknown as Backlog[]
  if (!backlog) throw new Error('a select without a table answered no row')
  return backlog
}

const countOf = (rows: SQL) =>
  sql`(select count(*)::int from (select 1 from ${rows} limit ${COUNT_AT_MOST}) few)`
