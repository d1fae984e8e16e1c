import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { createTokenShelf } from './services.ts'
import { openTestDatabase, type TestDatabase } from '../testing/database.ts'
import { createAccessTokens, type AccessTokenOutcome } from '../wechat/access-token.ts'
import type { TokenOutcome } from '../wechat/client.ts'

let db: TestDatabase
beforeAll(async () => {
  db = await openTestDatabase()
})
afterAll(() => db.close())

let now = Date.parse('2026-11-23T01:42:00Z')
let current = 't1'
let fetches: boolean[] = []
let failWith: TokenOutcome | undefined
let appids = 0
beforeEach(() => {
  now += 24 * 3600_000
  current = 't1'
  fetches = []
  failWith = undefined
  appids++
})

/** One process more, all of them on one row. */
function process() {
  return createAccessTokens({
    shelf: createTokenShelf(db.database, `wx-${appids}`),
    now: () => new Date(now),
    fetchToken: async (force) => {
      fetches.push(force)
      await new Promise((resolve) => setTimeout(resolve, 20))
      if (failWith) return failWith
      if (force) current = `${current}+`
      return { kind: 'token', token: current, expiresInSeconds: 7200 }
    },
  })
}

const accessOf = (outcome: AccessTokenOutcome) => {
  if (outcome.kind !== 'token') throw new Error(`no token: ${outcome.kind}`)
  return outcome.access
}

describe('the access token', () => {
  it('is fetched once for all callers of all processes', async () => {
    const processes = [process(), process(), process()]
    const outcomes = await Promise.all(
      processes.flatMap((one) => Array.from({ length: 10 }, () => one.get())),
    )
    expect(new Set(outcomes.map((outcome) => accessOf(outcome).token))).toEqual(new Set(['t1']))
    expect(fetches).toEqual([false])
  })

  it('is fetched again shortly before it ends', async () => {
    const tokens = process()
    await tokens.get()
    now += 7000_000
    await tokens.get()
    expect(fetches).toHaveLength(1)
    now += 100_000
    await tokens.get()
    expect(fetches).toHaveLength(2)
  })

  it('that was refused is replaced once, however many complain and however late', async () => {
    const [a, b] = [process(), process()]
    const rejected = accessOf(await a.get())
    current = 't2'
    const renewed = await Promise.all([a, b, a, b].map((one) => one.replace(rejected)))
    expect(renewed.map((outcome) => accessOf(outcome).token)).toEqual(['t2', 't2', 't2', 't2'])
    await b.replace(rejected)
    expect(fetches).toEqual([false, false])
  })

  it('is renewed by force only when WeChat gives the refused one again, and not twice in 30 seconds', async () => {
    const tokens = process()
    const forced = accessOf(await tokens.replace(accessOf(await tokens.get())))
    expect(forced.token).toBe('t1+')
    expect(fetches).toEqual([false, false, true])
    expect(await tokens.replace(forced)).toMatchObject({ kind: 'retryLater' })
    expect(fetches.filter((force) => force)).toHaveLength(1)
    now += 31_000
    expect(accessOf(await tokens.replace(forced)).token).toBe('t1++')
  })

  it('can be fetched again right after a failure', async () => {
    const tokens = process()
    failWith = { kind: 'configBroken', errcode: 40125, errmsg: 'invalid appsecret' }
    expect(await tokens.get()).toEqual(failWith)
    failWith = undefined
    expect(accessOf(await tokens.get()).token).toBe('t1')
  })
})
