import { sql } from 'drizzle-orm'
import type { Queryable } from './database.ts'
import { stamp } from './stamp.ts'

/** What is to be told about one delivery, as of the moment it was written. Ids are text: they go to JSON. */
export interface WebhookFacts {
  state: 'sent' | 'refused' | 'dead' | 'waiting'
  /** A name; a waiting delivery's says what it waits for. */
  reason: string | null
  /** ISO 8601. */
  at: string
  deliveryId: string
  /** The delivery whose message stood for this one too. */
  mergedInto: string | null
  clueId: string
  externalId: string | null
  assigneeId: string
  username: string
}

export interface WebhookCall {
  id: number
  /** The fence: who settles names the lease it holds. */
  leaseToken: string
  /** Calls that failed so far. */
  attempts: number
  body: WebhookFacts
}

/**
 * Writes down what is to be told about these deliveries, in the transaction that changed them: one statement. That a
 * delivery waits is told once; a state that is no outcome is not told at all.
 */
export async function queueWebhook(tx: Queryable, deliveryIds: readonly number[], now: Date): Promise<void> {
  if (deliveryIds.length === 0) return
  await tx.execute(sql`
    insert into webhook_calls (delivery_id, body, state, run_at, created_at)
    select d.id,
      jsonb_build_object(
        'state', d.state,
        'reason', case
          when d.state <> 'waiting' then d.reason
          when exists (select 1 from wechat_bindings b where b.account_id = d.account_id) then 'unpaid'
          else 'unbound' end,
        'at', ${now.toISOString()}::text,
        'deliveryId', d.id::text,
        'mergedInto', d.merged_into::text,
        'clueId', c.id::text,
        'externalId', c.external_id,
        'assigneeId', a.id::text,
        'username', a.username),
      'ready', ${stamp(now)}, ${stamp(now)}
    from deliveries d
    join clues c on c.id = d.clue_id
    join accounts a on a.id = d.account_id
    where d.id = any(${sql.param(deliveryIds)}::bigint[])
      and (d.state in ('sent', 'refused', 'dead')
        or (d.state = 'waiting' and not exists (
          select 1 from webhook_calls w where w.delivery_id = d.id and w.body ->> 'state' = 'waiting')))
    order by d.id`)
}

/** Calls whose process died go back into the queue; answers how many. */
export async function freeExpiredCalls(db: Queryable, now: Date): Promise<number> {
  const freed = await db.execute(sql`
    update webhook_calls set state = 'ready', lease_token = null, leased_until = null
    where state = 'leased' and leased_until <= ${stamp(now)}
    returning id`)
  return freed.rows.length
}

/**
 * Leases up to `limit` calls that are due, those that have waited longest first. Of one delivery only the oldest that
 * is not over: the customer hears in the order it happened. Any number of processes may claim at once.
 */
export async function claimWebhookCalls(
  db: Queryable,
  lease: { leaseToken: string; leasedUntil: Date; now: Date; limit: number },
): Promise<WebhookCall[]> {
  const claimed = await db.execute<{ id: number; attempts: number; body: WebhookFacts }>(sql`
    with due as (
      select w.id from webhook_calls w
      where w.state = 'ready' and w.run_at <= ${stamp(lease.now)}
        and not exists (
          select 1 from webhook_calls o
          where o.delivery_id = w.delivery_id and o.id < w.id and o.state in ('ready', 'leased'))
      order by w.run_at, w.id
      limit ${lease.limit}
      for update of w skip locked
    )
    update webhook_calls w
    set state = 'leased', lease_token = ${lease.leaseToken}::uuid, leased_until = ${stamp(lease.leasedUntil)}
    from due where w.id = due.id
    returning w.id, w.attempts, w.body`)
  return claimed.rows.map(({ id, attempts, body }) => ({ id, attempts, body, leaseToken: lease.leaseToken }))
}

type Held = Pick<WebhookCall, 'id' | 'leaseToken'>

/** They took it; false when the lease was lost meanwhile. */
export async function settleDelivered(db: Queryable, call: Held, now: Date): Promise<boolean> {
  const settled = await db.execute(sql`
    update webhook_calls
    set state = 'delivered', lease_token = null, leased_until = null, last_error = null, settled_at = ${stamp(now)}
    where ${held(call)}
    returning id`)
  return settled.rows.length > 0
}

/**
 * They did not take it: tried again at `runAt`, or dead without one. What else is to be told about the delivery waits
 * as long. False when the lease was lost meanwhile.
 */
export async function settleFailed(
  db: Queryable,
  call: Held,
  failure: { error: string; runAt: Date | undefined; now: Date },
): Promise<boolean> {
  const { error, runAt, now } = failure
  const settled = await db.execute(sql`
    with failed as (
      update webhook_calls set
        state = ${runAt ? 'ready' : 'dead'}, attempts = attempts + 1, last_error = ${error},
        run_at = ${stamp(runAt ?? now)}, lease_token = null, leased_until = null,
        settled_at = ${runAt ? null : now.toISOString()}::timestamptz
      where ${held(call)}
      returning id, delivery_id, run_at
    ),
    held_back as (
      update webhook_calls w set run_at = greatest(w.run_at, f.run_at)
      from failed f where w.delivery_id = f.delivery_id and w.id > f.id and w.state = 'ready'
    )
    select id from failed`)
  return settled.rows.length > 0
}

const held = ({ id, leaseToken }: Held) =>
  sql`id = ${id} and state = 'leased' and lease_token = ${leaseToken}::uuid`
