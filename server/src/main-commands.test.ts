import type { DeliveryPage } from '@leadbell/contract'
import { describe, expect, it, vi } from 'vitest'
import {
  ADMIN_TOKEN,
  call,
  kill,
  login,
  ownPlace,
  runAddAccount,
  runCommand,
  setUpProcesses,
  startAndFail,
  startServer,
  wechat,
} from './testing/server-process.ts'

setUpProcesses()

describe('readiness', () => {
  it('is there when everything runs, with what should be mended', { timeout: 180_000 }, async () => {
    const place = await ownPlace()
    wechat.onTemplates = () => ({ errcode: 0, errmsg: 'ok', data: [] })
    const server = await startServer(place.env)
    await vi.waitFor(
      async () => {
        const { code, result } = await call<{ warnings: string[] }>(server, 'GET', '/readyz')
        expect(code).toBe(200)
        expect(result.warnings).toEqual([expect.stringMatching(/^TPL_CLUE_ASSIGNED: /)])
      },
      { timeout: 10_000, interval: 20 },
    )
    const metrics = await fetch(`${server.url}/metrics`, {
      headers: { authorization: `Bearer ${ADMIN_TOKEN}` },
    })
    expect(await metrics.text()).toContain('leadbell_alarms_total{alarm="template-mismatch"} 1')
    await kill(server.child, 'SIGTERM')
    await place.drop()
  })
})

describe('the schema', () => {
  it(
    'is brought up by the command, and a start that may not do it refuses',
    { timeout: 180_000 },
    async () => {
      const place = await ownPlace({ migrated: false })
      const env = { ...place.env, MIGRATE_ON_START: '0' }
      const refused = await startAndFail(env)
      expect(refused).toEqual({
        code: 1,
        lines: [expect.stringMatching(/^MIGRATE_ON_START: .*npm run migrate/)],
      })
      for (let time = 0; time < 2; time++)
        expect(await runCommand('migrate-command', { env })).toEqual({
          code: 0,
          output: '数据库的结构已是最新 (the schema is current)\n',
        })
      const server = await startServer(env)
      expect(await call(server, 'GET', '/readyz')).toMatchObject({ code: 200 })
      await kill(server.child, 'SIGTERM')
      await place.drop()
    },
  )

  it('of a newer program is left alone', { timeout: 180_000 }, async () => {
    const place = await ownPlace()
    const database = await place.open()
    await database.pool.query(
      "insert into drizzle.__drizzle_migrations (hash, created_at) values ('of tomorrow', 9999999999999)",
    )
    await database.close()
    for (const MIGRATE_ON_START of ['0', '1']) {
      const { code, lines } = await startAndFail({ ...place.env, MIGRATE_ON_START })
      expect({ code, lines }).toEqual({ code: 1, lines: [expect.stringMatching(/^DATABASE_URL: .*newer/)] })
    }
    expect(await runCommand('migrate-command', { env: place.env })).toMatchObject({
      code: 1,
      output: expect.stringMatching(/newer/),
    })
    await place.drop()
  })
})

describe('check-config', () => {
  it('says OK, or every mistake, and opens nothing', { timeout: 180_000 }, async () => {
    const unreachable = { DATABASE_URL: 'postgres://leadbell@127.0.0.1:1/leadbell' }
    expect(await runCommand('check-config', { env: unreachable })).toEqual({ code: 0, output: 'OK\n' })
    expect(
      await runCommand('check-config', { env: { ...unreachable, TRUST_PROXY: '1', HOST: '0.0.0.0' } }),
    ).toEqual({
      code: 0,
      output: expect.stringMatching(/^注意 TRUST_PROXY: .*\nOK\n$/),
    })
    const { code, output } = await runCommand('check-config', {
      env: { PORT: 'x', WEBHOOK_SECRET: 'hunter2' },
    })
    expect(code).toBe(1)
    expect(
      output
        .trim()
        .split('\n')
        .map((line) => line.split(':')[0]),
    ).toEqual(['PORT', 'WEBHOOK_SECRET', 'WEBHOOK_URL'])
    expect(output).not.toContain('hunter2')
  })
})

describe('add-account', () => {
  it('refuses a name that is taken, a short password and a missing name', { timeout: 180_000 }, async () => {
    await runAddAccount(['wang', '王'], 'a good password')
    expect(await runAddAccount(['wang', '王'], 'a good password')).toMatchObject({
      code: 1,
      output: expect.stringContaining('用户名 wang 已存在'),
    })
    expect(await runAddAccount(['other', '王'], 'short')).toMatchObject({
      code: 1,
      output: expect.stringContaining('至少 8'),
    })
    expect(await runAddAccount(['other'], 'a good password')).toMatchObject({
      code: 1,
      output: expect.stringContaining('用法'),
    })
  })

  it('makes the first admin', { timeout: 180_000 }, async () => {
    expect(await runAddAccount(['--role', 'admin', 'boss', '老板'], 'a good password')).toMatchObject({
      code: 0,
      output: expect.stringContaining('角色 admin'),
    })
    for (const wrong of [
      ['--role', 'king', 'boss2', '老板'],
      ['--rolle', 'admin', 'boss2', '老板'],
    ])
      expect(await runAddAccount(wrong, 'a good password')).toMatchObject({
        code: 1,
        output: expect.stringContaining('用法'),
      })
    const server = await startServer()
    const { token, userInfo } = await login(server, 'boss', 'a good password')
    expect(userInfo.role).toBe('admin')
    expect(await call<DeliveryPage>(server, 'GET', '/admin/deliveries', { token })).toMatchObject({
      code: 200,
    })
    await kill(server.child, 'SIGTERM')
  })
})
