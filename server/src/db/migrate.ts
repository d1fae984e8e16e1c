import { fileURLToPath } from 'node:url'
import { drizzle } from 'drizzle-orm/node-postgres'
import { readMigrationFiles } from 'drizzle-orm/migrator'
import { migrate as applyFiles } from 'drizzle-orm/node-postgres/migrator'
import type pg from 'pg'
import type { Database } from './database.ts'

export const migrationsFolder = fileURLToPath(new URL('../../migrations', import.meta.url))

// any number that nothing else here locks; processes that start together take turns
const MIGRATION_LOCK = 7_302_026

/** How the database's schema compares with the one this program was written for. `newer`: a newer program was here. */
export type SchemaState = 'current' | 'older' | 'newer'

/** The database belongs to a newer program: this one would write rows that no longer mean the same. */
export class SchemaNewer extends Error {
  override readonly name = 'SchemaNewer'
}

/**
 * Brings the database up to the newest migration file of `folder`. Safe to run from several processes at once.
 *
 * @throws SchemaNewer, with nothing changed.
 */
export async function migrate(database: Database, folder = migrationsFolder): Promise<void> {
  const client = await database.pool.connect()
  try {
    await client.query('set client_min_messages = warning')
    await client.query('select pg_advisory_lock($1)', [MIGRATION_LOCK])
    try {
      if ((await stateOf(client, folder)) === 'newer') throw new SchemaNewer('the schema is newer')
      await applyFiles(drizzle(client), { migrationsFolder: folder })
    } finally {
      await client.query('select pg_advisory_unlock($1)', [MIGRATION_LOCK])
      await client.query('reset client_min_messages')
    }
  } finally {
    client.release()
  }
}

/** Reads only; one short query or two. */
export const readSchemaState = (database: Database, folder = migrationsFolder): Promise<SchemaState> =>
  stateOf(database.pool, folder)

async function stateOf(client: pg.Pool | pg.PoolClient, folder: string): Promise<SchemaState> {
  const newest = newestOf(folder)
  const applied = await newestApplied(client)
  return applied === newest ? 'current' : applied < newest ? 'older' : 'newer'
}

const known = new Map<string, number>()

/** The files do not change while the program runs. */
function newestOf(folder: string): number {
  const newest =
    known.get(folder) ??
    Math.max(0, ...readMigrationFiles({ migrationsFolder: folder }).map((file) => file.folderMillis))
  known.set(folder, newest)
  return newest
}

/** Of the book that Drizzle keeps; 0 for an empty database. */
async function newestApplied(client: pg.Pool | pg.PoolClient): Promise<number> {
  const book = await client.query<{ there: boolean }>(
    "select to_regclass('drizzle.__drizzle_migrations') is not null as there",
  )
  if (!book.rows[0]?.there) return 0
  const newest = await client.query<{ at: string | number | null }>(
    'select max(created_at) as at from drizzle.__drizzle_migrations',
  )
  return Number(newest.rows[0]?.at ?? 0)
}
