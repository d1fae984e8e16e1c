import { describe, expect, it } from 'vitest'
import { demoAccounts, demoAppid, demoSecret } from './demo.ts'
import type { EmulatorOptions } from '../index.ts'
import { eventually } from '../testing/eventually.ts'
import { testEmulator } from '../testing/emulator.ts'

const openid = demoAccounts[0]?.openid ?? ''
const templateId = 'TPL_CLUE_ASSIGNED_0000000000000000000000001'
const rid = / rid: [0-9a-f]{8}-[0-9a-f]{8}-[0-9a-f]{8}$/
const MINUTE = 60_000

/** A server that calls api.weixin.qq.com; `pass` moves WeChat's clock. */
async function world(options: Partial<EmulatorOptions> = {}) {
  let time = Date.parse('2026-11-23T09:00:00+08:00')
  const emulator = await testEmulator({ now: () => time, ...options })
  const raw = (path: string, init?: RequestInit) => fetch(emulator.url + path, init)
  const call = async (path: string, body?: unknown) => {
    const response = await raw(path, body === undefined ? {} : { method: 'POST', body: JSON.stringify(body) })
    expect(response.status).toBe(200)
    expect(response.headers.get('content-type')).toBe(
      path.startsWith('/sns/') ? 'text/plain' : 'application/json; encoding=utf-8',
    )
    return (await response.json()) as Record<string, unknown>
  }
  const app = { appid: demoAppid, secret: demoSecret }
  const query = (fields: Record<string, string>) => new URLSearchParams(fields).toString()
  const it = {
    ...{ emulator, raw, call, query },
    pass: (ms: number) => void (time += ms),
    code: async () => ((await emulator.post('/__phone/login', { openid })).json as { code: string }).code,
    session: (fields: Record<string, string>) =>
      call(`/sns/jscode2session?${query({ ...app, grant_type: 'authorization_code', ...fields })}`),
    plain: (fields = {}) =>
      call(`/cgi-bin/token?${query({ ...app, grant_type: 'client_credential', ...fields })}`),
    stable: (fields = {}) =>
      call('/cgi-bin/stable_token', { ...app, grant_type: 'client_credential', ...fields }),
    templates: (token: string) => call(`/wxaapi/newtmpl/gettemplate?access_token=${token}`),
    async allow() {
      await emulator.post('/__phone/subscribe/open', { openid, tmplIds: [templateId] })
      const decisions = { [templateId]: 'accept' }
      await emulator.post('/__phone/subscribe/close', { openid, settled: {}, decisions, keep: false })
    },
    message: (more = {}) => ({
      touser: openid,
      template_id: templateId,
      page: 'pages/clue/detail?id=7',
      data: {
        thing1: { value: '城东物流园' },
        time2: { value: '2026-11-23 09:42' },
        phrase3: { value: '待跟进' },
      },
      ...more,
    }),
    async send(more = {}) {
      const { access_token } = await it.stable()
      return call(`/cgi-bin/message/subscribe/send?access_token=${String(access_token)}`, it.message(more))
    },
  }
  return it
}

describe('code2Session', () => {
  it('H31 H32 a fresh code each time; openid and session_key without errcode or unionid', async () => {
    const { code, session } = await world()
    const [first, second] = [await code(), await code()]
    expect(first).not.toBe(second)
    const answer = await session({ js_code: first })
    expect(Object.keys(answer).sort()).toEqual(['openid', 'session_key'])
    expect(answer.openid).toBe(openid)
    expect(Buffer.from(String(answer.session_key), 'base64')).toHaveLength(16)
  })

  it('H32 unionid only when the account has one', async () => {
    const { code, session } = await world({ accounts: [{ openid, nickname: '小陈', unionid: 'u-1' }] })
    expect(await session({ js_code: await code() })).toMatchObject({ openid, unionid: 'u-1' })
  })

  it('H31 H32 a code lives five minutes and is used once: then 40029, 40163', async () => {
    const { code, session, pass } = await world()
    const [used, inTime, late] = [await code(), await code(), await code()]
    await session({ js_code: used })
    expect(await session({ js_code: used })).toMatchObject({ errcode: 40163 })
    pass(5 * MINUTE)
    expect(await session({ js_code: inTime })).toMatchObject({ openid })
    pass(1)
    expect(await session({ js_code: late })).toMatchObject({ errcode: 40029 })
    expect(await session({ js_code: used })).toMatchObject({ errcode: 40029 })
  })

  it.each([
    ['unknown code', { js_code: 'nobody' }, 40029],
    ['code named like an object’s own', { js_code: 'constructor' }, 40029],
    ['no code', { js_code: '' }, 41008],
    ['no appid', { appid: '' }, 41002],
    ['wrong appid', { appid: 'wx0000000000000000' }, 40013],
    ['no secret', { secret: '' }, 41004],
    ['wrong secret', { secret: 'guess' }, 40125],
    ['wrong grant_type', { grant_type: 'client_credential' }, 40002],
  ])('H32 %s: its errcode with a rid, and the code is not burnt', async (_, fields, errcode) => {
    const { code, session } = await world()
    const js_code = await code()
    const answer = await session({ js_code, ...fields })
    expect(answer).toEqual({ errcode, errmsg: expect.stringMatching(rid) as string })
    expect(await session({ js_code })).toMatchObject({ openid })
  })

  it('H32 40226, 45011 and -1 can be injected, for as many calls as asked', async () => {
    const { emulator, code, session } = await world()
    emulator.fault({ call: 'code2Session', kind: 'errcode', errcode: -1, errmsg: 'system error', times: 1 })
    const js_code = await code()
    expect(await session({ js_code })).toEqual({ errcode: -1, errmsg: expect.stringMatching(rid) as string })
    expect(await session({ js_code })).toMatchObject({ openid })
    emulator.fault({ call: 'code2Session', kind: 'errcode', errcode: 40226, errmsg: 'code blocked' })
    for (const _ of [1, 2, 3])
      expect(await session({ js_code: await code() })).toMatchObject({ errcode: 40226 })
  })
})

describe('access tokens', () => {
  it('H34 cgi-bin/token: a new one per call, the one before holds five minutes more', async () => {
    const { plain, templates, pass } = await world()
    const first = await plain()
    expect(first).toEqual({
      access_token: expect.stringMatching(/^\w[\w-]{100,}$/) as string,
      expires_in: 7200,
    })
    const second = await plain()
    expect(second.access_token).not.toBe(first.access_token)
    pass(5 * MINUTE - 1)
    expect(await templates(String(first.access_token))).toMatchObject({ errcode: 0 })
    pass(1)
    expect(await templates(String(first.access_token))).toMatchObject({ errcode: 42001 })
    expect(await templates(String(second.access_token))).toMatchObject({ errcode: 0 })
  })

  it('H34 stable_token: the same one with the remaining time, a new one in its last five minutes', async () => {
    const { stable, templates, pass } = await world()
    const first = await stable()
    pass(100 * MINUTE)
    expect(await stable()).toEqual({ access_token: first.access_token, expires_in: 1200 })
    pass(15 * MINUTE)
    const renewed = await stable()
    expect(renewed).toMatchObject({ expires_in: 7200 })
    expect(renewed.access_token).not.toBe(first.access_token)
    expect(await templates(String(first.access_token))).toMatchObject({ errcode: 0 })
    pass(5 * MINUTE)
    expect(await templates(String(first.access_token))).toMatchObject({ errcode: 42001 })
  })

  it('H34 force_refresh kills the old one: 30 s apart, 20 a day', async () => {
    const { stable, templates, pass } = await world()
    const first = await stable()
    const forced = await stable({ force_refresh: true })
    expect(forced).toMatchObject({ expires_in: 7200 })
    expect(await templates(String(first.access_token))).toMatchObject({ errcode: 40001 })
    expect(await templates(String(forced.access_token))).toMatchObject({ errcode: 0 })
    pass(29_999)
    expect(await stable({ force_refresh: true })).toMatchObject({ errcode: 45011 })
    expect(await stable()).toMatchObject({ access_token: forced.access_token })
    pass(1)
    for (let n = 2; n <= 20; n++) {
      expect(await stable({ force_refresh: true })).toMatchObject({ expires_in: 7200 })
      pass(30_000)
    }
    expect(await stable({ force_refresh: true })).toMatchObject({ errcode: 45009 })
    pass(24 * 60 * MINUTE)
    expect(await stable({ force_refresh: true })).toMatchObject({ expires_in: 7200 })
  })

  it('H34 the two kinds do not touch each other', async () => {
    const { plain, stable, templates } = await world()
    const [one, other] = [await plain(), await stable()]
    await plain()
    await stable({ force_refresh: true })
    expect(await templates(String(one.access_token))).toMatchObject({ errcode: 0 })
    expect(await templates(String(other.access_token))).toMatchObject({ errcode: 40001 })
  })

  it('H35 no, malformed, unknown token: 41001, 40014, 40001, each with a rid', async () => {
    const { templates } = await world()
    const errmsg = expect.stringMatching(rid) as string
    expect(await templates('')).toEqual({ errcode: 41001, errmsg })
    expect(await templates('guess')).toEqual({ errcode: 40014, errmsg })
    expect(await templates(`80_${'x'.repeat(132)}`)).toEqual({ errcode: 40001, errmsg })
  })

  it.each([
    ['wrong appid', { appid: 'wx0000000000000000' }, 40013],
    ['no appid', { appid: '' }, 41002],
    ['wrong secret', { secret: 'guess' }, 40125],
    ['no secret', { secret: '' }, 41004],
    ['wrong grant_type', { grant_type: 'password' }, 40002],
  ])('H35 %s: neither kind of token', async (_, fields, errcode) => {
    const { plain, stable } = await world()
    expect(await plain(fields)).toMatchObject({ errcode })
    expect(await stable(fields)).toMatchObject({ errcode })
  })

  it('H35 ipWhitelist: who calls from elsewhere gets no token', async () => {
    const foreign = await world({ ipWhitelist: ['10.0.0.1'] })
    const errmsg = expect.stringMatching(/^invalid ip 127\.0\.0\.1 /) as string
    expect(await foreign.plain()).toEqual({ errcode: 40164, errmsg })
    expect(await foreign.stable()).toEqual({ errcode: 40164, errmsg })
    expect(await (await world({ ipWhitelist: ['127.0.0.1'] })).plain()).toHaveProperty('access_token')
  })

  it('a path by the wrong method: 43001 or 43002, as WeChat says it', async () => {
    const { call } = await world()
    expect(await call('/sns/jscode2session', {})).toMatchObject({ errcode: 43001 })
    expect(await call('/cgi-bin/stable_token')).toMatchObject({ errcode: 43002 })
  })

  it('a path that is not played: 40066, a hint that names what there is, and a line in the log', async () => {
    const problems: string[] = []
    const { emulator, call } = await world({ onProblem: (line) => problems.push(line) })
    await call('/wxa/getwxacodeunlimit', {})
    expect(problems).toEqual([expect.stringContaining('POST /wxa/getwxacodeunlimit')])
    const answer = await call('/wxa/getwxacodeunlimit?access_token=secret-token', { scene: 'a' })
    expect(answer).toMatchObject({
      errcode: 40066,
      errmsg: expect.stringMatching(/^invalid url rid: /) as string,
    })
    expect(answer.hint).toContain('POST /cgi-bin/message/subscribe/send')
    expect(emulator.calls()).toMatchObject([
      { call: 'unknown' },
      { call: 'unknown', errcode: 40066, request: { method: 'POST', path: '/wxa/getwxacodeunlimit' } },
    ])
    expect(emulator.log()).toMatch(/unknown {2}没有这个接口：\/wxa\/getwxacodeunlimit.*模拟器只有 GET \/sns/)
    expect(emulator.log()).not.toContain('secret-token')
    // the terminal hears of it once
    expect(problems).toHaveLength(1)
  })

  it('addtemplate and deltemplate take a form as well as JSON, lists as all clients write them', async () => {
    const { emulator, stable, raw } = await world()
    const { access_token } = await stable()
    const form = async (name: string, body: string) => {
      const headers = { 'content-type': 'application/x-www-form-urlencoded' }
      const path = `/wxaapi/newtmpl/${name}?access_token=${String(access_token)}`
      return (await (await raw(path, { method: 'POST', headers, body })).json()) as Record<string, unknown>
    }
    const added = await form('addtemplate', 'tid=9101&kidList=1&kidList=2&sceneDesc=%E5%88%86%E9%85%8D')
    expect(added).toMatchObject({ errcode: 0 })
    expect(await form('addtemplate', 'tid=9102&kidList[0]=1&kidList[1]=2')).toMatchObject({ errcode: 0 })
    expect(await form('addtemplate', 'tid=9103&kidList[]=1&kidList[]=2')).toMatchObject({ errcode: 0 })
    expect(await form('addtemplate', 'tid=9101&kidList=1')).toMatchObject({ errcode: 200020 })
    expect(emulator.cloud.templates()).toHaveLength(4)
    expect(await form('deltemplate', `priTmplId=${String(added.priTmplId)}`)).toMatchObject({ errcode: 0 })
    expect(emulator.cloud.templates()).toHaveLength(3)
  })

  it('a body that is no JSON object: 47001, whatever the call', async () => {
    const { raw } = await world()
    for (const path of ['/cgi-bin/stable_token', '/cgi-bin/message/subscribe/send?access_token=x']) {
      const response = await raw(path, { method: 'POST', body: '{"data":' })
      expect([response.status, await response.json()]).toMatchObject([200, { errcode: 47001 }])
    }
  })
})

describe('subscribeMessage.send', () => {
  it('H36 with a grant: errcode 0, an unquoted msgid above 2^53, one grant less, a card on the phone', async () => {
    const { emulator, allow, stable, raw, message } = await world()
    await allow()
    await allow()
    const { access_token } = await stable()
    const path = `/cgi-bin/message/subscribe/send?access_token=${String(access_token)}`
    const body = await (await raw(path, { method: 'POST', body: JSON.stringify(message()) })).text()
    const msgid = /^\{"errcode":0,"errmsg":"ok","msgid":(\d+)\}$/.exec(body)?.[1]
    expect(BigInt(msgid ?? 0)).toBeGreaterThan(2n ** 53n)
    expect(emulator.quota()).toEqual({ [templateId]: 1 })
    const { json } = await emulator.post('/__phone/messages', { openid })
    expect(json).toEqual([
      {
        id: msgid,
        templateId,
        title: '新线索提醒',
        page: 'pages/clue/detail?id=7',
        lines: [
          { label: '线索名称', value: '城东物流园' },
          { label: '分配时间', value: '2026-11-23 09:42' },
          { label: '线索状态', value: '待跟进' },
        ],
        at: Date.parse('2026-11-23T09:00:00+08:00'),
        read: false,
      },
    ])
  })

  it('H37 without a grant, after 拒收, with the main switch off: 43101, and nothing is spent', async () => {
    const { emulator, allow, send } = await world()
    const refused = {
      errcode: 43101,
      errmsg: expect.stringMatching(/^user refuse to accept the msg rid: /) as string,
    }
    expect(await send()).toEqual(refused)
    await allow()
    emulator.setMainSwitch(false)
    expect(await send()).toEqual(refused)
    emulator.setMainSwitch(true)
    emulator.cloud.phone.refuse(openid, templateId)
    expect(await send()).toEqual(refused)
    expect(emulator.quota()).toEqual({ [templateId]: 1 })
    await emulator.post('/__phone/settings/write', { openid, items: { [templateId]: 'accept' } })
    expect(await send()).toMatchObject({ errcode: 0 })
    expect(await send()).toEqual(refused)
  })

  const good = { thing1: { value: 'a' }, time2: { value: '9:42' }, phrase3: { value: '待' } }
  it.each([
    ['too long', { ...good, thing1: { value: '一'.repeat(21) } }, 'data.thing1.value invalid'],
    ['empty', { ...good, phrase3: { value: '' } }, 'data.phrase3.value is empty'],
    ['of the wrong type', { ...good, time2: { value: '明天' } }, 'data.time2.value invalid'],
    ['missing', { thing1: { value: 'a' }, phrase3: { value: '待' } }, 'data.time2.value is empty'],
    ['without .value', { ...good, thing1: 'a' }, 'data.thing1.value is empty'],
    ['sent as text', JSON.stringify(good), 'data.thing1.value is empty'],
    ['not there', undefined, 'data.thing1.value is empty'],
  ])('H38 data %s: 47003 names the key, and no grant is spent', async (_, data, problem) => {
    const { emulator, allow, send } = await world()
    await allow()
    const answer = await send({ data })
    expect(answer.errcode).toBe(47003)
    expect(String(answer.errmsg).replace(rid, '')).toBe(`argument invalid! ${problem}`)
    expect(emulator.quota()).toEqual({ [templateId]: 1 })
  })

  it.each([
    ['an unknown openid', { touser: 'oNobody' }, 40003],
    ['no openid', { touser: undefined }, 40003],
    ['an unknown template', { template_id: 'nope' }, 40037],
    ['an unknown page', { page: 'pages/nowhere/nowhere?id=1' }, 41030],
    ['a page with a leading slash', { page: '/pages/clue/detail' }, 41030],
  ])('H38 H39 %s: its errcode, and no grant is spent', async (_, more, errcode) => {
    const { emulator, allow, send } = await world()
    await allow()
    expect(await send(more)).toEqual({ errcode, errmsg: expect.stringMatching(rid) as string })
    expect(emulator.quota()).toEqual({ [templateId]: 1 })
  })

  it('H38 a leading slash is taken when the profile says so; without a page the card opens nothing', async () => {
    const { emulator, allow, send } = await world({ profile: { leadingSlash: 'accepted' } })
    await allow()
    await allow()
    expect(await send({ page: '/pages/clue/detail?id=1' })).toMatchObject({ errcode: 0 })
    expect(await send({ page: '' })).toMatchObject({ errcode: 0 })
    const { json } = await emulator.post('/__phone/messages', { openid })
    expect((json as { page?: string }[]).map((card) => card.page)).toEqual([
      'pages/clue/detail?id=1',
      undefined,
    ])
  })

  it('H38 a sensitive word: 45168', async () => {
    const { allow, send } = await world({ profile: { sensitiveWords: ['物流园'] } })
    await allow()
    expect(await send()).toMatchObject({ errcode: 45168 })
  })

  it('H39 an injected errcode spends nothing and delivers nothing', async () => {
    const { emulator, allow, send } = await world()
    await allow()
    emulator.fault({ call: 'subscribe/send', kind: 'errcode', errcode: 43108, errmsg: 'busy', times: 1 })
    expect(await send()).toMatchObject({ errcode: 43108 })
    expect(emulator.quota()).toEqual({ [templateId]: 1 })
    expect((await emulator.post('/__phone/messages', { openid })).json).toEqual([])
  })

  it('H40 drop: the caller gets no answer, yet the message is delivered and the grant is spent', async () => {
    const { emulator, allow, send } = await world()
    await allow()
    await emulator.post('/__desk/faults', { call: 'subscribe/send', kind: 'drop', times: 1 })
    await expect(send()).rejects.toThrow('fetch failed')
    expect(emulator.quota()).toEqual({ [templateId]: 0 })
    expect((await emulator.post('/__phone/messages', { openid })).json).toHaveLength(1)
    expect(emulator.calls().at(-1)).toMatchObject({
      call: 'subscribe/send',
      openid,
      errcode: 0,
      fault: 'drop',
    })
    expect(await send()).toMatchObject({ errcode: 43101 })
  })

  it('hang: never answered and never done, also after the fault is cleared', async () => {
    const { emulator, raw, stable, message, allow } = await world()
    await allow()
    const { access_token } = await stable()
    emulator.fault({ call: 'subscribe/send', kind: 'hang' })
    const giveUp = new AbortController()
    let settled = false
    const sending = raw(`/cgi-bin/message/subscribe/send?access_token=${String(access_token)}`, {
      method: 'POST',
      body: JSON.stringify(message()),
      signal: giveUp.signal,
    }).finally(() => (settled = true))
    sending.catch(() => undefined)
    await eventually(() => emulator.calls().at(-1)?.fault).toBe('hang')
    emulator.clearFaults()
    // others are served meanwhile
    for (let n = 0; n < 3; n++) await stable()
    expect(settled).toBe(false)
    expect(emulator.quota()).toEqual({ [templateId]: 1 })
    giveUp.abort()
    await expect(sending).rejects.toThrow()
  })
})

describe('what is known about the calls', () => {
  it('H41 gettemplate tells the templates and nothing of anybody’s grants', async () => {
    const { allow, stable, templates } = await world()
    await allow()
    const { access_token } = await stable()
    expect(await templates(String(access_token))).toEqual({
      errcode: 0,
      errmsg: 'ok',
      data: [
        {
          priTmplId: templateId,
          title: '新线索提醒',
          content: '线索名称:{{thing1.DATA}}\n分配时间:{{time2.DATA}}\n线索状态:{{phrase3.DATA}}\n',
          example: expect.any(String) as string,
          type: 2,
        },
      ],
    })
  })

  it('the record has every call with its errcode, and neither secret nor token', async () => {
    const { emulator, session, plain, send, stable } = await world()
    await session({ js_code: 'nobody' })
    await plain()
    await send()
    expect(emulator.calls().map(({ call, errcode }) => [call, errcode])).toEqual([
      ['code2Session', 40029],
      ['token', 0],
      ['stable_token', 0],
      ['subscribe/send', 43101],
    ])
    const { access_token } = await stable()
    const record = JSON.stringify(emulator.calls())
    expect(record).not.toContain(demoSecret)
    expect(record).not.toContain(String(access_token))
  })
})
