import { sql, type SQL } from 'drizzle-orm'
import type { Database, Queryable } from './database.ts'
import { stamp } from './stamp.ts'

/** Rows a statement touches at most: what it locks, it locks for milliseconds. */
export const BATCH = 1000

// any number that nothing else here locks
const RETENTION_LOCK = 7_302_027

/** One statement that removes a batch; answers how many rows, fewer than BATCH when none is left. */
type Batch = (tx: Queryable) => Promise<number>

/**
 * Runs `batch` until none is left or `stopping`, each batch a transaction of its own. While another process is at it
 * this one does nothing. Answers how many rows.
 */
export async function removeInBatches(
  database: Database,
  batch: Batch,
  stopping: () => boolean,
): Promise<number> {
  let removed = 0
  while (!stopping()) {
    const count = await database.transaction(async (tx) => {
      const turn = await tx.execute<{ mine: boolean }>(
        sql`select pg_try_advisory_xact_lock(${RETENTION_LOCK}) as mine`,
      )
      return turn.rows[0]?.mine ? batch(tx) : 0
    })
    removed += count
    if (count < BATCH) break
  }
  return removed
}

const rowsOf = async (tx: Queryable, statement: SQL) => (await tx.execute(statement)).rowCount ?? 0

/** Whoever is using a row at this moment keeps it until the next time. */
const some = sql`limit ${BATCH} for update skip locked`

export const removeExpiredSessions =
  (now: Date): Batch =>
  (tx) =>
    rowsOf(
      tx,
      sql`delete from sessions where token_hash in (
        select token_hash from sessions where expires_at < ${stamp(now)} ${some})`,
    )

export const removeExpiredCaptchas =
  (now: Date): Batch =>
  (tx) =>
    rowsOf(
      tx,
      sql`delete from captchas where check_key in (
        select check_key from captchas where expires_at < ${stamp(now)} ${some})`,
    )

/** Counts that would start anew at the next request anyway. */
export const removeExpiredLimits =
  (now: Date): Batch =>
  (tx) =>
    rowsOf(
      tx,
      sql`delete from rate_limits where key in (
        select key from rate_limits where expire < ${now.getTime()} ${some})`,
    )

export const removeIdempotencyKeys =
  (before: Date): Batch =>
  (tx) =>
    rowsOf(
      tx,
      sql`delete from idempotency_keys where (scope, key) in (
        select scope, key from idempotency_keys where created_at < ${stamp(before)} ${some})`,
    )

/** Those not worked off yet stay, however old. */
export const removeHandledPushes =
  (before: Date): Batch =>
  (tx) =>
    rowsOf(
      tx,
      sql`delete from wechat_pushes where key in (
        select key from wechat_pushes
        where received_at < ${stamp(before)} and processed_at < ${stamp(before)} ${some})`,
    )

export const removeWebhookCalls =
  (state: 'delivered' | 'dead', before: Date): Batch =>
  (tx) =>
    rowsOf(
      tx,
      sql`delete from webhook_calls where id in (
        select id from webhook_calls where settled_at < ${stamp(before)} and state = ${state} ${some})`,
    )

/** The customer and what was noted go; the row stays, so that who held the lead can be told that it was deleted. */
export const blankDeletedClues =
  (before: Date): Batch =>
  (tx) =>
    rowsOf(
      tx,
      sql`
        with gone as (
          select id from clues
          where deleted_at < ${stamp(before)} and (customer_name <> '' or phone <> '' or remark <> '') ${some}
        ),
        unnoted as (
          delete from clue_notes where clue_id in (select id from gone)
        )
        update clues set customer_name = '', phone = '', remark = '' where id in (select id from gone)`,
    )

/**
 * Removes the attempts of deliveries that were settled before, walking the table once in the order of its key: a
 * finished delivery is not looked at again. The last attempt of a delivery goes too; the delivery keeps its outcome.
 */
export async function removeAttempts(
  database: Database,
  before: Date,
  stopping: () => boolean,
): Promise<number> {
  let from = 0
  let walking = true
  let removed = 0
  const walk: Batch = async (tx) => {
    const walked = await tx.execute<{ last: number | null; young: boolean | null; removed: number }>(sql`
      with page as (
        select id, delivery_id, started_at from delivery_attempts where id > ${from} order by id limit ${BATCH}
      ),
      gone as (
        delete from delivery_attempts a using page p, deliveries d
        where a.id = p.id and d.id = p.delivery_id and p.started_at < ${stamp(before)}
          and d.settled_at < ${stamp(before)} and d.state in ('sent', 'refused', 'dead')
        returning a.id
      )
      select max(id) as last, bool_and(started_at >= ${stamp(before)}) as young,
        (select count(*)::int from gone) as removed
      from page`)
    const [page] = walked.rows
    if (!page || page.last === null) {
      walking = false
      return 0
    }
    from = page.last
    // attempts begin in the order of their ids, give or take a moment
    walking = page.young !== true
    removed += page.removed
    return BATCH
  }
  await removeInBatches(database, walk, () => stopping() || !walking)
  return removed
}
