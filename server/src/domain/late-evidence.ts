import { lockLanes } from '../db/ledger.ts'
import {
  endAttempt,
  findAttempt,
  setMergedSent,
  setSentLate,
  type AttemptRow,
} from '../db/delivery-settlements.ts'
import type { Queryable } from '../db/database.ts'
import type { Context } from './context.ts'
import type { DeliveryReason } from './delivery-reasons.ts'
import { bookSpend } from './ledger.ts'
import { matchLanesOfOpenid } from './quota.ts'
import { tellCustomer } from './tell-customer.ts'

const mergedReason: DeliveryReason = 'merged'

/**
 * WeChat did take the message of this attempt, though its delivery is somewhere else by now: in doubt, given up, or
 * waiting to be sent again. Books the message once and ends the delivery, unless a newer attempt is in the air.
 */
export async function bookSentLate(ctx: Context, attemptId: number, msgid: string | null): Promise<void> {
  await ctx.database.transaction(async (tx) => {
    const attempt = await findAttempt(tx, attemptId)
    if (attempt) await settleLate(ctx, tx, attempt, msgid)
  })
  ctx.changed('clues', 'deliveries', 'staff')
}

/** The same inside a transaction; the caller tells that something changed. */
export async function settleLate(
  ctx: Context,
  tx: Queryable,
  attempt: AttemptRow,
  msgid: string | null,
): Promise<void> {
  const now = ctx.now()
  const { id, deliveryId, openid, templateId } = attempt
  const lane = { openid, templateId }
  await lockLanes(tx, [lane])
  const present = await findAttempt(tx, id)
  if (!present || present.outcome === 'sent') return
  await endAttempt(tx, id, { outcome: 'sent', msgid }, now)
  await bookSpend(tx, { lane, key: `attempt:${id}`, at: present.startedAt, now, deliveryId })
  const ended = await setSentLate(tx, deliveryId, id, now)
  const merged = await setMergedSent(tx, present, mergedReason, now)
  await matchLanesOfOpenid(tx, [lane], now)
  await tellCustomer(ctx, tx, ended ? [deliveryId, ...merged] : merged, now)
  ctx.log.info({ delivery: deliveryId, msgid, ended }, 'delivery sent, as WeChat says later')
}
