import type { VueWrapper } from '@vue/test-utils'
import { beforeEach, describe, expect, it } from 'vitest'
import Login from '@/pages/login/login.vue'
import { refused } from '../fakes/backend.ts'
import { useFakeHost, type FakeHost } from '../fakes/host.ts'
import { openPage, tap, textsOf } from './open-page.ts'

const complete = { username: 'chen', password: 'secret', captcha: 'ab3d' }
const DETAIL = '/pages/clue/detail?id=7'
let host: FakeHost
beforeEach(() => {
  host = useFakeHost()
})

const openLogin = (query = {}) => openPage(host, Login, 'pages/login/login', query)

async function fill(page: VueWrapper, values: Record<string, string>): Promise<void> {
  for (const [id, value] of Object.entries(values)) await page.get(`#${id}`).setValue(value)
}
const typed = (page: VueWrapper, id: string) => page.get<HTMLInputElement>(`#${id}`).element.value

async function confirmKey(page: VueWrapper, id: string): Promise<void> {
  await page.get(`#${id}`).trigger('confirm')
  await host.settled()
}

describe('the login page', () => {
  it('has captcha and template ids in memory before any tap', async () => {
    const page = await openLogin()
    expect(page.get('#captcha-image').attributes('src')).toBe('data:image/svg+xml;base64,AAAA')
    expect(host.names()).not.toContain('requestSubscribeMessage')
    await fill(page, complete)
    await tap(host, page, '#login')
    expect(host.of('requestSubscribeMessage')).toEqual([
      { name: 'requestSubscribeMessage', arg: { tmplIds: ['T1'] }, tap: true },
    ])
  })

  it.each(['#login', '#wechat-login'])('%s is a native button that keeps its tap state', async (button) => {
    host.storage.set('leadbell.signed-out', '"bound"')
    host = useFakeHost({ disk: host.storage })
    const page = await openLogin()
    expect(page.get(button).element.tagName).toBe('BUTTON')
    expect(page.get(button).attributes('data-eventsync')).toBe('true')
    expect(page.get(button).element.children).toHaveLength(0)
  })

  it('logs in and opens the list', async () => {
    const page = await openLogin()
    await fill(page, complete)
    await tap(host, page, '#login')
    expect(host.wentTo()).toEqual(['/pages/clue/clue'])
  })

  it('leads back to the page the user came from', async () => {
    const page = await openLogin({ to: encodeURIComponent(DETAIL) })
    await fill(page, complete)
    await tap(host, page, '#login')
    expect(host.wentTo()).toEqual([DETAIL])
  })

  it('shows that it is busy, and is not afterwards', async () => {
    host.backend['POST /sys/login'] = () => refused(500, '用户名或密码错误')
    const page = await openLogin()
    await fill(page, complete)
    host.subscribe.push('stays open')
    await tap(host, page, '#login')
    expect(page.get('#login').text()).toBe('登录中…')
    await host.answerPanel({ results: { T1: 'accept' } })
    expect(page.get('#login').text()).toBe('登录')
  })

  it('an empty form names each missing field under it', async () => {
    const page = await openLogin()
    await tap(host, page, '#login')
    expect(textsOf(page, '.error')).toEqual(['请输入用户名', '请输入密码', '请输入验证码'])
  })

  it('what is wrong with one field stands under that one', async () => {
    const page = await openLogin()
    await fill(page, { ...complete, password: '' })
    await tap(host, page, '#login')
    expect(page.findAll('.field').map((field) => field.find('.error').exists())).toEqual([false, true, false])
  })

  it('missing templates are said before the login', async () => {
    host.backend['GET /notify/templates'] = () => refused(500, '没有配置模板')
    const page = await openLogin()
    expect(page.text()).toContain('消息提醒暂时不可用，不影响登录')
  })

  it('the password is hidden until 显示 is tapped, and again after 隐藏', async () => {
    const page = await openLogin()
    const isHidden = () => page.get('#password').attributes('password')
    expect([isHidden(), page.get('#show-password').text()]).toEqual(['true', '显示'])
    await tap(host, page, '#show-password')
    expect([isHidden(), page.get('#show-password').text()]).toEqual(['false', '隐藏'])
    await tap(host, page, '#show-password')
    expect(isHidden()).toBe('true')
  })
})

describe('the keyboard’s confirm key', () => {
  it('goes from field to field, and keeps the keyboard open', async () => {
    const page = await openLogin()
    // Vue sets `focus` as a property, over the element's own method of that name.
    const hasFocus = (id: string) =>
      (page.get(`#${id}`).element as unknown as { focus: unknown }).focus === true
    const focused = () => ['username', 'password', 'captcha'].filter(hasFocus)
    expect(['username', 'password'].map((id) => page.get(`#${id}`).attributes('confirm-type'))).toEqual([
      'next',
      'next',
    ])
    await confirmKey(page, 'username')
    expect(focused()).toEqual(['password'])
    await confirmKey(page, 'password')
    expect(focused()).toEqual(['captcha'])
    await page.get('#captcha').trigger('blur')
    expect(focused()).toEqual([])
  })

  it('on the last field asks by a modal; its button has the tap state the panel needs', async () => {
    const page = await openLogin()
    await fill(page, complete)
    host.modals.push('confirm')
    await confirmKey(page, 'captcha')
    expect(host.of('requestSubscribeMessage')).toMatchObject([{ tap: true }])
    expect(host.wentTo()).toEqual(['/pages/clue/clue'])
  })

  it('on an incomplete form says what is missing', async () => {
    const page = await openLogin()
    await fill(page, { username: 'chen', captcha: 'ab3d' })
    await confirmKey(page, 'captcha')
    expect(textsOf(page, '.error')).toEqual(['请输入密码'])
    expect(host.of('showModal')).toEqual([])
  })
})

describe('somebody who is known', () => {
  it('and logged in goes straight on', async () => {
    host = useFakeHost({ loggedIn: true })
    await openLogin({ to: encodeURIComponent(DETAIL) })
    expect(host.wentTo()).toEqual([DETAIL])
    expect(host.of('request')).toEqual([])
  })

  it('by name finds the name typed in', async () => {
    host = useFakeHost({ disk: [['leadbell.username', '"chen"']] })
    const page = await openLogin()
    expect(typed(page, 'username')).toBe('chen')
    expect(typed(page, 'password')).toBe('')
    await fill(page, complete)
    await tap(host, page, '#login')
    expect([...host.storage.values()].join()).not.toContain('secret')
  })
})
