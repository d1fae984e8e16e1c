import type { GrantReport, Quota } from '@leadbell/contract'
import type { Queryable } from '../db/database.ts'
import {
  findLaneOfOpenid,
  findUnmatchedLanes,
  findUnsentLanes,
  matchLane,
  notifyWorkers,
  type DeliveryLane,
} from '../db/deliveries.ts'
import { lockLanes, readQuotas, type Lane } from '../db/ledger.ts'
import type { Context } from './context.ts'
import { deliveriesChanged } from './deliveries-changed.ts'
import { bookGrant } from './ledger.ts'
import { done, refuse, type Outcome } from './refusal.ts'
import type { Session } from './sessions.ts'

/** Those of the lanes that can be paid for, as the ledger knows them. */
export const ledgerLanes = (lanes: readonly DeliveryLane[]): Lane[] =>
  lanes.flatMap(({ openid, templateId }) => (openid === null ? [] : [{ openid, templateId }]))

/** Makes `ready` what is paid for and `waiting` what is not. */
export async function matchLanes(tx: Queryable, lanes: readonly DeliveryLane[], now: Date): Promise<void> {
  if (lanes.length === 0) return
  await lockLanes(tx, ledgerLanes(lanes))
  for (const lane of lanes) await matchLane(tx, lane, now)
  await notifyWorkers(tx)
}

/** The same for whatever one person is waiting for, after their WeChat or their account has changed. */
export async function matchLanesOfAccount(tx: Queryable, accountId: number, now: Date): Promise<void> {
  await matchLanes(tx, await findUnsentLanes(tx, { accountId }), now)
}

/** The same for the person whose WeChat these lanes are of, if there is one. The caller holds the lanes. */
export async function matchLanesOfOpenid(tx: Queryable, lanes: readonly Lane[], now: Date): Promise<void> {
  const found = await Promise.all(lanes.map((lane) => findLaneOfOpenid(tx, lane)))
  await matchLanes(
    tx,
    found.filter((lane) => lane !== undefined),
    now,
  )
}

const LANES_A_TIME = 100

/** Puts right what a bug or a hand in the database left unmatched; answers how many lanes that were. */
export async function repairLanes(ctx: Context): Promise<number> {
  const lanes = await findUnmatchedLanes(ctx.database.db, LANES_A_TIME)
  for (const lane of lanes) {
    await ctx.database.transaction(async (tx) => matchLanes(tx, [lane], ctx.now()))
    ctx.changed('clues', 'deliveries', 'staff')
  }
  return lanes.length
}

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
  const lanes = ctx.templates
    .filter(({ templateId }) => isGrant(report.results[templateId]))
    .map(({ templateId }) => ({ openid, templateId }))
  if (lanes.length > 0) {
    const now = ctx.now()
    await ctx.database.transaction(async (tx) => {
      await lockLanes(tx, lanes)
      for (const lane of lanes)
        await bookGrant(tx, {
          lane,
          source: 'report',
          key: `report:${openid}:${report.attemptId}:${lane.templateId}`,
          at: acceptedAt(report, now),
          now,
        })
      await matchLanesOfOpenid(tx, lanes, now)
    })
    deliveriesChanged(ctx)
  }
  return presentQuota(ctx, session)
}

/** The phone's clock may be off: what it shows while it reports tells by how much. Nothing was accepted after now. */
function acceptedAt({ at, sentAt }: GrantReport, now: Date): Date {
  const offset = sentAt === undefined ? 0 : now.getTime() - Date.parse(sentAt)
  return new Date(Math.min(now.getTime(), Date.parse(at) + offset))
}

/** How many messages each template may still send to the WeChat of this session. */
export async function presentQuota(ctx: Context, { openid }: Session): Promise<Outcome<Quota>> {
  const left = openid === null ? new Map<string, number>() : await readQuotas(ctx.database.db, openid)
  return done({
    quota: Object.fromEntries(ctx.templates.map(({ templateId }) => [templateId, left.get(templateId) ?? 0])),
  })
}

/** `accept`, `acceptWithAudio`, `acceptWithAlert`, `acceptWithForcePush` … (wechat-platform.md §1.2). */
export const isGrant = (value: string | undefined) => value?.startsWith('accept') ?? false
