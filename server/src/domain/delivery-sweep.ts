import { doubtExpiredLeases, resolveDoubts } from '../db/delivery-claims.ts'
import { expireWaiting } from '../db/deliveries.ts'
import type { Context } from './context.ts'
import type { DeliveryReason } from './delivery-reasons.ts'
import { matchLanes } from './quota.ts'
import { tellCustomer } from './tell-customer.ts'

export interface SweepSettings {
  /** How long a message that WeChat never answered to waits for the policy of its template. */
  inDoubtGraceMs: number
  /** How long a message waits for a grant at most; undefined: until one comes. */
  waitingExpiresMs?: number | undefined
}

const unanswered: DeliveryReason = 'unanswered'
const gaveUp: DeliveryReason = 'gaveUp'
const expired: DeliveryReason = 'expired'

/** What time does to deliveries: leases and waits run out, doubts are settled by policy. Any process may do it. */
export async function sweepDeliveries(ctx: Context, settings: SweepSettings): Promise<void> {
  const now = ctx.now()
  const doubted = await doubtExpiredLeases(ctx.database.db, unanswered, now)
  if (doubted > 0) {
    ctx.changed('clues', 'deliveries', 'staff')
    ctx.log.warn({ doubted }, 'a lease ran out: deliveries in doubt')
  }
  await settleDoubts(ctx, now, new Date(now.getTime() - settings.inDoubtGraceMs))
  if (settings.waitingExpiresMs !== undefined)
    await endLongWaits(ctx, now, new Date(now.getTime() - settings.waitingExpiresMs))
}

async function settleDoubts(ctx: Context, now: Date, cutoff: Date): Promise<void> {
  const resendTemplates = ctx.templates
    .filter(({ inDoubt }) => inDoubt === 'resend')
    .map(({ templateId }) => templateId)
  const { resent, dead, lanes } = await ctx.database.transaction(async (tx) => {
    const resolved = await resolveDoubts(tx, { resendTemplates, gaveUp, cutoff, now })
    await tellCustomer(ctx, tx, resolved.dead, now)
    return resolved
  })
  if (resent.length + dead.length === 0) return
  try {
    // after the commit: whoever settles a message holds its lane first, and we held the messages
    for (const lane of lanes) await ctx.database.transaction((tx) => matchLanes(tx, [lane], now))
  } finally {
    ctx.changed('clues', 'deliveries', 'staff')
  }
  for (const _ of dead) ctx.metrics.settled('dead', 0)
  ctx.log.warn({ resent, dead }, 'deliveries in doubt resolved')
}

async function endLongWaits(ctx: Context, now: Date, cutoff: Date): Promise<void> {
  const ended = await ctx.database.transaction(async (tx) => {
    const ids = await expireWaiting(tx, expired, cutoff, now)
    await tellCustomer(ctx, tx, ids, now)
    return ids
  })
  for (const _ of ended) ctx.metrics.settled('dead', 0)
  if (ended.length === 0) return
  ctx.changed('clues', 'deliveries', 'staff')
  ctx.log.warn({ expired: ended.length }, 'deliveries waited too long for a grant')
}
