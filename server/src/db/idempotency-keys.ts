import { and, eq, sql } from 'drizzle-orm'
import type { Database, Queryable } from './database.ts'
import { idempotencyKeys } from './schema.ts'

export type IdempotencyKeyRow = typeof idempotencyKeys.$inferSelect

/**
 * Holds the key until the transaction ends, however it ends; false while another transaction holds it. A process that
 * dies lets go of it with its connection.
 */
export async function tryLockKey(tx: Queryable, { scope, key }: { scope: string; key: string }) {
  const name = `idempotency key of ${scope} ${key}`
  const tried = await tx.execute<{ locked: boolean }>(
    sql`select pg_try_advisory_xact_lock(hashtextextended(${name}, 0)) as locked`,
  )
  return tried.rows[0]?.locked === true
}

export async function findKey(
  tx: Queryable,
  { scope, key }: { scope: string; key: string },
): Promise<IdempotencyKeyRow | undefined> {
  const [found] = await tx
    .select()
    .from(idempotencyKeys)
    .where(and(eq(idempotencyKeys.scope, scope), eq(idempotencyKeys.key, key)))
  return found
}

export async function insertKey(tx: Queryable, row: IdempotencyKeyRow): Promise<void> {
  await tx.insert(idempotencyKeys).values(row)
}

/** The database as seen from within `tx`: what runs through it is part of `tx`, a transaction of its a savepoint. */
export function databaseWithin(database: Database, tx: Queryable): Database {
  let last: Promise<unknown> = Promise.resolve()
  return {
    ...database,
    db: tx,
    // one after the other: savepoints of one connection are a stack
    transaction: (work) => {
      const turn = last.then(() => tx.transaction(work))
      last = turn.catch(() => undefined)
      return turn
    },
  }
}
