import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { engine } from '../testing/database.ts'
import { Harness, TEMPLATE, type Person } from '../testing/harness.ts'
import { claimDeliveries } from './delivery-claims.ts'
import { matchLane } from './deliveries.ts'

let server: Harness
beforeAll(async () => {
  server = await Harness.start()
})
afterAll(() => server.stop())

async function readyDelivery(): Promise<{ person: Person; id: string }> {
  const person = await server.hire()
  await server.accept(person, await server.tokenOf(person))
  return { person, id: (await server.assign(person)).delivery.id }
}

const claim = () => ({
  leasedUntil: new Date(server.now().getTime() + 30_000),
  now: server.now(),
  limit: 10,
})

describe('bringing a lane in line with what is paid for', () => {
  it('leaves alone what is in the air', async () => {
    const { person, id } = await readyDelivery()
    const { db } = server.db.database
    await claimDeliveries(db, claim())
    await matchLane(db, { accountId: Number(person.id), templateId: TEMPLATE, openid: null }, server.now())
    expect((await server.delivery(id)).state).toBe('leased')
  })

  // PGlite has one connection: nothing there happens at the same time
  if (engine === 'postgres')
    it('leaves alone what is claimed in that very moment', async () => {
      const { person, id } = await readyDelivery()
      const { database } = server.db
      let matched: Promise<void> | undefined
      await database.transaction(async (tx) => {
        await claimDeliveries(tx, claim())
        const lane = { accountId: Number(person.id), templateId: TEMPLATE, openid: null }
        matched = outside(() => matchLane(database.db, lane, server.now()))
        await isWaitingForALock()
      })
      await matched
      expect((await server.delivery(id)).state).toBe('leased')
    })
})

/** As another process would: not within the transaction that is open here. */
function outside<T>(work: () => Promise<T>): Promise<T> {
  return new Promise((done, failed) => {
    queue.push(() => work().then(done, failed))
  })
}
const queue: (() => void)[] = []
const runner = setInterval(() => queue.splice(0).forEach((run) => run()), 5)
afterAll(() => clearInterval(runner))

/** Until somebody waits for what this transaction holds. */
async function isWaitingForALock(): Promise<void> {
  await outside(async () => {
    for (;;) {
      const { rows } = await server.db.database.pool.query<{ n: number }>(
        `select count(*)::int as n from pg_stat_activity where wait_event_type = 'Lock' and datname = current_database()`,
      )
      if ((rows[0]?.n ?? 0) > 0) return
    }
  })
}
