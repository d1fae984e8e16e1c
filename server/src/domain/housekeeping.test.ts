import { sql } from 'drizzle-orm'
import pg from 'pg'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { BATCH } from '../db/retention.ts'
import {
  captchas,
  clueNotes,
  clues,
  deliveries,
  deliveryAttempts,
  idempotencyKeys,
  rateLimits,
  sessions,
  webhookCalls,
  wechatPushes,
} from '../db/schema.ts'
import { engine } from '../testing/database.ts'
import { makeDelivery } from '../testing/delivery-rows.ts'
import { Harness, TEMPLATE } from '../testing/harness.ts'
import { createHousekeeping } from './housekeeping.ts'

const HOUR = 3600_000
const DAY = 24 * HOUR
const RETENTION_DAYS = 100

let server: Harness
beforeAll(async () => {
  server = await Harness.start()
})
afterAll(() => server.stop())

const db = () => server.db.database.db
const ago = (ms: number) => new Date(server.now().getTime() - ms)
const clean = () => createHousekeeping(server.ctx, { retentionDays: RETENTION_DAYS }).round()
const count = async (from: string): Promise<number> => {
  const found = await db().execute<{ n: number }>(sql`select count(*)::int as n from ${sql.raw(from)}`)
  return found.rows[0]?.n ?? -1
}

describe('housekeeping', () => {
  let delivery: Awaited<ReturnType<typeof makeDelivery>>
  beforeEach(async () => {
    delivery = await makeDelivery(db(), { state: 'sent' })
  })

  it('removes sessions that are over and leaves those that are not', async () => {
    const row = { accountId: delivery.accountId, createdAt: ago(8 * DAY) }
    await db()
      .insert(sessions)
      .values([
        { ...row, tokenHash: 'over', expiresAt: ago(1) },
        { ...row, tokenHash: 'good', expiresAt: ago(-1) },
      ])
    await clean()
    expect(await db().select({ hash: sessions.tokenHash }).from(sessions)).toEqual([{ hash: 'good' }])
  })

  it('removes pictures nobody answered, and counts that are over', async () => {
    await db()
      .insert(captchas)
      .values([
        { checkKey: 'old', answerHash: 'x', expiresAt: ago(1) },
        { checkKey: 'new', answerHash: 'x', expiresAt: ago(-1) },
      ])
    await db()
      .insert(rateLimits)
      .values([
        { key: 'over', points: 1, expire: ago(1).getTime() },
        { key: 'running', points: 1, expire: ago(-1).getTime() },
        { key: 'for ever', points: 1, expire: null },
      ])
    await clean()
    expect(await db().select({ key: captchas.checkKey }).from(captchas)).toEqual([{ key: 'new' }])
    const left = await db().select({ key: rateLimits.key }).from(rateLimits).orderBy(rateLimits.key)
    expect(left).toEqual([{ key: 'for ever' }, { key: 'running' }])
  })

  it('keeps idempotency keys for seven days, those of other scopes alike', async () => {
    const row = { requestHash: 'x', status: 200, answer: {} }
    await db()
      .insert(idempotencyKeys)
      .values([
        { ...row, scope: 'a', key: '1', createdAt: ago(7 * DAY + 1) },
        { ...row, scope: 'b', key: '1', createdAt: ago(7 * DAY) },
        { ...row, scope: 'a', key: '2', createdAt: ago(HOUR) },
      ])
    await clean()
    const left = await db().select().from(idempotencyKeys).orderBy(idempotencyKeys.scope)
    expect(left.map(({ scope, key }) => scope + key)).toEqual(['a2', 'b1'])
  })

  it('keeps pushes for thirty days, and for as long as they are not worked off', async () => {
    const row = { event: {}, runAt: server.now() }
    await db()
      .insert(wechatPushes)
      .values([
        { ...row, key: 'old', receivedAt: ago(31 * DAY), processedAt: ago(31 * DAY) },
        { ...row, key: 'stuck', receivedAt: ago(31 * DAY) },
        { ...row, key: 'late', receivedAt: ago(31 * DAY), processedAt: ago(DAY) },
        { ...row, key: 'new', receivedAt: ago(29 * DAY), processedAt: ago(29 * DAY) },
      ])
    await clean()
    const left = await db().select({ key: wechatPushes.key }).from(wechatPushes).orderBy(wechatPushes.key)
    expect(left.map(({ key }) => key)).toEqual(['late', 'new', 'stuck'])
  })

  it('keeps webhook calls that were delivered for thirty days, and dead ones for as long as the history', async () => {
    const row = { deliveryId: delivery.id, createdAt: ago(200 * DAY), runAt: server.now() }
    await db()
      .insert(webhookCalls)
      .values([
        { ...row, body: { n: 1 }, state: 'delivered', settledAt: ago(31 * DAY) },
        { ...row, body: { n: 2 }, state: 'delivered', settledAt: ago(29 * DAY) },
        { ...row, body: { n: 3 }, state: 'dead', settledAt: ago(99 * DAY) },
        { ...row, body: { n: 4 }, state: 'dead', settledAt: ago(101 * DAY) },
        { ...row, body: { n: 5 }, state: 'ready' },
      ])
    await clean()
    const left = await db().select({ body: webhookCalls.body }).from(webhookCalls).orderBy(webhookCalls.id)
    expect(left.map(({ body }) => body.n)).toEqual([2, 3, 5])
  })

  it('blanks who the customer was thirty days after a lead was deleted, and keeps the row', async () => {
    const kept = { title: '恒泰建材', status: 'pending', version: 1, createdAt: ago(90 * DAY) } as const
    const person = { customerName: '王建国', phone: '13800001024', remark: '老客户' }
    const made = await db()
      .insert(clues)
      .values([
        { ...kept, ...person, deletedAt: ago(30 * DAY + 1) },
        { ...kept, ...person, deletedAt: ago(29 * DAY) },
        { ...kept, ...person, deletedAt: null },
      ])
      .returning({ id: clues.id })
    const author = await server.hire()
    await db()
      .insert(clueNotes)
      .values(
        made.map(({ id: clueId }) => ({
          clueId,
          id: 'note',
          authorId: Number(author.id),
          text: '王总要报价',
          at: ago(DAY),
        })),
      )
    await clean()
    const noted = (await db().select({ id: clueNotes.clueId }).from(clueNotes)).map(({ id }) => id)
    expect(made.map(({ id }) => noted.includes(id))).toEqual([false, true, true])
    const rows = await db().select().from(clues).orderBy(clues.id)
    const found = made.map(({ id }) => rows.find((row) => row.id === id))
    expect(found[0]).toMatchObject({ title: '恒泰建材', customerName: '', phone: '', remark: '' })
    expect(found[1]).toMatchObject(person)
    expect(found[2]).toMatchObject(person)
  })

  it('removes the attempts of deliveries that were settled long ago, and of no others', async () => {
    const old = { openid: 'o', templateId: TEMPLATE, startedAt: ago(101 * DAY) }
    const waiting = await makeDelivery(db(), { state: 'waiting' })
    const recent = await makeDelivery(db(), { state: 'dead' })
    await db().execute(sql`update ${deliveries} set settled_at = case id
      when ${delivery.id} then ${ago(101 * DAY).toISOString()}::timestamptz
      when ${recent.id} then ${ago(99 * DAY).toISOString()}::timestamptz end`)
    await db()
      .insert(deliveryAttempts)
      .values([
        { ...old, deliveryId: delivery.id },
        { ...old, deliveryId: delivery.id },
        { ...old, deliveryId: waiting.id },
        { ...old, deliveryId: recent.id },
      ])
    await clean()
    const left = await db().select({ of: deliveryAttempts.deliveryId }).from(deliveryAttempts)
    expect(left.map(({ of }) => of)).toEqual([waiting.id, recent.id])
    expect(await count(`deliveries where id = ${delivery.id} and state = 'sent'`)).toBe(1)
  })

  it('removes more than one batch, a batch a statement', async () => {
    await db().execute(sql`insert into captchas (check_key, answer_hash, expires_at)
      select 'many' || n, 'x', ${ago(1).toISOString()}::timestamptz from generate_series(1, ${2 * BATCH + 1}) n`)
    await db().execute(sql`insert into delivery_attempts (delivery_id, openid, template_id, started_at)
      select ${delivery.id}, 'o', 't', ${ago(500 * DAY).toISOString()}::timestamptz
      from generate_series(1, ${2 * BATCH + 1}) n`)
    await db().execute(sql`update deliveries set settled_at = ${ago(500 * DAY).toISOString()}::timestamptz
      where id = ${delivery.id}`)
    await clean()
    expect(await count("captchas where check_key like 'many%'")).toBe(0)
    expect(await count(`delivery_attempts where delivery_id = ${delivery.id}`)).toBe(0)
  })

  // PGlite has one connection: nobody else can be at it
  if (engine === 'postgres')
    it('leaves the rows to another process that is at it', async () => {
      await db()
        .insert(captchas)
        .values({ checkKey: 'theirs', answerHash: 'x', expiresAt: ago(1) })
      const other = new pg.Client({ connectionString: server.db.url })
      await other.connect()
      await other.query('select pg_advisory_lock(7302027)')
      await clean()
      await other.end()
      expect(await count("captchas where check_key = 'theirs'")).toBe(1)
      await clean()
      expect(await count("captchas where check_key = 'theirs'")).toBe(0)
    })

  it('puts right a delivery that waits although it is paid for, and says so', async () => {
    const person = await server.hire()
    const token = await server.tokenOf(person)
    const { delivery: waiting } = await server.assign(person)
    await server.accept(person, token)
    await db().execute(sql`update deliveries set state = 'waiting' where id = ${Number(waiting.id)}`)
    await clean()
    expect((await server.delivery(waiting.id)).state).toBe('ready')
    expect(server.logLines.some((line) => line.includes('"repaired":1'))).toBe(true)
  })
})
