import type { ClaimedDelivery } from '../db/delivery-claims.ts'
import { settleSent, settleUnsent, type Settlement } from '../db/delivery-settlements.ts'
import { lockLanes } from '../db/ledger.ts'
import type { SendOutcome } from '../wechat/client.ts'
import type { Context } from './context.ts'
import { nextDay, nextTry, type RetrySchedule } from './delivery-retries.ts'
import type { DeliveryReason } from './delivery-reasons.ts'
import { bookZero } from './ledger.ts'
import { bookSentLate } from './late-evidence.ts'
import { matchLanes } from './quota.ts'
import { tellCustomer } from './tell-customer.ts'

type Unsent = Exclude<SendOutcome, { kind: 'sent' }>

/** What WeChat took, many at once: the deliveries, what was merged into them, and the book, in one transaction. */
export async function settleTaken(
  ctx: Context,
  taken: readonly { delivery: ClaimedDelivery; msgid: string | null }[],
): Promise<void> {
  const now = ctx.now()
  const sent = taken.map(({ delivery, msgid }) => ({ attemptId: delivery.attemptId, msgid }))
  const merged: DeliveryReason = 'merged'
  const { attemptIds } = await ctx.database.transaction(async (tx) => {
    const settled = await settleSent(tx, sent, merged, now)
    await tellCustomer(ctx, tx, settled.deliveryIds, now)
    return settled
  })
  ctx.changed('clues', 'deliveries', 'staff')
  const settled = new Set(attemptIds)
  for (const { delivery, msgid } of taken) {
    // the lease was lost, or an event was faster: it was sent all the same
    if (!settled.has(delivery.attemptId)) await bookSentLate(ctx, delivery.attemptId, msgid)
    ctx.metrics.settled('sent', (now.getTime() - delivery.assignedAt.getTime()) / 1000)
    ctx.log.info({ ...factsOf(delivery), msgid }, 'delivery sent')
  }
}

/** What WeChat did not take, or did not say: the delivery, and the book when it said that nothing is left. */
export async function settleRefused(ctx: Context, delivery: ClaimedDelivery, outcome: Unsent): Promise<void> {
  const now = ctx.now()
  const settlement = settlementOf(outcome, delivery.attempts, now)
  const { openid, templateId, accountId } = delivery
  const lane = { openid, templateId }
  const state = await ctx.database.transaction(async (tx) => {
    await lockLanes(tx, [lane])
    const end = {
      outcome: outcome.kind,
      errcode: 'errcode' in outcome ? outcome.errcode : null,
      errmsg: 'errmsg' in outcome ? outcome.errmsg : outcome.why,
    }
    const held = await settleUnsent(tx, delivery, settlement, end, now)
    if (!held) return undefined
    if (outcome.kind === 'noGrant')
      await bookZero(tx, {
        lane,
        source: 'send',
        key: `zero:${delivery.attemptId}`,
        // what was accepted while WeChat looked is not gone
        at: delivery.startedAt,
        now,
        deliveryId: delivery.id,
      })
    // a refused message has spent nothing, and one in doubt still holds its grant
    if (held !== 'in_doubt' && held !== 'ready') await matchLanes(tx, [{ ...lane, accountId }], now)
    if (held === 'refused' || held === 'dead' || held === 'waiting')
      await tellCustomer(ctx, tx, [delivery.id], now)
    return held
  })
  if (state) ctx.changed('clues', 'deliveries', 'staff')
  if (state && state !== 'ready' && state !== 'waiting') ctx.metrics.settled(state, 0)
  log(ctx, delivery, outcome, state ?? 'lease lost')
}

interface NamedSettlement extends Settlement {
  reason: DeliveryReason | null
}

function settlementOf(outcome: Unsent, attempts: number, now: Date): NamedSettlement {
  switch (outcome.kind) {
    case 'noGrant':
      return { state: 'waiting', reason: null }
    case 'badOpenid':
    case 'contentRefused':
      return { state: 'refused', reason: outcome.kind }
    case 'unanswered':
      return { state: 'in_doubt', reason: 'unanswered' }
    case 'configBroken':
      return retry('configuration', 'configBroken', attempts, now)
    case 'dailyLimit':
      return { state: 'ready', reason: 'dailyLimit', runAt: nextDay(now) }
    case 'retryLater':
      return retry(outcome.errcode === -1 ? 'busy' : 'later', 'retrying', attempts, now)
    case 'tokenRejected':
      return retry('later', 'retrying', attempts, now)
  }
}

function retry(
  schedule: RetrySchedule,
  reason: DeliveryReason,
  attempts: number,
  now: Date,
): NamedSettlement {
  const runAt = nextTry(schedule, attempts, now)
  return runAt ? { state: 'ready', reason, runAt } : { state: 'dead', reason: 'exhausted' }
}

const factsOf = ({ id, clue, attempts }: ClaimedDelivery) => ({ delivery: id, clue: clue.id, attempts })

function log(ctx: Context, delivery: ClaimedDelivery, outcome: Unsent, state: string): void {
  const facts = { ...factsOf(delivery), state, wechat: outcome }
  switch (outcome.kind) {
    case 'configBroken':
      ctx.metrics.alarmed('wechat-configuration')
      return ctx.log.error(facts, 'delivery stuck: WeChat configuration')
    case 'dailyLimit':
      ctx.metrics.alarmed('wechat-daily-limit')
      return ctx.log.error(facts, 'WeChat takes no more messages today')
    case 'noGrant':
    case 'retryLater':
    case 'tokenRejected':
      return ctx.log.info(facts, 'delivery not sent')
    case 'badOpenid':
    case 'contentRefused':
    case 'unanswered':
      return ctx.log.warn(facts, 'delivery not sent')
  }
}
