import { describe, expect, it } from 'vitest'
import { phone, testCloud } from '../testing/cloud.ts'
import { demoAppid, demoSecret } from './demo.ts'
import { UnknownPhone } from './context.ts'
import type { Served } from './faults.ts'

const other = 'oLeadbellDemoPhone000000002'
const errcodeOf = (served: Served) =>
  served.kind === 'answer' ? (JSON.parse(served.body) as { errcode?: number }).errcode : served.kind
const credentials = { appid: demoAppid, secret: demoSecret, grantType: 'client_credential' }

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

  it('an unknown phone, an unknown template and half a grant are refused', () => {
    const { cloud } = testCloud()
    expect(() => cloud.grant('oNobody', 'A')).toThrow(UnknownPhone)
    expect(() => cloud.grant(phone, 'nope')).toThrow(/nope/)
    expect(() => cloud.grant(phone, 'A', -1)).toThrow(RangeError)
    expect(() => cloud.setQuota(phone, 'A', 0.5)).toThrow(RangeError)
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
    const served = cloud.api.stableToken({ ...credentials, forceRefresh })
    if (served.kind !== 'answer') throw new Error(served.kind)
    return (JSON.parse(served.body) as { access_token: string }).access_token
  }
  const first = stable(false)
  expect(errcodeOf(cloud.api.templates(first))).toBe(0)
  cloud.revokeToken()
  expect(errcodeOf(cloud.api.templates(first))).toBe(40001)
  const second = stable(false)
  expect(second).not.toBe(first)
  expect(errcodeOf(cloud.api.templates(second))).toBe(0)
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
        cloud.api.code2Session({
          ...{ appid: demoAppid, secret: demoSecret, grantType: 'authorization_code' },
          jsCode: cloud.phone.login(openid),
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
  for (let n = 0; n < 2500; n++) cloud.api.templates(undefined)
  cloud.api.templates('guess')
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
