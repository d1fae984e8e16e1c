import type { VueWrapper } from '@vue/test-utils'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { useSession } from '../../stores/session.ts'
import { Backend, Refusal } from '../../testing/backend.ts'
import { open, settle } from '../../testing/open.ts'
import LoginPage from './LoginPage.vue'

const clerk = { id: '2', username: 'lin', realname: '林文员', role: 'clerk' as const }
let backend: Backend
let pictures: number

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
  pictures = 0
  backend = new Backend()
    .on('GET /sys/randomImage/{checkKey}', () => `data:image/png;base64,${(pictures += 1)}`)
    .on('POST /sys/login', () => ({ token: 'token-1', userInfo: clerk }))
    .on('POST /sys/logout', () => null)
})
afterEach(() => document.head.replaceChildren())

const openLogin = async (path = '/login') => {
  const opened = await open(LoginPage, { path })
  return { ...opened, ...inputsOf(opened.page) }
}
const inputsOf = (page: VueWrapper) => ({
  value: (id: string) => page.get<HTMLInputElement>(`#${id}`).element.value,
  picture: () => page.get('.picture img').attributes('src'),
  type: async (id: string, text: string) => page.get(`#${id}`).setValue(text),
  fill: async () => {
    await page.get('#username').setValue(' lin ')
    await page.get('#password').setValue(' secret ')
    await page.get('#captcha').setValue('abcd')
  },
  submit: async () => {
    await page.get('form').trigger('submit')
    await settle()
  },
})
const logins = () => backend.of('POST /sys/login').map(({ body }) => body as Record<string, string>)
const keys = () => backend.of('GET /sys/randomImage/{checkKey}').map(({ path }) => path.checkKey)

describe('logging in', () => {
  it('sends what was typed with the picture’s key, and the password as it is', async () => {
    const { fill, submit } = await openLogin()
    await fill()
    await submit()
    expect(logins()).toEqual([
      { username: 'lin', password: ' secret ', captcha: 'abcd', checkKey: keys()[0] },
    ])
  })

  it('leads to the leads', async () => {
    const { fill, submit, router } = await openLogin()
    await fill()
    await submit()
    expect(router.currentRoute.value.fullPath).toBe('/clues')
  })

  it.each([
    ['/staff?maxQuota=0', '/staff?maxQuota=0'],
    ['https://elsewhere.example/', '/clues'],
  ])('on the way to %s leads to %s', async (wanted, to) => {
    const { fill, submit, router } = await openLogin(`/login?to=${encodeURIComponent(wanted)}`)
    await fill()
    await submit()
    expect(router.currentRoute.value.fullPath).toBe(to)
  })

  it('twice at once is sent once', async () => {
    const { page, fill } = await openLogin()
    await fill()
    void page.get('form').trigger('submit')
    void page.get('form').trigger('submit')
    await settle()
    expect(logins()).toHaveLength(1)
  })

  it('is not tried before everything is filled in, and says what is missing', async () => {
    const { page, type, submit } = await openLogin()
    await type('username', 'lin')
    await submit()
    expect(logins()).toEqual([])
    await vi.advanceTimersByTimeAsync(200)
    expect(page.text()).toContain('请填写密码')
    expect(page.text()).toContain('请填写验证码')
    expect(page.text()).not.toContain('请填写账号')
  })
})

describe('a login that is refused', () => {
  it('for its captcha keeps the rest, shows a new picture and waits in the captcha', async () => {
    backend.on('POST /sys/login', () => new Refusal(412, '验证码错误'))
    const { page, fill, submit, value, picture } = await openLogin()
    await fill()
    await submit()
    expect(page.get('[role=alert]').text()).toContain('验证码错误')
    expect([value('username'), value('password'), value('captcha')]).toEqual([' lin ', ' secret ', ''])
    expect(picture()).toContain('base64,2')
    expect(document.activeElement?.id).toBe('captcha')
  })

  it('for its password keeps it and waits there', async () => {
    backend.on('POST /sys/login', () => new Refusal(500, '用户名或密码错误'))
    const { page, fill, submit, value } = await openLogin()
    await fill()
    await submit()
    expect(page.text()).toContain('用户名或密码错误')
    expect(value('password')).toBe(' secret ')
    expect(document.activeElement?.id).toBe('password')
  })

  it('can be tried again, with the new picture’s key', async () => {
    backend.on('POST /sys/login', () => new Refusal(412, '验证码错误'))
    const { page, fill, submit, type, router } = await openLogin()
    await fill()
    await submit()
    backend.on('POST /sys/login', () => ({ token: 'token-1', userInfo: clerk }))
    await type('captcha', 'wxyz')
    await submit()
    expect(logins()[1]).toMatchObject({ captcha: 'wxyz', checkKey: keys()[1] })
    expect(router.currentRoute.value.path).toBe('/clues')
    expect(page.find('[role=alert]').exists()).toBe(false)
  })

  it('because of a phone’s account says where it belongs', async () => {
    backend.on('POST /sys/login', () => ({ token: 'phone', userInfo: { ...clerk, role: 'staff' } }))
    const { page, fill, submit, router } = await openLogin()
    await fill()
    await submit()
    expect(page.text()).toContain('请在微信小程序里登录')
    expect(router.currentRoute.value.path).toBe('/login')
  })

  it('by nobody, without a network, loses nothing either', async () => {
    const { page, fill, submit, value } = await openLogin()
    await fill()
    backend.offline = true
    await submit()
    expect(page.text()).toContain('连不上服务器')
    expect(value('password')).toBe(' secret ')
    backend.offline = false
    await page.get('.picture').trigger('click')
    await settle()
    expect(page.find('.picture img').exists()).toBe(true)
  })
})

describe('the picture', () => {
  it('is renewed before it is stale', async () => {
    const { picture } = await openLogin()
    await vi.advanceTimersByTimeAsync(55_000)
    expect(picture()).toContain('base64,2')
    await vi.advanceTimersByTimeAsync(55_000)
    expect(picture()).toContain('base64,3')
  })

  it('does not change under the hands of somebody who types', async () => {
    const { type, picture, value, submit } = await openLogin()
    await type('username', 'lin')
    await type('password', 'secret')
    await type('captcha', 'ab')
    await vi.advanceTimersByTimeAsync(55_000)
    expect([value('username'), value('password'), value('captcha')]).toEqual(['lin', 'secret', 'ab'])
    expect(picture()).toContain('base64,1')
    await submit()
    expect(logins()[0]?.checkKey).toBe(keys()[0])
  })

  it('does not change for who began to type while the new one was on its way', async () => {
    let arrive: (picture: string) => void = () => undefined
    const { type, picture, value } = await openLogin()
    backend.on('GET /sys/randomImage/{checkKey}', () => new Promise((resolve) => (arrive = resolve)))
    await vi.advanceTimersByTimeAsync(55_000)
    await type('captcha', 'a')
    arrive('data:image/png;base64,late')
    await settle()
    expect([value('captcha'), picture()]).toEqual(['a', 'data:image/png;base64,1'])
  })

  it('of two that were asked for is the later one, whichever arrives last', async () => {
    const { page, type, submit, picture } = await openLogin()
    const arrive: ((picture: string) => void)[] = []
    backend.on('GET /sys/randomImage/{checkKey}', () => new Promise((resolve) => arrive.push(resolve)))
    await page.get('.picture').trigger('click')
    await page.get('.picture').trigger('click')
    arrive[1]?.('data:image/png;base64,second')
    await settle()
    arrive[0]?.('data:image/png;base64,first')
    await settle()
    expect(picture()).toContain('second')
    for (const id of ['username', 'password', 'captcha']) await type(id, 'typed')
    await submit()
    expect(logins()[0]?.checkKey).toBe(keys()[2])
  })

  it('that does not come says so, until it does', async () => {
    backend.offline = true
    const { page } = await openLogin()
    expect(page.text()).toContain('连不上服务器')
    expect(page.get('.picture').text()).toBe('点击获取')
    backend.offline = false
    await page.get('.picture').trigger('click')
    await settle()
    expect(page.find('[role=alert]').exists()).toBe(false)
  })

  it('is not asked for any more when the page is left', async () => {
    const { page } = await openLogin()
    page.unmount()
    await vi.advanceTimersByTimeAsync(120_000)
    expect(keys()).toHaveLength(1)
  })
})

it('says why the last session ended', async () => {
  const { page } = await open({
    components: { LoginPage },
    setup: () => useSession().end('登录已失效，请重新登录'),
    template: '<LoginPage />',
  })
  expect(page.text()).toContain('登录已失效，请重新登录')
})

it('shows the trial’s account when there is one', async () => {
  document.head.innerHTML = '<meta name="leadbell-trial" content="clerk / leadbell-demo" />'
  expect((await openLogin()).page.text()).toContain('试用模式的账号和密码：clerk / leadbell-demo')
  document.head.innerHTML = '<meta name="leadbell-trial" content="" />'
  expect((await openLogin()).page.text()).not.toContain('试用')
})
