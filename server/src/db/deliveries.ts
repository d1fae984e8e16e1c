import { and, eq, inArray, sql } from 'drizzle-orm'
import type { Queryable } from './database.ts'
import { deliveries, ledger, wechatBindings } from './schema.ts'

export type DeliveryRow = typeof deliveries.$inferSelect
export type DeliveryState = DeliveryRow['state']

/** A delivery that this process, and for `leaseToken`'s time no other, may send. */
export interface ClaimedDelivery extends DeliveryRow {
  openid: string
  leaseToken: string
}

export const DELIVERIES_CHANNEL = 'leadbell_deliveries'

export async function insertDelivery(
  tx: Queryable,
  delivery: typeof deliveries.$inferInsert,
): Promise<DeliveryRow> {
  const [made] = await tx.insert(deliveries).values(delivery).returning()
  if (!made) throw new Error('an insert answered no row')
  return made
}

export async function findDelivery(db: Queryable, id: number): Promise<DeliveryRow | undefined> {
  const [found] = await db.select().from(deliveries).where(eq(deliveries.id, id))
  return found
}

/** Tells every process's worker, at commit. */
export async function notifyWorkers(tx: Queryable): Promise<void> {
  await tx.execute(sql`select pg_notify(${DELIVERIES_CHANNEL}, '')`)
}

/** The clue was reassigned or deleted: what is unsent stays unsent, what is in flight is not sent again. */
export async function supersedeDeliveries(
  tx: Queryable,
  clueId: number,
  reason: string,
  now: Date,
): Promise<void> {
  await tx
    .update(deliveries)
    .set({
      supersededAt: now,
      supersededReason: reason,
      state: sql`case when state in ('ready', 'waiting') then 'dead' else state end`,
      reason: sql`case when state in ('ready', 'waiting') then ${reason} else reason end`,
      settledAt: sql`case when state in ('ready', 'waiting') then ${stamp(now)} else settled_at end`,
    })
    .where(
      and(
        eq(deliveries.clueId, clueId),
        inArray(deliveries.state, ['ready', 'waiting', 'leased', 'in_doubt']),
      ),
    )
}

/**
 * Brings `ready` and `waiting` in line with the ledger: in every lane the oldest unsent deliveries, as many as are
 * paid for and not yet in flight, are ready; the others wait. Safe to run at any time and from several processes: a
 * row another one holds is left to the next run.
 *
 * @returns how many rows changed.
 */
export async function allotQuota(
  db: Queryable,
  words: { unbound: string; unpaid: string },
  now: Date,
  accountId?: number,
): Promise<number> {
  const only = accountId === undefined ? sql`` : sql`and account_id = ${accountId}`
  const changed = await db.execute(sql`
    with lane as (
      select o.account_id, o.template_id, b.openid,
        (select coalesce(sum(l.delta), 0) from ${ledger} l
          where l.openid = b.openid and l.template_id = o.template_id)
        - (select count(*) from ${deliveries} f
          where f.openid = b.openid and f.template_id = o.template_id and f.state in ('leased', 'in_doubt')) as payable
      from (select distinct account_id, template_id from ${deliveries} where state in ('ready', 'waiting') ${only}) o
      left join ${wechatBindings} b on b.account_id = o.account_id
    ),
    wanted as (
      select d.id, case
          when lane.openid is null then ${words.unbound}
          when row_number() over (partition by d.account_id, d.template_id order by d.id) > lane.payable
            then ${words.unpaid}
        end as why_not
      from ${deliveries} d join lane on lane.account_id = d.account_id and lane.template_id = d.template_id
      where d.state in ('ready', 'waiting')
    ),
    moved as (
      select d.id, wanted.why_not from ${deliveries} d join wanted on wanted.id = d.id
      where (d.state = 'ready' and wanted.why_not is not null)
        or (d.state = 'waiting' and d.reason is distinct from wanted.why_not)
      order by d.id
      for update of d skip locked
    )
    update ${deliveries} d set
      state = case when moved.why_not is null then 'ready' else 'waiting' end,
      reason = moved.why_not,
      run_at = case when moved.why_not is null then ${stamp(now)} else d.run_at end
    from moved where d.id = moved.id`)
  return changed.rowCount ?? 0
}

/** Whether anything is due: asked before an access token is fetched for it. */
export async function hasDueDelivery(db: Queryable, now: Date): Promise<boolean> {
  const found = await db.execute(
    sql`select 1 from ${deliveries} where state = 'ready' and run_at <= ${stamp(now)} limit 1`,
  )
  return found.rows.length > 0
}

/**
 * Leases up to `limit` due deliveries, the oldest of each lane and none from a lane with one in flight. The partial
 * unique index is the last fence: the loser of a race gets SQLSTATE 23505 and tries again.
 */
export async function claimDeliveries(
  db: Queryable,
  claim: { leaseToken: string; leasedUntil: Date; now: Date; limit: number },
): Promise<ClaimedDelivery[]> {
  const due = stamp(claim.now)
  const claimed = await db.execute<{ id: number }>(sql`
    with due as (
      select d.id, b.openid
      from ${deliveries} d join ${wechatBindings} b on b.account_id = d.account_id
      where d.state = 'ready' and d.run_at <= ${due}
        and d.id = (select min(c.id) from ${deliveries} c where c.account_id = d.account_id
          and c.template_id = d.template_id and c.state = 'ready' and c.run_at <= ${due})
        and not exists (select 1 from ${deliveries} f where f.openid = b.openid
          and f.template_id = d.template_id and f.state in ('leased', 'in_doubt'))
        and (select coalesce(sum(l.delta), 0) from ${ledger} l
          where l.openid = b.openid and l.template_id = d.template_id) > 0
      order by d.run_at, d.id
      limit ${claim.limit}
      for update of d skip locked
    )
    update ${deliveries} d set state = 'leased', openid = due.openid, attempts = d.attempts + 1,
      lease_token = ${claim.leaseToken}, leased_until = ${stamp(claim.leasedUntil)}
    from due where d.id = due.id returning d.id`)
  if (claimed.rows.length === 0) return []
  const ids = claimed.rows.map((row) => row.id)
  const rows = await db.select().from(deliveries).where(inArray(deliveries.id, ids)).orderBy(deliveries.id)
  return rows.flatMap((row) =>
    row.openid !== null && row.leaseToken === claim.leaseToken
      ? [{ ...row, openid: row.openid, leaseToken: claim.leaseToken }]
      : [],
  )
}

/** What becomes of a leased delivery. `runAt` is for `ready`: not before then. */
export interface Settlement {
  state: Exclude<DeliveryState, 'leased'>
  reason: string | null
  msgid?: string
  runAt?: Date
}

/**
 * Ends a lease. Fenced by the lease token: false when another process has the row by now. An answer that comes after
 * the lease ran out still counts, since nobody touches a row in doubt before the grace time is over. A superseded
 * delivery never goes back to `ready` or `waiting`.
 */
export async function settleDelivery(
  tx: Queryable,
  claimed: ClaimedDelivery,
  settlement: Settlement,
  now: Date,
): Promise<boolean> {
  const { state, reason } = settlement
  const open = state === 'ready' || state === 'waiting'
  const superseded = open ? sql`superseded_at is not null` : sql`false`
  const settled = await tx
    .update(deliveries)
    .set({
      state: sql`case when ${superseded} then 'dead' else ${state} end`,
      reason: sql`case when ${superseded} then superseded_reason else ${reason}::text end`,
      msgid: settlement.msgid ?? null,
      runAt: settlement.runAt ?? sql`run_at`,
      openid: open ? null : claimed.openid,
      leaseToken: state === 'in_doubt' ? claimed.leaseToken : null,
      leasedUntil: state === 'in_doubt' ? now : null,
      settledAt: open || state === 'in_doubt' ? null : now,
    })
    .where(
      and(
        eq(deliveries.id, claimed.id),
        eq(deliveries.leaseToken, claimed.leaseToken),
        inArray(deliveries.state, ['leased', 'in_doubt']),
      ),
    )
    .returning({ id: deliveries.id })
  return settled.length > 0
}

/** A lease that ran out means a process that died around the call: perhaps sent, so never `ready` again. */
export async function doubtExpiredLeases(db: Queryable, reason: string, now: Date): Promise<number> {
  const doubted = await db.execute(sql`
    update ${deliveries} set state = 'in_doubt', reason = ${reason}
    where state = 'leased' and leased_until < ${stamp(now)}`)
  return doubted.rowCount ?? 0
}

/** After the grace time: sends again, or gives up, which at worst loses one message and never repeats one. */
export async function resolveDoubts(
  db: Queryable,
  policy: 'give-up' | 'resend',
  gaveUp: string,
  cutoff: Date,
  now: Date,
): Promise<number> {
  const resend = policy === 'resend' ? sql`superseded_at is null` : sql`false`
  const resolved = await db.execute(sql`
    update ${deliveries} set
      state = case when ${resend} then 'ready' else 'dead' end,
      reason = case when ${resend} then null when superseded_at is not null then superseded_reason else ${gaveUp} end,
      openid = case when ${resend} then null else openid end,
      run_at = case when ${resend} then ${stamp(now)} else run_at end,
      settled_at = case when ${resend} then null else ${stamp(now)} end,
      lease_token = null, leased_until = null
    where state = 'in_doubt' and leased_until < ${stamp(cutoff)}`)
  return resolved.rowCount ?? 0
}

// a bare parameter in a `case` has no type of its own
const stamp = (time: Date) => sql`${time.toISOString()}::timestamptz`
