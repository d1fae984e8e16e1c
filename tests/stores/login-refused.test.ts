import { createPinia, setActivePinia } from 'pinia'
import { beforeEach, describe, expect, it } from 'vitest'
import { useCaptcha } from '@/stores/captcha.ts'
import { useSession, type LoginForm } from '@/stores/session.ts'
import { useSubscription } from '@/stores/subscription.ts'
import { ok, refused, useFakeHost, type FakeHost } from '../fakes/host.ts'

const form: LoginForm = { username: 'chen', password: 'secret', captcha: 'ab3d' }
let host: FakeHost
let refusals = 0

async function tapLogin(input: LoginForm = form, to = ''): Promise<void> {
  await Promise.all([useCaptcha().load(), useSubscription().loadTemplates()])
  host.tap(() => useSession().login(input, to, () => void refusals++))
  await host.settled()
}

const toasts = () => host.of('showToast').map((call) => call.arg.title)
const pendingGrants = () => JSON.parse(host.storage.get('leadbell.grants') ?? '[]') as { attemptId: string }[]

beforeEach(() => {
  refusals = 0
  host = useFakeHost()
})

describe('an incomplete form', () => {
  it('says under each empty field what is missing, and asks nothing of WeChat or the backend', async () => {
    await tapLogin({ username: ' ', password: '', captcha: '' })
    expect(useSession().fieldErrors).toEqual({
      username: '请输入用户名',
      password: '请输入密码',
      captcha: '请输入验证码',
    })
    expect(host.of('requestSubscribeMessage')).toEqual([])
    expect(host.sent('POST /sys/login')).toEqual([])
    expect(useSession().busy).toBe(false)
  })

  it('takes a password of spaces for a password', async () => {
    await tapLogin({ ...form, password: '  ' })
    expect(host.sent('POST /sys/login')).toMatchObject([{ password: '  ' }])
  })
})

describe('a refused login', () => {
  const cases: [string, () => unknown, string][] = [
    ['wrong captcha', () => refused(412, '验证码错误'), '验证码错误'],
    ['expired captcha', () => refused(412, '验证码已失效'), '验证码已失效'],
    ['wrong password', () => refused(500, '用户名或密码错误'), '用户名或密码错误'],
    ['locked', () => refused(429, '错误次数太多，请 10 分钟后再试', 429), '错误次数太多，请 10 分钟后再试'],
    ['backend down', () => 'offline', '网络不通，请检查网络后重试'],
    ['backend silent', () => 'timeout', '网络太慢，请求超时了，请重试'],
    [
      'a proxy answering HTML',
      () => ({ status: 502, data: '<html>Bad Gateway</html>' }),
      '服务器暂时不可用，请稍后重试',
    ],
    ['HTML with status 200', () => ({ data: '<html></html>' }), '服务器的应答看不懂，请联系管理员'],
    ['a success without a token', () => ok({}), '服务器的应答看不懂，请联系管理员'],
  ]

  it.each(cases)('%s: says so, asks for a new captcha, keeps the grant', async (_name, answer, sentence) => {
    host.backend['POST /sys/login'] = answer as never
    await tapLogin()
    expect(toasts()).toEqual(['已订阅成功', sentence])
    expect(refusals).toBe(1)
    expect(pendingGrants()).toHaveLength(1)
    expect(useSession()).toMatchObject({ loggedIn: false, busy: false })
  })

  it('puts what concerns the captcha under the captcha', async () => {
    host.backend['POST /sys/login'] = () => refused(412, '验证码错误')
    await tapLogin()
    expect(useSession().fieldErrors).toEqual({ captcha: '验证码错误' })
  })

  it('can be tried again, with a new code and the next captcha', async () => {
    host.backend['POST /sys/login'] = () => refused(412, '验证码错误')
    await tapLogin()
    const firstKey = useCaptcha().checkKey
    await tapLogin()
    expect(host.of('login')).toHaveLength(2)
    expect(host.sent('POST /sys/login')[1]).toMatchObject({ checkKey: useCaptcha().checkKey })
    expect(useCaptcha().checkKey).not.toBe(firstKey)
  })
})

describe('what WeChat could not do', () => {
  it('template ids missing: says nothing gets lost by it, and logs in', async () => {
    host.backend['GET /notify/templates'] = () => 'offline'
    host.subscribe.push({ fail: { errCode: 10001 } })
    await tapLogin()
    expect(useSubscription().templatesMissing).toBe(true)
    expect(useSession().loggedIn).toBe(true)
  })

  it('templates of an earlier start are used when the backend does not answer', async () => {
    host = useFakeHost(new Map([['leadbell.templates', JSON.stringify([{ templateId: 'OLD', title: 't' }])]]))
    host.backend['GET /notify/templates'] = () => 'offline'
    await tapLogin()
    expect(host.of('requestSubscribeMessage')[0]?.arg.tmplIds).toEqual(['OLD'])
    expect(useSubscription().templatesMissing).toBe(false)
  })

  it('no code to be had: logs in without one and binds later, before the grants are reported', async () => {
    host.login = 'fails'
    host.backend['POST /sys/login'] = () =>
      ok({
        token: 't',
        userInfo: { id: 'u1', username: 'chen', realname: '陈' },
        wechat: { bound: false, message: '还没有绑定微信' },
      })
    await tapLogin()
    expect(host.sent('POST /sys/login')[0]).not.toHaveProperty('code')
    expect(pendingGrants()).toHaveLength(1)
    expect(host.sent('POST /notify/grants')).toEqual([])

    host.login = 'code'
    await useSession().reportGrants()
    expect(host.sent('POST /notify/bind')).toEqual([{ code: 'wx-code' }])
    expect(host.sent('POST /notify/grants')).toHaveLength(1)
    expect(pendingGrants()).toEqual([])
  })

  it('binds once, however many pages ask while it is under way', async () => {
    host.login = 'fails'
    host.backend['POST /sys/login'] = () =>
      ok({
        token: 't',
        userInfo: { id: 'u1', username: 'chen', realname: '陈' },
        wechat: { bound: false, message: '还没有绑定微信' },
      })
    await tapLogin()
    host.login = 'code'
    await Promise.all([useSession().reportGrants(), useSession().reportGrants()])
    expect(host.sent('POST /notify/bind')).toEqual([{ code: 'wx-code' }])
  })

  it('code2Session refusing: logged in, and the backend says why no message will come', async () => {
    const message = '微信绑定没有成功，暂时收不到提醒，稍后会自动重试'
    host.backend['POST /sys/login'] = () =>
      ok({
        token: 't',
        userInfo: { id: 'u1', username: 'chen', realname: '陈' },
        wechat: { bound: false, message },
      })
    host.backend['POST /notify/bind'] = () => ok({ bound: false, message })
    await tapLogin()
    expect(useSession().loggedIn).toBe(true)
    expect(toasts()).toContain(message)
    expect(pendingGrants()).toHaveLength(1)
  })
})

describe('after the login', () => {
  it('leads to the page the user was on the way to', async () => {
    await tapLogin(form, encodeURIComponent('/pages/clue/detail?id=7'))
    expect(host.of('reLaunch').map((call) => call.arg.url)).toEqual(['/pages/clue/detail?id=7'])
  })

  it.each(['https://evil.example/', '/pages/login/login?to=x', '%E0%A4%A'])('but not to %s', async (to) => {
    await tapLogin(form, to)
    expect(host.of('reLaunch').map((call) => call.arg.url)).toEqual(['/pages/clue/clue'])
  })

  it('remembers the username beyond the session, and never the password', async () => {
    await tapLogin()
    await useSession().logout()
    setActivePinia(createPinia())
    expect(useSession().username).toBe('chen')
    expect([...host.storage.values()].join()).not.toContain('secret')
  })
})
