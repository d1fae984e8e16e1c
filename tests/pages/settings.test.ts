import { beforeEach, describe, expect, it } from 'vitest'
import SettingsPage from '@/pages/clue/settings.vue'
import { refused } from '../fakes/backend.ts'
import { useFakeHost, type FakeHost } from '../fakes/host.ts'
import { fire } from '../fakes/uni-app.ts'
import { openPage, tap, textsOf } from './open-page.ts'

let host: FakeHost
const openSettings = () => openPage(host, SettingsPage, 'pages/clue/settings')

beforeEach(() => {
  host = useFakeHost({ loggedIn: true })
})

describe('what the settings page says', () => {
  it('the quota, the main switch, each template’s choice, the phone’s notifications, who and what', async () => {
    const page = await openSettings()
    expect(page.get('#quota').text()).toBe('1 条')
    expect(page.get('#main-switch').text()).toBe('已打开')
    expect(textsOf(page, '.template-choice')).toEqual(['每次询问，还有 1 条'])
    expect(page.get('#notifications').text()).toBe('已打开')
    expect(page.text()).toContain('陈小舟（chen）')
    expect(page.get('#bound').text()).toContain('已绑定')
    expect(page.text()).toContain('1.2.0 正式版')
  })

  it('what the user changed elsewhere is there when the page comes back', async () => {
    const page = await openSettings()
    host.settings = { mainSwitch: false, kept: undefined }
    host.notifications = 'denied'
    await fire('onShow')
    await host.settled()
    expect(page.get('#main-switch').text()).toBe('已关闭，收不到任何提醒')
    expect(page.get('#notifications').text()).toContain('已关闭')
  })

  it('why the last panel came to nothing, with its code', async () => {
    const page = await openSettings()
    host.subscribe.push({ fail: { errCode: 20001 } })
    await tap(host, page, '#allow-once')
    expect(page.get('#problem').text()).toContain('微信里没有这个提醒模板，请联系管理员（LB4006）')
  })

  it('logged out: the login, which leads back here', async () => {
    host = useFakeHost()
    await openSettings()
    expect(host.wentTo()).toEqual([`/pages/login/login?to=${encodeURIComponent('/pages/clue/settings')}`])
  })
})

describe('a button per remedy, in its own tap', () => {
  it.each<[string, string, () => void, string]>([
    ['再允许一次', '#allow-once', () => undefined, 'requestSubscribeMessage'],
    ['打开总开关', '#open-main-switch', () => (host.settings.mainSwitch = false), 'openSetting'],
    ['在设置中改为接收', '.accept-in-settings', () => (host.settings.kept = { T1: 'reject' }), 'openSetting'],
    [
      '打开手机通知',
      '#open-phone-settings',
      () => (host.notifications = 'denied'),
      'openAppAuthorizeSetting',
    ],
  ])('%s', async (words, selector, happens, call) => {
    happens()
    const page = await openSettings()
    expect(page.get(selector).text()).toBe(words)
    expect(page.get(selector).attributes('data-eventsync')).toBe('true')
    expect(page.get(selector).element.children).toHaveLength(0)
    host.calls.length = 0
    await tap(host, page, selector)
    expect(host.calls[0]).toMatchObject({ name: call, tap: true })
  })

  it('that is not needed is not there', async () => {
    const page = await openSettings()
    for (const selector of ['#open-main-switch', '.accept-in-settings', '#open-phone-settings'])
      expect(page.find(selector).exists()).toBe(false)
  })
})

describe('退出登录', () => {
  it.each([
    [0, false],
    [1, true],
  ])('choice %i: unbind is %s', async (choice, unbind) => {
    host.actionSheet.push(choice)
    const page = await openSettings()
    await tap(host, page, '#logout')
    expect(host.sent('POST /sys/logout')).toEqual([{ unbind }])
    expect(host.wentTo()).toEqual(['/pages/login/login'])
  })

  it('thought better of: nothing happens', async () => {
    const page = await openSettings()
    await tap(host, page, '#logout')
    expect(host.sent('POST /sys/logout')).toEqual([])
  })

  it('unbinding refused: the user stays, is told, and can try again', async () => {
    host.backend['POST /sys/logout'] = () => refused(500, '解绑没有成功')
    host.actionSheet.push(1)
    const page = await openSettings()
    await tap(host, page, '#logout')
    expect(host.toasts()).toEqual(['解绑没有成功'])
    expect(page.get('#logout').text()).toBe('退出登录')
    expect(host.wentTo()).toEqual([])
  })
})

it('隐私保护指引 opens WeChat’s page', async () => {
  const page = await openSettings()
  await tap(host, page, '.link-item')
  expect(host.of('openPrivacyContract')).toHaveLength(1)
})
