import { once } from 'node:events'
import { createServer, type AddressInfo } from 'node:net'
import type { AssignResult, Clue, CluePage } from '@leadbell/contract'
import { describe, expect, it, vi } from 'vitest'
import { engine } from './testing/database.ts'
import {
  TEMPLATE,
  call,
  kill,
  login,
  ownPlace,
  runAddAccount,
  setUpProcesses,
  startAndFail,
  startServer,
  wechat,
} from './testing/server-process.ts'

setUpProcesses()

describe('the server process', () => {
  it(
    'a kill -9 between assignment and send loses no message and sends none twice',
    { timeout: 60_000 },
    async () => {
      expect(await runAddAccount(['lin', '林可'], 'a good password')).toMatchObject({
        code: 0,
        output: expect.stringContaining('已创建账号 lin（林可）'),
      })

      // from the start: the check of the templates fetches a token that the first message could use
      wechat.onToken = () => 'hang'
      const first = await startServer()
      const { token, userInfo } = await login(first, 'lin', 'a good password')
      wechat.allow('openid-lin')
      await call(first, 'POST', '/notify/grants', {
        token,
        body: { attemptId: 'attempt-1', at: new Date().toISOString(), results: { [TEMPLATE]: 'accept' } },
      })
      const draft = { title: '恒泰建材 采购咨询', customerName: '王建国', phone: '138-0000-1024' }
      const { result: clue } = await call<Clue>(first, 'POST', '/admin/clues', { admin: true, body: draft })
      const { result: assigned } = await call<AssignResult>(first, 'POST', `/admin/clues/${clue.id}/assign`, {
        admin: true,
        body: { assigneeId: userInfo.id, version: clue.version },
      })
      expect(assigned.delivery.state).toBe('ready')
      await vi.waitFor(() => expect(wechat.tokenCalls.length).toBeGreaterThan(0), { timeout: 5000 })
      await kill(first.child, 'SIGKILL')
      expect(wechat.sendCalls).toBe(0)

      wechat.onToken = undefined
      const second = await startServer()
      await vi.waitFor(() => expect(wechat.taken).toHaveLength(1), { timeout: 20_000, interval: 20 })
      expect(wechat.taken[0]).toMatchObject({ touser: 'openid-lin', page: `pages/clue/detail?id=${clue.id}` })
      // the session, the lead and the ledger survived too
      const page = await call<CluePage>(second, 'GET', '/clues', { token })
      expect(page.result.items.map(({ id }) => id)).toEqual([clue.id])
      await vi.waitFor(async () =>
        expect(await call(second, 'GET', '/notify/quota', { token })).toMatchObject({
          result: { quota: { [TEMPLATE]: 0 } },
        }),
      )
      await kill(second.child, 'SIGTERM')

      const third = await startServer()
      await vi.waitFor(() => expect(third.output()).toContain('server ready'), { timeout: 20_000 })
      await kill(third.child, 'SIGTERM')
      expect(wechat.sendCalls).toBe(1)
      expect(second.output() + first.output()).not.toContain('a good password')
    },
  )

  it('seeds a trial once, warns about it, and stops cleanly', { timeout: 60_000 }, async () => {
    const own = await ownPlace()
    const counts: number[] = []
    for (let start = 0; start < 2; start++) {
      const server = await startServer({ ...own.env, TRIAL: '1' })
      const { token, userInfo } = await login(server, 'chen', 'leadbell-demo')
      expect(userInfo.realname).toBe('陈小舟')
      counts.push((await call<CluePage>(server, 'GET', '/clues?limit=50', { token })).result.items.length)
      expect(
        await call(server, 'POST', '/trial/assign', { admin: true, body: { openid: 'openid-chen' } }),
      ).toMatchObject({ code: 200, result: { assignment: { assigneeId: userInfo.id } } })
      const ended = once(server.child, 'close')
      server.child.kill('SIGTERM')
      expect(await ended).toEqual([0, null])
      expect(server.output()).toContain('TRIAL mode')
      expect(server.output()).not.toContain('leadbell-demo')
      expect(server.output().includes('never calls fsync')).toBe(engine === 'pglite')
    }
    expect(counts[0]).toBeGreaterThan(3)
    expect(counts[1]).toBe((counts[0] ?? 0) + 1)
    await own.drop()
  })

  it('says every mistake in the configuration at once, without a stack', async () => {
    const { code, lines } = await startAndFail({ PORT: 'x', WECHAT_APPID: 'y', ADMIN_TOKEN: '' })
    expect(code).toBe(1)
    expect(lines.map((line) => line.split(':')[0])).toEqual(['PORT', 'WECHAT_APPID', 'ADMIN_TOKEN'])
  })

  it('says in one line that its port is in use', { timeout: 60_000 }, async () => {
    const taken = createServer().listen(0, '127.0.0.1')
    await once(taken, 'listening')
    const { port } = taken.address() as AddressInfo
    const { code, lines } = await startAndFail({ PORT: String(port), LOG_LEVEL: 'error' })
    taken.close()
    expect(code).toBe(1)
    expect(lines).toEqual([
      `PORT: 端口 ${port} 已被占用，请停掉占用它的程序或换一个 PORT (port ${port} is in use)`,
    ])
  })

  it('says in one line that its database does not answer', async () => {
    const { code, lines } = await startAndFail({
      DATABASE_URL: 'postgres://leadbell:hunter2@127.0.0.1:1/leadbell',
    })
    expect(code).toBe(1)
    expect(lines).toHaveLength(1)
    expect(lines[0]).toMatch(/^DATABASE_URL: 连不上数据库/)
    expect(lines[0]).not.toContain('hunter2')
  })

  if (engine === 'pglite')
    it('refuses a data folder that another process has open', { timeout: 60_000 }, async () => {
      const owner = await startServer()
      const { code, lines } = await startAndFail({})
      expect(code).toBe(1)
      expect(lines).toHaveLength(1)
      expect(lines[0]).toContain(`数据目录正被进程 ${owner.child.pid} 使用`)
      expect(await call(owner, 'GET', '/healthz')).toMatchObject({ code: 200 })
    })
})
