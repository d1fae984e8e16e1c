import { DeliveryState, type Statistics } from '@leadbell/contract'
import { sql } from 'drizzle-orm'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { Harness } from '../testing/harness.ts'
import { daysOf, readRange } from './statistics.ts'

const HOUR = 3600_000
const DAY = 24 * HOUR
const NOW = new Date('2026-11-23T01:42:00Z')

describe('the range of the statistics', () => {
  it('is the last seven days unless somebody asks for others', () => {
    expect(readRange({}, NOW)).toMatchObject({ value: { from: new Date(NOW.getTime() - 7 * DAY), to: NOW } })
    const to = '2026-11-01T00:00:00+08:00'
    expect(readRange({ to }, NOW)).toMatchObject({
      value: { from: new Date('2026-10-24T16:00:00Z'), to: new Date('2026-10-31T16:00:00Z') },
    })
  })

  it.each([
    ['backwards', '2026-11-02T00:00:00Z', '2026-11-01T00:00:00Z'],
    ['of no length', '2026-11-01T00:00:00Z', '2026-11-01T00:00:00Z'],
    ['of 93 days', '2026-01-01T00:00:00Z', '2026-04-04T00:00:00Z'],
    ['with a day no calendar has', '2026-02-40T00:00:00Z', '2026-03-01T00:00:00Z'],
    ['before PostgreSQL’s years', '0000-01-01T00:00:00Z', '0000-01-02T00:00:00Z'],
  ])('is refused: %s', (_what, from, to) => {
    expect(readRange({ from, to }, NOW)).toMatchObject({ ok: false, refusal: 'range-bad' })
  })

  it('may be 92 days long', () => {
    expect(readRange({ from: '2026-01-01T00:00:00Z', to: '2026-04-03T00:00:00Z' }, NOW).ok).toBe(true)
  })

  it('is made of the days in Beijing that it touches', () => {
    const from = new Date('2026-11-01T15:59:59Z')
    expect(daysOf({ from, to: new Date('2026-11-01T16:00:00Z') })).toEqual(['2026-11-01'])
    expect(daysOf({ from, to: new Date('2026-11-01T16:00:00.001Z') })).toEqual(['2026-11-01', '2026-11-02'])
  })
})

interface Made {
  state: DeliveryState
  createdAt: number
  ringsAfterMs: number
  bound: boolean
}

describe('the statistics', () => {
  let server: Harness
  beforeAll(async () => {
    server = await Harness.start()
  })
  afterAll(() => server.stop())

  const ask = (query = '') => server.call<Statistics>('GET', `/admin/statistics${query}`, { admin: true })

  it('of nothing say so', async () => {
    const { result } = await ask()
    expect(result).toMatchObject({
      to: server.now().toISOString(),
      assigned: 0,
      deliveryRate: null,
      medianSecondsToRing: null,
      waiting: { unpaid: 0, unbound: 0 },
      unassigned: 0,
    })
    expect(result.states).toEqual(Object.fromEntries(DeliveryState.options.map((state) => [state, 0])))
    expect(result.days).toHaveLength(8)
    expect(result.days[0]).toEqual({ day: '2026-11-16', assigned: 0, sent: 0, medianSecondsToRing: null })
  })

  it('count the leads that nobody has, deleted ones left out, and no further than ten thousand', async () => {
    const unassigned = async () => (await ask()).result.unassigned
    const [kept, deleted] = [await server.enterClue(), await server.enterClue()]
    await server.deleteClue(deleted.id)
    await server.assign(await server.hire())
    expect(await unassigned()).toBe(1)
    const { pool } = server.db.database
    await pool.query(`
      insert into clues (title, customer_name, phone, remark, status, version, created_at)
      select 'x', 'x', 'x', '', 'pending', 1, now() from generate_series(1, 10000)`)
    expect(await unassigned()).toBe(10_000)
    await pool.query(`delete from clues where title = 'x'`)
    await server.deleteClue(kept.id)
    expect(await unassigned()).toBe(0)
  })

  it('agree with counting every message by hand', async () => {
    const [bound, unbound] = [await server.hire(), await server.hire()]
    await server.tokenOf(bound)
    const accountOf = (made: Made) => Number((made.bound ? bound : unbound).id)
    const delivery = fc.record<Made>({
      state: fc.constantFrom(...DeliveryState.options),
      createdAt: fc.integer({ min: NOW.getTime() - 9 * DAY, max: NOW.getTime() - 1 }),
      ringsAfterMs: fc.integer({ min: 1, max: 2 * DAY }),
      bound: fc.boolean(),
    })
    await fc.assert(
      fc.asyncProperty(
        fc.array(delivery, { maxLength: 40 }),
        fc.integer({ min: 1, max: 8 * DAY }),
        async (made, length) => {
          await insert(made.map((one) => ({ ...one, accountId: accountOf(one) })))
          const [from, to] = [NOW.getTime() - length, NOW.getTime()]
          const range = `?from=${new Date(from).toISOString()}&to=${new Date(to).toISOString()}`
          const { result } = await ask(range)
          const inRange = made.filter(({ createdAt }) => createdAt >= from)
          expect(result).toMatchObject(countByHand(inRange))
          expect(result.days).toEqual(
            daysOf({ from: new Date(from), to: new Date(to) }).map((day) => {
              const { assigned, medianSecondsToRing, states } = countByHand(
                inRange.filter(({ createdAt }) => dayInBeijing(createdAt) === day),
              )
              return { day, assigned, sent: states.sent, medianSecondsToRing }
            }),
          )
          const waiting = made.filter(({ state }) => state === 'waiting')
          const unpaid = waiting.filter((one) => one.bound).length
          expect(result.waiting).toEqual({ unpaid, unbound: waiting.length - unpaid })
        },
      ),
      { numRuns: 25 },
    )
  })

  it('are refused for a range that is too long', async () => {
    const refused = await ask('?from=2025-01-01T00:00:00Z')
    expect(refused).toMatchObject({
      status: 400,
      message: '统计时间有误，请选择先后正确、不超过 92 天的一段时间',
    })
  })

  /** Instead of whatever was there. */
  async function insert(rows: (Made & { accountId: number })[]): Promise<void> {
    const { db } = server.ctx.database
    await db.execute(sql`truncate assignments, deliveries, clues cascade`)
    if (rows.length === 0) return
    // one of each would do for all, but a delivery is one of its assignment
    const given = JSON.stringify(rows.map((row, n) => ({ ...row, n })))
    await db.execute(sql`
      with given as (
        select * from json_to_recordset(${given}::json)
          as g (n int, state text, "createdAt" bigint, "ringsAfterMs" bigint, "accountId" bigint)
      ),
      clue as (
        insert into clues (title, customer_name, phone, remark, status, version, created_at)
        values ('题', '王', '13800001024', '', 'pending', 1, now()) returning id
      ),
      assignment as (
        insert into assignments (clue_id, assignee_id, clue_version, assigned_at)
        select clue.id, "accountId", n, now() from given, clue returning id, clue_id, clue_version
      )
      insert into deliveries
        (assignment_id, clue_id, account_id, template_id, state, openid, run_at, created_at, settled_at)
      select a.id, a.clue_id, "accountId", 'T', state, 'openid-' || n,
        to_timestamp("createdAt" / 1000.0), to_timestamp("createdAt" / 1000.0),
        to_timestamp(("createdAt" + "ringsAfterMs") / 1000.0)
      from given join assignment a on a.clue_version = given.n`)
  }
})

function countByHand(made: readonly Made[]) {
  const sent = made.filter(({ state }) => state === 'sent')
  const seconds = sent.map(({ ringsAfterMs }) => ringsAfterMs / 1000).sort((a, b) => a - b)
  const middle = (seconds.length - 1) / 2
  const [low, high] = [seconds[Math.floor(middle)], seconds[Math.ceil(middle)]]
  const median = low === undefined || high === undefined ? null : (low + high) / 2
  return {
    assigned: made.length,
    states: Object.fromEntries(
      DeliveryState.options.map((state) => [state, made.filter((one) => one.state === state).length]),
    ) as Statistics['states'],
    deliveryRate: made.length === 0 ? null : sent.length / made.length,
    // a thousandth of a second is what the database keeps of these
    medianSecondsToRing: median === null ? null : (expect.closeTo(median, 3) as number),
  }
}

const dayInBeijing = (time: number) =>
  new Intl.DateTimeFormat('sv-SE', { timeZone: 'Asia/Shanghai' }).format(new Date(time))
