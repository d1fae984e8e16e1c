import { mount } from '@vue/test-utils'
import { beforeEach, describe, expect, it, vi } from 'vitest'
import Login from '@/pages/login/login.vue'
import { fire } from '../fakes/uni-app.ts'
import { refused, useFakeHost, type FakeHost } from '../fakes/host.ts'

let host: FakeHost
beforeEach(() => {
  host = useFakeHost()
})

async function openPage(query: Record<string, string> = {}) {
  const page = mount(Login)
  await fire('onLoad', query)
  await fire('onShow')
  await host.settled()
  return page
}

type Page = Awaited<ReturnType<typeof openPage>>

async function fill(page: Page, values: Record<string, string>): Promise<void> {
  for (const [id, value] of Object.entries(values)) await page.find(`#${id}`).setValue(value)
}

/** A tap as WeChat delivers it: the host call must come before this returns. */
const tap = (page: Page, id: string) =>
  host.tap(() => page.find(`#${id}`).element.dispatchEvent(new Event('tap')))

const typed = (page: Page, id: string) => page.find<HTMLInputElement>(`#${id}`).element.value
const complete = { username: 'chen', password: 'secret', captcha: 'ab3d' }

describe('the login page', () => {
  it('has captcha and template ids in memory before any tap', async () => {
    const page = await openPage()
    expect(page.find('#captcha-image').attributes('src')).toBe('data:image/svg+xml;base64,AAAA')
    expect(host.names()).not.toContain('requestSubscribeMessage')
    await fill(page, complete)
    tap(page, 'login')
    expect(host.of('requestSubscribeMessage')).toEqual([
      { name: 'requestSubscribeMessage', arg: { tmplIds: ['T1'] }, tap: true },
    ])
    await host.settled()
    page.unmount()
  })

  it('logs in and opens the list', async () => {
    const page = await openPage()
    await fill(page, complete)
    tap(page, 'login')
    await host.settled()
    expect(host.of('reLaunch').map((call) => call.arg.url)).toEqual(['/pages/clue/clue'])
    page.unmount()
  })

  it('shows that it is busy, and is not afterwards', async () => {
    host.backend['POST /sys/login'] = () => refused(500, '用户名或密码错误')
    const page = await openPage()
    await fill(page, complete)
    tap(page, 'login')
    await page.vm.$nextTick()
    expect(page.find('#login').text()).toBe('登录中…')
    await host.settled()
    expect(page.find('#login').text()).toBe('登录')
    page.unmount()
  })

  it('an empty form names each missing field under it', async () => {
    const page = await openPage()
    tap(page, 'login')
    await page.vm.$nextTick()
    expect(page.findAll('.error').map((error) => error.text())).toEqual([
      '请输入用户名',
      '请输入密码',
      '请输入验证码',
    ])
    page.unmount()
  })

  it('a wrong captcha: new picture, empty captcha, everything else stays as typed', async () => {
    host.backend['POST /sys/login'] = () => refused(412, '验证码错误')
    const page = await openPage()
    await fill(page, complete)
    const pictures = host.sent('GET /sys/randomImage').length
    tap(page, 'login')
    await host.settled()
    expect(host.sent('GET /sys/randomImage')).toHaveLength(pictures + 1)
    expect([typed(page, 'username'), typed(page, 'password'), typed(page, 'captcha')]).toEqual([
      'chen',
      'secret',
      '',
    ])
    expect(page.find('.error').text()).toBe('验证码错误')
    page.unmount()
  })

  it('a picture nobody answers is renewed before the backend forgets it', async () => {
    vi.useFakeTimers()
    const page = await openPage()
    vi.advanceTimersByTime(55_000)
    await host.settled()
    expect(host.sent('GET /sys/randomImage')).toHaveLength(2)
    page.unmount()
  })

  it('a picture somebody is typing from stays', async () => {
    vi.useFakeTimers()
    const page = await openPage()
    await fill(page, { captcha: 'ab' })
    vi.advanceTimersByTime(55_000)
    await host.settled()
    expect(host.sent('GET /sys/randomImage')).toHaveLength(1)
    page.unmount()
  })

  it('a captcha that did not load says so and comes with a tap', async () => {
    const works = host.backend['GET /sys/randomImage']
    host.backend['GET /sys/randomImage'] = () => 'offline'
    const page = await openPage()
    expect(page.text()).toContain('验证码没有加载出来')
    if (works) host.backend['GET /sys/randomImage'] = works
    await page.find('.captcha-side').trigger('tap')
    await host.settled()
    expect(page.find('#captcha-image').exists()).toBe(true)
    page.unmount()
  })

  it('missing templates are said before the login', async () => {
    host.backend['GET /notify/templates'] = () => refused(500, '没有配置模板')
    const page = await openPage()
    expect(page.text()).toContain('消息提醒暂时不可用，不影响登录')
    page.unmount()
  })

  it('the password is hidden until 显示 is tapped', async () => {
    const page = await openPage()
    expect(page.find('#password').attributes('password')).toBe('true')
    await page.find('#show-password').trigger('tap')
    expect(page.find('#password').attributes('password')).toBe('false')
    page.unmount()
  })

  it('somebody who is logged in goes straight on', async () => {
    const session = { token: 't', user: { id: 'u1', username: 'chen', realname: '陈' }, bound: true }
    host.storage.set('leadbell.session', JSON.stringify(session))
    const page = await openPage({ to: encodeURIComponent('/pages/clue/detail?id=7') })
    expect(host.of('reLaunch').map((call) => call.arg.url)).toEqual(['/pages/clue/detail?id=7'])
    page.unmount()
  })
})
