import type pg from 'pg'
import type { Database } from '../../server/src/db/database.ts'

/** One statement as PostgreSQL ran it. */
export interface Plan {
  query: string
  scans: Scan[]
}

export interface Scan {
  /** `Seq Scan`, `Index Scan`, `Index Only Scan`, `Bitmap Heap Scan` … */
  kind: string
  table: string
  index: string | null
  /** Rows that were read and thrown away. */
  filtered: number
  /** Rows that an Index Only Scan looked up in the table all the same. */
  fetches: number
}

/** The address of a database whose sessions explain every statement they run, those of triggers too. Needs a superuser. */
export function explaining(url: string): string {
  const settings = {
    session_preload_libraries: 'auto_explain',
    'auto_explain.log_min_duration': '0',
    'auto_explain.log_analyze': 'on',
    'auto_explain.log_timing': 'off',
    'auto_explain.log_nested_statements': 'on',
    'auto_explain.log_format': 'json',
    'auto_explain.log_level': 'notice',
  }
  const options = Object.entries(settings).map(([name, value]) => `-c ${name}=${value}`)
  return `${url}?options=${encodeURIComponent(options.join(' '))}`
}

/** Collects the plans of what a database opened with `explaining` runs during `work`. */
export async function watchPlans(database: Database, work: () => Promise<unknown>): Promise<Plan[]> {
  const plans: Plan[] = []
  const watched = new Set<pg.PoolClient>()
  const hear = ({ message }: { message?: string | undefined }) => {
    const [, json] = /plan:\s(\{.*\})\s*$/s.exec(message ?? '') ?? []
    if (json !== undefined) plans.push(readPlan(json))
  }
  const watch = (client: pg.PoolClient) => {
    if (!watched.has(client)) client.on('notice', hear)
    watched.add(client)
  }
  database.pool.on('acquire', watch)
  try {
    await work()
  } finally {
    database.pool.off('acquire', watch)
    for (const client of watched) client.off('notice', hear)
  }
  return plans
}

interface PlanNode {
  'Node Type': string
  'Relation Name'?: string
  'Index Name'?: string
  'Rows Removed by Filter'?: number
  'Actual Loops'?: number
  'Heap Fetches'?: number
  Plans?: PlanNode[]
}

function readPlan(json: string): Plan {
  // what auto_explain writes
  const read = JSON.parse(json) as { 'Query Text': string; Plan: PlanNode }
  const scans: Scan[] = []
  const walk = (node: PlanNode, above: string | undefined) => {
    // a bitmap's index scan does not name its table
    const table = node['Relation Name'] ?? (node['Node Type'] === 'Bitmap Index Scan' ? above : undefined)
    if (node['Node Type'].endsWith('Scan') && table !== undefined)
      scans.push({
        kind: node['Node Type'],
        table,
        index: node['Index Name'] ?? null,
        filtered: (node['Rows Removed by Filter'] ?? 0) * (node['Actual Loops'] ?? 1),
        fetches: node['Heap Fetches'] ?? 0,
      })
    for (const child of node.Plans ?? []) walk(child, table ?? above)
  }
  walk(read.Plan, undefined)
  return { query: read['Query Text'].replace(/\s+/g, ' ').trim(), scans }
}

const MANY = 100

/**
 * The ways tables are read, each once, as `clues: Index Only Scan (clues_unread)`, with what it costs in vain when that
 * is much: rows read and thrown away, and rows looked up in the table although the index has it all.
 */
export function summarize(plans: readonly Plan[]): string[] {
  const ways = new Map<string, { filtered: number; fetches: number }>()
  for (const { kind, table, index, filtered, fetches } of plans.flatMap(({ scans }) => scans)) {
    const way = `${table}: ${kind}${index === null ? '' : ` (${index})`}`
    const known = ways.get(way) ?? { filtered: 0, fetches: 0 }
    ways.set(way, { filtered: Math.max(known.filtered, filtered), fetches: Math.max(known.fetches, fetches) })
  }
  return [...ways]
    .filter(([way, { filtered }]) => !way.includes('Bitmap Heap') || filtered >= MANY)
    .map(([way, { filtered, fetches }]) =>
      [way, filtered >= MANY && `${filtered} rows thrown away`, fetches >= MANY && `${fetches} looked up`]
        .filter((part) => part !== false)
        .join(', '),
    )
    .sort()
}

/** The statements that read a whole table out of `tables`. */
export const findSeqScans = (plans: readonly Plan[], tables: ReadonlySet<string>): Plan[] =>
  plans.filter(({ scans }) => scans.some(({ kind, table }) => kind === 'Seq Scan' && tables.has(table)))

const BIG = 10_000

/** Tables whose full scan is a fault: the planner is right to read a small one as a whole. */
export async function findBigTables({ pool }: Database): Promise<ReadonlySet<string>> {
  const { rows } = await pool.query<{ relname: string }>(
    `select relname from pg_class where relkind = 'r' and relnamespace = 'public'::regnamespace and reltuples >= $1`,
    [BIG],
  )
  return new Set(rows.map(({ relname }) => relname))
}
