import type pg from 'pg'
import type { Database } from '../../server/src/db/database.ts'
import { steps } from './growth-rows.ts'

/** How much there is. Shares are of all leads. */
export interface Sizes {
  staff: number
  leads: number
  /** About so many; every message sent has its line, the rest are grants, each told twice. */
  ledgerRows: number
  /** People who have very many leads, besides one who had as many and left long ago. */
  heavyPeople: number
  heavyShare: number
  /** Messages that are due. */
  ready: number
  inDoubt: number
  /** People with a book of `heavyBook` lines at least. */
  heavyBooks: number
  heavyBook: number
}

/** The numbers at `scale` 1. */
export const grown = (scale: number): Sizes => ({
  staff: Math.round(100_000 * scale),
  leads: Math.round(1_000_000 * scale),
  ledgerRows: Math.round(10_000_000 * scale),
  heavyPeople: 3,
  // enough for a page 40 however small the scale
  heavyShare: Math.max(0.05, 0.001 / scale),
  ready: Math.round(5_000 * scale),
  inDoubt: Math.round(500 * scale),
  heavyBooks: Math.max(2, Math.round(20 * scale)),
  heavyBook: 10_000,
})

/** What a company has in its first week: the yardstick. One person has enough leads for a page 40. */
export const young: Sizes = {
  staff: 300,
  leads: 3_000,
  ledgerRows: 30_000,
  heavyPeople: 1,
  heavyShare: 0.35,
  ready: 30,
  inDoubt: 2,
  heavyBooks: 0,
  heavyBook: 0,
}

const TABLES = [
  'accounts',
  'wechat_bindings',
  'clues',
  'assignments',
  'deliveries',
  'delivery_attempts',
  'ledger',
  'quotas',
]

/**
 * Fills an empty, migrated database by statements over whole tables. Indexes are dropped meanwhile and foreign keys not
 * checked; afterwards the schema is the one that was there, which is verified, as is that every quota is the sum of its
 * book and that no reference is broken. Ends with `vacuum analyze`. Needs a superuser. Seeded: the same sizes, the same rows.
 */
export async function generate(database: Database, sizes: Sizes, say: (line: string) => void): Promise<void> {
  const client = await database.pool.connect()
  const timed = async (what: string, work: () => Promise<unknown>) => {
    const started = performance.now()
    await work()
    say(`${what}: ${((performance.now() - started) / 1000).toFixed(1)} s`)
  }
  try {
    await client.query(`set session_replication_role = replica; set synchronous_commit = off;
      set work_mem = '512MB'; set maintenance_work_mem = '1GB'; set jit = off; select setseed(0.4242)`)
    const schema = await readIndexes(client)
    for (const { indexname, isConstraint } of schema)
      if (!isConstraint) await client.query(`drop index ${indexname}`)
    for (const { what, text } of steps(sizes))
      await timed(what, async () => {
        await client.query(text)
        // the next step is planned by it
        await client.query('analyze')
      })
    await timed('indexes', async () => {
      for (const { indexdef, isConstraint } of schema) if (!isConstraint) await client.query(indexdef)
    })
    const rebuilt = await readIndexes(client)
    if (JSON.stringify(rebuilt) !== JSON.stringify(schema)) throw new Error('the schema is not what it was')
    await timed('verified', () => verify(client))
    await timed('vacuum analyze', () => client.query('vacuum analyze'))
    await client.query('checkpoint')
  } finally {
    // with its settings
    client.release(true)
  }
}

interface Index {
  indexname: string
  indexdef: string
  isConstraint: boolean
}

async function readIndexes(client: pg.PoolClient): Promise<Index[]> {
  const { rows } = await client.query<Index>(
    `select indexname, indexdef,
       exists (select from pg_constraint where conname = indexname and contype in ('p', 'u')) as "isConstraint"
     from pg_indexes where schemaname = 'public' and tablename = any($1) order by indexname`,
    [TABLES],
  )
  return rows
}

const invariants: Record<string, string> = {
  'a quota is not the sum of its book': `
    select 1 from quotas q full join
      (select openid, template_id, sum(delta) as quota from ledger group by 1, 2) b using (openid, template_id)
    where q.quota is distinct from b.quota`,
  'a reference is broken': `
    select 1 from deliveries d left join assignments a on a.id = d.assignment_id
      left join clues c on c.id = d.clue_id left join accounts p on p.id = d.account_id
      left join delivery_attempts t on t.id = d.attempt_id
    where a.clue_id is distinct from d.clue_id or c.id is null or p.id is null or (d.attempt_id is not null and t.id is null)
    union all select 1 from ledger l left join deliveries d on d.id = l.delivery_id
    where l.delivery_id is not null and d.id is null`,
  'a message that was sent is not in the book once': `
    select 1 from (select id from deliveries where state = 'sent') d
      full join (select delivery_id from ledger where kind = 'spend') l on l.delivery_id = d.id
    where d.id is null or l.delivery_id is null`,
}

async function verify(client: pg.PoolClient): Promise<void> {
  for (const [broken, query] of Object.entries(invariants)) {
    const { rowCount } = await client.query(`${query} limit 1`)
    if (rowCount) throw new Error(`the generated data is wrong: ${broken}`)
  }
}

/** How many rows there are of what, for the report. */
export async function countRows(database: Database): Promise<Record<string, number>> {
  const counted: Record<string, number> = {}
  for (const table of TABLES) {
    const { rows } = await database.pool.query<{ n: number }>(`select count(*)::int as n from ${table}`)
    counted[table] = rows[0]?.n ?? 0
  }
  return counted
}
