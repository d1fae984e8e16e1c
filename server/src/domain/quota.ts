import type { GrantReport, Quota } from '@leadbell/contract'
import { findHolder } from '../db/bindings.ts'
import type { Queryable } from '../db/database.ts'
import { allotQuota, notifyWorkers } from '../db/deliveries.ts'
import { insertGrant, lockLanes, readQuota } from '../db/ledger.ts'
import type { Context } from './context.ts'
import { reasons } from './delivery-reasons.ts'
import { done, refuse, type Outcome } from './refusal.ts'
import type { Session } from './sessions.ts'

/** Makes `ready` what is paid for and `waiting` what is not, for one account or for all. */
export const matchQuota = (db: Queryable, now: Date, accountId?: number): Promise<number> =>
  allotQuota(db, { unbound: reasons.unbound, unpaid: reasons.unpaid }, now, accountId)

/**
 * Books what the panel gave: one grant for each `accept…`, once per attempt however often it is reported. Deliveries
 * that waited go out, oldest first, as many as are paid for. Answers what is left.
 */
export async function bookGrants(
  ctx: Context,
  session: Session,
  report: GrantReport,
): Promise<Outcome<Quota>> {
  const { openid } = session
  if (openid === null) return refuse('grants-without-wechat')
  const accepted = ctx.templates
    .map(({ templateId }) => templateId)
    .filter((templateId) => isGrant(report.results[templateId]))
  const now = ctx.now()

  await ctx.database.transaction(async (tx) => {
    const lanes = accepted.map((templateId) => ({ openid, templateId }))
    await lockLanes(tx, lanes)
    for (const lane of lanes)
      await insertGrant(tx, { ...lane, attemptId: report.attemptId, at: new Date(report.at), now })
    const holder = await findHolder(tx, openid)
    if (holder) await matchQuota(tx, now, holder.accountId)
    await notifyWorkers(tx)
  })
  ctx.wakeWorker()
  return presentQuota(ctx, session)
}

/** How many messages each template may still send to the WeChat of this session. */
export async function presentQuota(ctx: Context, { openid }: Session): Promise<Outcome<Quota>> {
  const left = openid === null ? new Map<string, number>() : await readQuota(ctx.database.db, openid)
  return done({
    quota: Object.fromEntries(ctx.templates.map(({ templateId }) => [templateId, left.get(templateId) ?? 0])),
  })
}

/** `accept`, `acceptWithAudio`, `acceptWithAlert`, `acceptWithForcePush` … (wechat-platform.md §1.2). */
const isGrant = (value: string | undefined) => value?.startsWith('accept') ?? false
