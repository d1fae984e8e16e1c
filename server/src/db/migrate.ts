import { fileURLToPath } from 'node:url'
import { drizzle } from 'drizzle-orm/node-postgres'
import { migrate as applyFiles } from 'drizzle-orm/node-postgres/migrator'
import type { Database } from './database.ts'

export const migrationsFolder = fileURLToPath(new URL('../../migrations', import.meta.url))

// any number that nothing else here locks; processes that start together take turns
const MIGRATION_LOCK = 7_302_026

/** Brings the database up to the newest migration file of `folder`. Safe to run from several processes at once. */
export async function migrate(database: Database, folder = migrationsFolder): Promise<void> {
  const client = await database.pool.connect()
  try {
    await client.query('set client_min_messages = warning')
    await client.query('select pg_advisory_lock($1)', [MIGRATION_LOCK])
    try {
      await applyFiles(drizzle(client), { migrationsFolder: folder })
    } finally {
      await client.query('select pg_advisory_unlock($1)', [MIGRATION_LOCK])
      await client.query('reset client_min_messages')
    }
  } finally {
    client.release()
  }
}
