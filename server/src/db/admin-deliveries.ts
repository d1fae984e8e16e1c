import { and, asc, desc, eq, lt } from 'drizzle-orm'
import type { Queryable } from './database.ts'
import type { DeliveryState } from './deliveries.ts'
import { accounts, clues, deliveries, deliveryAttempts, wechatBindings } from './schema.ts'

export interface DeliveryFilter {
  state?: DeliveryState | undefined
  assigneeId?: number | undefined
  clueId?: number | undefined
}

const selectDeliveries = (db: Queryable) =>
  db
    .select({
      delivery: deliveries,
      clueTitle: clues.title,
      realname: accounts.realname,
      disabledAt: accounts.disabledAt,
      openid: wechatBindings.openid,
    })
    .from(deliveries)
    .innerJoin(clues, eq(clues.id, deliveries.clueId))
    .innerJoin(accounts, eq(accounts.id, deliveries.accountId))
    .leftJoin(wechatBindings, eq(wechatBindings.accountId, deliveries.accountId))

/** A delivery with whom and what it is about; `openid` is the one that is bound now. */
export type AdminDeliveryRow = Awaited<ReturnType<typeof selectDeliveries>>[number]

/** Newest first, `limit` of them before the id `before`. */
export async function listDeliveries(
  db: Queryable,
  { state, assigneeId, clueId }: DeliveryFilter,
  before: number | undefined,
  limit: number,
): Promise<AdminDeliveryRow[]> {
  return selectDeliveries(db)
    .where(
      and(
        before === undefined ? undefined : lt(deliveries.id, before),
        state && eq(deliveries.state, state),
        assigneeId === undefined ? undefined : eq(deliveries.accountId, assigneeId),
        clueId === undefined ? undefined : eq(deliveries.clueId, clueId),
      ),
    )
    .orderBy(desc(deliveries.id))
    .limit(limit)
}

export async function findAdminDelivery(db: Queryable, id: number): Promise<AdminDeliveryRow | undefined> {
  const [found] = await selectDeliveries(db).where(eq(deliveries.id, id))
  return found
}

/** Every send of a delivery, oldest first. */
export async function readAttempts(db: Queryable, deliveryId: number) {
  return db
    .select()
    .from(deliveryAttempts)
    .where(eq(deliveryAttempts.deliveryId, deliveryId))
    .orderBy(asc(deliveryAttempts.id))
}

export type AttemptRow = Awaited<ReturnType<typeof readAttempts>>[number]
