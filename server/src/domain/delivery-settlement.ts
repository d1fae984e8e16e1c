import { settleDelivery, type ClaimedDelivery, type Settlement } from '../db/deliveries.ts'
import { insertSpend, insertZero, lockLanes } from '../db/ledger.ts'
import type { SendOutcome } from '../wechat/client.ts'
import type { Context } from './context.ts'
import { reasons } from './delivery-reasons.ts'
import { matchQuota } from './quota.ts'

const MAX_ATTEMPTS = 8

/** Writes down what a send came to, in the delivery and in the ledger, in one transaction. */
export async function settle(ctx: Context, delivery: ClaimedDelivery, outcome: SendOutcome): Promise<void> {
  const now = ctx.now()
  const { openid, templateId, id: deliveryId } = delivery
  const settlement = settlementOf(outcome, delivery.attempts, now)
  const held = await ctx.database.transaction(async (tx) => {
    await lockLanes(tx, [{ openid, templateId }])
    if (!(await settleDelivery(tx, delivery, settlement, now))) return false
    const entry = { openid, templateId, deliveryId, now }
    if (outcome.kind === 'sent') await insertSpend(tx, entry)
    if (outcome.kind === 'noGrant') {
      await insertZero(tx, entry)
      await matchQuota(tx, now, delivery.accountId)
    }
    return true
  })
  log(ctx, delivery, outcome, held ? settlement.state : 'lease lost')
}

function settlementOf(outcome: SendOutcome, attempts: number, now: Date): Settlement {
  switch (outcome.kind) {
    case 'sent':
      return { state: 'sent', reason: null, ...(outcome.msgid !== null && { msgid: outcome.msgid }) }
    case 'noGrant':
      return { state: 'waiting', reason: reasons.unpaid }
    case 'badOpenid':
      return { state: 'refused', reason: reasons.badOpenid }
    case 'contentRefused':
      return { state: 'refused', reason: reasons.contentRefused }
    case 'unanswered':
      return { state: 'in_doubt', reason: reasons.unanswered }
    case 'configBroken':
      return retry(reasons.configBroken, attempts, now, 60_000, 3600_000)
    case 'retryLater':
    case 'tokenRejected':
      return retry(reasons.retrying, attempts, now, 1000, 300_000)
  }
}

/** Doubling from `baseMs`, half of it by chance, so that many do not come back at once. */
function retry(reason: string, attempts: number, now: Date, baseMs: number, capMs: number): Settlement {
  if (attempts >= MAX_ATTEMPTS) return { state: 'dead', reason: reasons.exhausted }
  const delayMs = Math.min(capMs, baseMs * 2 ** (attempts - 1)) * (0.5 + Math.random() / 2)
  return { state: 'ready', reason, runAt: new Date(now.getTime() + delayMs) }
}

function log(ctx: Context, delivery: ClaimedDelivery, outcome: SendOutcome, state: string): void {
  const facts = { delivery: delivery.id, clue: delivery.clueId, attempts: delivery.attempts, state }
  switch (outcome.kind) {
    case 'sent':
      return ctx.log.info({ ...facts, msgid: outcome.msgid }, 'delivery sent')
    case 'configBroken':
      return ctx.log.error({ ...facts, wechat: outcome }, 'delivery stuck: WeChat configuration')
    case 'noGrant':
    case 'retryLater':
    case 'tokenRejected':
      return ctx.log.info({ ...facts, wechat: outcome }, 'delivery not sent')
    case 'badOpenid':
    case 'contentRefused':
    case 'unanswered':
      return ctx.log.warn({ ...facts, wechat: outcome }, 'delivery not sent')
  }
}
