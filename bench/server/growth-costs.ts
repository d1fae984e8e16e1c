import type { Database } from '../../server/src/db/database.ts'
import { assign, claim, settle, type Side } from './growth-operations.ts'

/** Bytes a row takes, with its share of free space, and what its indexes take, by table. */
export async function measureTables({ pool }: Database): Promise<Record<string, object>> {
  const { rows } = await pool.query<{ name: string; rows: number; heap: number; indexes: number }>(
    `select relname as name, reltuples::bigint as rows, pg_table_size(oid) as heap, pg_indexes_size(oid) as indexes
     from pg_class where relkind = 'r' and relnamespace = 'public'::regnamespace and reltuples > 0 order by heap desc`,
  )
  return Object.fromEntries(
    rows.map(({ name, rows: count, heap, indexes }) => [
      name,
      {
        rows: count,
        'bytes/row': Math.round(heap / count),
        'index bytes/row': Math.round(indexes / count),
        MB: Math.round((heap + indexes) / 2 ** 20),
      },
    ]),
  )
}

// as many leads as the cast enters at once
const TIMES = 500

/**
 * What one costs PostgreSQL: rows, and write-ahead log, first right after a checkpoint, when every page that is touched
 * goes into the log as a whole, then without that. Nothing else may be at work in the cluster.
 */
export async function measureCosts(side: Side): Promise<Record<string, object>> {
  const { pool } = side.database
  const costs: Record<string, object> = {}
  for (const images of ['on', 'off']) {
    await pool.query(`alter system set full_page_writes = ${images}`)
    await pool.query('select pg_reload_conf()')
    // leads are entered before, not while it counts
    await side.cast.enterFresh()
    await pool.query('checkpoint')
    const suffix = images === 'on' ? ', after a checkpoint' : ''
    costs[`assignment${suffix}`] = await cost(side, async () => {
      for (let n = 0; n < TIMES; n++) await assign(side, await side.cast.freshLead(), side.cast.average(n), 1)
      return TIMES
    })
    costs[`delivery${suffix}`] = await cost(side, async () => {
      let settled = 0
      while (settled < TIMES) {
        const claimed = await claim(side)
        await settle(side, claimed)
        settled += claimed.length
      }
      return settled
    })
  }
  return costs
}

/** `work` answers how often it was done. */
async function cost(side: Side, work: () => Promise<number>) {
  const before = await read(side.database)
  const times = await work()
  const after = await read(side.database)
  const each = (name: keyof Counters) => round((after[name] - before[name]) / times)
  return {
    'rows inserted': each('inserted'),
    'rows updated': each('updated'),
    'of them in place': each('hot'),
    'WAL bytes': each('wal'),
    'WAL records': each('records'),
    'page images': each('images'),
  }
}

interface Counters {
  inserted: number
  updated: number
  hot: number
  wal: number
  records: number
  images: number
}

async function read({ pool }: Database): Promise<Counters> {
  // a session reports what it did at most once a second
  await new Promise((resolve) => setTimeout(resolve, 1_500))
  await pool.query('select pg_stat_force_next_flush()')
  const { rows } = await pool.query<Counters>(
    `select (select sum(n_tup_ins) from pg_stat_user_tables)::float8 as inserted,
       (select sum(n_tup_upd) from pg_stat_user_tables)::float8 as updated,
       (select sum(n_tup_hot_upd) from pg_stat_user_tables)::float8 as hot,
       wal_bytes::float8 as wal, wal_records::float8 as records, wal_fpi::float8 as images from pg_stat_wal`,
  )
  const [counters] = rows
  if (!counters) throw new Error('PostgreSQL counts nothing')
  return counters
}

const round = (value: number) => Math.round(value * 10) / 10
