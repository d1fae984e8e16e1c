/**
 * What the backend does in a second, how soon a message leaves, and what it holds, each beside its ceiling.
 *   npm run bench:server               about ten minutes
 *   npm run bench:server -- --quick    a short look
 *   … memory storms                    only these
 * Exits with 1 when a goal of goals.ts is missed. Needs PostgreSQL's programs.
 */
import { cpus, loadavg } from 'node:os'
import pg from 'pg'
import { startCluster } from '../../scripts/postgres.ts'
import { extents, figures } from './figures.ts'
import { table, type Line } from './table.ts'

async function main(): Promise<void> {
  const args = process.argv.slice(2)
  const extent = extents[args.includes('--quick') ? 'quick' : 'full']
  const chosen = figures.filter(({ name }) => {
    const named = args.filter((arg) => !arg.startsWith('--'))
    return named.length === 0 || named.includes(name)
  })
  const cluster = await startCluster()
  if (!cluster) throw new Error('PostgreSQL is not installed: its programs initdb and pg_ctl were not found')
  const lines: Line[] = []
  const before = loadavg()[0] ?? 0
  try {
    for (const measure of chosen) {
      console.error(`measuring ${measure.name} …`)
      lines.push(...(await measure(await createDatabase(cluster.url, measure.name), extent)))
    }
  } finally {
    cluster.stop()
  }
  console.log(table(lines))
  console.log(
    `\nMedians of ${extent.rounds} alternating rounds; a ratio is the median of the rounds' own. Node.js ${process.version}, ` +
      `${cpus().length} cores shared by the backend, PostgreSQL without fsync and WeChat; load before: ${before.toFixed(1)}.`,
  )
  if (lines.some(({ ok }) => ok === false)) process.exitCode = 1
}

async function createDatabase(url: string, name: string): Promise<string> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    await client.query(`create database ${pg.escapeIdentifier(`bench_${name.toLowerCase()}`)}`)
  } finally {
    await client.end()
  }
  const own = new URL(url)
  own.pathname = `/bench_${name.toLowerCase()}`
  return own.href
}

await main()
