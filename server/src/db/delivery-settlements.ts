import { and, desc, eq, inArray, isNull, lte, sql } from 'drizzle-orm'
import type { Queryable } from './database.ts'
import type { DeliveryState } from './deliveries.ts'
import { stamp } from './stamp.ts'
import type { ClaimedDelivery } from './delivery-claims.ts'
import type { Lane } from './ledger.ts'
import { runNamed, type NamedStatement } from './named.ts'
import { deliveries, deliveryAttempts } from './schema.ts'

export type AttemptRow = typeof deliveryAttempts.$inferSelect

/** What became of an attempt; `sent` and `pushFailed` come with a msgid. */
export interface AttemptEnd {
  outcome: string
  errcode?: number | null
  errmsg?: string | null
  msgid?: string | null
}

const settleTaken: NamedStatement = {
  name: 'settle_sent_deliveries',
  text: `
    with given as (
      select g.attempt_id, g.msgid, a.delivery_id, a.openid, a.template_id, a.merged_ids
      from unnest($1::bigint[], $2::text[]) as g (attempt_id, msgid)
      join delivery_attempts a on a.id = g.attempt_id
    ),
    lane as (
      select q.openid, q.template_id, q.quota, q.latest_at from quotas q
      where (q.openid, q.template_id) in (select openid, template_id from given)
      order by q.openid, q.template_id
      for update
    ),
    settled as (
      update deliveries d set state = 'sent', reason = null, leased_until = null, settled_at = $3
      from given g, lane l
      where d.id = g.delivery_id and d.attempt_id = g.attempt_id and d.state in ('leased', 'in_doubt')
        and l.openid = g.openid and l.template_id = g.template_id
      returning d.id, d.attempt_id, l.openid, l.template_id, l.quota, least(1, l.quota) as cost,
        greatest(l.latest_at, $3::timestamptz) as booked, g.msgid, g.merged_ids
    ),
    booked as (
      insert into ledger (kind, source, openid, template_id, delta, key, delivery_id, at, booked_at)
      select 'spend', 'send', openid, template_id, -cost, 'attempt:' || attempt_id, id, booked, $3 from settled
    ),
    paid as (
      update quotas q set quota = s.quota - s.cost, latest_at = s.booked
      from settled s where q.openid = s.openid and q.template_id = s.template_id
    ),
    ended as (
      update delivery_attempts a set ended_at = $3, outcome = 'sent', msgid = s.msgid
      from settled s where a.id = s.attempt_id
    ),
    merged as (
      update deliveries d set state = 'sent', reason = $4, merged_into = s.id, settled_at = $3
      from settled s, unnest(s.merged_ids) as m (id)
      where d.id = m.id and d.state = 'waiting'
      returning d.id
    )
    select id, attempt_id from settled union all select id, null from merged`,
}

/**
 * Writes down many messages that WeChat took, each with its line in the book, and whatever was merged into them: one
 * statement. Fenced by the attempt: one that is not the present one of an unsettled delivery is left alone.
 *
 * @returns the attempts it settled and the deliveries that are sent now, the merged ones among them.
 */
export async function settleSent(
  tx: Queryable,
  sent: readonly { attemptId: number; msgid: string | null }[],
  mergedReason: string,
  now: Date,
): Promise<{ attemptIds: number[]; deliveryIds: number[] }> {
  const rows = await runNamed<{ id: number; attempt_id: number | null }>(tx, settleTaken, [
    sent.map(({ attemptId }) => attemptId),
    sent.map(({ msgid }) => msgid),
    now.toISOString(),
    mergedReason,
  ])
  return {
    attemptIds: rows.flatMap((row) => (row.attempt_id === null ? [] : [row.attempt_id])),
    deliveryIds: rows.map((row) => row.id),
  }
}

/** What becomes of a delivery that was not sent. `runAt` is for `ready`: not before then. */
export interface Settlement {
  state: Exclude<DeliveryState, 'leased' | 'sent'>
  reason: string | null
  runAt?: Date
}

/**
 * Ends a lease without a message. Fenced by the attempt: undefined when another one has the delivery by now, else the
 * state it has now. A superseded delivery never goes back to `ready` or `waiting`.
 */
export async function settleUnsent(
  tx: Queryable,
  claimed: ClaimedDelivery,
  { state, reason, runAt }: Settlement,
  end: AttemptEnd,
  now: Date,
): Promise<DeliveryState | undefined> {
  const open = state === 'ready' || state === 'waiting'
  const superseded = open ? sql`superseded_at is not null` : sql`false`
  const settled = await tx
    .update(deliveries)
    .set({
      state: sql`case when ${superseded} then 'dead' else ${state} end`,
      reason: sql`case when ${superseded} then superseded_reason else ${reason}::text end`,
      runAt: runAt ?? sql`run_at`,
      openid: open ? null : claimed.openid,
      // a lane that waits for a grant starts its retries anew
      ...(state === 'waiting' && { attempts: 0 }),
      leasedUntil: state === 'in_doubt' ? now : null,
      settledAt: sql`case when ${superseded} then ${stamp(now)} else ${open || state === 'in_doubt' ? sql`null` : stamp(now)} end`,
    })
    .where(
      and(
        eq(deliveries.id, claimed.id),
        eq(deliveries.attemptId, claimed.attemptId),
        inArray(deliveries.state, ['leased', 'in_doubt']),
      ),
    )
    .returning({ state: deliveries.state })
  const [row] = settled
  if (row) await endAttempt(tx, claimed.attemptId, end, now)
  return row?.state
}

export async function endAttempt(
  tx: Queryable,
  attemptId: number,
  end: AttemptEnd,
  now: Date,
): Promise<void> {
  const { outcome, errcode = null, errmsg = null, msgid } = end
  await tx
    .update(deliveryAttempts)
    .set({ endedAt: now, outcome, errcode, errmsg, ...(msgid && { msgid }) })
    .where(eq(deliveryAttempts.id, attemptId))
}

export async function findAttempt(db: Queryable, id: number): Promise<AttemptRow | undefined> {
  const [found] = await db.select().from(deliveryAttempts).where(eq(deliveryAttempts.id, id))
  return found
}

export async function findAttemptByMsgid(db: Queryable, msgid: string): Promise<AttemptRow | undefined> {
  const [found] = await db.select().from(deliveryAttempts).where(eq(deliveryAttempts.msgid, msgid))
  return found
}

/**
 * The attempt a sent event without a known msgid may belong to: the lane's latest one that began before it and whose
 * outcome WeChat has not told: in the air, lost with its process, or never answered.
 */
export async function findUntoldAttempt(
  db: Queryable,
  lane: Lane,
  startedBy: Date,
): Promise<AttemptRow | undefined> {
  const [found] = await db
    .select()
    .from(deliveryAttempts)
    .where(
      and(
        eq(deliveryAttempts.openid, lane.openid),
        eq(deliveryAttempts.templateId, lane.templateId),
        isNull(deliveryAttempts.msgid),
        lte(deliveryAttempts.startedAt, startedBy),
        sql`(${deliveryAttempts.outcome} is null or ${deliveryAttempts.outcome} in ('lost', 'unanswered'))`,
      ),
    )
    .orderBy(desc(deliveryAttempts.startedAt), desc(deliveryAttempts.id))
    .limit(1)
  return found
}

/** It was delivered after all, whatever we had made of it meanwhile; a newer attempt in the air is left to itself. */
export async function setSentLate(
  tx: Queryable,
  deliveryId: number,
  attemptId: number,
  now: Date,
): Promise<boolean> {
  const inAir = sql`(state in ('leased', 'in_doubt') and attempt_id <> ${attemptId})`
  const sent = await tx
    .update(deliveries)
    .set({ state: 'sent', reason: null, leasedUntil: null, settledAt: now })
    .where(and(eq(deliveries.id, deliveryId), sql`state <> 'sent'`, sql`not ${inAir}`))
    .returning({ id: deliveries.id })
  return sent.length > 0
}

/** The waiting deliveries that this message stood for. */
export async function setMergedSent(
  tx: Queryable,
  { mergedIds, deliveryId }: AttemptRow,
  reason: string,
  now: Date,
): Promise<number[]> {
  if (!mergedIds) return []
  const merged = await tx
    .update(deliveries)
    .set({ state: 'sent', reason, mergedInto: deliveryId, settledAt: now })
    .where(and(inArray(deliveries.id, mergedIds), eq(deliveries.state, 'waiting')))
    .returning({ id: deliveries.id })
  return merged.map(({ id }) => id)
}

/** WeChat took it and could not bring it to the phone. */
export async function setPushFailed(
  tx: Queryable,
  deliveryId: number,
  reason: string,
  now: Date,
): Promise<boolean> {
  const failed = await tx
    .update(deliveries)
    .set({ state: 'refused', reason, leasedUntil: null, settledAt: now })
    .where(
      and(eq(deliveries.id, deliveryId), inArray(deliveries.state, ['sent', 'leased', 'in_doubt', 'dead'])),
    )
    .returning({ id: deliveries.id })
  return failed.length > 0
}
