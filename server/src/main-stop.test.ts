import { once } from 'node:events'
import type { Clue, StaffMember } from '@leadbell/contract'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import { SendGate } from './testing/send-gate.ts'
import {
  TEMPLATE,
  call,
  kill,
  login,
  ownPlace,
  setUpProcesses,
  startServer,
  wechat,
  type Running,
} from './testing/server-process.ts'

setUpProcesses()

describe('a stop', () => {
  const gate = new SendGate(wechat)
  let place: Awaited<ReturnType<typeof ownPlace>>
  beforeAll(() => gate.start())
  afterAll(() => gate.stop())
  beforeEach(async () => {
    gate.shut()
    place = await ownPlace()
  })
  afterEach(() => place.drop())

  const start = (more: NodeJS.ProcessEnv = {}) =>
    startServer({ ...place.env, WECHAT_API_BASE: gate.baseUrl, ...more })

  /** Somebody with two grants and two messages about to be sent. */
  async function ring(server: Running, username: string): Promise<void> {
    const draft = { username, realname: username, password: 'a good password' }
    const { result: person } = await call<StaffMember>(server, 'POST', '/admin/staff', {
      admin: true,
      body: draft,
    })
    const { token } = await login(server, username, 'a good password')
    wechat.allow(`openid-${username}`, 2)
    for (const n of [1, 2]) {
      const results = { [TEMPLATE]: 'accept' }
      const report = { attemptId: `attempt-${n}`, at: new Date().toISOString(), results }
      await call(server, 'POST', '/notify/grants', { token, body: report })
    }
    for (const title of ['第一条', '第二条']) {
      const body = { title, customerName: '王', phone: '13800001024' }
      const { result: clue } = await call<Clue>(server, 'POST', '/admin/clues', { admin: true, body })
      const assign = { assigneeId: person.id, version: clue.version }
      await call(server, 'POST', `/admin/clues/${clue.id}/assign`, { admin: true, body: assign })
    }
  }

  const states = async (): Promise<Record<string, number>> => {
    const database = await place.open()
    const { rows } = await database.pool.query<{ state: string; n: number }>(
      'select state, count(*)::int as n from deliveries group by 1',
    )
    await database.close()
    return Object.fromEntries(rows.map(({ state, n }) => [state, n]))
  }

  it(
    'finishes the sends in the air and leaves the rest to the next process',
    { timeout: 60_000 },
    async () => {
      const first = await start()
      for (const username of ['lin', 'chen', 'zhao']) await ring(first, username)
      // one in flight for each person, whatever else is due
      await vi.waitFor(() => expect(gate.held).toBe(3), { timeout: 10_000, interval: 20 })
      const ended = once(first.child, 'close')
      first.child.kill('SIGTERM')
      await vi.waitFor(() => expect(first.output()).toContain('stopping'), { timeout: 10_000, interval: 20 })
      gate.open()
      expect(await ended).toEqual([0, null])
      expect(await states()).toEqual({ sent: 3, ready: 3 })

      const second = await start()
      await vi.waitFor(() => expect(wechat.taken).toHaveLength(6), { timeout: 10_000, interval: 20 })
      await kill(second.child, 'SIGTERM')
      expect(await states()).toEqual({ sent: 6 })
      expect(wechat.sendCalls).toBe(6)
    },
  )

  it('ends after SHUTDOWN_MS all the same, and says what it left', { timeout: 60_000 }, async () => {
    const server = await start({ SHUTDOWN_MS: '1000' })
    await ring(server, 'lin')
    await vi.waitFor(() => expect(gate.held).toBe(1), { timeout: 10_000, interval: 20 })
    const ended = once(server.child, 'close')
    server.child.kill('SIGTERM')
    expect(await ended).toEqual([1, null])
    expect(server.output()).toMatch(/"left":\["deliveries","database"\]/)
  })

  it('ends at once at a second signal', { timeout: 60_000 }, async () => {
    const server = await start()
    await ring(server, 'lin')
    await vi.waitFor(() => expect(gate.held).toBe(1), { timeout: 10_000, interval: 20 })
    const ended = once(server.child, 'close')
    server.child.kill('SIGTERM')
    // somebody who leans on Ctrl-C
    await vi.waitFor(
      () => {
        server.child.kill('SIGTERM')
        expect(server.child.exitCode).toBe(1)
      },
      { timeout: 10_000, interval: 50 },
    )
    await ended
    expect(server.output()).toContain('second signal')
  })
})
