import type { AdminTopic } from '@leadbell/contract'
import { eq } from 'drizzle-orm'
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest'
import { accounts, sessions } from '../db/schema.ts'
import { enterAs } from '../testing/back-office.ts'
import { EventStream } from '../testing/event-stream.ts'
import { ADMIN_TOKEN, Harness } from '../testing/harness.ts'

const PING_MS = 15_000
const DAY_MS = 24 * 3600_000

let server: Harness
const open = new Set<EventStream>()
beforeAll(async () => {
  server = await Harness.start()
})
afterAll(() => server.stop())
afterEach(async () => {
  vi.useRealTimers()
  for (const stream of open) await stream.close()
  open.clear()
})

const request = async (headers: Record<string, string>) =>
  server.app.request('http://localhost/admin/events', { headers })

/** A stream that is open: `hello` has been read. */
async function enter(headers: Record<string, string>): Promise<EventStream> {
  const response = await request(headers)
  expect(response.status).toBe(200)
  const stream = new EventStream(response)
  open.add(stream)
  expect(await stream.next()).toEqual({ event: 'hello', data: '{}', retry: '1000' })
  return stream
}

const asClerk = async () => {
  const clerk = await enterAs(server, 'clerk')
  return { ...clerk, headers: { 'x-access-token': clerk.token } }
}

/** Only the pings: the database needs its timers. */
const holdPings = () => vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] })
const pass = (ms: number) => vi.advanceTimersByTimeAsync(ms)

async function metrics(): Promise<string> {
  const headers = { authorization: `Bearer ${ADMIN_TOKEN}` }
  return (await server.app.request('http://localhost/metrics', { headers })).text()
}

const openStreams = async () => Number(/^leadbell_admin_streams (\d+)$/m.exec(await metrics())?.[1])

describe('who may have live updates', () => {
  it('is whoever may use the back office, by session or by the token of the server', async () => {
    const { headers } = await asClerk()
    const stream = await enter(headers)
    expect(stream.response.headers.get('content-type')).toBe('text/event-stream')
    expect(stream.response.headers.get('cache-control')).toBe('no-store')
    expect(stream.response.headers.get('x-accel-buffering')).toBe('no')
    await enter({ authorization: `Bearer ${ADMIN_TOKEN}` })
    expect(await openStreams()).toBe(2)
  })

  it('is nobody else, who gets an envelope', async () => {
    const staff = await enterAs(server, 'staff')
    const refused = [{}, { 'x-access-token': 'x' }, { authorization: 'x' }, { 'x-access-token': staff.token }]
    const answers = await Promise.all(refused.map((headers) => request(headers)))
    expect(answers.map(({ status }) => status)).toEqual([401, 401, 401, 403])
    for (const answer of answers) expect(await answer.json()).toMatchObject({ success: false, result: null })
    expect(await openStreams()).toBe(0)
  })

  it('takes no place by a HEAD, which reads nothing', async () => {
    const { headers } = await asClerk()
    const ask = (sent: Record<string, string>) =>
      server.app.request('http://localhost/admin/events', { method: 'HEAD', headers: sent })
    const head = await ask(headers)
    expect(head.status).toBe(200)
    expect(head.headers.get('content-type')).toBe('text/event-stream')
    expect(await openStreams()).toBe(0)
    expect((await ask({})).status).toBe(401)
  })

  it('has five of them at once, and is told in Chinese that there are too many', async () => {
    const { headers } = await asClerk()
    const streams = await Promise.all(Array.from({ length: 5 }, () => enter(headers)))
    const sixth = await request(headers)
    expect(sixth.status).toBe(429)
    expect(await sixth.json()).toMatchObject({ code: 429, message: expect.stringMatching(/后台页面太多/) })
    await enter((await asClerk()).headers)
    await streams[0]?.close()
    await enter(headers)
    expect(await openStreams()).toBe(6)
  })
})

/** Something changed, and whoever reads has been told. */
async function tell(reader: EventStream, topic: AdminTopic): Promise<void> {
  server.ctx.changed(topic)
  await reader.heard([topic])
}

describe('a page that is open', () => {
  it('hears of what changes between its request and hello', async () => {
    const { headers } = await asClerk()
    const response = await request(headers)
    server.ctx.changed('staff')
    const stream = new EventStream(response)
    open.add(stream)
    expect(await stream.heard(['staff'])).toEqual(new Set(['staff']))
  })

  it('is pinged every 15 seconds, whatever else it is told', async () => {
    holdPings()
    const stream = await enter((await asClerk()).headers)
    for (let n = 0; n < 3; n++) {
      await pass(PING_MS - 1)
      server.ctx.changed('clues')
      expect(await stream.next()).toMatchObject({ event: 'change' })
      await pass(1)
      expect(await stream.next()).toEqual({ event: 'ping', data: '{}' })
    }
  })

  it('keeps nobody logged in and shows nobody as seen', async () => {
    holdPings()
    const { id, headers } = await asClerk()
    const { db } = server.db.database
    const present = async () => [
      await db
        .select({ at: sessions.expiresAt })
        .from(sessions)
        .where(eq(sessions.accountId, Number(id))),
      await db
        .select({ at: accounts.lastSeenAt })
        .from(accounts)
        .where(eq(accounts.id, Number(id))),
    ]
    const before = await present()
    server.advance(DAY_MS)
    const stream = await enter(headers)
    await pass(PING_MS)
    expect(await stream.next()).toMatchObject({ event: 'ping' })
    expect(await present()).toEqual(before)
  })

  const goodbyes: Record<string, (person: { id: string; token: string }) => Promise<unknown>> = {
    'its session is ended by an admin': ({ id }) =>
      server.call('DELETE', `/admin/staff/${id}/sessions`, { admin: true }),
    'somebody logs out': ({ token }) => server.call('POST', '/sys/logout', { token, body: {} }),
    'its account is disabled': ({ id }) =>
      server.call('PUT', `/admin/staff/${id}`, { admin: true, body: { version: 1, disabled: true } }),
    'its account is no clerk any more': ({ id }) =>
      server.call('PUT', `/admin/staff/${id}`, { admin: true, body: { version: 1, role: 'staff' } }),
    'its session has run out': async () => server.advance(8 * DAY_MS),
  }
  it.each(Object.entries(goodbyes))('is told to go, and closed, when %s', async (_when, happen) => {
    holdPings()
    const clerk = await asClerk()
    const stream = await enter(clerk.headers)
    await happen(clerk)
    await pass(PING_MS)
    const events = await stream.rest()
    expect(events.filter((event) => event !== 'change')).toEqual(['signed-out'])
    expect(await openStreams()).toBe(0)
    expect(vi.getTimerCount()).toBe(0)
  })

  it('stays while the database cannot say whose session it is', async () => {
    holdPings()
    const stream = await enter((await asClerk()).headers)
    const select = vi.spyOn(server.db.database.db, 'select').mockImplementationOnce(() => {
      throw new Error('the database is away')
    })
    await pass(PING_MS)
    expect(select).toHaveBeenCalledOnce()
    select.mockRestore()
    expect(await stream.next()).toMatchObject({ event: 'ping' })
    expect(await openStreams()).toBe(1)
  })

  it('that does not read makes nothing pile up, and loses its place', async () => {
    holdPings()
    const response = await request((await asClerk()).headers)
    const reader = await enter((await asClerk()).headers)
    for (let n = 0; n < 200; n++) await tell(reader, n % 2 ? 'clues' : 'staff')
    expect(await openStreams()).toBe(2)
    for (let n = 0; n < 3; n++) {
      await pass(PING_MS)
      expect(await reader.next()).toMatchObject({ event: 'ping' })
    }
    expect(await openStreams()).toBe(1)
    const kept = await new EventStream(response).rest()
    expect(kept.length).toBeLessThan(4)
  })

  it('that is slow hears of everything once it reads again', async () => {
    const response = await request((await asClerk()).headers)
    const stream = new EventStream(response)
    open.add(stream)
    const reader = await enter((await asClerk()).headers)
    for (const topic of ['clues', 'deliveries', 'staff', 'clues'] as const) await tell(reader, topic)
    expect(await stream.next()).toMatchObject({ event: 'hello' })
    await stream.heard(['clues', 'deliveries', 'staff'])
  })

  it('leaves nothing behind when it is closed', async () => {
    holdPings()
    const stream = await enter((await asClerk()).headers)
    expect(vi.getTimerCount()).toBe(1)
    await stream.close()
    await pass(0)
    expect(vi.getTimerCount()).toBe(0)
    expect(await openStreams()).toBe(0)
    expect(server.logLines.at(-2)).toMatch(/live updates ended/)
  })

  it('counts in the times of requests when it is answered, and not for how long it stayed', async () => {
    const stream = await enter((await asClerk()).headers)
    const read = async () =>
      (await metrics()).match(
        /^leadbell_http_request_seconds_(count|sum){endpoint="GET .admin.events",status="200"}.*$/gm,
      )
    const counted = await read()
    expect(counted).toHaveLength(2)
    await stream.close()
    expect(await read()).toEqual(counted)
  })

  it('is let go though it does not read, and its session is just being looked at', async () => {
    holdPings()
    const own = await Harness.start()
    const { token } = await enterAs(own, 'clerk')
    const response = await own.app.request('http://localhost/admin/events', {
      headers: { 'x-access-token': token },
    })
    const select = vi.spyOn(own.db.database.db, 'select').mockImplementationOnce(() => {
      own.changes.letGo()
      throw new Error('the database is away')
    })
    await pass(PING_MS)
    expect(select).toHaveBeenCalledOnce()
    expect(own.logLines.at(-1)).toMatch(/live updates ended/)
    expect(await new EventStream(response).rest()).toEqual(['hello'])
    await own.stop()
  })

  it('is let go when the server stops, and so is who comes then', async () => {
    const own = await Harness.start()
    const headers = { authorization: `Bearer ${ADMIN_TOKEN}` }
    const ask = async () =>
      new EventStream(await own.app.request('http://localhost/admin/events', { headers }))
    const early = await ask()
    own.changes.letGo()
    expect(await early.rest()).toEqual(['hello'])
    expect(await (await ask()).rest()).toEqual(['hello'])
    await own.stop()
  })
})
