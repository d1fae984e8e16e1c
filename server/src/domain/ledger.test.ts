import fc from 'fast-check'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { lockLanes, readBalance, readLane } from '../db/ledger.ts'
import { Harness, TEMPLATE } from '../testing/harness.ts'
import { bookGrant, bookSpend, bookZero, rebuildQuota } from './ledger.ts'
import { replay, type LedgerFact } from './ledger-replay.ts'

let server: Harness
beforeAll(async () => {
  server = await Harness.start()
})
afterAll(() => server.stop())
beforeEach(() => server.wechat.reset())

describe('reporting grants', () => {
  it('books an attempt once, however often and however parallel it is sent', async () => {
    const person = await server.hire()
    const token = await server.tokenOf(person)
    const answers = await Promise.all(
      Array.from({ length: 5 }, () => server.report(token, 'attempt-once', 'accept')),
    )
    expect(answers.every(({ code }) => code === 200)).toBe(true)
    expect(await server.report(token, 'attempt-once', 'accept')).toMatchObject({
      code: 200,
      result: { quota: { [TEMPLATE]: 1 } },
    })
    expect(await server.report(token, 'attempt-next', 'accept')).toMatchObject({
      result: { quota: { [TEMPLATE]: 2 } },
    })
  })

  it.each([
    ['accept', 1],
    ['acceptWithAudio', 1],
    ['acceptWithAlert', 1],
    ['acceptWithForcePush', 1],
    ['reject', 0],
    ['ban', 0],
    ['filter', 0],
    ['', 0],
    ['unaccept', 0],
  ])('counts %j as %i', async (value, quota) => {
    const token = await server.tokenOf(await server.hire())
    expect(await server.report(token, 'attempt-1', value)).toMatchObject({
      code: 200,
      result: { quota: { [TEMPLATE]: quota } },
    })
  })

  it('keeps no book for templates that are not ours', async () => {
    const token = await server.tokenOf(await server.hire())
    const body = { attemptId: 'attempt-1', at: '2026-11-23T09:42:00+08:00', results: { OTHER: 'accept' } }
    expect(await server.call('POST', '/notify/grants', { token, body })).toMatchObject({
      code: 200,
      result: { quota: { [TEMPLATE]: 0 } },
    })
  })

  it('books to the WeChat that gave it, not to the one bound since', async () => {
    const person = await server.hire()
    const oldPhone = await server.tokenOf(person)
    const newPhone = await server.tokenOf({ ...person, openid: 'new-phone' })
    await server.report(oldPhone, 'attempt-old', 'accept')
    expect(await server.quotaOf(oldPhone)).toBe(1)
    expect(await server.quotaOf(newPhone)).toBe(0)
  })

  it.each([
    [{ at: '2026-11-23T09:42:00Z', results: {} }, 'attemptId'],
    [{ attemptId: 'attempt-1', at: 'yesterday', results: {} }, 'at'],
    [{ attemptId: 'attempt-1', at: '2026-11-23T09:42:00Z' }, 'results'],
  ])('names the field that is wrong: %j', async (body, field) => {
    const token = await server.tokenOf(await server.hire())
    const answer = await server.call('POST', '/notify/grants', { token, body })
    expect(answer).toMatchObject({ status: 400, code: 400 })
    expect(answer.message).toContain(`（${field}）`)
  })
})

describe('the ledger, in any order', () => {
  const MINUTE = 60_000
  const fact: fc.Arbitrary<LedgerFact> = fc
    .tuple(fc.constantFrom('report', 'event', 'spend', 'zero'), fc.integer({ min: -30 * MINUTE, max: 0 }))
    .map(([what, ago]) => {
      const at = server.now().getTime() + ago
      return what === 'report' || what === 'event' ? { kind: 'grant', source: what, at } : { kind: what, at }
    })
  let lanes = 0

  async function book(lane: { openid: string; templateId: string }, one: LedgerFact, key: string) {
    const booking = { lane, key, at: new Date(one.at), now: server.now() }
    await server.db.database.transaction(async (tx) => {
      await lockLanes(tx, [lane])
      if (one.kind === 'grant') await bookGrant(tx, { ...booking, source: one.source })
      else if (one.kind === 'zero') await bookZero(tx, { ...booking, source: 'event' })
      else await bookSpend(tx, { ...booking, deliveryId: await someDelivery() })
    })
  }

  let delivery: Promise<number> | undefined
  const someDelivery = () =>
    (delivery ??= server.hire().then(async (person) => Number((await server.assign(person)).delivery.id)))

  it('keeps a balance that is the sum of its lines and what a rebuild comes to, at all times', async () => {
    await someDelivery()
    const { db } = server.db.database
    await fc.assert(
      fc.asyncProperty(fc.array(fact, { maxLength: 10 }), async (heardOf) => {
        const lane = { openid: `lane-${++lanes}`, templateId: TEMPLATE }
        for (const [n, one] of heardOf.entries()) {
          await book(lane, one, `${lane.openid}:${n}`)
          // told once more it changes nothing
          await book(lane, one, `${lane.openid}:${n}`)
          const { quota } = await readBalance(db, lane)
          const lines = await readLane(db, lane, new Date(0))
          expect(quota).toBe(replay(heardOf.slice(0, n + 1)))
          expect(quota).toBe(lines.reduce((sum, { delta }) => sum + delta, 0))
          expect(quota).toBe(await rebuildQuota(db, lane))
        }
      }),
      { numRuns: 40 },
    )
  })

  it('refuses to be changed', async () => {
    const { pool } = server.db.database
    await expect(pool.query('update ledger set delta = 0')).rejects.toThrow('append-only')
    await expect(pool.query('delete from ledger')).rejects.toThrow('append-only')
  })

  it('is still right a year and a zero later', async () => {
    const { db } = server.db.database
    const lane = { openid: `lane-${++lanes}`, templateId: TEMPLATE }
    const now = server.now().getTime()
    const day = 24 * 60 * MINUTE
    const heardOf: LedgerFact[] = [
      { kind: 'grant', source: 'report', at: now - 365 * day },
      { kind: 'zero', at: now - 200 * day },
      { kind: 'grant', source: 'report', at: now - 100 * day },
      { kind: 'grant', source: 'report', at: now - 300 * day },
      { kind: 'grant', source: 'event', at: now - 100 * day + MINUTE },
      { kind: 'grant', source: 'report', at: now },
    ]
    for (const [n, one] of heardOf.entries()) await book(lane, one, `${lane.openid}:${n}`)
    expect((await readBalance(db, lane)).quota).toBe(2)
    expect(await rebuildQuota(db, lane)).toBe(2)
  })
})
