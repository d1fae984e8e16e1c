import { describe, expect, it } from 'vitest'
import { phone, template, testCloud } from '../testing/cloud.ts'
import { demoAppid, demoSecret } from './demo.ts'

const good = { thing1: { value: '城东物流园' }, time2: { value: '2026-11-23 09:42' } }
const thing = (value: unknown) => ({ data: { ...good, thing1: { value } } })

function world() {
  const lines: string[] = []
  const made = testCloud({
    onLogLine: (line) => lines.push(line),
    templates: [template('A'), template('B')],
  })
  made.cloud.grant(phone, 'A', 9)
  return { ...made, last: () => lines.at(-1) }
}

describe('the log says what WeChat does not', () => {
  it.each([
    ['nobody’s openid', { touser: 'oNobody' }, 40003, `touser 是 "oNobody"，这个小程序的用户是 ${phone}、`],
    ['no openid', { touser: undefined }, 40003, 'touser 是 空的'],
    ['another template', { template_id: 'X' }, 40037, 'template_id 是 "X"，这个小程序的模板是 A、B'],
    ['a slash', { page: '/pages/clue/detail?id=1' }, 41030, '不要斜杠，写成 "pages/clue/detail?id=1"'],
    ['a page that is not there', { page: 'pages/x?id=1' }, 41030, 'app.json 里没有 "pages/x" 这一页'],
    ['a page that is no text', { page: 5 }, 41030, 'page 应当是文字，收到 5'],
    [
      'a key with another name',
      { data: { thing01: { value: 'a' }, time2: good.time2 } },
      47003,
      'data 里没有 thing1：模板的键是 thing1、time2，收到的是 thing01、time2',
    ],
    [
      'a key without value',
      { data: { ...good, thing1: '城东' } },
      47003,
      '要写成 "thing1": { "value": "…" }，收到 "城东"',
    ],
    ['data as a text', { data: JSON.stringify(good) }, 47003, 'data 应当是对象，收到 "{'],
    ['no data', { data: undefined }, 47003, 'data 应当是对象，收到 空的'],
    ['a long value', thing('一'.repeat(21)), 47003, 'thing1 要 20 个以内字符（21 个字符），收到 "一一'],
    ['an empty value', thing(' '), 47003, 'thing1 不能是空的，收到 " "'],
    ['a number', thing(5), 47003, 'thing1 的 value 要文字，收到 5'],
    ['two lines', thing('a\nb'), 47003, 'thing1 不能有换行等控制字符，收到 "a\\nb"'],
    [
      'an ISO time',
      { data: { ...good, time2: { value: '2026-11-23T09:42:00Z' } } },
      47003,
      'time2 要 24 小时制时间，如 15:01',
    ],
    [
      'a key more',
      { data: { ...good, thing9: { value: 'a' } } },
      0,
      '模板里没有 thing9，模板的键是 thing1、time2',
    ],
    [
      'a state of uni-app’s',
      { miniprogram_state: 'release' },
      0,
      '应当是 developer、trial、formal 之一，收到 "release"',
    ],
    ['a language', { lang: 'zh' }, 0, 'lang 应当是 zh_CN、en_US、zh_HK、zh_TW 之一，收到 "zh"'],
  ])('%s', (_, body, errcode, why) => {
    const { cloud, serveSend, last } = world()
    const served = serveSend('A', body)
    expect(last()).toContain(why)
    expect(cloud.calls().at(-1)?.why).toContain(why)
    // WeChat's own answer keeps silent
    expect(served).not.toMatchObject({ body: expect.stringContaining(why) as string })
    expect(served).toMatchObject({ body: expect.stringContaining(`"errcode":${errcode},`) as string })
  })

  it('which of the three causes a 43101 had', () => {
    const { cloud, send, ask, last } = world()
    send('B')
    expect(last()).toContain('次数用完了，或从没点过允许')
    ask(['A'], ['A'], true)
    cloud.phone.refuse(phone, 'A')
    send('A')
    expect(last()).toContain('用户拒收了这个模板')
    cloud.phone.writeSettings({ openid: phone, mainSwitch: false })
    send('A')
    expect(last()).toContain('用户关了订阅消息总开关')
  })

  it('a good send has nothing to add', () => {
    const { send, last } = world()
    send('A', { miniprogram_state: 'trial', lang: 'en_US' })
    expect(last()).toMatch(/成功，msgid \d{19} {2}0 ms$/)
  })

  it('why a code, an appid, a secret or a token is no good; never the secret itself', () => {
    const { cloud, pass, last } = world()
    const app = { appid: demoAppid, secret: demoSecret, grant_type: 'authorization_code' }
    const login = (more: Record<string, string>) => {
      cloud.api.call('code2Session', { query: { ...app, ...more } })
      return last()
    }
    expect(login({ js_code: 'the code is a mock one' })).toMatch(/40029.*没有发过这个 code/)
    const code = cloud.phone.login(phone)
    pass(5 * 60_000 + 1)
    expect(login({ js_code: code })).toMatch(/40029.*过了五分钟/)
    expect(login({ appid: 'wx0000000000000000' })).toContain(
      `收到 wx0000000000000000，模拟器的是 ${demoAppid}`,
    )
    expect(login({ secret: 'guess' })).toMatch(/40125.*--secret-env/)
    expect(login({ secret: 'guess' })).not.toMatch(new RegExp(`guess|${demoSecret}`))
    cloud.api.call('gettemplate', { query: { access_token: 'ACCESS_TOKEN' } })
    expect(last()).toMatch(/40014.*收到 12 个字符/)
    cloud.api.call('gettemplate', { query: { access_token: `80_${'a'.repeat(132)}` } })
    expect(last()).toMatch(/40001.*模拟器没有发过它/)
  })
})
