import { createHmac } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { phone, template, testCloud } from '../testing/cloud.ts'
import { cloudCalls, type CloudCall } from '../protocol.ts'
import { apiCalls } from './api-calls.ts'
import type { Cloud } from './cloud.ts'
import { demoAppid, demoSecret } from './demo.ts'
import type { CloudOptions } from './options.ts'

const rid = / rid: [0-9a-f]{8}-[0-9a-f]{8}-[0-9a-f]{8}$/
const DAY = 24 * 3600_000

type Answer = Record<string, unknown> & { errcode?: number }

function answerOf(cloud: Cloud, call: CloudCall, query = {}, body?: Record<string, unknown>): Answer {
  const served = cloud.api.call(call, { query, ...(body && { body }) })
  if (served.kind !== 'answer') throw new Error(served.kind)
  return JSON.parse(served.body) as Answer
}

/** A WeChat whose calls carry a good token by themselves. */
function world(options: Partial<CloudOptions> = {}) {
  const made = testCloud(options)
  const { cloud } = made
  const app = { appid: demoAppid, secret: demoSecret }
  const token = () =>
    String(answerOf(cloud, 'stable_token', {}, { ...app, grant_type: 'client_credential' }).access_token)
  const ask = (call: CloudCall, query: Record<string, string> = {}, body?: Record<string, unknown>) =>
    answerOf(cloud, call, { access_token: token(), ...query }, body)
  const session = (js_code = cloud.phone.login(phone)) =>
    String(answerOf(cloud, 'code2Session', { ...app, js_code, grant_type: 'authorization_code' }).session_key)
  const signed = (key: string, more = {}) => ({
    ...{ openid: phone, sig_method: 'hmac_sha256' },
    signature: createHmac('sha256', key).update('').digest('hex'),
    ...more,
  })
  const check = (key: string, more = {}) => ask('checksession', signed(key, more)).errcode
  return { ...made, app, token, ask, session, signed, check }
}

describe('every call', () => {
  const byToken = cloudCalls.filter((call) => apiCalls[call].by === 'token')

  it.each(byToken)(
    'H35 %s without a good access_token: 41001, 40014, 40001, 42001, each with a rid',
    (call) => {
      const { cloud, token, pass } = world()
      const errmsg = expect.stringMatching(rid) as string
      const ask = (query: object) => answerOf(cloud, call, query, {})
      expect(ask({})).toEqual({ errcode: 41001, errmsg })
      expect(ask({ access_token: 'guess' })).toEqual({ errcode: 40014, errmsg })
      expect(ask({ access_token: `80_${'x'.repeat(132)}` })).toEqual({ errcode: 40001, errmsg })
      const access_token = token()
      pass(2 * 3600_000)
      expect(ask({ access_token })).toEqual({ errcode: 42001, errmsg })
    },
  )

  it.each(cloudCalls)('H32 H35 %s: -1 and 45011 can be injected, for as often as asked', (call) => {
    const { cloud, ask } = world()
    const errmsg = expect.stringMatching(rid) as string
    cloud.addFault({ call, kind: 'errcode', errcode: -1, errmsg: 'system error', times: 1 })
    cloud.addFault({ call, kind: 'errcode', errcode: 45011, errmsg: 'api minute-quota', times: 1 })
    const asked = () => answerOf(cloud, call, {}, {})
    expect(asked()).toEqual({ errcode: -1, errmsg })
    expect(asked()).toEqual({ errcode: 45011, errmsg })
    expect(asked().errcode).not.toBe(45011)
    expect(ask('getcallbackip')).toMatchObject({ errcode: 0 })
  })

  it('H35 45009 once the calls of a day are used up, until midnight in China', () => {
    const { cloud, ask, pass } = world({ profile: { dailyQuota: { getcategory: 2 } } })
    const codes = () => [ask('getcategory').errcode, ask('getcategory').errcode]
    expect([codes(), codes()]).toEqual([
      [0, 0],
      [45009, 45009],
    ])
    // another call has its own count, and a call without a token none
    expect(ask('getcallbackip').errcode).toBe(0)
    cloud.changeProfile({ dailyQuota: { getcategory: 3 } })
    expect(codes()).toEqual([0, 45009])
    pass(15 * 3600_000 - 1)
    expect(ask('getcategory').errcode).toBe(45009)
    pass(1)
    expect(ask('getcategory').errcode).toBe(0)
  })

  it('the counts of a day can be read, and cleared ten times a month', () => {
    const { ask } = world({ profile: { dailyQuota: { getcategory: 1 } } })
    const cgi_path = '/wxaapi/newtmpl/getcategory'
    const clear = () => ask('clear_quota', {}, { appid: demoAppid }).errcode
    ask('getcategory')
    expect(ask('quota/get', {}, { cgi_path })).toEqual({
      ...{ errcode: 0, errmsg: 'ok' },
      quota: { daily_limit: 1, used: 1, remain: 0 },
    })
    expect(ask('clear_quota', {}, { appid: 'wx0000000000000000' }).errcode).toBe(40013)
    expect(clear()).toBe(0)
    expect(ask('getcategory').errcode).toBe(0)
    for (let n = 2; n <= 10; n++) expect(clear()).toBe(0)
    expect(clear()).toBe(48006)
    expect(ask('quota/get', {}, { cgi_path: '/cgi-bin/nowhere' }).errcode).toBe(76021)
    expect(ask('quota/get', {}, { cgi_path: '/sns/jscode2session' }).errcode).toBe(76022)
  })

  it('getcallbackip and get_api_domain_ip tell where the emulator pushes from and is', () => {
    const { ask } = world()
    for (const call of ['getcallbackip', 'get_api_domain_ip'] as const)
      expect(ask(call)).toEqual({ errcode: 0, errmsg: 'ok', ip_list: ['127.0.0.1'] })
  })
})

describe('H35 the IP whitelist', () => {
  const tokenFor = (options: Partial<CloudOptions>, ip?: string) => {
    const { cloud, app } = world(options)
    const asked = [
      ['token', { query: { ...app, grant_type: 'client_credential' } }],
      ['stable_token', { body: { ...app, grant_type: 'client_credential' } }],
    ] as const
    return asked.map(([call, input]) => {
      const served = cloud.api.call(call, { ...input, ...(ip === undefined ? {} : { ip }) })
      return served.kind === 'answer' ? (JSON.parse(served.body) as Answer) : {}
    })
  }

  it('H35 a foreign address gets no token: 40164 names it; a listed one does, and without a list everybody', () => {
    for (const answer of tokenFor({ ipWhitelist: ['10.0.0.1'] }, '10.0.0.2')) {
      expect(answer.errcode).toBe(40164)
      expect(answer.errmsg).toMatch(/^invalid ip 10\.0\.0\.2 .*not in whitelist rid: /)
    }
    for (const answer of tokenFor({ ipWhitelist: ['10.0.0.1'] }, '10.0.0.1'))
      expect(answer).toHaveProperty('access_token')
    for (const answer of tokenFor({}, '10.0.0.2')) expect(answer).toHaveProperty('access_token')
  })

  it('H35 40164 can be injected where no list is set', () => {
    const { cloud, app } = world()
    cloud.addFault({ call: 'token', kind: 'errcode', errcode: 40164, errmsg: 'invalid ip 1.2.3.4' })
    expect(answerOf(cloud, 'token', { ...app, grant_type: 'client_credential' })).toMatchObject({
      errcode: 40164,
    })
  })
})

describe('session keys', () => {
  it('H33 checksession: the key of the last login signs, an older, wrong or foreign one is 87009', () => {
    const { session, check } = world()
    const first = session()
    expect(check(first)).toBe(0)
    const second = session()
    expect(second).not.toBe(first)
    expect([check(first), check(second), check('guess'), check(second, { signature: 'zz' })]).toEqual([
      87009, 0, 87009, 87009,
    ])
    expect(check(second, { openid: 'oLeadbellDemoPhone000000002' })).toBe(87009)
    expect(check(second, { openid: 'oNobody' })).toBe(40003)
    expect(check(second, { sig_method: 'md5' })).toBe(87008)
  })

  it('H33 whether a login, an exchange or neither replaces the key is a switch', () => {
    const outcome = (sessionKey: 'login' | 'exchange' | 'kept') => {
      const { cloud, session, check } = world({ profile: { sessionKey } })
      const key = session()
      const code = cloud.phone.login(phone)
      const afterLogin = check(key)
      const next = session(code)
      return [afterLogin, check(key), check(next), next === key]
    }
    expect(outcome('login')).toEqual([87009, 87009, 0, false])
    expect(outcome('exchange')).toEqual([0, 87009, 0, false])
    expect(outcome('kept')).toEqual([0, 0, 0, true])
  })

  it('H33 a key is over after its life, on the phone too, and the next login has a new one', () => {
    const { cloud, session, check, pass } = world({ profile: { sessionKey: 'kept' } })
    expect(cloud.phone.checkSession(phone)).toBe(false)
    const key = session()
    pass(3 * DAY - 1)
    expect([check(key), cloud.phone.checkSession(phone)]).toEqual([0, true])
    pass(1)
    expect([check(key), cloud.phone.checkSession(phone)]).toEqual([87009, false])
    expect(check(session())).toBe(0)
  })

  it('H33 resetusersessionkey: a new key which ends when the old one would have', () => {
    const { ask, session, signed, check, pass } = world()
    const key = session()
    pass(2 * DAY)
    const answer = ask('resetusersessionkey', signed(key))
    expect(answer).toMatchObject({ errcode: 0, openid: phone })
    const fresh = String(answer.session_key)
    expect([check(key), check(fresh)]).toEqual([87009, 0])
    expect(ask('resetusersessionkey', signed(key)).errcode).toBe(87009)
    pass(DAY)
    expect(check(fresh)).toBe(87009)
  })
})

describe('template management', () => {
  const add = { tid: '9101', kidList: [1, 2, 3], sceneDesc: '分配线索' }

  it('a template that was added can be asked for and sent; one that was deleted cannot', () => {
    const { cloud, ask, send } = world()
    const { priTmplId } = ask('addtemplate', {}, add)
    const id = String(priTmplId)
    expect(id).toMatch(/^[\w-]{43}$/)
    expect(cloud.templates().at(-1)).toEqual({
      ...{ priTmplId: id, title: '新线索提醒', type: 2 },
      content: '线索名称:{{thing1.DATA}}\n分配时间:{{time2.DATA}}\n线索状态:{{phrase3.DATA}}\n',
      example: '线索名称:城东物流园 仓储询价\n分配时间:2026-11-23 09:42\n线索状态:待跟进\n',
    })
    expect(cloud.phone.openPanel(phone, [id])).toMatchObject({ kind: 'panel', rows: [{ templateId: id }] })
    cloud.phone.closePanel({ openid: phone, settled: {}, decisions: { [id]: 'accept' }, keep: false })
    const data = { thing1: { value: 'a' }, time2: { value: '9:42' }, phrase3: { value: '待' } }
    cloud.grant(phone, id)
    expect(send(id, { data })).toBe(0)
    const listed = (ask('gettemplate').data as { priTmplId: string }[]).map((one) => one.priTmplId)
    expect(listed).toEqual(['A', 'B', 'C', id])

    expect(ask('deltemplate', {}, { priTmplId: id })).toEqual({ errcode: 0, errmsg: 'ok' })
    expect(send(id, { data })).toBe(40037)
    expect(cloud.phone.openPanel(phone, [id])).toMatchObject({ failure: { errCode: 20001 } })
    expect(ask('deltemplate', {}, { priTmplId: id }).errcode).toBe(20001)
  })

  it('one of those it was started with can be deleted too', () => {
    const { cloud, ask, send } = world()
    cloud.grant(phone, 'A')
    expect(ask('deltemplate', {}, { priTmplId: 'A' }).errcode).toBe(0)
    expect([send('A'), cloud.templates().map(({ priTmplId }) => priTmplId)]).toEqual([40037, ['B', 'C']])
    expect(ask('deltemplate', {}, {}).errcode).toBe(20002)
    expect(ask('deltemplate', {}, { priTmplId: 'nope' }).errcode).toBe(20001)
  })

  it.each<[string, object, number]>([
    ['no tid', { tid: undefined }, 200014],
    ['an unknown tid', { tid: 1 }, 200014],
    ['no keywords', { kidList: undefined }, 200020],
    ['one keyword', { kidList: [1] }, 200020],
    ['six keywords', { kidList: [1, 2, 3, 4, 5, 6] }, 200020],
    ['the same keyword twice', { kidList: [1, 1] }, 200020],
    ['an unknown keyword', { kidList: [1, 99] }, 200020],
    ['a long scene', { sceneDesc: '一'.repeat(16) }, 200021],
  ])('addtemplate with %s is refused with its own code', (_, wrong, errcode) => {
    const { cloud, ask } = world()
    expect(ask('addtemplate', {}, { ...add, ...wrong }).errcode).toBe(errcode)
    expect(cloud.templates()).toHaveLength(3)
  })

  it('addtemplate: twice the same is 200022, above 25 is 200012, for a banned app 200011', () => {
    const { ask } = world()
    expect([ask('addtemplate', {}, add).errcode, ask('addtemplate', {}, add).errcode]).toEqual([0, 200022])
    const full = world({ templates: Array.from({ length: 25 }, (_, n) => template(`T${n}`)) })
    expect(full.ask('addtemplate', {}, add).errcode).toBe(200012)
    expect(world({ profile: { banned: true } }).ask('addtemplate', {}, add).errcode).toBe(200011)
  })

  it('from the categories to a template: getcategory, titles, keywords', () => {
    const { ask } = world()
    const categories = ask('getcategory').data as { id: number; name: string }[]
    const ids = categories.map(({ id }) => id).join(',')
    const page = (start: string, limit: string) => ask('getpubtemplatetitles', { ids, start, limit })
    const { count, data } = page('0', '30') as { count: number; data: { tid: number; title: string }[] }
    expect(count).toBe(data.length)
    expect(page('1', '2').data).toEqual(data.slice(1, 3))
    for (const { tid } of data) {
      const keywords = ask('getpubtemplatekeywords', { tid: String(tid) }).data as { kid: number }[]
      const kidList = keywords.slice(0, 2).map(({ kid }) => kid)
      expect(ask('addtemplate', {}, { tid: String(tid), kidList }).errcode).toBe(0)
    }
  })

  it.each<[string, Record<string, string>, number]>([
    ['no ids', { ids: '' }, 200018],
    ['a foreign category', { ids: '670,1' }, 200019],
    ['a bad start', { start: '-1' }, 200016],
    ['no start', { start: '' }, 200016],
    ['a limit of 0', { limit: '0' }, 200017],
    ['a limit above 30', { limit: '31' }, 200017],
  ])('getpubtemplatetitles with %s is refused with its own code', (_, wrong, errcode) => {
    const { ask } = world()
    expect(ask('getpubtemplatetitles', { ids: '670', start: '0', limit: '30', ...wrong }).errcode).toBe(
      errcode,
    )
    expect(ask('getpubtemplatekeywords', { tid: '1' }).errcode).toBe(200014)
    expect(ask('getpubtemplatekeywords').errcode).toBe(200014)
  })
})

describe('getuserphonenumber', () => {
  const accounts = [
    { openid: phone, nickname: '小陈', phoneNumber: '13800000000' },
    { openid: 'oWithoutANumber', nickname: '小林' },
  ]

  it('a code gives the number once, within five minutes; a login’s code never does', () => {
    const { cloud, ask, session, pass } = world({ accounts })
    const number = (code?: string) => ask('getuserphonenumber', {}, { code })
    const code = cloud.phone.phoneNumberCode(phone)
    expect(session(code)).toBe('undefined')
    expect(number(code)).toMatchObject({
      errcode: 0,
      phone_info: { purePhoneNumber: '13800000000', countryCode: '86', watermark: { appid: demoAppid } },
    })
    expect([number(code).errcode, number(cloud.phone.login(phone)).errcode, number().errcode]).toEqual([
      40029, 40029, 40029,
    ])
    const late = cloud.phone.phoneNumberCode(phone)
    pass(5 * 60_000 + 1)
    expect(number(late).errcode).toBe(40029)
  })

  it('is off for an account without a number', () => {
    expect(world({ accounts }).cloud.phone.phoneNumberCode('oWithoutANumber')).toBeUndefined()
  })
})

describe('H39 what a refused send costs', () => {
  it.each([
    ['free', 1],
    ['spend', 0],
  ] as const)(
    'H39 refusedSends %s: after 47003 and an injected -1 there is %i left of it',
    (refusedSends, left) => {
      for (const isInjected of [false, true]) {
        const { cloud, send } = world({ profile: { refusedSends } })
        cloud.grant(phone, 'A')
        if (isInjected)
          cloud.addFault({ call: 'subscribe/send', kind: 'errcode', errcode: -1, errmsg: 'busy' })
        expect(send('A', isInjected ? {} : { data: {} })).toBe(isInjected ? -1 : 47003)
        expect(cloud.quota(phone)).toEqual({ A: left })
        // nothing below zero, and nothing of other templates
        send('A', { data: {} })
        send('nope')
        expect(cloud.quota(phone)).toEqual({ A: left })
      }
    },
  )
})

it('H38 43107 for a template that Tencent banned while the emulator runs, and not after it is free again', () => {
  const { cloud, send } = world()
  cloud.grant(phone, 'A', 2)
  expect(cloud.changeTemplate('A', { banned: true })).toMatchObject({ banned: true })
  expect(send('A')).toBe(43107)
  expect(cloud.phone.openPanel(phone, ['A'])).toEqual({ kind: 'silent', results: { A: 'ban' } })
  cloud.changeTemplate('A', { banned: false })
  expect(send('A')).toBe(0)
  expect(cloud.changeTemplate('nope', {})).toBeUndefined()
})
