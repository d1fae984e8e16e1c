import { and, asc, desc, eq, gte, lt, sql, type SQL } from 'drizzle-orm'
import type { Queryable } from './database.ts'
import type { DeliveryState } from './deliveries.ts'
import { accounts, clues, deliveries, deliveryAttempts, wechatBindings } from './schema.ts'

export interface DeliveryFilter {
  state?: DeliveryState | undefined
  assigneeId?: number | undefined
  clueId?: number | undefined
}

/** The page is cut first: people, leads and bindings are looked up for its rows alone. */
function selectDeliveries(db: Queryable, where: SQL | undefined, order: SQL[], limit: number) {
  const page = db
    .select()
    .from(deliveries)
    .where(where)
    .orderBy(...order)
    .limit(limit)
    .as('page')
  return db
    .select({
      delivery: page._.selectedFields,
      clueTitle: clues.title,
      realname: accounts.realname,
      disabledAt: accounts.disabledAt,
      openid: wechatBindings.openid,
    })
    .from(page)
    .innerJoin(clues, eq(clues.id, page.clueId))
    .innerJoin(accounts, eq(accounts.id, page.accountId))
    .leftJoin(wechatBindings, eq(wechatBindings.accountId, page.accountId))
    .orderBy(desc(page.id))
}

/** A delivery with whom and what it is about; `openid` is the one that is bound now. */
export type AdminDeliveryRow = Awaited<ReturnType<typeof selectDeliveries>>[number]

/** Newest first, `limit` of them before the id `before`. */
export async function listDeliveries(
  db: Queryable,
  { state, assigneeId, clueId }: DeliveryFilter,
  before: number | undefined,
  limit: number,
): Promise<AdminDeliveryRow[]> {
  // most are sent; what is in another state is few, and found by it
  const walksPerson = assigneeId !== undefined && (state === undefined || state === 'sent')
  const where = and(
    walksPerson
      ? ofPerson(assigneeId, before)
      : and(
          before === undefined ? undefined : lt(deliveries.id, before),
          assigneeId === undefined ? undefined : eq(deliveries.accountId, assigneeId),
        ),
    state && eq(deliveries.state, state),
    clueId === undefined ? undefined : eq(deliveries.clueId, clueId),
  )
  const order = [...(walksPerson ? [desc(deliveries.accountId)] : []), desc(deliveries.id)]
  return selectDeliveries(db, where, order, limit)
}

/**
 * One person's, written as a range over (account_id, id): by equality PostgreSQL expects them among the newest of all,
 * and walks past everybody else's to find those of who left long ago.
 */
const ofPerson = (accountId: number, before = Number.MAX_SAFE_INTEGER) =>
  and(
    gte(deliveries.accountId, accountId),
    sql`(${deliveries.accountId}, ${deliveries.id}) < (${accountId}::bigint, ${before}::bigint)`,
  )

export async function findAdminDelivery(db: Queryable, id: number): Promise<AdminDeliveryRow | undefined> {
  const [found] = await selectDeliveries(db, eq(deliveries.id, id), [], 1)
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
