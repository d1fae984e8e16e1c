import { fork, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { setTimeout as pass } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { sql } from 'drizzle-orm'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { queueWebhook } from '../db/webhook-calls.ts'
import { engine, openTestDatabase, type TestDatabase } from '../testing/database.ts'
import { makeDelivery } from '../testing/delivery-rows.ts'
import { WebhookStandIn } from '../testing/webhook-stand-in.ts'

const program = fileURLToPath(new URL('../testing/webhook-process.ts', import.meta.url))
const DELIVERIES = 100
const KILLS = 6

// PGlite has one process, whose death the property test plays
describe.runIf(engine === 'postgres')('webhook workers that are killed', () => {
  let test: TestDatabase
  const customer = new WebhookStandIn()
  const running: ChildProcess[] = []
  beforeAll(async () => {
    await customer.start()
    test = await openTestDatabase()
  })
  afterAll(async () => {
    for (const child of running) child.kill('SIGKILL')
    await customer.stop()
    await test.close()
  })

  const clock = { CLOCK_START: String(Date.now()), CLOCK_SPEED: '50' }
  async function launch(place: number): Promise<void> {
    const environment = { DATABASE_URL: test.url, WEBHOOK_URL: customer.url, ...clock }
    const child = fork(program, {
      execArgv: ['--import', 'tsx'],
      env: { PATH: process.env.PATH, ...environment },
    })
    running[place] = child
    await once(child, 'message')
  }

  async function replace(place: number): Promise<void> {
    const child = running[place]
    child?.kill('SIGKILL')
    await launch(place)
  }

  it(
    'two at once, kill -9 in the middle of calls: nothing is lost, and the order holds',
    { timeout: 90_000 },
    async () => {
      const { database } = test
      const made: number[] = []
      for (let n = 0; n < DELIVERIES; n++)
        made.push((await makeDelivery(database.db, { state: 'waiting' })).id)
      const now = new Date(Number(clock.CLOCK_START))
      await database.transaction((tx) => queueWebhook(tx, made, now))
      await database.db.execute(sql`update deliveries set state = 'sent'`)
      await database.transaction((tx) => queueWebhook(tx, made, now))

      const taken = new Map<string, string[]>()
      let calls = 0
      const replacements: Promise<void>[] = []
      customer.onCall = async ({ id, delivery }) => {
        calls++
        if (calls % 25 === 0 && replacements.length < KILLS)
          replacements.push(replace(replacements.length % 2))
        // long enough that a kill finds calls in the air
        await pass(10)
        if (calls % 7 === 0) return 500
        taken.set(delivery.id, [...(taken.get(delivery.id) ?? []), id])
        return 204
      }
      await Promise.all([launch(0), launch(1)])
      await vi.waitFor(
        async () => {
          const left = await database.db.execute(sql`select id from webhook_calls where state <> 'delivered'`)
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
