import type { AdminDelivery, DeliveryDetail, DeliveryPage, DeliveryState } from '@leadbell/contract'
import {
  findAdminDelivery,
  listDeliveries,
  readAttempts,
  type AdminDeliveryRow,
} from '../db/admin-deliveries.ts'
import type { Context } from './context.ts'
import { historyOf } from './delivery-history.ts'
import { wordReason } from './delivery-reasons.ts'
import { pageOf, readIdCursor } from './id-cursor.ts'
import { parseId } from './ids.ts'
import { redriveDelivery } from './redrive.ts'
import { done, refuse, type Outcome } from './refusal.ts'

export interface DeliveryListQuery {
  cursor?: string | undefined
  limit: number
  state?: DeliveryState | undefined
  assigneeId?: string | undefined
  clueId?: string | undefined
}

/** A page of all messages, newest first. Nobody's id, or no lead's, finds none. */
export async function listAllDeliveries(
  ctx: Context,
  query: DeliveryListQuery,
): Promise<Outcome<DeliveryPage>> {
  const { limit, state } = query
  const before = readIdCursor(query.cursor)
  if (!before.ok) return before
  const assigneeId = readFilter(query.assigneeId)
  const clueId = readFilter(query.clueId)
  const filter = { state, assigneeId, clueId }
  const rows = await listDeliveries(ctx.database.db, filter, before.value, limit + 1)
  const { shown, nextCursor } = pageOf(rows, limit, ({ delivery }) => delivery.id)
  return done({ items: shown.map((row) => toAdminDelivery(row, ctx.now())), nextCursor })
}

/** No row has the id 0. */
const readFilter = (id: string | undefined) => (id === undefined ? undefined : (parseId(id) ?? 0))

/** One message and everything that happened to it. */
export async function readDelivery(ctx: Context, id: string): Promise<Outcome<DeliveryDetail>> {
  const row = await find(ctx, id)
  if (!row) return refuse('delivery-not-found')
  const history = historyOf(row.delivery, await readAttempts(ctx.database.db, row.delivery.id))
  return done({ ...toAdminDelivery(row, ctx.now()), history })
}

/** Queues a refused or dead message once more. */
export async function redrive(ctx: Context, id: string): Promise<Outcome<AdminDelivery>> {
  const requeued = await redriveDelivery(ctx, id)
  if (!requeued.ok) return requeued
  const row = await find(ctx, id)
  return row ? done(toAdminDelivery(row, ctx.now())) : refuse('delivery-not-found')
}

async function find(ctx: Context, id: string): Promise<AdminDeliveryRow | undefined> {
  const deliveryId = parseId(id)
  return deliveryId === undefined ? undefined : findAdminDelivery(ctx.database.db, deliveryId)
}

const DISABLED = '员工账号已停用，重新启用后自动处理'

/** A row as the back office sees it. */
function toAdminDelivery(row: AdminDeliveryRow, now: Date): AdminDelivery {
  const { delivery, clueTitle, realname, openid } = row
  const { id, clueId, accountId, state, reason, attempts, runAt } = delivery
  const assigneeId = String(accountId)
  const isStopped = state === 'waiting' && row.disabledAt !== null
  return {
    id: String(id),
    clueId: String(clueId),
    assigneeId,
    state,
    reason: isStopped ? DISABLED : wordReason({ state, reason, bound: openid !== null }),
    clueTitle,
    assignee: { id: assigneeId, realname },
    attempts,
    createdAt: delivery.createdAt.toISOString(),
    settledAt: delivery.settledAt?.toISOString() ?? null,
    // what is due has its next try at any moment
    nextTryAt: state === 'ready' && runAt > now ? runAt.toISOString() : null,
  }
}
