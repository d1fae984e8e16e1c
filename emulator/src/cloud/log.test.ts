import { describe, expect, it } from 'vitest'
import { phone, testCloud } from '../testing/cloud.ts'
import type { CloudOptions } from './options.ts'
import { demoAppid, demoSecret } from './demo.ts'
import { redacted } from './redacted.ts'

const app = { appid: demoAppid, secret: demoSecret }

function world(options: Partial<CloudOptions> = {}) {
  const lines: string[] = []
  const made = testCloud({ onLogLine: (line) => lines.push(line), ...options })
  return { ...made, lines }
}

describe('the record of a call', () => {
  it('has request and answer, without secret, token, session key or code', () => {
    const { cloud, serveSend } = world()
    const js_code = cloud.phone.login(phone)
    const session = cloud.api.call('code2Session', {
      query: { ...app, js_code, grant_type: 'authorization_code' },
    })
    cloud.grant(phone, 'A')
    serveSend('A')
    const [login, token, send] = cloud.calls()
    expect(login).toMatchObject({
      request: { appid: demoAppid, secret: '***', js_code: '***', grant_type: 'authorization_code' },
      answer: { openid: phone, session_key: '***' },
      ...{ openid: phone, errcode: 0, latencyMs: 0, durationMs: 0 },
    })
    expect(token).toMatchObject({ answer: { access_token: '***', expires_in: 7200 } })
    expect(send).toMatchObject({
      request: {
        access_token: '***',
        touser: phone,
        template_id: 'A',
        data: { thing1: { value: '城东物流园' } },
      },
      // above 2^53, so it is text
      answer: { errcode: 0, errmsg: 'ok', msgid: cloud.phone.messages(phone)[0]?.id },
    })
    const kept = JSON.stringify(cloud.calls()) + cloud.log()
    const secrets = [
      demoSecret,
      js_code,
      session.kind === 'answer' ? (JSON.parse(session.body) as object) : {},
    ]
    const key = (secrets[2] as { session_key: string }).session_key
    for (const secret of [demoSecret, js_code, key]) expect(kept).not.toContain(secret)
    expect(kept).not.toMatch(/80_[\w-]{50}/)
  })

  it('says how long it took by WeChat’s clock, of that what was latency, and what broke it', async () => {
    const { cloud, send, serveSend, live } = world({ latencyMs: 200 })
    cloud.addFault({ call: 'subscribe/send', kind: 'slow', ms: 1000, times: 1 })
    serveSend('A')
    expect(cloud.calls().at(-1)).not.toHaveProperty('durationMs')
    await live(1200)
    expect(cloud.calls().at(-1)).toMatchObject({
      latencyMs: 200,
      durationMs: 1200,
      fault: 'slow',
      errcode: 43101,
    })
    for (const kind of ['hang', 'drop'] as const) {
      cloud.addFault({ call: 'subscribe/send', kind, times: 1 })
      serveSend('A')
      expect(cloud.calls().at(-1)).toMatchObject({ fault: kind })
      expect(cloud.calls().at(-1)).not.toHaveProperty('answer')
    }
    expect(() => send('A')).not.toThrow()
  })

  it('is not filled by what somebody sends: long texts, long lists and deep nests are cut', () => {
    let deep: unknown = 'bottom'
    for (let n = 0; n < 20; n++) deep = { deep }
    const kept = JSON.stringify(
      redacted({
        text: 'x'.repeat(10_000),
        list: Array.from({ length: 1000 }, () => 1),
        deep,
        appsecret: 'hush',
      }),
    )
    expect(kept.length).toBeLessThan(600)
    expect(kept).not.toContain('bottom')
    expect(kept).toContain('"appsecret":"***"')
  })
})

describe('the log', () => {
  it('is a line a call: time, call, who, outcome in words, and what broke it', () => {
    const { cloud, send, lines } = world()
    cloud.grant(phone, 'A')
    send('A')
    send('A')
    send('A', { touser: 'oNobody' })
    cloud.addFault({ call: 'subscribe/send', kind: 'drop' })
    expect(() => send('A')).toThrow('drop')
    const [, sent, , refused, , nobody, , dropped] = lines
    expect(sent).toMatch(
      /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d{3} {2}subscribe\/send {2}小陈的手机（oLeadbell\w+） {2}成功，msgid \d{19} {2}0 ms$/,
    )
    expect(refused).toMatch(
      /43101 用户没有可用的订阅次数，或拒收了（user refuse to accept the msg rid: \S+）/,
    )
    expect(nobody).toMatch(/40003 openid 不是这个小程序的用户/)
    expect(dropped).toMatch(/故障：做完断开，没有回答$/)
    expect(cloud.log().trimEnd().split('\n')).toEqual(lines.map((line, n) => `${n + 1}  ${line}`))
  })

  it('a line comes when the call has ended; one that hangs at once', async () => {
    const { cloud, serveSend, live, lines } = world()
    cloud.grant(phone, 'A')
    cloud.setLatency(100)
    serveSend('A')
    expect(lines).toEqual([])
    await live(100)
    expect(lines).toHaveLength(2)
    expect(lines[1]).toMatch(/ 100 ms$/)
    cloud.addFault({ call: 'gettemplate', kind: 'hang' })
    cloud.api.call('gettemplate', {})
    expect(lines[2]).toMatch(/gettemplate {2}没有回答 {2}故障：不回答$/)
  })

  it('can be read on from a number; numbers go on over a reset', () => {
    const { cloud } = world()
    for (let n = 0; n < 3; n++) cloud.api.call('gettemplate', {})
    expect(cloud.log(2)).toMatch(/^3 {2}\S.*41001 缺少 access_token.*\n$/)
    expect(cloud.log(3)).toBe('')
    cloud.reset()
    expect(cloud.log()).toBe('')
    cloud.api.call('gettemplate', {})
    expect(cloud.log()).toMatch(/^4 {2}/)
  })

  it('keeps the newest two thousand lines', () => {
    const { cloud } = world()
    for (let n = 0; n < 4100; n++) cloud.api.call('gettemplate', {})
    const numbers = cloud
      .log()
      .trimEnd()
      .split('\n')
      .map((line) => Number.parseInt(line, 10))
    expect([numbers.length, numbers[0], numbers.at(-1)]).toEqual([2000, 2101, 4100])
  })

  it('a call is one line, whatever a nickname or a path has in it', () => {
    const { cloud, lines, send } = world({ accounts: [{ openid: phone, nickname: '两\n行' }] })
    send('A')
    cloud.api.unknown('GET', '/wxa/a\r\nb')
    for (const line of lines) expect(line).not.toMatch(/[\r\n]/)
    expect(lines.at(-1)).toContain('没有这个接口：/wxa/a  b')
  })
})
