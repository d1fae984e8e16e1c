import type { AssignResult } from '@leadbell/contract'
import { sql } from 'drizzle-orm'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createMetrics } from '../metrics.ts'
import { ADMIN_TOKEN, Harness } from '../testing/harness.ts'

let server: Harness
beforeAll(async () => {
  server = await Harness.start()
})
afterAll(() => server.stop())

const scrape = async (token = ADMIN_TOKEN) =>
  server.app.request('http://localhost/metrics', { headers: { authorization: `Bearer ${token}` } })

/** The value of one series, such as `leadbell_deliveries{state="ready"}`. */
async function read(series: string): Promise<number | undefined> {
  const line = (await (await scrape()).text()).split('\n').find((one) => one.startsWith(`${series} `))
  return line === undefined ? undefined : Number(line.slice(series.length + 1))
}

describe('the metrics', () => {
  it('are for who has the token of the server', async () => {
    expect(await scrape('somebody')).toMatchObject({ status: 401 })
    const answer = await scrape()
    expect(answer.status).toBe(200)
    expect(answer.headers.get('content-type')).toBe('text/plain; version=0.0.4; charset=utf-8')
  })

  it('count requests by endpoint, whatever ids are in the path, and by status', async () => {
    for (const id of ['1', '2', 'x']) await server.call('GET', `/admin/clues/${id}`, { admin: true })
    await server.call('GET', '/admin/clues/1')
    await server.call('GET', '/no/such/route')
    await server.call('PUT', '/healthz')
    const count = 'leadbell_http_request_seconds_count'
    expect(await read(`${count}{endpoint="GET /admin/clues/{id}",status="404"}`)).toBe(3)
    expect(await read(`${count}{endpoint="GET /admin/clues/{id}",status="401"}`)).toBe(1)
    expect(await read(`${count}{endpoint="unknown",status="404"}`)).toBe(2)
    expect(await (await scrape()).text()).not.toContain('/no/such')
  })

  it('tell how many deliveries are where, and how long the oldest that is due has been', async () => {
    const person = await server.hire()
    const token = await server.tokenOf(person)
    const waiting = await server.assign(person)
    await server.assign(person)
    expect(await read('leadbell_deliveries{state="waiting"}')).toBe(2)
    expect(await read('leadbell_oldest_due_delivery_seconds')).toBe(0)
    await server.accept(person, token)
    server.advance(90_000)
    expect(await read('leadbell_deliveries{state="waiting"}')).toBe(1)
    expect(await read('leadbell_deliveries{state="ready"}')).toBe(1)
    expect(await read('leadbell_oldest_due_delivery_seconds')).toBe(90)
    await server.worker.round()
    expect(await read('leadbell_deliveries{state="ready"}')).toBe(0)
    expect(await read('leadbell_deliveries_settled_total{outcome="sent"}')).toBe(1)
    const { settledAt } = await server.delivery(waiting.delivery.id)
    const seconds = ((settledAt?.getTime() ?? 0) - assignedAt(waiting)) / 1000
    expect(await read('leadbell_delivery_latency_seconds_sum')).toBe(seconds)
    expect(await read('leadbell_wechat_answers_total{call="send",errcode="0"}')).toBe(1)
    expect(await read('leadbell_token_refreshes_total{forced="false"}')).toBe(1)
    expect(await read('leadbell_delivery_latency_seconds_bucket{le="60"}')).toBe(0)
    expect(await read('leadbell_delivery_latency_seconds_bucket{le="300"}')).toBe(1)
  })

  it('tell what else is left to do', async () => {
    const { db } = server.ctx.database
    const now = server.now().toISOString()
    await db.execute(sql`
      insert into wechat_pushes (key, event, received_at, processed_at, run_at)
      values ('a', '{}', ${now}, null, ${now}), ('b', '{}', ${now}, ${now}, ${now})`)
    await db.execute(sql`
      insert into webhook_calls (delivery_id, body, state, run_at, created_at)
      select newest.id, '{}', 'ready', ${now}::timestamptz + make_interval(secs => later), ${now}
      from (select max(id) as id from deliveries) newest, (values (0), (0), (60)) as v (later)`)
    expect(await read('leadbell_pushes_unprocessed')).toBe(1)
    expect(await read('leadbell_webhook_calls_due')).toBe(2)
  })
})

const assignedAt = ({ clue }: AssignResult) => Date.parse(clue.assignedAt ?? '')

const nothing = {
  deliveries: { ready: 0, leased: 0, in_doubt: 0, waiting: 0, refused: 0, dead: 0 },
  oldestDueSeconds: 0,
  pushes: 0,
  webhookCalls: 0,
}

describe('a registry', () => {
  it('counts what it is told', async () => {
    const metrics = createMetrics()
    metrics.settled('sent', 0.2)
    metrics.settled('refused', 3)
    metrics.wechatCode('send', 43101)
    metrics.alarmed('wechat-configuration')
    metrics.tokenRefreshed(true)
    metrics.pushHandled('sent')
    const text = await metrics.expose(nothing)
    for (const line of [
      'leadbell_deliveries_settled_total{outcome="sent"} 1',
      'leadbell_deliveries_settled_total{outcome="refused"} 1',
      'leadbell_delivery_latency_seconds_count 1',
      'leadbell_wechat_answers_total{call="send",errcode="43101"} 1',
      'leadbell_alarms_total{alarm="wechat-configuration"} 1',
      'leadbell_token_refreshes_total{forced="true"} 1',
      'leadbell_pushes_handled_total{event="sent"} 1',
    ])
      expect(text.split('\n')).toContain(line)
  })

  it('shares nothing with another one', async () => {
    const [one, other] = [createMetrics(), createMetrics()]
    one.settled('sent', 1)
    expect(await other.expose(nothing)).not.toContain('outcome="sent"')
  })

  it('tells of the process when it is the program’s', async () => {
    expect(await createMetrics().expose(nothing)).not.toContain('process_cpu')
    expect(await createMetrics({ process: true }).expose(nothing)).toContain('process_cpu_seconds_total')
  })
})
