import { fork, type ChildProcess } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { setTimeout as pass } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { sql } from 'drizzle-orm'
import fc from 'fast-check'
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import { claimWebhookCalls, queueWebhook } from '../db/webhook-calls.ts'
import { createLog } from '../log.ts'
import { createMetrics } from '../metrics.ts'
import { engine, openTestDatabase, type TestDatabase } from '../testing/database.ts'
import { makeDelivery, setDeliveryState } from '../testing/delivery-rows.ts'
import { WebhookStandIn, type HookReply } from '../testing/webhook-stand-in.ts'
import { createWebhookWorker } from './webhook-worker.ts'

let test: TestDatabase
let now = Date.parse('2026-11-23T01:42:00Z')
const customer = new WebhookStandIn()
beforeAll(async () => {
  await customer.start()
  test = await openTestDatabase()
})
beforeEach(async () => {
  customer.reset()
  await test.database.db.execute(sql`delete from webhook_calls`)
})
afterAll(async () => {
  await customer.stop()
  await test.close()
})

type Step =
  | { do: 'outcome'; delivery: number; state: 'sent' | 'refused' | 'waiting' | 'dead' }
  | { do: 'round'; workers: 1 | 2; reply: HookReply }
  /** A process leases them and dies. */
  | { do: 'crash'; calls: number }
  | { do: 'wait'; seconds: number }

const step: fc.Arbitrary<Step> = fc.oneof(
  fc.record({
    do: fc.constant('outcome' as const),
    delivery: fc.constantFrom(0, 1),
    state: fc.constantFrom('sent', 'refused', 'waiting', 'dead'),
  }),
  fc.record({
    do: fc.constant('round' as const),
    workers: fc.constantFrom(1, 2),
    reply: fc.constantFrom<HookReply>(204, 500, 'drop'),
  }),
  fc.record({ do: fc.constant('crash' as const), calls: fc.integer({ min: 1, max: 3 }) }),
  fc.record({ do: fc.constant('wait' as const), seconds: fc.constantFrom(1, 5, 30, 120) }),
)

function worker() {
  const log = createLog('silent')
  const ctx = { database: test.database, metrics: createMetrics(), now: () => new Date(now), log }
  const secret = 'a webhook secret of at least 32 characters'
  return createWebhookWorker(ctx, { url: customer.url, secret, concurrency: 2 })
}
const workers = () => Promise.all([worker(), worker()].map((one) => one.round()))

async function take(it: Step): Promise<void> {
  const { db } = test.database
  switch (it.do) {
    case 'outcome': {
      const id = deliveries[it.delivery] ?? 0
      await setDeliveryState(db, id, it.state)
      return test.database.transaction((tx) => queueWebhook(tx, [id], new Date(now)))
    }
    case 'round':
      reply = it.reply
      await (it.workers === 1 ? worker().round() : workers())
      return
    case 'crash': {
      const lease = { leaseToken: randomUUID(), leasedUntil: new Date(now + 30_000), now: new Date(now) }
      await claimWebhookCalls(db, { ...lease, limit: it.calls })
      return
    }
    case 'wait':
      now += it.seconds * 1000
  }
}

let reply: HookReply
let deliveries: number[]
/** The ids that were taken, in the order they were, by delivery. */
const taken = new Map<string, string[]>()

it('whatever fails, dies or races: everything is told, and of one delivery in its order', async () => {
  const { db } = test.database
  deliveries = [
    (await makeDelivery(db, { state: 'waiting' })).id,
    (await makeDelivery(db, { state: 'sent' })).id,
  ]
  const steps = fc.array(step, { minLength: 4, maxLength: 14 })
  await fc.assert(
    fc.asyncProperty(steps, async (sequence) => {
      await test.database.db.execute(sql`delete from webhook_calls`)
      customer.reset()
      taken.clear()
      customer.onCall = ({ id, delivery }) => {
        if (reply === 204) taken.set(delivery.id, [...(taken.get(delivery.id) ?? []), id])
        return reply
      }
      for (const it of sequence) await take(it)
      reply = 204
      // past every lease and every delay that so few failures lead to
      for (let hour = 0; hour < 3; hour++) {
        now += 3600_000
        await workers()
      }
      const calls = await test.database.db.execute<{ id: number; delivery_id: number; state: string }>(
        sql`select id, delivery_id, state from webhook_calls order by id`,
      )
      expect(calls.rows.filter(({ state }) => state !== 'delivered')).toEqual([])
      for (const delivery of deliveries) {
        const told = calls.rows.filter((row) => row.delivery_id === delivery).map(({ id }) => String(id))
        // nothing died after it was taken, so that nothing was taken twice
        expect(taken.get(String(delivery)) ?? []).toEqual(told)
      }
    }),
    { numRuns: 40 },
  )
}, 60_000)

const program = fileURLToPath(new URL('../testing/webhook-process.ts', import.meta.url))
const DELIVERIES = 100
const KILLS = 6

// PGlite has one process, whose death is a step above
if (engine === 'postgres')
  describe('workers that are killed', () => {
    const running = new Set<ChildProcess>()
    afterAll(() => {
      for (const child of running) child.kill('SIGKILL')
    })

    const clock = { CLOCK_START: String(Date.now()), CLOCK_SPEED: '50' }
    async function launch(): Promise<void> {
      const environment = { DATABASE_URL: test.url, WEBHOOK_URL: customer.url, ...clock }
      const child = fork(program, {
        execArgv: ['--import', 'tsx'],
        env: { PATH: process.env.PATH, ...environment },
      })
      await new Promise((resolve, reject) => {
        child.once('message', resolve)
        child.once('exit', (code) => reject(new Error(`a worker ended before it ran (${String(code)})`)))
      })
      running.add(child)
    }

    async function replace(child: ChildProcess): Promise<void> {
      child.kill('SIGKILL')
      running.delete(child)
      await launch()
    }

    it(
      'two at once, kill -9 in the middle of calls: nothing is lost, and the order holds',
      { timeout: 90_000 },
      async () => {
        const { database } = test
        const now = new Date(Number(clock.CLOCK_START))
        const made: number[] = []
        // a delivery's two calls are neighbours in the queue: the second is due while the first is in the air or refused
        for (let n = 0; n < DELIVERIES; n++) {
          const { id } = await makeDelivery(database.db, { state: 'waiting' })
          await database.transaction((tx) => queueWebhook(tx, [id], now))
          await setDeliveryState(database.db, id, 'sent')
          await database.transaction((tx) => queueWebhook(tx, [id], now))
          made.push(id)
        }

        const taken = new Map<string, string[]>()
        const refused = new Set<string>()
        let calls = 0
        let killedAt = 0
        const replacements: Promise<void>[] = []
        customer.onCall = async ({ id, delivery }) => {
          const turn = ++calls
          // never one that still starts: it has no calls in the air
          const [longest] = running
          if (longest && turn - killedAt >= 25 && replacements.length < KILLS) {
            killedAt = turn
            replacements.push(replace(longest))
          }
          // long enough that a kill finds calls in the air
          await pass(10)
          // once each: the pauses after a few refusals are hours
          if (turn % 7 === 0 && !refused.has(id)) {
            refused.add(id)
            return 500
          }
          taken.set(delivery.id, [...(taken.get(delivery.id) ?? []), id])
          return 204
        }
        await Promise.all([launch(), launch()])
        await vi.waitFor(
          async () => {
            const left = await database.db.execute(
              sql`select id from webhook_calls where state <> 'delivered'`,
            )
            expect(left.rows).toEqual([])
          },
          { timeout: 60_000, interval: 100 },
        )
        await Promise.all(replacements)

        expect(replacements).toHaveLength(KILLS)
        const told = await database.db.execute<{ id: number; delivery_id: number }>(
          sql`select id, delivery_id from webhook_calls order by id`,
        )
        expect(told.rows).toHaveLength(2 * DELIVERIES)
        for (const delivery of made) {
          const inOrder = told.rows.filter((row) => row.delivery_id === delivery).map(({ id }) => String(id))
          // who died before it could write down that a call was taken makes it again
          expect([...new Set(taken.get(String(delivery)))]).toEqual(inOrder)
        }
      },
    )
  })
