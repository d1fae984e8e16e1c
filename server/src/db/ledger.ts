import { and, eq, gte, lte, sql } from 'drizzle-orm'
import type { Queryable } from './database.ts'
import { runNamed, type NamedStatement } from './named.ts'
import { ledger, quotas } from './schema.ts'

/** Grants belong to one person for one template; nothing flows from one lane to another. */
export interface Lane {
  openid: string
  templateId: string
}

export type LedgerRow = typeof ledger.$inferSelect

/** Holds the lanes until the transaction ends. Sorted, so that two transactions never wait for each other. */
export async function lockLanes(tx: Queryable, lanes: readonly Lane[]): Promise<void> {
  const keys = new Map(lanes.map((lane) => [JSON.stringify([lane.openid, lane.templateId]), lane]))
  const sorted = [...keys].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, lane]) => lane)
  for (const lane of sorted) await lockLane(tx, lane)
}

const lockQuota: NamedStatement = {
  name: 'lock_quota',
  text: 'select quota from quotas where openid = $1 and template_id = $2 for update',
}

async function lockLane(tx: Queryable, { openid, templateId }: Lane): Promise<void> {
  if ((await runNamed(tx, lockQuota, [openid, templateId])).length > 0) return
  await tx
    .insert(quotas)
    .values({ openid, templateId, quota: 0, latestAt: new Date(0) })
    .onConflictDoNothing()
  await lockLane(tx, { openid, templateId })
}

/** What may still be sent, by template id; templates without a row are left out. */
export async function readQuotas(db: Queryable, openid: string): Promise<Map<string, number>> {
  const rows = await db
    .select({ templateId: quotas.templateId, quota: quotas.quota })
    .from(quotas)
    .where(eq(quotas.openid, openid))
  return new Map(rows.map((row) => [row.templateId, row.quota]))
}

/** The lane's balance and the time of the last thing in its book; the caller holds the lane. */
export async function readBalance(tx: Queryable, lane: Lane): Promise<{ quota: number; latestAt: Date }> {
  const [row] = await tx
    .select({ quota: quotas.quota, latestAt: quotas.latestAt })
    .from(quotas)
    .where(ofLane(quotas, lane))
  return row ?? { quota: 0, latestAt: new Date(0) }
}

export async function hasEntry(tx: Queryable, key: string): Promise<boolean> {
  const [found] = await tx.select({ id: ledger.id }).from(ledger).where(eq(ledger.key, key))
  return found !== undefined
}

/** The lane's book from `since` on. */
export async function readLane(db: Queryable, lane: Lane, since: Date): Promise<LedgerRow[]> {
  return db
    .select()
    .from(ledger)
    .where(and(ofLane(ledger, lane), gte(ledger.at, since)))
}

/** When WeChat last said that nothing was left, not after `before`. */
export async function findZeroBefore(db: Queryable, lane: Lane, before: Date): Promise<Date | undefined> {
  const [found] = await db
    .select({ at: ledger.at })
    .from(ledger)
    .where(and(ofLane(ledger, lane), eq(ledger.kind, 'zero'), lte(ledger.at, before)))
    .orderBy(sql`${ledger.at} desc`)
    .limit(1)
  return found?.at
}

/** Writes one line into the book and moves the balance by its `delta`. The caller holds the lane. */
export async function appendEntry(tx: Queryable, entry: typeof ledger.$inferInsert): Promise<void> {
  await tx.insert(ledger).values(entry)
  await tx
    .update(quotas)
    .set({
      quota: sql`${quotas.quota} + ${entry.delta}`,
      latestAt: sql`greatest(${quotas.latestAt}, ${entry.at.toISOString()}::timestamptz)`,
    })
    .where(ofLane(quotas, { openid: entry.openid, templateId: entry.templateId }))
}

const ofLane = (table: typeof ledger | typeof quotas, { openid, templateId }: Lane) =>
  and(eq(table.openid, openid), eq(table.templateId, templateId))
