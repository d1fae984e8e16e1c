import type { Queryable } from '../db/database.ts'
import { findUnsentLanes, matchLane, supersedeDeliveries, type DeliveryLane } from '../db/deliveries.ts'
import { lockLanes } from '../db/ledger.ts'
import type { Context } from './context.ts'
import type { DeliveryReason } from './delivery-reasons.ts'
import { ledgerLanes } from './quota.ts'
import { tellCustomer } from './tell-customer.ts'

/** Whatever is unsent about a lead stays unsent. The caller has the lead's row and wakes the worker after the commit. */
export async function stopDeliveries(
  ctx: Context,
  tx: Queryable,
  stop: { clueId: number; reason: 'recalled' | 'closed' | 'deleted'; now: Date },
): Promise<void> {
  const lanes = await findUnsentLanes(tx, { clueId: stop.clueId })
  if (lanes.length === 0) return
  await lockLanes(tx, ledgerLanes(lanes))
  await supersede(ctx, tx, { ...stop, lanes })
}

/** The lanes are held; others in them may have the grants now. */
export async function supersede(
  ctx: Context,
  tx: Queryable,
  it: { clueId: number; lanes: readonly DeliveryLane[]; reason: DeliveryReason; now: Date },
): Promise<void> {
  const ended = await supersedeDeliveries(tx, it.clueId, it.reason, it.now)
  for (const lane of it.lanes) await matchLane(tx, lane, it.now)
  await tellCustomer(ctx, tx, ended, it.now)
}
