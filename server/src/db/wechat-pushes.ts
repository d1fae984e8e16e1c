import { eq, sql } from 'drizzle-orm'
import type { Queryable } from './database.ts'
import { stamp } from './stamp.ts'
import { wechatPushes } from './schema.ts'

export type PushRow = typeof wechatPushes.$inferSelect

export const PUSHES_CHANNEL = 'leadbell_pushes'

/** Keeps what is new; answers how many that are. Tells every process at commit. */
export async function keepPushes(
  db: Queryable,
  pushes: readonly { key: string; event: Record<string, string>; runAt: Date }[],
  now: Date,
): Promise<number> {
  if (pushes.length === 0) return 0
  const kept = await db.execute(sql`
    insert into wechat_pushes (key, event, received_at, run_at)
    select p.key, p.event::jsonb, ${stamp(now)}, p.run_at
    from unnest(${sql.param(pushes.map(({ key }) => key))}::text[],
      ${sql.param(pushes.map(({ event }) => JSON.stringify(event)))}::text[],
      ${sql.param(pushes.map(({ runAt }) => runAt.toISOString()))}::timestamptz[]) as p (key, event, run_at)
    on conflict do nothing
    returning key, pg_notify(${PUSHES_CHANNEL}, '')`)
  return kept.rows.length
}

/**
 * Settles at once what tells nothing new: sent events without an error, of a message whose answer we have.
 */
export async function closeConfirmedPushes(db: Queryable, now: Date): Promise<number> {
  const closed = await db.execute(sql`
    update wechat_pushes p set processed_at = ${stamp(now)}
    from delivery_attempts a
    where p.processed_at is null and p.event ->> 'kind' = 'sent' and p.event ->> 'errorCode' = '0'
      and a.msgid = p.event ->> 'msgid' and a.outcome = 'sent'
    returning p.key`)
  return closed.rows.length
}

/** The next due push, which no other process gets until the transaction ends. */
export async function takePush(tx: Queryable, now: Date): Promise<PushRow | undefined> {
  const [taken] = await tx
    .select()
    .from(wechatPushes)
    .where(sql`processed_at is null and run_at <= ${stamp(now)}`)
    .orderBy(wechatPushes.runAt)
    .limit(1)
    .for('update', { skipLocked: true })
  return taken
}

export async function closePush(tx: Queryable, key: string, now: Date): Promise<void> {
  await tx.update(wechatPushes).set({ processedAt: now }).where(eq(wechatPushes.key, key))
}

/** Not now; `failed` counts as a try. */
export async function postponePush(tx: Queryable, key: string, runAt: Date, failed: boolean): Promise<void> {
  await tx
    .update(wechatPushes)
    .set({ runAt, ...(failed && { attempts: sql`attempts + 1` }) })
    .where(eq(wechatPushes.key, key))
}
