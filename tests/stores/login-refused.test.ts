import { beforeEach, describe, expect, it } from 'vitest'
import { useCaptcha } from '@/stores/captcha.ts'
import { useSession } from '@/stores/session.ts'
import { ok, refused, type Reply } from '../fakes/backend.ts'
import { useFakeHost, type FakeHost } from '../fakes/host.ts'
import { form, tapLogin } from './tap-login.ts'

let host: FakeHost
let refusals = 0

const pendingGrants = () => (host.stored('leadbell.grants') ?? []) as { attemptId: string }[]

beforeEach(() => {
  refusals = 0
  host = useFakeHost()
})

describe('an incomplete form', () => {
  it('says under each empty field what is missing, and asks nothing of WeChat or the backend', async () => {
    await tapLogin(host, { input: { username: ' ', password: '', captcha: '' } })
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
    await tapLogin(host, { input: { ...form, password: '  ' } })
    expect(host.sent('POST /sys/login')).toMatchObject([{ password: '  ' }])
  })
})

describe('a refused login', () => {
  const cases: [string, () => Reply, string][] = [
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
    host.backend['POST /sys/login'] = answer
    await tapLogin(host, { onRefused: () => void refusals++ })
    expect(host.toasts()).toEqual(['已订阅成功', sentence])
    expect(refusals).toBe(1)
    expect(pendingGrants()).toHaveLength(1)
    expect(useSession()).toMatchObject({ loggedIn: false, busy: false })
  })

  it.each([
    [412, '验证码错误', 'captcha'],
    [500, '用户名或密码错误', 'password'],
    [500, '该用户已冻结', 'username'],
    [500, '账号不存在', 'username'],
  ])('%i %s stands under the field it concerns, and only there', async (code, message, field) => {
    host.backend['POST /sys/login'] = () => refused(code, message)
    await tapLogin(host)
    expect(useSession().fieldErrors).toEqual({ [field]: message })
  })

  it('that concerns no field stands under none', async () => {
    host.backend['POST /sys/login'] = () => refused(429, '错误次数太多，请 10 分钟后再试', 429)
    await tapLogin(host)
    expect(useSession().fieldErrors).toEqual({})
  })

  it('can be tried again, with a new code and the next captcha', async () => {
    host.backend['POST /sys/login'] = () => refused(412, '验证码错误')
    await tapLogin(host)
    const firstKey = useCaptcha().checkKey
    await tapLogin(host)
    expect(host.of('login')).toHaveLength(1)
    expect(host.sent('POST /sys/login')[0]).toMatchObject({ checkKey: useCaptcha().checkKey })
    expect(useCaptcha().checkKey).not.toBe(firstKey)
  })
})
