import { and, eq, inArray, sql } from 'drizzle-orm'
import type { Queryable } from './database.ts'
import type { Lane } from './ledger.ts'
import { runNamed, type NamedStatement } from './named.ts'
import { accounts, deliveries, quotas, wechatBindings } from './schema.ts'
import { stamp } from './stamp.ts'

export type DeliveryRow = typeof deliveries.$inferSelect
export type DeliveryState = DeliveryRow['state']

/** One person's deliveries of one template, and the WeChat they go to: null while none is bound. */
export interface DeliveryLane {
  accountId: number
  templateId: string
  openid: string | null
}

export const DELIVERIES_CHANNEL = 'leadbell_deliveries'

const unsent = ['ready', 'waiting', 'leased', 'in_doubt'] as const

export async function findDelivery(db: Queryable, id: number): Promise<DeliveryRow | undefined> {
  const [found] = await db.select().from(deliveries).where(eq(deliveries.id, id))
  return found
}

/** The newest delivery about a lead. */
export async function findDeliveryOfClue(db: Queryable, clueId: number): Promise<DeliveryRow | undefined> {
  const [found] = await db
    .select()
    .from(deliveries)
    .where(eq(deliveries.clueId, clueId))
    .orderBy(sql`${deliveries.id} desc`)
    .limit(1)
  return found
}

/** Tells every process's worker, at commit. */
export async function notifyWorkers(tx: Queryable): Promise<void> {
  await tx.execute(sql`select pg_notify(${DELIVERIES_CHANNEL}, '')`)
}

/** Who is to be rung, as of now. Until the transaction ends no WeChat is bound to the account or taken from it. */
export async function holdAccount(
  tx: Queryable,
  accountId: number,
): Promise<{ disabledAt: Date | null; openid: string | null } | undefined> {
  const [held] = await tx
    .select({ disabledAt: accounts.disabledAt, openid: wechatBindings.openid })
    .from(accounts)
    .leftJoin(wechatBindings, eq(wechatBindings.accountId, accounts.id))
    .where(eq(accounts.id, accountId))
    .for('key share', { of: accounts })
  return held
}

const lockLaneOfAccount: NamedStatement = {
  name: 'lock_lane_of_account',
  text: `
    select b.openid from wechat_bindings b
    join quotas q on q.openid = b.openid and q.template_id = $2
    where b.account_id = $1
    for update of q`,
}

/** Finds and holds one person's lane, whose account is held. Undefined when no book was begun for it. */
export async function holdLane(
  tx: Queryable,
  accountId: number,
  templateId: string,
): Promise<DeliveryLane | undefined> {
  const [held] = await runNamed<{ openid: string }>(tx, lockLaneOfAccount, [accountId, templateId])
  return held && { accountId, templateId, openid: held.openid }
}

const insertQueued: NamedStatement = {
  name: 'insert_assignment_and_delivery',
  text: `
    with assignment as (
      insert into assignments (clue_id, assignee_id, clue_version, assigned_by, reason, assigned_at)
      values ($1, $2, $3, $6, $7, $8)
      returning id
    ),
    queued as (
      select count(*) filter (where state = 'ready') as ready, count(*) filter (where state = 'waiting') as waiting
      from deliveries
      -- the condition of deliveries_open, word for word: asked for 'ready' alone, the planner, which remembers times
      -- when little was, goes through all that is ready
      where account_id = $2 and template_id = $4 and state in ('ready', 'waiting', 'leased', 'in_doubt')
    )
    insert into deliveries (assignment_id, clue_id, account_id, template_id, state, run_at, created_at)
    select assignment.id, $1, $2, $4,
      case when queued.waiting = 0
        and coalesce((select quota from quotas where openid = $5 and template_id = $4), 0) > queued.ready
          + (select count(*) from deliveries where openid = $5 and template_id = $4 and state in ('leased', 'in_doubt'))
        then 'ready' else 'waiting' end,
      $8, $8
    from assignment, queued
    returning assignment_id, id, state, pg_notify('${DELIVERIES_CHANNEL}', '')`,
}

/**
 * Writes an assignment and the message about it, ready if it is paid for and nobody waits before it, and tells the
 * workers at commit: one statement. The caller holds the lane.
 */
export async function insertAssignmentAndDelivery(
  tx: Queryable,
  it: {
    clueId: number
    clueVersion: number
    lane: DeliveryLane
    assignedBy: string | null
    reason: string | null
    now: Date
  },
): Promise<{ assignmentId: number; deliveryId: number; state: 'ready' | 'waiting' }> {
  const { accountId, templateId, openid } = it.lane
  const [row] = await runNamed<{ assignment_id: number; id: number; state: 'ready' | 'waiting' }>(
    tx,
    insertQueued,
    [
      it.clueId,
      accountId,
      it.clueVersion,
      templateId,
      openid,
      it.assignedBy,
      it.reason,
      it.now.toISOString(),
    ],
  )
  if (!row) throw new Error('an insert answered no row')
  return { assignmentId: row.assignment_id, deliveryId: row.id, state: row.state }
}

/**
 * Brings `ready` and `waiting` of one lane in line with what is paid for: the oldest waiting ones become ready, as many
 * as there are grants that no message in flight will take; were too many ready, the newest of them wait. The caller
 * holds the lane.
 */
export async function matchLane(tx: Queryable, lane: DeliveryLane, now: Date): Promise<void> {
  await tx.execute(sql`
    with lane as (
      select case when a.disabled_at is null then ${payable(lane)} else 0 end as payable, ${readyCount(lane)} as ready
      from accounts a where a.id = ${lane.accountId}
    ),
    promoted as (
      ${waitingOf(lane)} order by id limit (select greatest(0, payable - ready) from lane)
    ),
    demoted as (
      select id from deliveries
      where account_id = ${lane.accountId} and template_id = ${lane.templateId} and state = 'ready'
      order by id desc limit (select greatest(0, ready - payable) from lane)
    )
    update deliveries d set
      state = case when d.state = 'waiting' then 'ready' else 'waiting' end,
      reason = null,
      run_at = case when d.state = 'waiting' then ${stamp(now)} else d.run_at end
    where d.id in (select id from promoted union all select id from demoted)
      -- a claim takes no lane: what it took meanwhile is in the air and stays so
      and d.state in ('ready', 'waiting')`)
}

const payable = ({ openid, templateId }: DeliveryLane) =>
  openid === null
    ? sql`0`
    : sql`(
        coalesce((select quota from ${quotas} where openid = ${openid} and template_id = ${templateId}), 0)
        - (select count(*)::int from deliveries f
          where f.openid = ${openid} and f.template_id = ${templateId} and f.state in ('leased', 'in_doubt')))`

const readyCount = ({ accountId, templateId }: DeliveryLane) => sql`(
  select count(*)::int from deliveries r
  where r.account_id = ${accountId} and r.template_id = ${templateId} and r.state = 'ready')`

const waitingOf = ({ accountId, templateId }: DeliveryLane) =>
  sql`select id from deliveries where account_id = ${accountId} and template_id = ${templateId} and state = 'waiting'`

/** Where the unsent deliveries of a lead, or of a person, are. */
export async function findUnsentLanes(
  db: Queryable,
  of: { clueId: number } | { accountId: number },
): Promise<DeliveryLane[]> {
  return db
    .selectDistinct({
      accountId: deliveries.accountId,
      templateId: deliveries.templateId,
      openid: wechatBindings.openid,
    })
    .from(deliveries)
    .leftJoin(wechatBindings, eq(wechatBindings.accountId, deliveries.accountId))
    .where(
      and(
        'clueId' in of ? eq(deliveries.clueId, of.clueId) : eq(deliveries.accountId, of.accountId),
        inArray(deliveries.state, unsent),
      ),
    )
}

/** Whose phone an openid is, as the lane of that person's deliveries. */
export async function findLaneOfOpenid(db: Queryable, lane: Lane): Promise<DeliveryLane | undefined> {
  const [bound] = await db
    .select({ accountId: wechatBindings.accountId })
    .from(wechatBindings)
    .where(eq(wechatBindings.openid, lane.openid))
  return bound && { ...lane, accountId: bound.accountId }
}

/** The lead is not this person's any more: what is unsent stays unsent, what is in flight is not sent again. */
export async function supersedeDeliveries(
  tx: Queryable,
  clueId: number,
  reason: string,
  now: Date,
): Promise<number[]> {
  const isQueued = sql`state in ('ready', 'waiting')`
  const ended = await tx
    .update(deliveries)
    .set({
      supersededAt: now,
      supersededReason: reason,
      state: sql`case when ${isQueued} then 'dead' else state end`,
      reason: sql`case when ${isQueued} then ${reason} else reason end`,
      settledAt: sql`case when ${isQueued} then ${stamp(now)} else settled_at end`,
    })
    .where(and(eq(deliveries.clueId, clueId), inArray(deliveries.state, unsent)))
    .returning({ id: deliveries.id, state: deliveries.state })
  return ended.flatMap(({ id, state }) => (state === 'dead' ? [id] : []))
}

/** Back into the queue after a refusal or a dead end, if it is in one. The caller holds the lane and matches it. */
export async function requeueDelivery(tx: Queryable, id: number, now: Date): Promise<boolean> {
  const requeued = await tx
    .update(deliveries)
    .set({
      state: 'waiting',
      reason: null,
      attempts: 0,
      runAt: now,
      openid: null,
      attemptId: null,
      leasedUntil: null,
      supersededAt: null,
      supersededReason: null,
      settledAt: null,
    })
    .where(and(eq(deliveries.id, id), inArray(deliveries.state, ['refused', 'dead'])))
    .returning({ id: deliveries.id })
  return requeued.length > 0
}

/** Ends what has waited for a grant since before `cutoff`. Nobody else touches a waiting row without its lane. */
export async function expireWaiting(
  db: Queryable,
  reason: string,
  cutoff: Date,
  now: Date,
): Promise<number[]> {
  const expired = await db
    .update(deliveries)
    .set({ state: 'dead', reason, settledAt: now })
    .where(and(eq(deliveries.state, 'waiting'), sql`${deliveries.createdAt} < ${stamp(cutoff)}`))
    .returning({ id: deliveries.id })
  return expired.map(({ id }) => id)
}

/** Lanes where somebody waits though there is a grant, or is ready though there is none. None, unless a bug was here. */
export async function findUnmatchedLanes(db: Queryable, limit: number): Promise<DeliveryLane[]> {
  const found = await db.execute<{ account_id: number; template_id: string; openid: string | null }>(sql`
    with queued as (
      select account_id, template_id, count(*) filter (where state = 'ready') as ready,
        count(*) filter (where state = 'waiting') as waiting
      from deliveries where state in ('ready', 'waiting') group by 1, 2
    )
    select k.account_id, k.template_id, b.openid
    from queued k
    join accounts a on a.id = k.account_id
    left join wechat_bindings b on b.account_id = k.account_id and a.disabled_at is null
    left join quotas q on q.openid = b.openid and q.template_id = k.template_id
    cross join lateral (
      select coalesce(q.quota, 0) - count(*) as payable from deliveries f
      where f.openid = b.openid and f.template_id = k.template_id and f.state in ('leased', 'in_doubt')
    ) p
    where k.ready > greatest(0, p.payable) or (k.waiting > 0 and p.payable > k.ready)
    limit ${limit}`)
  return found.rows.map((row) => ({
    accountId: row.account_id,
    templateId: row.template_id,
    openid: row.openid,
  }))
}
