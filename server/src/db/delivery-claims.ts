import { sql } from 'drizzle-orm'
import type { Queryable } from './database.ts'
import type { DeliveryLane } from './deliveries.ts'
import { stamp } from './stamp.ts'
import { runNamed, type NamedStatement } from './named.ts'

/** A delivery that this process, and until its lease runs out no other, may send, with what its message tells. */
export interface ClaimedDelivery {
  id: number
  /** The fence: who settles names it. */
  attemptId: number
  attempts: number
  startedAt: Date
  openid: string
  templateId: string
  accountId: number
  clue: {
    id: number
    title: string
    customerName: string
    phone: string
    remark: string
    status: 'pending' | 'following' | 'won' | 'invalid'
  }
  assignedAt: Date
  assignedBy: string | null
}

/** Whether anything is due: asked before an access token is fetched for it. */
export async function hasDueDelivery(db: Queryable, now: Date): Promise<boolean> {
  const found = await db.execute(
    sql`select 1 from deliveries where state = 'ready' and run_at <= ${stamp(now)} limit 1`,
  )
  return found.rows.length > 0
}

/**
 * `window` is how many of what is due it looks at. It stands in the text: were it a parameter, PostgreSQL would think
 * every look worth a plan of its own, which takes longer than the look.
 */
const claimDue = (window: number): NamedStatement => ({
  name: `claim_deliveries_${window}`,
  text: `
    with seen as materialized (
      select id, account_id, template_id from deliveries
      where state = 'ready' and run_at <= $1
        -- a person with a message in the air or in doubt may have hundreds behind it
        and (account_id, template_id) not in
          (select account_id, template_id from deliveries where state in ('leased', 'in_doubt'))
      order by run_at, id
      limit ${window}
    ),
    due as (
      select d.id, b.openid, d.template_id
      from deliveries d
      join accounts p on p.id = d.account_id and p.disabled_at is null
      join wechat_bindings b on b.account_id = d.account_id
      join quotas q on q.openid = b.openid and q.template_id = d.template_id and q.quota > 0
      -- an array, of which the planner always expects a few: by their ids, however many are ready
      where d.id = any (array(select min(id) from seen group by account_id, template_id))
        -- looked at again under the lock; so written, the planner does not go by the index of all that is ready
        and d.state || '' = 'ready'
        and not exists (select 1 from deliveries f where f.openid = b.openid
          and f.template_id = d.template_id and f.state in ('leased', 'in_doubt'))
      order by d.run_at, d.id
      limit $3
      for update of d skip locked
    ),
    attempt as (
      insert into delivery_attempts (delivery_id, openid, template_id, started_at)
      select id, openid, template_id, $1 from due
      returning id, delivery_id
    ),
    claimed as (
      update deliveries d set state = 'leased', reason = null, openid = due.openid, attempt_id = attempt.id,
        attempts = d.attempts + 1, leased_until = $2
      from due, attempt, clues c, assignments a
      where d.id = due.id and attempt.delivery_id = d.id and c.id = d.clue_id and a.id = d.assignment_id
      returning d.id, d.attempt_id, d.attempts, d.openid, d.template_id, d.account_id, c.id as clue_id, c.title,
        c.customer_name, c.phone, c.remark, c.status, a.assigned_at, a.assigned_by
    )
    select w.seen, claimed.* from (select count(*)::int as seen from seen) w left join claimed on true`,
})

/**
 * Leases up to `limit` due deliveries, the oldest of each lane and none from a lane with one in flight, and opens an
 * attempt for each. The partial unique index is the last fence: the loser of a race gets SQLSTATE 23505 and tries again.
 */
export async function claimDeliveries(
  db: Queryable,
  claim: { leasedUntil: Date; now: Date; limit: number },
): Promise<ClaimedDelivery[]> {
  // looks at a few of what is due, and at more when one person has most of it
  for (let window = powerOfTwo(claim.limit * 2); ; window *= 8) {
    const rows = await runNamed<ClaimedRow>(db, claimDue(window), [
      claim.now.toISOString(),
      claim.leasedUntil.toISOString(),
      claim.limit,
    ])
    const claimed = rows.flatMap((row) => (row.id === null ? [] : [toClaimed(row, row.id, claim.now)]))
    if (claimed.length > 0 || (rows[0]?.seen ?? 0) < window) return claimed.sort((a, b) => a.id - b.id)
  }
}

/** The next one from `n` on: a handful of statements for whatever is asked. */
const powerOfTwo = (n: number) => 2 ** Math.ceil(Math.log2(n))

interface ClaimedRow extends Record<string, unknown> {
  seen: number
  id: number | null
  attempt_id: number
  attempts: number
  openid: string
  template_id: string
  account_id: number
  clue_id: number
  title: string
  customer_name: string
  phone: string
  remark: string
  status: ClaimedDelivery['clue']['status']
  assigned_at: Date | string
  assigned_by: string | null
}

const toClaimed = (row: ClaimedRow, id: number, startedAt: Date): ClaimedDelivery => ({
  id,
  attemptId: row.attempt_id,
  attempts: row.attempts,
  startedAt,
  openid: row.openid,
  templateId: row.template_id,
  accountId: row.account_id,
  clue: {
    id: row.clue_id,
    title: row.title,
    customerName: row.customer_name,
    phone: row.phone,
    remark: row.remark,
    status: row.status,
  },
  assignedAt: new Date(row.assigned_at),
  assignedBy: row.assigned_by,
})

/** Lets one message stand for whatever else waits in its lane: remembered on the attempt, done when it was sent. */
export async function mergeWaiting(
  db: Queryable,
  { attemptId, accountId, templateId }: ClaimedDelivery,
): Promise<number> {
  const merged = await db.execute<{ others: number }>(sql`
    update delivery_attempts set merged_ids = (
      select array_agg(w.id) from (
        select id from deliveries
        where account_id = ${accountId} and template_id = ${templateId} and state = 'waiting'
        order by id limit 500) w)
    where id = ${attemptId}
    returning coalesce(array_length(merged_ids, 1), 0) as others`)
  return merged.rows[0]?.others ?? 0
}

/** A lease that ran out means a process that died around the call: perhaps sent, so never `ready` again. */
export async function doubtExpiredLeases(db: Queryable, reason: string, now: Date): Promise<number> {
  const doubted = await db.execute(sql`
    with expired as (
      update deliveries set state = 'in_doubt', reason = ${reason}
      where state = 'leased' and leased_until < ${stamp(now)}
      returning attempt_id
    )
    update delivery_attempts a set ended_at = ${stamp(now)}, outcome = 'lost'
    from expired where a.id = expired.attempt_id and a.ended_at is null
    returning a.id`)
  return doubted.rows.length
}

/**
 * After the grace time: sends again those of `resendTemplates`, and gives the others up, which at worst loses one
 * message and never repeats one. Answers what ended, and the lanes that have room now.
 */
export async function resolveDoubts(
  db: Queryable,
  it: { resendTemplates: string[]; gaveUp: string; cutoff: Date; now: Date },
): Promise<{ resent: number[]; dead: number[]; lanes: DeliveryLane[] }> {
  const now = stamp(it.now)
  const isResent = sql`(d.superseded_at is null and d.template_id = any(${sql.param(it.resendTemplates)}::text[]))`
  const resolved = await db.execute<{
    id: number
    state: 'ready' | 'dead'
    account_id: number
    template_id: string
    openid: string | null
  }>(sql`
    update deliveries d set
      state = case when ${isResent} then 'ready' else 'dead' end,
      reason = case when ${isResent} then null when superseded_at is not null then superseded_reason else ${it.gaveUp} end,
      openid = case when ${isResent} then null else openid end,
      run_at = case when ${isResent} then ${now} else run_at end,
      settled_at = case when ${isResent} then null else ${now} end,
      leased_until = null
    where d.id in (
      select id from deliveries where state = 'in_doubt' and leased_until < ${stamp(it.cutoff)}
      order by id for update skip locked)
    returning d.id, d.state, d.account_id, d.template_id,
      (select b.openid from wechat_bindings b where b.account_id = d.account_id) as openid`)
  const idsOf = (state: 'ready' | 'dead') =>
    resolved.rows.flatMap((row) => (row.state === state ? [row.id] : []))
  return {
    resent: idsOf('ready'),
    dead: idsOf('dead'),
    lanes: resolved.rows.map((row) => ({
      accountId: row.account_id,
      templateId: row.template_id,
      openid: row.openid,
    })),
  }
}
