import { AsyncLocalStorage } from 'node:async_hooks'
import { resolve } from 'node:path'
import type { PGlite } from '@electric-sql/pglite'
import { drizzle, type NodePgDatabase, type NodePgQueryResultHKT } from 'drizzle-orm/node-postgres'
import type { PgDatabase } from 'drizzle-orm/pg-core'
import pg from 'pg'
import { lockFolder } from './folder-lock.ts'
import { createListener, type OnNotice } from './listener.ts'
import { openPGlite, poolOver } from './pglite-pool.ts'

// ids are bigint in the database and far below 2^53 in any life of it
pg.types.setTypeParser(pg.types.builtins.INT8, Number)

/** The database or a transaction of it: what a query function takes. */
export type Queryable = PgDatabase<NodePgQueryResultHKT>

/** One open database, whichever engine is behind it. */
export interface Database {
  engine: 'PGlite' | 'PostgreSQL'
  db: Queryable
  pool: pg.Pool
  /**
   * Runs `work` in one transaction: committed when it resolves, rolled back when it throws, and run anew when PostgreSQL
   * chose it to end a deadlock. Inside it only `tx` may be used: the outer database waits for the one connection PGlite
   * has, so that using it throws at once on both engines.
   */
  transaction<T>(work: (tx: Queryable) => Promise<T>): Promise<T>
  /**
   * Calls `onNotice` with what any process notifies `channel` of, and with undefined when notices may have been missed,
   * because the connection was lost and is there again. Nothing on PGlite, where there is only this process.
   */
  listen(channel: string, onNotice: OnNotice): Promise<void>
  close(): Promise<void>
}

/** `poolSize`: connections of this process at most, besides one that listens. @default 10 */
export type DatabaseSource = { url: string; poolSize?: number } | { dir: string } | { lite: PGlite }

/** Opens PostgreSQL, a PGlite folder (locked against a second opener) or a PGlite that is open already. */
export async function openDatabase(source: DatabaseSource): Promise<Database> {
  if ('url' in source) {
    const pool = new pg.Pool({
      connectionString: source.url,
      max: source.poolSize ?? 10,
      connectionTimeoutMillis: 10_000,
    })
    const listener = createListener(source.url)
    return assemble('PostgreSQL', pool, {
      listen: listener.listen,
      close: async () => {
        await listener.close()
        await pool.end()
      },
    })
  }
  const unlock = 'dir' in source ? lockFolder(`${resolve(source.dir)}.lock`) : () => undefined
  try {
    const lite = 'dir' in source ? await openPGlite(source) : source.lite
    const pool = poolOver(lite)
    return assemble('PGlite', pool, {
      listen: async () => undefined,
      close: async () => {
        await pool.end()
        await lite.close()
        unlock()
      },
    })
  } catch (error) {
    unlock()
    throw error
  }
}

function assemble(
  engine: Database['engine'],
  pool: pg.Pool,
  rest: Pick<Database, 'listen' | 'close'>,
): Database {
  // an idle client that loses its server is replaced by the pool; unheard, the event would end the process
  pool.on('error', () => undefined)
  // and one that loses it at work fails its query, which is enough
  pool.on('connect', (client) => client.on('error', () => undefined))
  const inside = new AsyncLocalStorage<true>()
  refuseInside(pool, inside)
  const db: NodePgDatabase & { $client: pg.Pool } = drizzle(pool)
  return {
    engine,
    db,
    pool,
    transaction: (work) => again(() => db.transaction((tx) => inside.run(true, () => work(tx)))),
    ...rest,
  }
}

const DEADLOCK = '40P01'
const TRIES = 3

async function again<T>(run: () => Promise<T>): Promise<T> {
  for (let tried = 1; ; tried++) {
    try {
      return await run()
    } catch (error) {
      if (sqlState(error) !== DEADLOCK || tried === TRIES) throw error
    }
  }
}

function refuseInside(pool: pg.Pool, inside: AsyncLocalStorage<true>): void {
  const connect = pool.connect
  const guarded: unknown = function (this: pg.Pool, ...args: unknown[]) {
    if (inside.getStore()) throw new Error('The outer database was used inside a transaction; pass `tx` on.')
    return Reflect.apply(connect, this, args)
  }
  pool.connect = guarded as typeof connect
}

/** The SQLSTATE of a failed query, which Drizzle wraps, or undefined. */
export function sqlState(error: unknown): string | undefined {
  const cause = error instanceof Error && error.cause !== undefined ? error.cause : error
  return cause instanceof Error && 'code' in cause && typeof cause.code === 'string' ? cause.code : undefined
}
