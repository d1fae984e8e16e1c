import { queueWebhook } from '../db/webhook-calls.ts'
import type { Queryable } from '../db/database.ts'
import type { Context } from './context.ts'

/** The customer's own system hears what became of these deliveries, if it wants to: written with the outcome itself. */
export async function tellCustomer(
  ctx: Context,
  tx: Queryable,
  deliveryIds: number[],
  now: Date,
): Promise<void> {
  if (ctx.tellsCustomer && deliveryIds.length > 0) await queueWebhook(tx, deliveryIds, now)
}
