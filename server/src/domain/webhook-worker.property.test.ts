import { randomUUID } from 'node:crypto'
import { sql } from 'drizzle-orm'
import fc from 'fast-check'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { claimWebhookCalls, queueWebhook } from '../db/webhook-calls.ts'
import { createLog } from '../log.ts'
import { createMetrics } from '../metrics.ts'
import { openTestDatabase, type TestDatabase } from '../testing/database.ts'
import { makeDelivery, setDeliveryState } from '../testing/delivery-rows.ts'
import { WebhookStandIn, type HookReply } from '../testing/webhook-stand-in.ts'
import { createWebhookWorker } from './webhook-worker.ts'

let test: TestDatabase
let now = Date.parse('2026-11-23T01:42:00Z')
let deliveries: number[]
const customer = new WebhookStandIn()
beforeAll(async () => {
  await customer.start()
  test = await openTestDatabase()
  const { db } = test.database
  deliveries = [
    (await makeDelivery(db, { state: 'waiting' })).id,
    (await makeDelivery(db, { state: 'sent' })).id,
  ]
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
/** The ids that were taken, in the order they were, by delivery. */
const taken = new Map<string, string[]>()

it('whatever fails, dies or races: everything is told, and of one delivery in its order', async () => {
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
