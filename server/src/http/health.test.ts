import type { Envelope } from '@leadbell/contract'
import { Hono } from 'hono'
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest'
import { createReadiness, type ReadinessOptions } from '../domain/readiness.ts'
import { Harness } from '../testing/harness.ts'
import type { HttpEnv } from './env.ts'
import { addHealthRoutes } from './health.ts'

interface Ready {
  status: string
  missing?: string[]
  warnings: string[]
}

let server: Harness
beforeAll(async () => {
  server = await Harness.start()
})
afterEach(() => vi.restoreAllMocks())
afterAll(() => server.stop())

async function ask(path: string, options: Partial<ReadinessOptions> = {}) {
  const app = new Hono<HttpEnv>()
  const readiness = createReadiness({ database: server.db.database, ...options })
  addHealthRoutes(app, { ctx: server.ctx, adminToken: '', trial: false, addressOf: () => '', readiness })
  const response = await app.request(path)
  return { status: response.status, ...((await response.json()) as Envelope<Ready>) }
}
const quiet = (ms: number | undefined) => ({ quietFor: () => ms })

describe('GET /healthz', () => {
  it('answers that the process is alive, whatever the database does', async () => {
    vi.spyOn(server.db.database.pool, 'query').mockRejectedValue(new Error('gone') as never)
    expect(await ask('/healthz')).toMatchObject({ status: 200, code: 200, result: { status: 'ok' } })
  })
})

describe('GET /readyz', () => {
  it('is 200 when the database answers, its schema is right and every loop turns', async () => {
    const loops = { 发送提醒: quiet(10), 处理微信推送: quiet(59_999) }
    expect(await ask('/readyz', { loops })).toMatchObject({
      status: 200,
      success: true,
      result: { status: 'ready', warnings: [] },
    })
    // and so is the app that everybody gets
    expect(await server.call('GET', '/readyz')).toMatchObject({ status: 200, code: 200 })
  })

  it('warns of what should be mended and is ready all the same', async () => {
    expect(await ask('/readyz', { warnings: () => ['TPL: 模板不存在'] })).toMatchObject({
      status: 200,
      result: { warnings: ['TPL: 模板不存在'] },
    })
  })

  it('is 503 while a loop stands still or has not begun, and while the process stops', async () => {
    const loops = { 发送提醒: quiet(61_000), 处理微信推送: quiet(undefined) }
    expect(await ask('/readyz', { loops, stopping: () => true })).toMatchObject({
      status: 503,
      success: false,
      code: 503,
      message: '暂时不能接收请求：正在停止；发送提醒已停了 61 秒；处理微信推送还没有开始',
      result: { status: 'unready', missing: ['正在停止', '发送提醒已停了 61 秒', '处理微信推送还没有开始'] },
    })
  })

  it('is 503 when the database refuses, and says nothing of how', async () => {
    vi.spyOn(server.db.database.pool, 'query').mockRejectedValue(new Error('password of leadbell') as never)
    const answer = await ask('/readyz')
    expect(answer).toMatchObject({ status: 503, result: { missing: ['数据库没有连上'] } })
    expect(JSON.stringify(answer)).not.toContain('leadbell')
  })

  it('is 503 when the database says nothing in time', async () => {
    vi.spyOn(server.db.database.pool, 'query').mockReturnValue(new Promise(() => undefined) as never)
    expect(await ask('/readyz', { databaseMs: 5 })).toMatchObject({
      status: 503,
      result: { missing: ['数据库 0.005 秒内没有答复'] },
    })
  })

  it.each([
    [
      'older',
      'delete from drizzle.__drizzle_migrations where id = (select max(id) from drizzle.__drizzle_migrations)',
      '还没有升级',
    ],
    [
      'newer',
      "insert into drizzle.__drizzle_migrations (hash, created_at) values ('x', 9999999999999)",
      '比这个程序新',
    ],
  ])('is 503 on an %s schema', async (_what, change, words) => {
    const { pool } = server.db.database
    const before = await pool.query<{ hash: string; created_at: string }>(
      'select hash, created_at from drizzle.__drizzle_migrations order by id',
    )
    await pool.query(change)
    expect(await ask('/readyz')).toMatchObject({
      status: 503,
      message: expect.stringContaining(words) as string,
    })
    await pool.query('delete from drizzle.__drizzle_migrations')
    for (const { hash, created_at } of before.rows)
      await pool.query('insert into drizzle.__drizzle_migrations (hash, created_at) values ($1, $2)', [
        hash,
        created_at,
      ])
    expect(await ask('/readyz')).toMatchObject({ status: 200 })
  })
})
