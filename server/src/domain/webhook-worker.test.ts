import { sql } from 'drizzle-orm'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import { claimWebhookCalls, queueWebhook } from '../db/webhook-calls.ts'
import { createLog } from '../log.ts'
import { createMetrics } from '../metrics.ts'
import { openTestDatabase, type TestDatabase } from '../testing/database.ts'
import { makeDelivery, setDeliveryState } from '../testing/delivery-rows.ts'
import { WebhookStandIn } from '../testing/webhook-stand-in.ts'
import { webhookRetryDelays } from './webhook-retries.ts'
import { verifyBody } from './webhook-signing.ts'
import { createWebhookWorker, type WebhookSettings, type WebhookWorker } from './webhook-worker.ts'

const secret = 'a webhook secret of at least 32 characters'
let test: TestDatabase
let now = Date.parse('2026-11-23T01:42:00Z')
const customer = new WebhookStandIn()
const logLines: string[] = []
const workers: WebhookWorker[] = []

beforeAll(async () => {
  await customer.start()
  test = await openTestDatabase()
})
beforeEach(async () => {
  customer.reset()
  logLines.length = 0
  await test.database.db.execute(sql`delete from webhook_calls`)
})
afterEach(async () => {
  await Promise.all(workers.splice(0).map((worker) => worker.stop()))
})
afterAll(async () => {
  await customer.stop()
  await test.close()
})

/** Another process's worker. */
function worker(more: Partial<WebhookSettings> = {}): WebhookWorker {
  const log = createLog('debug', { write: (line) => void logLines.push(line) })
  const ctx = { database: test.database, metrics: createMetrics(), now: () => new Date(now), log }
  const made = createWebhookWorker(ctx, { url: customer.url, secret, timeoutMs: 300, pollMs: 10, ...more })
  workers.push(made)
  return made
}

/** As the outcome's transaction does it. */
const queue = (...ids: number[]): Promise<void> =>
  test.database.transaction((tx) => queueWebhook(tx, ids, new Date(now)))

async function states() {
  const read = await test.database.db.execute<{ state: string; attempts: number; last_error: string | null }>(
    sql`select state, attempts, last_error from webhook_calls order by id`,
  )
  return read.rows
}

describe('what is told', () => {
  it('is the outcome with the ids of both sides, signed', async () => {
    const { db } = test.database
    const made = await makeDelivery(db, { state: 'sent', externalId: 'CRM-1001' })
    await queue(made.id)
    await worker().round()

    const [request] = customer.requests
    expect(request?.event).toEqual({
      id: expect.stringMatching(/^\d+$/),
      event: 'delivery.sent',
      at: new Date(now).toISOString(),
      delivery: { id: String(made.id), state: 'sent', reason: null, mergedInto: null },
      clue: { id: String(made.clueId), externalId: 'CRM-1001' },
      assignee: { id: String(made.accountId), username: made.username },
    })
    expect(request).toMatchObject({
      method: 'POST',
      path: '/hooks/leadbell',
      headers: { 'content-type': 'application/json', 'x-leadbell-event-id': request?.event.id },
    })
    const signed = {
      timestamp: String(request?.headers['x-leadbell-timestamp']),
      signature: String(request?.headers['x-leadbell-signature']),
      body: Buffer.from(request?.raw ?? ''),
    }
    expect(signed.timestamp).toBe(String(now / 1000))
    expect(verifyBody(secret, signed, new Date(now))).toBe('good')
    expect(await states()).toEqual([{ state: 'delivered', attempts: 0, last_error: null }])
  })

  it.each([
    ['refused', 'contentRefused', '微信拒绝了消息内容'],
    ['dead', 'exhausted', '微信多次没有受理'],
    ['waiting', 'unbound', '还没有在小程序里用微信登录'],
  ] as const)('says of %s why, as a name and in Chinese', async (state, code, words) => {
    const reason = state === 'waiting' ? null : code
    await queue((await makeDelivery(test.database.db, { state, reason })).id)
    await worker().round()
    expect(customer.requests.map(({ event }) => event.delivery)).toMatchObject([
      { state, reason: { code, message: expect.stringContaining(words) } },
    ])
  })

  it('tells waiting once, and nothing of what is no outcome', async () => {
    const { db } = test.database
    const [waits, sends] = [
      await makeDelivery(db, { state: 'waiting' }),
      await makeDelivery(db, { state: 'leased' }),
    ]
    await queue(waits.id, sends.id)
    await queue(waits.id)
    await setDeliveryState(db, waits.id, 'in_doubt', 'unanswered')
    await queue(waits.id)
    await setDeliveryState(db, waits.id, 'sent')
    await queue(waits.id)
    await worker().round()
    expect(customer.requests.map(({ event }) => event.event)).toEqual(['delivery.waiting', 'delivery.sent'])
  })

  it('is gone with the transaction that did not happen', async () => {
    const { id } = await makeDelivery(test.database.db, { state: 'sent' })
    const undone = test.database.transaction(async (tx) => {
      await queueWebhook(tx, [id], new Date(now))
      throw new Error('undone')
    })
    await expect(undone).rejects.toThrow('undone')
    await worker().round()
    expect(customer.requests).toEqual([])
  })
})

describe('a call that is not taken', () => {
  it.each([
    [500, 'HTTP 500'],
    [404, 'HTTP 404'],
    ['drop', 'other side closed'],
    ['hang', 'no answer in 300 ms'],
    // would be the operator's address no more
    [302, 'HTTP 302'],
    [307, 'HTTP 307'],
  ] as const)('is repeated after %s', async (reply, error) => {
    await queue((await makeDelivery(test.database.db, { state: 'sent' })).id)
    customer.onCall = () => reply
    await worker().round()
    expect(await states()).toEqual([
      { state: 'ready', attempts: 1, last_error: expect.stringContaining(error) },
    ])
    await worker().round()
    expect(customer.requests.map(({ path }) => path)).toEqual(['/hooks/leadbell'])

    customer.onCall = undefined
    now += webhookRetryDelays[0] ?? 0
    await worker().round()
    const [first, second] = customer.requests
    expect(second?.event).toEqual(first?.event)
    // a new time, so that it is fresh to them
    expect(second?.headers['x-leadbell-timestamp']).toBe(String(now / 1000))
    expect(await states()).toMatchObject([{ state: 'delivered', last_error: null }])
  })

  it('is repeated by the published schedule, then dead and an alarm', async () => {
    await queue((await makeDelivery(test.database.db, { state: 'sent' })).id)
    customer.onCall = () => 503
    const one = worker()
    await one.round()
    for (const [n, delay] of webhookRetryDelays.entries()) {
      now += delay - 1
      await one.round()
      expect(customer.requests).toHaveLength(n + 1)
      now += 1
      await one.round()
      expect(customer.requests).toHaveLength(n + 2)
    }
    expect(await states()).toEqual([{ state: 'dead', attempts: 9, last_error: 'HTTP 503' }])
    now += 7 * 86_400_000
    await one.round()
    expect(customer.requests).toHaveLength(9)
    expect(logLines.some((line) => line.includes('webhook given up'))).toBe(true)
    expect(logLines.join('')).not.toContain(customer.url)
  })

  it('an answer without end is taken by its status', async () => {
    await queue((await makeDelivery(test.database.db, { state: 'sent' })).id)
    customer.onCall = () => 'flood'
    await worker({ timeoutMs: 5000 }).round()
    expect(await states()).toMatchObject([{ state: 'delivered' }])
  })

  it('nobody listening is one failure, not the end of the worker', async () => {
    await queue((await makeDelivery(test.database.db, { state: 'sent' })).id)
    const gone = await new WebhookStandIn().start()
    await gone.stop()
    await worker({ url: `${gone.url}?key=of-theirs` }).round()
    expect(await states()).toMatchObject([
      { state: 'ready', last_error: expect.stringContaining('ECONNREFUSED') },
    ])
    expect(logLines.join('')).not.toContain('of-theirs')
  })

  it('a URL that cannot be called is not written down', async () => {
    await queue((await makeDelivery(test.database.db, { state: 'sent' })).id)
    await worker({ url: 'http://their:password@127.0.0.1/hook' }).round()
    expect(await states()).toEqual([{ state: 'ready', attempts: 1, last_error: 'TypeError' }])
    expect(logLines.join('')).not.toContain('password')
  })
})

describe('several things about one delivery', () => {
  it('are told in the order they happened, the later ones waiting for the first', async () => {
    const { db } = test.database
    const { id } = await makeDelivery(db, { state: 'waiting' })
    const other = await makeDelivery(db, { state: 'sent' })
    await queue(id)
    await setDeliveryState(db, id, 'sent')
    await queue(id, other.id)
    customer.onCall = ({ delivery }) => (delivery.id === String(id) ? 500 : 204)
    await worker().round()
    expect(customer.requests.map(({ event }) => event.delivery)).toMatchObject([
      { id: String(id), state: 'waiting' },
      { id: String(other.id), state: 'sent' },
    ])

    customer.onCall = undefined
    now += webhookRetryDelays[0] ?? 0
    await worker().round()
    expect(customer.requests.slice(2).map(({ event }) => event.event)).toEqual([
      'delivery.waiting',
      'delivery.sent',
    ])
  })

  it('a dead one does not keep the next from being told', async () => {
    const { db } = test.database
    const { id } = await makeDelivery(db, { state: 'waiting' })
    await queue(id)
    customer.onCall = () => 400
    const one = worker()
    await one.round()
    for (const delay of webhookRetryDelays) {
      now += delay
      await one.round()
    }
    await setDeliveryState(db, id, 'sent')
    customer.onCall = undefined
    await queue(id)
    await one.round()
    expect((await states()).map(({ state }) => state)).toEqual(['dead', 'delivered'])
  })
})

describe('leases', () => {
  it('a dead process’s calls are made by another, once the lease is over', async () => {
    await queue((await makeDelivery(test.database.db, { state: 'sent' })).id)
    const lease = { leaseToken: crypto.randomUUID(), limit: 9, now: new Date(now) }
    await claimWebhookCalls(test.database.db, { ...lease, leasedUntil: new Date(now + 30_000) })
    now += 29_999
    await worker().round()
    expect(customer.requests).toEqual([])
    now += 1
    await worker().round()
    expect(customer.requests).toHaveLength(1)
    expect(logLines.some((line) => line.includes('a lease ran out'))).toBe(true)
  })

  it('who lost its lease changes nothing any more', async () => {
    await queue((await makeDelivery(test.database.db, { state: 'sent' })).id)
    let isFirst = true
    customer.onCall = () => {
      if (!isFirst) return 204
      isFirst = false
      return 'hang'
    }
    const slow = worker().round()
    await vi.waitFor(() => expect(customer.requests).toHaveLength(1))
    now += 30_000
    await worker().round()
    await slow
    expect(customer.requests).toHaveLength(2)
    expect(await states()).toEqual([{ state: 'delivered', attempts: 0, last_error: null }])
  })

  it('stop() waits for what is in the air, and claims nothing more', async () => {
    const { db } = test.database
    await queue((await makeDelivery(db, { state: 'sent' })).id)
    const one = worker({ timeoutMs: 200 })
    customer.onCall = () => 'hang'
    one.start()
    await vi.waitFor(() => expect(customer.requests).toHaveLength(1))
    const stopped = one.stop()
    await queue((await makeDelivery(db, { state: 'sent' })).id)
    await stopped
    expect(await states()).toMatchObject([
      { state: 'ready', attempts: 1 },
      { state: 'ready', attempts: 0 },
    ])
  })
})
