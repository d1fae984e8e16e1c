import { eq, sql, sum } from 'drizzle-orm'
import type { Queryable } from './database.ts'
import { ledger } from './schema.ts'

/** Grants belong to one person for one template; nothing flows from one lane to another. */
export interface Lane {
  openid: string
  templateId: string
}

/** Holds the lanes until the transaction ends. Sorted, so that two transactions never wait for each other. */
export async function lockLanes(tx: Queryable, lanes: Lane[]): Promise<void> {
  const keys = lanes.map((lane) => JSON.stringify([lane.openid, lane.templateId])).sort()
  for (const key of keys) await tx.execute(sql`select pg_advisory_xact_lock(hashtextextended(${key}, 0))`)
}

/** What may still be sent, by template id; templates without a row are left out. */
export async function readQuota(db: Queryable, openid: string): Promise<Map<string, number>> {
  const rows = await db
    .select({ templateId: ledger.templateId, quota: sum(ledger.delta).mapWith(Number) })
    .from(ledger)
    .where(eq(ledger.openid, openid))
    .groupBy(ledger.templateId)
  return new Map(rows.map((row) => [row.templateId, row.quota ?? 0]))
}

/** Books one grant; false when this attempt has it already. */
export async function insertGrant(
  tx: Queryable,
  grant: Lane & { attemptId: string; at: Date; now: Date },
): Promise<boolean> {
  const { openid, templateId, attemptId, at, now } = grant
  const booked = await tx
    .insert(ledger)
    .values({ kind: 'grant', openid, templateId, delta: 1, attemptId, at, bookedAt: now })
    .onConflictDoNothing()
    .returning({ id: ledger.id })
  return booked.length > 0
}

/** Books one message sent. The caller holds the lane's lock. At quota zero it costs nothing: the ledger was behind. */
export async function insertSpend(
  tx: Queryable,
  spend: Lane & { deliveryId: number; now: Date },
): Promise<void> {
  const { openid, templateId, deliveryId, now } = spend
  await tx
    .insert(ledger)
    .values({
      kind: 'spend',
      openid,
      templateId,
      delta: sql`-least(1, ${quotaNow(spend)})`,
      deliveryId,
      at: now,
      bookedAt: now,
    })
    .onConflictDoNothing()
}

/** WeChat says that nothing is left. The caller holds the lane's lock. */
export async function insertZero(
  tx: Queryable,
  zero: Lane & { deliveryId: number; now: Date },
): Promise<void> {
  const { openid, templateId, deliveryId, now } = zero
  await tx.insert(ledger).values({
    kind: 'zero',
    openid,
    templateId,
    delta: sql`-${quotaNow(zero)}`,
    deliveryId,
    at: now,
    bookedAt: now,
  })
}

const quotaNow = ({ openid, templateId }: Lane) =>
  sql`(select coalesce(sum(delta), 0)::int from ledger where openid = ${openid} and template_id = ${templateId})`
