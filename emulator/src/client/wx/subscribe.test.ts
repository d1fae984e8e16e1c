// @vitest-environment jsdom
import { expect, test, vi } from 'vitest'
import type { SubscribeSettings } from '../../protocol.ts'
import { onePage, startPhone, type TestPhone } from '../testing/launch.ts'

const ask =
  "wx.requestSubscribeMessage({ tmplIds: ['T1', 'T2'], success: (r) => log.push(['success', r]), fail: (f) => log.push(['fail', f]), complete: () => log.push('complete') })"
const page = (body: string) => onePage(`go() { ${body} }`, '<button id="go" bindtap="go">go</button>')

async function openPanel(body = ask): Promise<TestPhone> {
  const phone = startPhone(page(body))
  phone.tapId('go')
  await vi.waitFor(() => expect(phone.part('subscribe-panel')).not.toBeNull())
  return phone
}

const two = {
  kind: 'panel' as const,
  rows: [
    { templateId: 'T1', title: '新线索提醒', example: '' },
    { templateId: 'T2', title: '跟进提醒', example: '' },
  ],
  settled: {},
}

test('H16 H22 H23 允许: what the node side books comes back, success then complete, later', async () => {
  const phone = await openPanel()
  expect(phone.log()).toEqual([])
  phone.press('subscribe-allow')
  await vi.waitFor(() =>
    expect(phone.log()).toEqual([
      ['success', { errMsg: 'requestSubscribeMessage:ok', T1: 'accept' }],
      'complete',
    ]),
  )
  expect(phone.link.closed).toEqual([{ settled: {}, decisions: { T1: 'accept' }, keep: false }])
  expect(phone.part('subscribe-panel')).toBeNull()
})

test('H16 取消 decides reject for every row, and keep is told', async () => {
  const phone = startPhone(page(ask))
  phone.link.onOpen = () => two
  phone.tapId('go')
  await vi.waitFor(() => expect(phone.part('subscribe-panel')).not.toBeNull())
  phone.press('subscribe-keep')
  phone.press('subscribe-cancel')
  await vi.waitFor(() =>
    expect(phone.link.closed).toEqual([
      { settled: {}, decisions: { T1: 'reject', T2: 'reject' }, keep: true },
    ]),
  )
})

test('an unticked row is rejected; with none ticked 允许 is grey', async () => {
  const phone = startPhone(page(ask))
  phone.link.onOpen = () => two
  phone.tapId('go')
  await vi.waitFor(() => expect(phone.part('subscribe-panel')).not.toBeNull())
  const [first, second] = [...document.querySelectorAll<HTMLElement>('[data-test="subscribe-row"]')]
  const allow = phone.part('subscribe-allow') as HTMLButtonElement
  second?.click()
  expect(allow.disabled).toBe(false)
  first?.click()
  expect(allow.disabled).toBe(true)
  first?.click()
  allow.click()
  await vi.waitFor(() =>
    expect(phone.link.closed).toMatchObject([{ decisions: { T1: 'accept', T2: 'reject' } }]),
  )
})

test('H14 a second call fails, the first panel is unaffected', async () => {
  const phone = await openPanel()
  phone.tapId('go')
  await vi.waitFor(() =>
    expect(phone.log()).toEqual([
      ['fail', { errMsg: 'requestSubscribeMessage:fail last call has not ended' }],
      'complete',
    ]),
  )
  expect(document.querySelectorAll('[data-test="subscribe-panel"]')).toHaveLength(1)
  phone.press('subscribe-allow')
  await vi.waitFor(() => expect(phone.log()).toHaveLength(4))
})

test('a second call is free again after the first has ended', async () => {
  const phone = await openPanel()
  phone.press('subscribe-cancel')
  await vi.waitFor(() => expect(phone.log()).toHaveLength(2))
  phone.tapId('go')
  await vi.waitFor(() => expect(phone.part('subscribe-panel')).not.toBeNull())
})

test('H20 a silent answer shows no panel', async () => {
  const phone = startPhone(page(ask))
  phone.link.onOpen = () => ({ kind: 'silent', results: { T1: 'accept', T2: 'ban' } })
  phone.tapId('go')
  await vi.waitFor(() =>
    expect(phone.log()[0]).toEqual([
      'success',
      { errMsg: 'requestSubscribeMessage:ok', T1: 'accept', T2: 'ban' },
    ]),
  )
  expect(phone.part('subscribe-panel')).toBeNull()
})

test('H12 H13 the node side’s failure keeps its code and words; the arguments reach it untouched', async () => {
  const phone = startPhone(page('wx.requestSubscribeMessage({ tmplIds: 7, fail: (f) => log.push(f) })'))
  const failure = {
    errMsg: 'requestSubscribeMessage:fail The main switch is switched off',
    errCode: 20004,
  }
  phone.link.onOpen = () => ({ kind: 'fail', failure })
  phone.tapId('go')
  await vi.waitFor(() => expect(phone.log()).toEqual([failure]))
  expect(phone.link.opened).toEqual([7])
})

test('H15 a lost connection is 10002 before the panel and 10003 after it', async () => {
  const lost = () => {
    throw new Error('offline')
  }
  const before = startPhone(page(ask))
  before.link.onOpen = lost
  before.tapId('go')
  await vi.waitFor(() => expect(before.log()[0]).toMatchObject(['fail', { errCode: 10002 }]))

  const after = await openPanel()
  after.link.onClose = lost
  after.press('subscribe-allow')
  await vi.waitFor(() => expect(after.log()[0]).toMatchObject(['fail', { errCode: 10003 }]))
})

test('H23 without callbacks: a Promise that rejects with the plain object; with them: undefined', async () => {
  const phone = startPhone(
    page(
      `log.push(${ask}); wx.requestSubscribeMessage({}).catch((e) => log.push(['caught', e instanceof Error, e]))`,
    ),
  )
  phone.tapId('go')
  await vi.waitFor(() =>
    expect(phone.log()).toEqual([
      undefined,
      ['caught', false, { errMsg: 'requestSubscribeMessage:fail last call has not ended' }],
    ]),
  )
})

test('an error in success is collected and complete still runs', async () => {
  const phone = await openPanel(
    "wx.requestSubscribeMessage({ tmplIds: ['T1'], success() { throw new Error('mine') }, complete: () => log.push('complete') })",
  )
  phone.press('subscribe-allow')
  await vi.waitFor(() => expect(phone.log()).toEqual(['complete']))
  expect(phone.inspection.errors).toMatchObject([
    { where: 'requestSubscribeMessage success', message: 'mine' },
  ])
})

const read = (more: object) =>
  (Reflect.get(globalThis, 'wx') as { getSetting(o: object): Promise<object> }).getSetting(more)

test('H24 H25 H26 what getSetting tells', async () => {
  const phone = startPhone(page(''))
  expect(await read({})).toEqual({ errMsg: 'getSetting:ok', authSetting: {} })
  expect(await read({ withSubscriptions: true })).toEqual({
    errMsg: 'getSetting:ok',
    authSetting: {},
    subscriptionsSetting: { mainSwitch: true },
  })
  phone.link.settings = { mainSwitch: false, items: [{ templateId: 'T1', title: 'x', value: 'reject' }] }
  expect(await read({ withSubscriptions: true })).toMatchObject({
    subscriptionsSetting: { mainSwitch: false, itemSettings: { T1: 'reject' } },
  })
})

test('H29 more than four getSetting within a second are a violation, not a failure', async () => {
  const phone = startPhone(page(''))
  await Promise.all(Array.from({ length: 5 }, () => read({})))
  expect(phone.inspection.violations).toEqual(['getSetting: 5 calls within a second'])
})

const openSetting = 'wx.openSetting({ withSubscriptions: true, success: (r) => log.push(r) })'

async function openSettings(settings: SubscribeSettings): Promise<TestPhone> {
  const phone = startPhone(
    onePage(
      `go() { ${openSetting} }, onShow() { log.push('show') }, onHide() { log.push('hide') }`,
      '<button id="go" bindtap="go">go</button>',
    ),
  )
  phone.link.settings = settings
  phone.tapId('go')
  await vi.waitFor(() => expect(phone.part('settings-page')).not.toBeNull())
  return phone
}

test('H27 H28 the settings page: only kept rows; a flip is read back on return', async () => {
  const phone = await openSettings({
    mainSwitch: true,
    items: [{ templateId: 'T1', title: '新线索提醒', value: 'reject' }],
  })
  expect(document.querySelectorAll('[data-test="settings-row"]')).toHaveLength(1)
  phone.press('settings-row')
  await vi.waitFor(() => expect(phone.part('settings-row')?.getAttribute('aria-checked')).toBe('true'))
  phone.press('settings-main-switch')
  await vi.waitFor(() =>
    expect(phone.part('settings-main-switch')?.getAttribute('aria-checked')).toBe('false'),
  )
  expect(phone.log()).toEqual(['show', 'hide'])
  phone.press('settings-back')
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

test('H27 with nothing kept there is no row to switch', async () => {
  const phone = await openSettings({ mainSwitch: true, items: [] })
  expect(phone.part('settings-row')).toBeNull()
  expect(phone.part('settings-main-switch')).not.toBeNull()
})
