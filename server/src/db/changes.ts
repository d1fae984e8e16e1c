import type { Database } from './database.ts'

export const CHANGES_CHANNEL = 'leadbell_changes'

/** Tells whoever listens in any process, this one too. `payload` is shorter than 8000 bytes. */
export async function notifyChanges({ pool }: Database, payload: string): Promise<void> {
  await pool.query('select pg_notify($1, $2)', [CHANGES_CHANNEL, payload])
}
