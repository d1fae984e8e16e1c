import { findClue } from '../db/clues.ts'
import { findDelivery, holdAccount, requeueDelivery, type DeliveryLane } from '../db/deliveries.ts'
import { isClosed } from './clues.ts'
import type { Context } from './context.ts'
import { deliveriesChanged } from './deliveries-changed.ts'
import { parseId } from './ids.ts'
import { matchLanes } from './quota.ts'
import { done, refuse, type Outcome } from './refusal.ts'

/**
 * Queues a refused or dead delivery once more, with the lead's present words: out as soon as it is paid for. Only while
 * the lead is open and still the same person's.
 */
export async function redriveDelivery(ctx: Context, id: string): Promise<Outcome<{ id: number }>> {
  const deliveryId = parseId(id)
  if (deliveryId === undefined) return refuse('delivery-not-found')
  const now = ctx.now()
  const outcome = await ctx.database.transaction(async (tx): Promise<Outcome<{ id: number }>> => {
    const delivery = await findDelivery(tx, deliveryId)
    if (!delivery) return refuse('delivery-not-found')
    const { clueId, accountId, templateId } = delivery
    const account = await holdAccount(tx, accountId)
    const clue = await findClue(tx, clueId)
    if (!clue || clue.deletedAt !== null) return notNow('线索已删除')
    if (clue.assigneeId !== accountId) return notNow('线索已不在这名员工名下，请重新分配')
    if (isClosed(clue.status)) return notNow('线索已成交或作废')
    const lane: DeliveryLane = { accountId, templateId, openid: account?.openid ?? null }
    if (!(await requeueDelivery(tx, deliveryId, now)))
      return notNow(delivery.state === 'sent' ? '它已经送达' : '它正在发送或等待中')
    await matchLanes(tx, [lane], now)
    return done({ id: deliveryId })
  })
  if (outcome.ok) deliveriesChanged(ctx)
  return outcome
}

const notNow = (why: string) => refuse('delivery-not-redrivable', { why })
