import { beforeEach, describe, expect, it, vi } from 'vitest'
import { useSession } from '@/stores/session.ts'
import { aLogin, refused, type BackendAnswer } from '../fakes/backend.ts'
import { useFakeHost, type FakeHost } from '../fakes/host.ts'
import { restart } from '../fakes/restart.ts'
import { form, loadLoginPage, tapLogin } from './tap-login.ts'

const DETAIL = '/pages/clue/detail?id=7'
let host: FakeHost

const bind = () => {
  host.backend['POST /notify/login'] = () => aLogin()
}

beforeEach(() => {
  host = useFakeHost()
})

describe('silent login', () => {
  it('an account bound to this WeChat enters by the code alone: no tap, no password, no panel', async () => {
    bind()
    await useSession().loginSilently(encodeURIComponent(DETAIL))
    expect(host.sent('POST /notify/login')).toEqual([{ code: 'wx-code' }])
    expect(host.sent('POST /sys/login')).toEqual([])
    expect(host.of('requestSubscribeMessage')).toEqual([])
    expect(host.wentTo()).toEqual([DETAIL])
    expect(useSession()).toMatchObject({ loggedIn: true, enteringSilently: false, busy: false })
  })

  it.each<[string, () => void]>([
    ['a WeChat that is bound to nobody', () => undefined],
    ['no network', () => (host.network = 'none')],
    ['a backend that does not answer', () => (host.backend['POST /notify/login'] = () => 'timeout')],
    ['a backend that is broken', () => (host.backend['POST /notify/login'] = () => refused(500, '坏了'))],
    ['no code from WeChat', () => (host.login = 'fails')],
    ['a WeChat that throws', () => (host.login = 'throws')],
    ['a host whose request throws', () => (host.request = 'throws')],
  ])('%s: leaves the form, says nothing', async (_case, happens) => {
    happens()
    await useSession().loginSilently()
    expect(useSession()).toMatchObject({ loggedIn: false, enteringSilently: false, busy: false })
    expect(host.wentTo()).toEqual([])
    expect(host.toasts()).toEqual([])
  })

  it.each([false, true])(
    'brings nobody back who has logged out (unbind: %s), not after a restart either',
    async (unbind) => {
      bind()
      await tapLogin(host)
      await useSession().logout({ unbind })
      await useSession().loginSilently()
      host = restart(host)
      await useSession().loginSilently()
      expect(host.sent('POST /notify/login')).toEqual([])
      expect(useSession().loggedIn).toBe(false)
    },
  )

  it('serves again after the next login with a password', async () => {
    bind()
    await tapLogin(host)
    await useSession().logout()
    await tapLogin(host)
    host.storage.delete('leadbell.session')
    host = restart(host)
    await useSession().loginSilently()
    expect(useSession().loggedIn).toBe(true)
  })

  it('is not tried again for a session that ended within a minute, and is afterwards', async () => {
    vi.useFakeTimers()
    bind()
    host.pages = [{ route: 'pages/clue/clue', options: {} }]
    host.backend['GET /notify/quota'] = () => refused(401, '登录已失效', 401)
    await useSession().loginSilently()
    await host.settled()
    expect(useSession().expired).toBe(true)
    await useSession().loginSilently()
    expect(host.sent('POST /notify/login')).toHaveLength(1)
    vi.advanceTimersByTime(60_000)
    await useSession().loginSilently()
    expect(host.sent('POST /notify/login')).toHaveLength(2)
  })

  it('a tap meanwhile wins: one login, one way into the app', async () => {
    await loadLoginPage()
    let answer = (_: BackendAnswer): void => undefined
    host.backend['POST /notify/login'] = () => new Promise((resolve) => (answer = resolve))
    const silent = useSession().loginSilently()
    await host.settled()
    await host.tap(() => useSession().login(form))
    answer(aLogin({ token: 'silent' }))
    await silent
    expect(useSession().session?.token).toBe('token-1')
    expect(host.wentTo()).toEqual(['/pages/clue/clue'])
  })

  it('does not start while a login is under way', async () => {
    await loadLoginPage()
    host.subscribe.push('stays open')
    await host.tap(() => useSession().login(form))
    await useSession().loginSilently()
    expect(host.sent('POST /notify/login')).toEqual([])
  })
})

describe('微信快捷登录', () => {
  beforeEach(async () => {
    bind()
    await tapLogin(host)
    await useSession().logout()
    host.calls.length = 0
  })

  it('asks inside the tap, then enters by the code alone', async () => {
    await host.tap(() => useSession().loginByWechat(DETAIL))
    expect(host.calls[0]).toMatchObject({ name: 'requestSubscribeMessage', tap: true })
    expect(host.sent('POST /notify/login')).toHaveLength(1)
    expect(host.sent('POST /sys/login')).toEqual([])
    expect(host.wentTo()).toEqual([DETAIL])
  })

  it('an account that was given to another WeChat: says so, and is not offered again', async () => {
    host.backend['POST /notify/login'] = () => refused(401, '这个微信还没有绑定账号', 401)
    await host.tap(() => useSession().loginByWechat())
    expect(host.toasts()).toContain('这个微信还没有绑定账号')
    expect(useSession()).toMatchObject({ loggedIn: false, signedOut: 'unbound', busy: false })
  })

  it('no code: says so and stays ready', async () => {
    host.login = 'fails'
    await host.tap(() => useSession().loginByWechat())
    expect(host.toasts()).toContain('没有从微信取到登录凭证，请重试或用账号密码登录')
    expect(useSession()).toMatchObject({ loggedIn: false, signedOut: 'bound', busy: false })
  })

  it('no network: says so and can be tried again', async () => {
    host.network = 'none'
    await host.tap(() => useSession().loginByWechat())
    expect(host.toasts()).toContain('网络不通，请检查网络后重试')
    expect(useSession()).toMatchObject({ signedOut: 'bound', busy: false })
  })
})
