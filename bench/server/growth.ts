/**
 * Whether the backend keeps its pace as its tables grow: the program's own functions on a database of a company's first
 * week and on one of a million leads, their medians side by side, and the plans PostgreSQL used on the big one.
 *   npm run bench:growth                    the sizes; needs 10 GB of disk and about ten minutes
 *   npm run bench:growth -- --scale 0.01    a hundredth of it, to see that it runs
 *   npm run bench:growth -- --keep          leaves PostgreSQL running afterwards, to look at a plan by hand
 * Exits with 1 when the list, the assignment or the claim takes more than twice as long, or reads a big table whole.
 */
import { parseArgs } from 'node:util'
import pg from 'pg'
import { startCluster } from '../../scripts/postgres.ts'
import { rebuildQuota } from '../../server/src/domain/ledger.ts'
import { castFor } from './growth-cast.ts'
import { measureCosts, measureTables } from './growth-costs.ts'
import { countRows, generate, grown, young, type Sizes } from './growth-data.ts'
import { assign, operations, type Operation, type Side } from './growth-operations.ts'
import { report, type Result } from './growth-report.ts'
import { explaining, findBigTables, findSeqScans, watchPlans, type Plan } from './plans.ts'
import { TEMPLATE } from './emulated-wechat.ts'
import { openServer } from './world.ts'

const SAMPLES = 50
const WARM_UP = 5
const LONGEST_MS = 6_000
const DUE = 5_500
// a prepared statement may change to a plan for all parameters after five runs
const PLANNED_TURNS = 8
// nothing is sent
const NO_WECHAT = 'http://127.0.0.1:9'

const say = (line: string) => process.stdout.write(`${line}\n`)

const { values } = parseArgs({
  options: { scale: { type: 'string', default: '1' }, keep: { type: 'boolean', default: false } },
})
const scale = Number(values.scale)
if (!(scale > 0)) throw new Error('--scale takes a number above 0')

async function run(url: string, sizes: Sizes): Promise<number> {
  say('— a company’s first week')
  const small = await open(await createDatabase(url, 'young'), young)
  say(`— scale ${scale}`)
  const grownUrl = await createDatabase(url, 'grown')
  const big = await open(grownUrl, sizes)
  say(JSON.stringify(await countRows(big.database)))
  await verifyBooks(big)
  for (const side of [small, big]) await makeDue(side)
  await big.database.pool.query('vacuum analyze')

  const explained = await openServer(explaining(grownUrl), NO_WECHAT)
  const bigTables = await findBigTables(big.database)
  const results: Result[] = []
  for (const operation of operations) {
    const [youngMs, grownMs] = await compare(operation, small, big)
    const plans = await explain(operation, { ...big, ...explained })
    results.push({ operation, youngMs, grownMs, plans, seqScans: findSeqScans(plans, bigTables) })
  }
  const missed = report(results, say)
  say('\nTables:')
  console.table(await measureTables(big.database))
  say('\nCost of one, on the big database:')
  console.table(await measureCosts(big))
  for (const opened of [small, big, explained]) await opened.close()
  return missed === 0 ? 0 : 1
}

async function createDatabase(url: string, name: string): Promise<string> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  await client.query(`create database ${name}`)
  await client.query(`alter system set max_wal_size = '8GB'`)
  await client.query('select pg_reload_conf()')
  await client.end()
  return url.replace(/\/postgres$/, `/${name}`)
}

async function open(url: string, sizes: Sizes): Promise<Side> {
  const server = await openServer(url, NO_WECHAT)
  const started = performance.now()
  await generate(server.database, sizes, sizes.leads > young.leads ? say : () => undefined)
  say(`generated in ${((performance.now() - started) / 1000).toFixed(0)} s`)
  const cast = await castFor(server.ctx, server.database, sizes)
  return { ...server, cast, measure: (work) => work() }
}

/** Every kind of book that was generated is one the program itself would have come to. */
async function verifyBooks({ cast, database }: Side): Promise<void> {
  const people = [...Array.from({ length: 20 }, (_, n) => cast.average(n)), cast.heavy, cast.longBook]
  for (const { openid } of people) {
    const rebuilt = await rebuildQuota(database.db, { openid, templateId: TEMPLATE })
    const { rows } = await database.pool.query<{ quota: number }>(
      'select quota from quotas where openid = $1',
      [openid],
    )
    if (rows[0]?.quota !== rebuilt)
      throw new Error(`a replay of the book comes to ${rebuilt}, not ${rows[0]?.quota}`)
  }
}

/** Both databases have this many messages due at least, by the front door. */
async function makeDue(side: Side): Promise<void> {
  let n = 0
  await Promise.all(
    Array.from({ length: 8 }, async () => {
      while (n < DUE) {
        const to = side.cast.average(n++)
        await assign(side, await side.cast.freshLead(), to, 1)
      }
    }),
  )
}

/** Medians in milliseconds. The two take turns, so that whatever else the machine does disturbs both. */
async function compare(operation: Operation, small: Side, big: Side): Promise<[number, number]> {
  const taken = [small, big].map((side) => ({ side, samples: [] as number[] }))
  const started = performance.now()
  for (let n = 0; n < WARM_UP + SAMPLES && (n <= WARM_UP || performance.now() - started < LONGEST_MS); n++)
    for (const { side, samples } of n % 2 ? taken : taken.toReversed()) {
      let ms = 0
      await operation.turn(
        {
          ...side,
          measure: async (work) => {
            const began = performance.now()
            const done = await work()
            ms = performance.now() - began
            return done
          },
        },
        n,
      )
      if (n >= WARM_UP || performance.now() - started > LONGEST_MS / 2) samples.push(ms)
    }
  const [youngMs = NaN, grownMs = NaN] = taken.map(({ samples }) => median(samples))
  return [youngMs, grownMs]
}

function median(samples: number[]): number {
  const sorted = samples.toSorted((a, b) => a - b)
  return sorted[Math.floor(sorted.length / 2)] ?? NaN
}

async function explain(operation: Operation, side: Side): Promise<Plan[]> {
  const plans: Plan[] = []
  for (let n = 0; n < PLANNED_TURNS; n++)
    await operation.turn(
      {
        ...side,
        measure: async (work) => {
          let done: Awaited<ReturnType<typeof work>> | undefined
          plans.push(
            ...(await watchPlans(side.database, async () => {
              done = await work()
            })),
          )
          // `watchPlans` has thrown what `work` threw
          return done as Awaited<ReturnType<typeof work>>
        },
      },
      n,
    )
  return plans
}

const cluster = await startCluster()
if (!cluster) throw new Error('PostgreSQL is not installed')
try {
  process.exitCode = await run(cluster.url, grown(scale))
} finally {
  if (values.keep) say(`PostgreSQL goes on at ${cluster.url}`)
  else cluster.stop()
}
