// @vitest-environment jsdom
import { expect, test, vi } from 'vitest'
import type { SubscribeSettings } from '../../protocol.ts'
import { onePage, startPhone, type TestPhone } from '../testing/launch.ts'

const read = (more: object) =>
  (Reflect.get(globalThis, 'wx') as { getSetting(o: object): Promise<object> }).getSetting(more)
const page = onePage('', '<view/>')
const kept: SubscribeSettings = {
  mainSwitch: true,
  items: [{ templateId: 'T1', title: '新线索提醒', value: 'reject' }],
}

test('H24 without withSubscriptions nothing is told of subscriptions', async () => {
  const phone = startPhone(page)
  phone.link.settings = kept
  expect(await read({})).toEqual({ errMsg: 'getSetting:ok', authSetting: {} })
  expect(await read({ withSubscriptions: false })).toEqual({ errMsg: 'getSetting:ok', authSetting: {} })
})

test('H25 H26 only the main switch until something was kept, then the kept choices', async () => {
  const phone = startPhone(page)
  expect(await read({ withSubscriptions: true })).toEqual({
    errMsg: 'getSetting:ok',
    authSetting: {},
    subscriptionsSetting: { mainSwitch: true },
  })
  phone.link.settings = { ...kept, mainSwitch: false }
  expect(await read({ withSubscriptions: true })).toEqual({
    errMsg: 'getSetting:ok',
    authSetting: {},
    subscriptionsSetting: { mainSwitch: false, itemSettings: { T1: 'reject' } },
  })
})

test('H25 with keptAtTopLevel the ids stand beside itemSettings too', async () => {
  const phone = startPhone(page, { profile: { keptAtTopLevel: true } })
  phone.link.settings = kept
  expect(await read({ withSubscriptions: true })).toMatchObject({
    subscriptionsSetting: { mainSwitch: true, itemSettings: { T1: 'reject' }, T1: 'reject' },
  })
  phone.link.settings = { mainSwitch: true, items: [] }
  expect(await read({ withSubscriptions: true })).toEqual({
    errMsg: 'getSetting:ok',
    authSetting: {},
    subscriptionsSetting: { mainSwitch: true },
  })
})

const openSetting = 'wx.openSetting({ withSubscriptions: true, success: (r) => log.push(r) })'

async function openSettings(
  settings: SubscribeSettings,
  options: Parameters<typeof startPhone>[1] = {},
  call = openSetting,
): Promise<TestPhone> {
  const phone = startPhone(
    onePage(
      `go() { ${call} }, onShow() { log.push('show') }, onHide() { log.push('hide') }`,
      '<button id="go" bindtap="go">go</button>',
    ),
    options,
  )
  phone.link.settings = settings
  phone.tapId('go')
  await vi.waitFor(() => expect(phone.part('settings-page')).not.toBeNull())
  return phone
}

const state = (phone: TestPhone) =>
  phone.part('settings-row')?.querySelector('.we-settings-state')?.textContent

/** 设置, 订阅消息, one message: into the last of them. */
function toTheMessage(phone: TestPhone): void {
  phone.press('settings-subscriptions')
  phone.press('settings-row')
}

/** Out of them all. */
function backToTheApp(phone: TestPhone): void {
  while (phone.part('settings-page')) phone.press('settings-back')
}

test('H27 H28 the settings page: only kept rows; a flip is read back on return', async () => {
  const phone = await openSettings(kept)
  phone.press('settings-subscriptions')
  expect(document.querySelectorAll('[data-test="settings-row"]')).toHaveLength(1)
  expect(state(phone)).toBe('不接收')
  phone.press('settings-row')
  expect(phone.part('settings-reject')?.getAttribute('aria-checked')).toBe('true')
  phone.press('settings-accept')
  await vi.waitFor(() => expect(phone.part('settings-accept')?.getAttribute('aria-checked')).toBe('true'))
  phone.press('settings-back')
  expect(state(phone)).toBe('接收')
  phone.press('settings-main-switch')
  await vi.waitFor(() =>
    expect(phone.part('settings-main-switch')?.getAttribute('aria-checked')).toBe('false'),
  )
  expect(phone.log()).toEqual(['show', 'hide'])
  backToTheApp(phone)
  await vi.waitFor(() => expect(phone.log()).toHaveLength(4))
  expect(phone.log().slice(2)).toEqual([
    'show',
    {
      errMsg: 'openSetting:ok',
      authSetting: {},
      subscriptionsSetting: { mainSwitch: false, itemSettings: { T1: 'accept' } },
    },
  ])
  expect(phone.link.closed).toEqual([])
})

test('H27 with nothing kept there is no row to switch, and with the main switch off none is shown', async () => {
  const phone = await openSettings({ mainSwitch: true, items: [] })
  phone.press('settings-subscriptions')
  expect(phone.part('settings-row')).toBeNull()
  expect(phone.part('settings-main-switch')).not.toBeNull()
  const off = await openSettings({ ...kept, mainSwitch: false })
  off.press('settings-subscriptions')
  expect(off.part('settings-row')?.closest<HTMLElement>('.we-settings-group')?.hidden).toBe(true)
})

test('H27 a banned message cannot be switched', async () => {
  const phone = await openSettings({
    mainSwitch: true,
    items: [{ templateId: 'T1', title: '新线索提醒', value: 'ban' }],
  })
  phone.press('settings-subscriptions')
  expect(state(phone)).toBe('已封禁')
  phone.press('settings-row')
  expect(phone.part('settings-accept')).toBeNull()
})

test('H28 it resolves on return and not before, without subscriptions unless they were asked for', async () => {
  const phone = await openSettings(kept, {}, 'wx.openSetting({ success: (r) => log.push(r) })')
  expect(phone.part('settings-subscriptions')).toBeNull()
  await Promise.resolve()
  expect(phone.log()).toEqual(['show', 'hide'])
  backToTheApp(phone)
  await vi.waitFor(() =>
    expect(phone.log().slice(2)).toEqual(['show', { errMsg: 'openSetting:ok', authSetting: {} }]),
  )
})

test.each([
  ['current', 'accept'],
  ['stale', 'reject'],
] as const)(
  'H28 with a %s answer openSetting tells %s after a flip, getSetting always the truth',
  async (openSettingAnswer, told) => {
    const phone = await openSettings(kept, { profile: { openSettingAnswer } })
    toTheMessage(phone)
    phone.press('settings-accept')
    await vi.waitFor(() => expect(phone.part('settings-accept')?.getAttribute('aria-checked')).toBe('true'))
    backToTheApp(phone)
    await vi.waitFor(() => expect(phone.log()).toHaveLength(4))
    expect(phone.log()[3]).toMatchObject({ subscriptionsSetting: { itemSettings: { T1: told } } })
    expect(await read({ withSubscriptions: true })).toMatchObject({
      subscriptionsSetting: { itemSettings: { T1: 'accept' } },
    })
  },
)

test.each(['openSetting', 'openAppAuthorizeSetting'])(
  'H28 on Windows %s fails, with the tap state too, and nothing opens',
  async (api) => {
    const phone = startPhone(
      onePage(`go() { wx.${api}({ fail: (f) => log.push(f) }) }`, '<button id="go" bindtap="go">go</button>'),
      { platform: 'windows' },
    )
    phone.tapId('go')
    await vi.waitFor(() => expect(phone.log()).toEqual([{ errMsg: `${api}:fail not supported` }]))
    expect(phone.part('settings-page')).toBeNull()
    expect(phone.shell.screen).toBe('app')
  },
)

test('what cannot be saved is said on the page, and the choice stays as it was', async () => {
  const phone = await openSettings(kept)
  phone.link.writeSettings = () => Promise.reject(new Error('offline'))
  toTheMessage(phone)
  phone.press('settings-accept')
  await vi.waitFor(() => expect(phone.part('settings-page')?.textContent).toContain('没有保存：offline'))
  expect(phone.part('settings-reject')?.getAttribute('aria-checked')).toBe('true')
})

test('H24 H28 authSetting tells what was asked for, and what the settings page made of it', async () => {
  const phone = startPhone(
    onePage(
      `go() { wx.openSetting({ success: (r) => log.push(r.authSetting) }) }`,
      '<button id="go" bindtap="go">go</button>',
    ),
  )
  const { wx } = globalThis as unknown as { wx: { authorize(o: object): Promise<object> } }
  const asked = wx.authorize({ scope: 'scope.userLocation' })
  await vi.waitFor(() => expect(phone.part('permission-allow')).not.toBeNull())
  phone.press('permission-allow')
  await asked
  expect(await read({})).toMatchObject({ authSetting: { 'scope.userLocation': true } })

  phone.tapId('go')
  await vi.waitFor(() => expect(phone.part('settings-scope.userLocation')).not.toBeNull())
  phone.press('settings-scope.userLocation')
  expect(phone.part('settings-scope.userLocation')?.getAttribute('aria-checked')).toBe('false')
  phone.press('settings-back')
  await vi.waitFor(() => expect(phone.log()).toEqual([{ 'scope.userLocation': false }]))
})
