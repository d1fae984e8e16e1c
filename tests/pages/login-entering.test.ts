import { beforeEach, describe, expect, it } from 'vitest'
import Login from '@/pages/login/login.vue'
import { useSession } from '@/stores/session.ts'
import { aLogin, refused, type Reply } from '../fakes/backend.ts'
import { useFakeHost, type FakeHost } from '../fakes/host.ts'
import { openPage, tap } from './open-page.ts'

const IMAGE = 'GET /sys/randomImage/{checkKey}'
const knownUser: [string, string][] = [['leadbell.username', '"chen"']]
let host: FakeHost
let answer: (reply: Reply) => Promise<void>

/** WeChat's user is being recognised, until the test answers. */
function holdSilentLogin(): void {
  host.backend['POST /notify/login'] = () =>
    new Promise((resolve) => {
      answer = (reply) => {
        resolve(reply)
        return host.settled()
      }
    })
}
const openLogin = () => openPage(host, Login, 'pages/login/login')

beforeEach(() => {
  host = useFakeHost({ disk: knownUser })
  holdSilentLogin()
})

describe('on the way in without a password', () => {
  it('a phone that knows its user waits, without a form and without a captcha', async () => {
    const page = await openLogin()
    expect(page.text()).toContain('正在进入…')
    expect(page.find('#login').exists()).toBe(false)
    expect(host.sent(IMAGE)).toEqual([])
    await answer(aLogin())
    expect(host.wentTo()).toEqual(['/pages/clue/clue'])
    expect(host.sent(IMAGE)).toEqual([])
  })

  it.each<[string, Reply]>([
    ['bound to nobody', refused(401, '没有绑定', 401)],
    ['offline', 'offline'],
    ['not answered', 'timeout'],
  ])('%s: the form, with its captcha', async (_case, reply) => {
    const page = await openLogin()
    await answer(reply)
    expect(page.find('#login').exists()).toBe(true)
    expect(host.sent(IMAGE)).toHaveLength(1)
    expect(host.toasts()).toEqual([])
  })

  it('用账号密码登录 does not wait', async () => {
    const page = await openLogin()
    await tap(host, page, '#prefer-form')
    expect(page.find('#login').exists()).toBe(true)
    expect(page.find('#captcha-image').exists()).toBe(true)
  })

  it('a phone that knows nobody shows the form at once and tries all the same', async () => {
    host = useFakeHost()
    holdSilentLogin()
    const page = await openLogin()
    expect(page.find('#login').exists()).toBe(true)
    await answer(aLogin())
    expect(host.wentTo()).toEqual(['/pages/clue/clue'])
  })
})

describe('after 退出登录', () => {
  it.each([
    ['bound', true],
    ['unbound', false],
  ])('%s: 微信快捷登录 is offered: %s, and nobody is brought back silently', async (how, isOffered) => {
    host = useFakeHost({ disk: [...knownUser, ['leadbell.signed-out', JSON.stringify(how)]] })
    const page = await openLogin()
    expect(page.find('#wechat-login').exists()).toBe(isOffered)
    expect(host.sent('POST /notify/login')).toEqual([])
  })

  it('微信快捷登录 asks in its tap and needs no form', async () => {
    host = useFakeHost({ disk: [...knownUser, ['leadbell.signed-out', '"bound"']] })
    host.backend['POST /notify/login'] = () => aLogin()
    const page = await openLogin()
    await tap(host, page, '#wechat-login')
    expect(host.of('requestSubscribeMessage')).toMatchObject([{ tap: true }])
    expect(host.wentTo()).toEqual(['/pages/clue/clue'])
  })
})

describe('after a session that expired', () => {
  it('says so above the form', async () => {
    host = useFakeHost({ loggedIn: true })
    host.pages = [{ route: 'pages/clue/clue', options: {} }]
    host.backend['POST /notify/grants'] = () => refused(401, '登录已失效', 401)
    host.backend['GET /notify/quota'] = () => refused(401, '登录已失效', 401)
    await useSession().syncGrants()
    const page = await openLogin()
    expect(page.get('#expired').text()).toBe('登录已过期，请重新登录')
  })
})
