import { describe, expect, it } from 'vitest'
import { cloudCalls } from '../protocol.ts'
import { fakeBackend, plainTarget } from '../testing/backend.ts'
import { manualClock } from '../testing/clock.ts'
import { phone, testCloud } from '../testing/cloud.ts'
import { movableClock } from './clock.ts'
import { PhoneCallBroken, type Cloud } from './cloud.ts'
import { demoAppid, demoSecret } from './demo.ts'
import { UnknownPhone } from './context.ts'
import type { Served } from './faults.ts'

const other = 'oLeadbellDemoPhone000000002'
const errcodeOf = (served: Served) =>
  served.kind === 'answer' ? (JSON.parse(served.body) as { errcode?: number }).errcode : served.kind
const credentials = { appid: demoAppid, secret: demoSecret, grant_type: 'client_credential' }
const templates = (cloud: Cloud, access_token?: string) =>
  cloud.api.call('gettemplate', { query: access_token === undefined ? {} : { access_token } })

describe('grants without a phone', () => {
  it('grant adds, setQuota sets, and a send spends them', () => {
    const { cloud, send } = testCloud()
    cloud.grant(phone, 'A')
    cloud.grant(phone, 'A', 4)
    expect(cloud.quota(phone)).toEqual({ A: 5 })
    cloud.setQuota(phone, 'A', 1)
    expect([send('A'), send('A')]).toEqual([0, 43101])
    expect(cloud.quota(phone)).toEqual({ A: 0 })
  })

  it('changeQuota counts from what is held, and never below none', () => {
    const { cloud } = testCloud()
    cloud.changeQuota(phone, 'A', 2)
    cloud.changeQuota(phone, 'A', -1)
    expect(cloud.quota(phone)).toEqual({ A: 1 })
    cloud.changeQuota(phone, 'A', -5)
    expect(cloud.quota(phone)).toEqual({ A: 0 })
  })

  it('an unknown phone, an unknown template and half a grant are refused', () => {
    const { cloud } = testCloud()
    expect(() => cloud.grant('oNobody', 'A')).toThrow(UnknownPhone)
    expect(() => cloud.grant(phone, 'nope')).toThrow(/nope/)
    expect(() => cloud.grant(phone, 'A', -1)).toThrow(RangeError)
    expect(() => cloud.setQuota(phone, 'A', 0.5)).toThrow(RangeError)
    expect(() => cloud.changeQuota(phone, 'A', 0.5)).toThrow(RangeError)
    expect(() => cloud.changeQuota('oNobody', 'A', 1)).toThrow(UnknownPhone)
    expect(cloud.quota(phone)).toEqual({})
  })
})

describe('the ledger', () => {
  it('has every accepted send, more than a phone keeps cards; reset empties it', () => {
    const { cloud, send } = testCloud({ keepSends: true })
    cloud.grant(phone, 'A', 300)
    for (let n = 0; n < 300; n++) send('A')
    send('A')
    expect(cloud.phone.messages(phone)).toHaveLength(200)
    const ledger = cloud.ledger()
    expect(ledger).toHaveLength(300)
    expect(new Set(ledger.map(({ msgid }) => msgid)).size).toBe(300)
    expect(ledger[0]).toEqual({
      openid: phone,
      templateId: 'A',
      msgid: expect.stringMatching(/^\d{19}$/) as string,
      page: 'pages/clue/detail?id=1',
      data: { thing1: '城东物流园', time2: '2026-11-23 09:42' },
      at: Date.parse('2026-11-23T09:00:00+08:00'),
      arrived: true,
    })
    cloud.reset()
    expect(cloud.ledger()).toEqual([])
  })

  it('is not kept unless asked for', () => {
    const { cloud } = testCloud()
    expect(cloud.keepsSends).toBe(false)
    expect(() => cloud.ledger()).toThrow(/keepSends/)
  })
})

it('revokeToken: the present stable token is 40001, the next one asked for is another', () => {
  const { cloud } = testCloud()
  const stable = (forceRefresh: boolean) => {
    const served = cloud.api.call('stable_token', {
      body: { ...credentials, force_refresh: forceRefresh },
    })
    if (served.kind !== 'answer') throw new Error(served.kind)
    return (JSON.parse(served.body) as { access_token: string }).access_token
  }
  const first = stable(false)
  expect(errcodeOf(templates(cloud, first))).toBe(0)
  cloud.revokeToken()
  expect(errcodeOf(templates(cloud, first))).toBe(40001)
  const second = stable(false)
  expect(second).not.toBe(first)
  expect(errcodeOf(templates(cloud, second))).toBe(0)
  // it was another party's, and counts towards nobody's thirty seconds
  expect(stable(true)).not.toBe(second)
})

describe('faults for some', () => {
  it('one openid: others are served; without the openid in the call it does not fire', () => {
    const { cloud, serveSend } = testCloud()
    cloud.addFault({ call: 'subscribe/send', kind: 'errcode', errcode: 45168, errmsg: 'x', openid: other })
    expect(errcodeOf(serveSend('A'))).toBe(43101)
    expect(errcodeOf(serveSend('A', { touser: other }))).toBe(45168)
    expect(errcodeOf(serveSend('A', { touser: 7 }))).toBe(40003)
  })

  it('a login code belongs to its openid', () => {
    const { cloud } = testCloud()
    cloud.addFault({ call: 'code2Session', kind: 'errcode', errcode: 40226, errmsg: 'x', openid: other })
    const session = (openid: string) =>
      errcodeOf(
        cloud.api.call('code2Session', {
          query: {
            ...{ appid: demoAppid, secret: demoSecret, grant_type: 'authorization_code' },
            js_code: cloud.phone.login(openid),
          },
        }),
      )
    expect([session(phone), session(other)]).toEqual([undefined, 40226])
  })

  it('a probability is drawn at each call, and only a call it hits uses up a time', () => {
    const draws = [0.3, 0.2999, 0.1, 0.9]
    const { cloud, serveSend } = testCloud({ random: () => draws.shift() ?? 1 })
    // the token's own call has no fault to draw for
    cloud.addFault({ call: 'subscribe/send', kind: 'drop', probability: 0.3, times: 2 })
    const seen = Array.from({ length: 4 }, () => errcodeOf(serveSend('A')))
    expect(seen).toEqual([43101, 'drop', 'drop', 43101])
    expect(draws).toEqual([0.9])
  })

  it('the first fault that fires is the one that holds', () => {
    const { cloud, serveSend } = testCloud({ random: () => 0.5 })
    cloud.addFault({ call: 'subscribe/send', kind: 'drop', probability: 0.4 })
    cloud.addFault({ call: 'subscribe/send', kind: 'errcode', errcode: -1, errmsg: 'x', times: 1 })
    expect([errcodeOf(serveSend('A')), errcodeOf(serveSend('A'))]).toEqual([-1, 43101])
  })
})

describe('the list of faults', () => {
  it('has each with its id, how often it fired and how often it still will; a used up one is gone', () => {
    const { cloud, serveSend } = testCloud()
    const drop = { call: 'subscribe/send', kind: 'drop', times: 2 } as const
    const { id } = cloud.addFault(drop)
    cloud.addFault({ phone: 'login', openid: other })
    cloud.addPushFault({ kind: 'lose' })
    expect(cloud.faults()).toEqual([
      { id, fault: drop, fired: 0, left: 2 },
      { id: expect.any(String) as string, fault: { phone: 'login', openid: other }, fired: 0, left: null },
      { id: expect.any(String) as string, fault: { kind: 'lose' }, fired: 0, left: null },
    ])
    serveSend('A')
    expect(cloud.faults()[0]).toEqual({ id, fault: drop, fired: 1, left: 1 })
    serveSend('A')
    expect(cloud.faults().map((entry) => entry.fault)).not.toContainEqual(drop)
    expect(new Set(cloud.faults().map((entry) => entry.id)).size).toBe(2)
  })

  it('one can be taken away, and no other goes with it', () => {
    const { cloud, serveSend } = testCloud()
    const { id } = cloud.addFault({ call: 'subscribe/send', kind: 'errcode', errcode: 1, errmsg: 'x' })
    cloud.addFault({ call: 'subscribe/send', kind: 'errcode', errcode: 2, errmsg: 'x' })
    expect([cloud.removeFault(id), cloud.removeFault(id), cloud.removeFault('nope')]).toEqual([
      true,
      false,
      false,
    ])
    expect(errcodeOf(serveSend('A'))).toBe(2)
    cloud.clearFaults()
    expect(cloud.faults()).toEqual([])
  })

  it('* breaks every call', () => {
    const { cloud } = testCloud()
    cloud.addFault({ call: '*', kind: 'errcode', errcode: -1, errmsg: 'system error' })
    for (const call of cloudCalls) expect(errcodeOf(cloud.api.call(call, {}))).toBe(-1)
  })
})

describe('a phone’s calls that a fault breaks', () => {
  const failureOf = (call: () => unknown) => {
    try {
      return call()
    } catch (error) {
      return error instanceof PhoneCallBroken ? error.failure : error
    }
  }

  it('login and settings/read fail in the words of their wx API, for one phone, as often as asked', () => {
    const { cloud } = testCloud()
    cloud.addFault({ phone: 'login', openid: phone, times: 1 })
    cloud.addFault({ phone: 'settings/read', errCode: 7, errMsg: 'oops' })
    expect(cloud.phone.login(other)).toMatch(/^0/)
    expect(failureOf(() => cloud.phone.login(phone))).toEqual({
      errMsg: 'login:fail network error',
      errno: 108,
    })
    expect(cloud.phone.login(phone)).toMatch(/^0/)
    expect(failureOf(() => cloud.phone.readSettings(phone))).toEqual({
      errMsg: 'getSetting:fail oops',
      errCode: 7,
    })
    expect(failureOf(() => cloud.phone.login('oNobody'))).toBeInstanceOf(UnknownPhone)
  })

  it('a login that failed has not replaced the session key', () => {
    const { cloud } = testCloud()
    cloud.phone.login(phone)
    const before = cloud.save()
    cloud.addFault({ phone: 'login' })
    failureOf(() => cloud.phone.login(phone))
    expect(cloud.save()).toEqual(before)
  })
})

describe('WeChat’s clock', () => {
  it('put forward, codes and tokens are over, and it says how far it is ahead', () => {
    const { cloud } = testCloud()
    const { now } = cloud.clock()
    const js_code = cloud.phone.login(phone)
    const served = cloud.api.call('stable_token', { body: credentials })
    const token =
      served.kind === 'answer' ? (JSON.parse(served.body) as { access_token: string }).access_token : ''
    expect(cloud.advance(5 * 60_000 + 1)).toEqual({ now: now + 300_001, aheadMs: 300_001 })
    const { appid, secret } = credentials
    const query = { appid, secret, js_code, grant_type: 'authorization_code' }
    expect(errcodeOf(cloud.api.call('code2Session', { query }))).toBe(40029)
    expect(errcodeOf(templates(cloud, token))).toBe(0)
    expect(cloud.advance(2 * 3600_000).aheadMs).toBe(300_001 + 7200_000)
    expect(errcodeOf(templates(cloud, token))).toBe(42001)
  })

  it('goes forward only', () => {
    const { cloud } = testCloud()
    for (const ms of [-1, Number.NaN, Number.POSITIVE_INFINITY])
      expect(() => cloud.advance(ms)).toThrow(/往前/)
    expect(cloud.clock().aheadMs).toBe(0)
  })

  it('an answer that was to come later comes at once when the clock is put past it', async () => {
    const { cloud, serveSend, live } = testCloud({ latencyMs: 60_000 })
    const served = serveSend('A')
    let isReady = false
    if (served.kind === 'answer') void served.ready?.then(() => (isReady = true))
    cloud.advance(59_999)
    await live(0)
    expect(isReady).toBe(false)
    cloud.advance(1)
    await live(0)
    expect(isReady).toBe(true)
  })

  it('what waits runs in the order in which it was due, once, and what was called off never', async () => {
    const machine = manualClock(0)
    const clock = movableClock(machine)
    const ran: string[] = []
    clock.timers.after(3000, () => ran.push('late'))
    clock.timers.after(1000, () => ran.push('early'))
    clock.timers.after(2000, () => ran.push('never'))()
    clock.timers.after(9000, () => ran.push('far'))
    clock.timers.after(2500, () => ran.push('between'))
    clock.setAhead(5000)
    await machine.live(0)
    expect(ran).toEqual(['early', 'between', 'late'])
    await machine.live(3999)
    expect(ran).toHaveLength(3)
    await machine.live(1)
    expect(ran.at(-1)).toBe('far')
  })
})

describe('phones that come later', () => {
  it('one more signs in while it runs: it has its own settings, hears of updates, and can be sent to', () => {
    const { cloud, send } = testCloud()
    const added = cloud.addAccount({ nickname: '小周', unionid: 'u-1', platform: 'android' })
    expect(added).toMatchObject({ nickname: '小周', platform: 'android', network: 'wifi' })
    expect(added.openid).toMatch(/^o[\w-]{27}$/)
    expect(cloud.phone.all()).toHaveLength(3)
    const heard: unknown[] = []
    cloud.phone.listen(added.openid, (event) => heard.push(event.kind))
    cloud.publishUpdate()
    cloud.grant(added.openid, 'A')
    expect(send('A', { touser: added.openid })).toBe(0)
    expect(heard).toEqual(['update', 'message'])
    cloud.reset()
    expect(cloud.phone.all()).toHaveLength(2)
  })

  it('an openid is one person’s', () => {
    const { cloud } = testCloud()
    expect(cloud.addAccount({ nickname: '小周', openid: 'oMyOwnOpenid' }).openid).toBe('oMyOwnOpenid')
    for (const openid of ['oMyOwnOpenid', phone])
      expect(() => cloud.addAccount({ nickname: '又一个', openid })).toThrow(openid)
    expect(cloud.phone.all()).toHaveLength(3)
  })
})

describe('the switches', () => {
  it('are turned while it runs, a bad one is refused by name and nothing changes', () => {
    const { cloud } = testCloud()
    expect(cloud.changeProfile({ maxTemplates: 3 })).toMatchObject({ maxTemplates: 3, banned: false })
    expect(cloud.phone.openPanel(phone, ['A', 'B', 'C', 'D'])).toMatchObject({ failure: { errCode: 20003 } })
    const bad: [string, object][] = [
      ['maxTemplates', { banned: true, maxTemplates: 4 }],
      ['grantCeiling', { grantCeiling: -1 }],
      ['refusedSends', { refusedSends: 'yes' }],
      ['sessionKey', { sessionKey: 'never' }],
      ['sessionLifeMs', { sessionLifeMs: 0.5 }],
      ['dailyQuota', { dailyQuota: { nope: 1 } }],
      ['speed', { speed: 1 }],
    ]
    for (const [word, change] of bad) expect(() => cloud.changeProfile(change)).toThrow(word)
    expect(cloud.profile()).toMatchObject({ maxTemplates: 3, banned: false })
  })

  it('H44 what CreateTime is can be changed under way', async () => {
    const { calls, transport } = fakeBackend()
    const { cloud, live } = testCloud({ pushTransport: transport })
    await cloud.setPush(plainTarget)
    cloud.phone.refuse(phone, 'A')
    cloud.changeProfile({ createTime: 'string' })
    cloud.phone.refuse(phone, 'A')
    await live(0)
    const types = calls.map(
      ({ body = '' }) => typeof (JSON.parse(body) as { CreateTime: unknown }).CreateTime,
    )
    expect(types).toEqual(['string', 'string'])
    cloud.changeProfile({ createTime: 'number' })
    cloud.phone.refuse(phone, 'A')
    await live(0)
    expect(typeof (JSON.parse(calls[2]?.body ?? '') as { CreateTime: unknown }).CreateTime).toBe('number')
  })
})

describe('time to answer', () => {
  const isReady = (served: Served) => {
    let ready = served.kind !== 'hang' && served.ready === undefined
    if (served.kind !== 'hang') void served.ready?.then(() => (ready = true))
    return () => ready
  }

  it('the deed is done at once, the answer comes after the latency', async () => {
    const { cloud, serveSend, live } = testCloud({ latencyMs: 300 })
    cloud.grant(phone, 'A')
    const ready = isReady(serveSend('A'))
    expect(cloud.quota(phone)).toEqual({ A: 0 })
    await live(299)
    expect(ready()).toBe(false)
    await live(1)
    expect(ready()).toBe(true)
  })

  it('a range is drawn from, a function asked, and it can be changed; a slow call comes on top', async () => {
    const { cloud, serveSend, live } = testCloud({ latencyMs: [100, 200], random: () => 0.5 })
    cloud.addFault({ call: 'subscribe/send', kind: 'slow', ms: 1000, times: 1 })
    const slow = isReady(serveSend('A'))
    const usual = isReady(serveSend('A'))
    cloud.setLatency(() => 7)
    const quick = isReady(serveSend('A'))
    await live(7)
    expect([quick(), usual(), slow()]).toEqual([true, false, false])
    await live(143)
    expect([usual(), slow()]).toEqual([true, false])
    await live(1000)
    expect(slow()).toBe(true)
  })

  it('a latency has a name too, and is told with what the names mean', async () => {
    const { cloud, serveSend, live } = testCloud({ latencyMs: 'typical', random: () => 0.5 })
    expect(cloud.latency()).toMatchObject({ profile: 'typical', ms: [60, 180], profiles: { none: 0 } })
    const ready = isReady(serveSend('A'))
    await live(119)
    expect(ready()).toBe(false)
    await live(1)
    expect(ready()).toBe(true)
    cloud.setLatency([5, 9])
    expect(cloud.latency()).toMatchObject({ ms: [5, 9] })
    expect(cloud.latency()).not.toHaveProperty('profile')
    cloud.setLatency(() => 3)
    expect(cloud.latency()).not.toHaveProperty('ms')
  })

  it('H38 a send while another to the same openid is in flight is 43108 where the profile says so', async () => {
    const { cloud, send, live } = testCloud({ latencyMs: 100, profile: { concurrentSends: 'refused' } })
    cloud.grant(phone, 'A', 5)
    cloud.grant(other, 'A', 5)
    expect([send('A'), send('A'), send('A', { touser: other })]).toEqual([0, 43108, 0])
    await live(99)
    expect(send('A')).toBe(43108)
    await live(1)
    // what was refused was never in flight
    expect(send('A')).toBe(0)
    expect(cloud.quota(phone)).toEqual({ A: 3 })
  })

  it('H38 without that profile, or without latency, both are taken', () => {
    const allowed = testCloud({ latencyMs: 100 })
    allowed.cloud.grant(phone, 'A', 2)
    expect([allowed.send('A'), allowed.send('A')]).toEqual([0, 0])
    const instant = testCloud({ profile: { concurrentSends: 'refused' } })
    instant.cloud.grant(phone, 'A', 2)
    expect([instant.send('A'), instant.send('A')]).toEqual([0, 0])
  })
})

it('the record keeps the newest thousand calls', () => {
  const { cloud } = testCloud()
  for (let n = 0; n < 2500; n++) templates(cloud)
  templates(cloud, 'guess')
  expect(cloud.calls()).toHaveLength(1000)
  expect(cloud.calls().at(-1)?.errcode).toBe(40014)
})

it('more panels than phones keep for one wait for as many phones as there are', () => {
  const accounts = Array.from({ length: 200 }, (_, n) => ({ openid: `oMany${n}`, nickname: '' }))
  const { cloud } = testCloud({ accounts })
  for (const { openid } of accounts) cloud.phone.openPanel(openid, ['A'])
  for (const { openid } of accounts)
    expect(
      cloud.phone.closePanel({ openid, settled: {}, decisions: { A: 'accept' }, keep: false }),
    ).toMatchObject({ kind: 'ok' })
})
