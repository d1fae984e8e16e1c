import fc from 'fast-check'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { insertGrant, insertSpend, insertZero, lockLanes, readQuota } from '../db/ledger.ts'
import { Harness, TEMPLATE } from '../testing/harness.ts'

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
  type Step = { kind: 'grant'; attempt: number } | { kind: 'spend' } | { kind: 'zero' }
  const step: fc.Arbitrary<Step> = fc.oneof(
    { weight: 3, arbitrary: fc.record({ kind: fc.constant('grant' as const), attempt: fc.nat(6) }) },
    { weight: 2, arbitrary: fc.constant({ kind: 'spend' as const }) },
    { weight: 1, arbitrary: fc.constant({ kind: 'zero' as const }) },
  )

  /** The rule in three lines, to hold the SQL against. */
  function quotaAfter(steps: Step[]): number {
    const seen = new Set<number>()
    return steps.reduce((quota, now) => {
      if (now.kind === 'zero') return 0
      if (now.kind === 'spend') return Math.max(0, quota - 1)
      return seen.has(now.attempt) ? quota : (seen.add(now.attempt), quota + 1)
    }, 0)
  }

  it('never counts an attempt twice and never goes below zero', async () => {
    const { database } = server.db
    const person = await server.hire()
    const deliveries = await Promise.all(Array.from({ length: 12 }, () => server.assign(person)))
    let run = 0
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 12 }), async (steps) => {
        const lane = { openid: `lane-${++run}`, templateId: TEMPLATE }
        await database.pool.query('delete from ledger')
        for (const [n, now] of steps.entries()) {
          const deliveryId = Number(deliveries[n]?.delivery.id)
          const at = server.now()
          await database.transaction(async (tx) => {
            await lockLanes(tx, [lane])
            const attemptId = now.kind === 'grant' ? `attempt-${now.attempt}` : ''
            if (now.kind === 'grant') await insertGrant(tx, { ...lane, attemptId, at, now: at })
            else if (now.kind === 'spend') await insertSpend(tx, { ...lane, deliveryId, now: at })
            else await insertZero(tx, { ...lane, deliveryId, now: at })
          })
          const quota = (await readQuota(database.db, lane.openid)).get(TEMPLATE) ?? 0
          expect(quota).toBe(quotaAfter(steps.slice(0, n + 1)))
        }
      }),
      { numRuns: 40 },
    )
  })

  it('spends once for one delivery', async () => {
    const { database } = server.db
    const delivery = await server.assign(await server.hire())
    const lane = { openid: 'lane-once', templateId: TEMPLATE }
    const at = server.now()
    const spend = { ...lane, deliveryId: Number(delivery.delivery.id), now: at }
    await database.transaction(async (tx) => {
      for (const attemptId of ['a', 'b', 'c']) await insertGrant(tx, { ...lane, attemptId, at, now: at })
      await insertSpend(tx, spend)
      await insertSpend(tx, spend)
    })
    expect(await readQuota(database.db, lane.openid)).toEqual(new Map([[TEMPLATE, 2]]))
  })
})
