import { expect, test } from 'vitest'
import type { PrivateTemplate } from '../protocol.ts'
import { demoAccounts } from '../cloud/demo.ts'
import type { EmulatorOptions } from '../index.ts'
import { platforms } from '../profiles.ts'
import { useBrowser, type BrowserPhone } from '../testing/browser.ts'
import { eventually } from '../testing/eventually.ts'
import { onePage } from './testing/one-page.ts'
import { situationPage, tapSituations } from './testing/tap-situations.ts'

const { openPhone } = useBrowser()

const openid = demoAccounts[0]?.openid ?? ''
const part = (phone: BrowserPhone, name: string) => phone.page.locator(`[data-test="${name}"]`)
const byId = (phone: BrowserPhone, id: string) =>
  phone.page.locator(`.we-page:not([hidden]) [exparser\\:info-attr-id="${id}"]`)

/** The tap state of every call of one API so far. */
const taps = (phone: BrowserPhone, name: string) =>
  phone.page.evaluate(
    (api) => globalThis.__phone?.calls.filter((call) => call.name === api).map(({ tap }) => tap) ?? [],
    name,
  )

test.each(platforms)(
  'H1 H3 H4 H5 H6 H7 H8 H9 H52 in a real browser, each situation on %s',
  async (platform) => {
    const phone = await openPhone(onePage(situationPage.members, situationPage.wxml), undefined, { platform })
    const looked = () => taps(phone, 'getStorageSync')
    for (const [at, { name, press }] of tapSituations.entries()) {
      await byId(phone, `s${at}`).click()
      if (press) await part(phone, press).click()
      await eventually(async () => [name, (await looked()).length]).toEqual([name, at + 1])
    }
    const seen = await looked()
    expect(Object.fromEntries(tapSituations.map(({ name }, at) => [name, seen[at]]))).toEqual(
      Object.fromEntries(tapSituations.map(({ name, held }) => [name, held[platform]])),
    )
  },
)

const page = onePage(
  `go() { wx.requestSubscribeMessage({ tmplIds: globalThis.ids, success: (r) => log.push(r), fail: (f) => log.push(f) }) },
   open() { wx.openSetting({ withSubscriptions: true, success: (r) => log.push(r.subscriptionsSetting), fail: (f) => log.push(f) }) }`,
  '<button id="go" bindtap="go">go</button><button id="open" bindtap="open">open</button>',
)
const systemOf = async (phone: BrowserPhone) =>
  ((await phone.wx('getDeviceInfo')) as { system: string }).system
const settings = async (phone: BrowserPhone) =>
  ((await phone.wx('getSetting', { withSubscriptions: true })) as { subscriptionsSetting: object })
    .subscriptionsSetting

test('the platform of an option, of an account and of the desk; a launch keeps the one it began with', async () => {
  const accounts = demoAccounts.map((account, at) =>
    at === 1 ? { ...account, platform: 'ios' as const } : account,
  )
  const phone = await openPhone(page, undefined, { platform: 'android', accounts })
  expect(await systemOf(phone)).toBe('Android 14')
  expect(phone.emulator.cloud.phone.state(accounts[1]?.openid ?? '').platform).toBe('ios')
  phone.emulator.setPhone({ platform: 'windows' })
  await phone.wx('login')
  expect(await systemOf(phone)).toBe('Android 14')
  await phone.page.evaluate(() => globalThis.__phone?.launch())
  expect(await systemOf(phone)).toBe('Windows 10 x64')
})

test('an address with a platform makes the phone that one, for WeChat too; an unknown one is said on the phone', async () => {
  const phone = await openPhone(page)
  const { url } = phone.emulator
  await phone.page.goto(`${url}/phone?platform=ios15`)
  await phone.page.locator('wx-page').waitFor({ state: 'attached' })
  expect(await systemOf(phone)).toBe('iOS 15.8.3')
  expect(phone.emulator.cloud.phone.state(openid).platform).toBe('ios15')
  await phone.page.goto(`${url}/phone?platform=nokia`)
  await phone.page
    .getByText(
      '手机没有启动：地址里的 platform=nokia 不认识 (unknown)，可用：strict、android、ios15、ios、devtools、windows',
    )
    .waitFor()
  expect(phone.emulator.cloud.phone.state(openid).platform).toBe('ios15')
})

const template = (priTmplId: string, more: Partial<PrivateTemplate> = {}): PrivateTemplate => ({
  ...{ priTmplId, title: `标题${priTmplId}`, content: '名称:{{thing1.DATA}}', example: '名称:例子', type: 2 },
  ...more,
})
const templates = [
  template('A'),
  template('B'),
  template('C', { title: '标题A' }),
  template('D', { type: 3 }),
  template('E', { banned: true }),
  template('F', { acceptedAs: 'acceptWithAlert' }),
  template('G'),
  template('H', { device: true }),
]

/** A phone in front of a real WeChat, and what it does. */
async function phoneWith(options: Partial<EmulatorOptions> = {}) {
  const phone = await openPhone(page, undefined, { templates, ...options })
  return {
    ...phone,
    /** Taps; resolves with the answer when the call is over without a panel. */
    async ask(ids: unknown): Promise<unknown> {
      const before = (await phone.log()).length
      await this.tapFor(ids)
      await eventually(async () => (await phone.log()).length).toBe(before + 1)
      return (await phone.log())[before]
    },
    async tapFor(ids: unknown): Promise<void> {
      await phone.page.evaluate((value) => Reflect.set(globalThis, 'ids', value), ids)
      await byId(phone, 'go').click()
    },
    /** Taps and answers the panel; resolves with the answer of the call. */
    async decide(ids: string[], button: 'allow' | 'cancel', { keep = false, untick = [] as string[] } = {}) {
      const before = (await phone.log()).length
      await this.tapFor(ids)
      for (const id of untick) await phone.page.locator(`[data-template="${id}"]`).click()
      if (keep) await part(phone, 'subscribe-keep').click()
      await part(phone, `subscribe-${button}`).click()
      await eventually(async () => (await phone.log()).length).toBe(before + 1)
      return (await phone.log())[before]
    },
    /** 设置, 订阅消息, and back to the app. */
    async inSettings(act: () => Promise<void>): Promise<unknown> {
      const before = (await phone.log()).length
      await byId(phone, 'open').click()
      await part(phone, 'settings-subscriptions').click()
      await act()
      while (await part(phone, 'settings-page').count()) await part(phone, 'settings-back').click()
      await eventually(async () => (await phone.log()).length).toBe(before + 1)
      return (await phone.log())[before]
    },
    part: (name: string) => part(phone, name),
    settings: () => settings(phone),
  }
}

const answer = (values: object) => ({ errMsg: 'requestSubscribeMessage:ok', ...values })
const failure = (errCode: number) => expect.objectContaining({ errCode }) as object

test('H12 H13 what cannot be asked fails with its code, and no panel', async () => {
  const phone = await phoneWith()
  expect(await phone.ask(undefined)).toEqual(failure(10001))
  expect(await phone.ask([])).toEqual(failure(10001))
  expect(await phone.ask('A')).toEqual(failure(10004))
  expect(await phone.ask(['A', 7])).toEqual(failure(10004))
  expect(await phone.ask(['A', 'nobody'])).toEqual(failure(20001))
  expect(await phone.ask(['A', 'D'])).toEqual(failure(20002))
  expect(await phone.ask(['A', 'B', 'C', 'E', 'F', 'G'])).toEqual(failure(20003))
  expect(await phone.ask(['H'])).toEqual(failure(20013))
  phone.emulator.setMainSwitch(false)
  expect(await phone.ask(['A'])).toEqual(failure(20004))
  expect(await phone.part('subscribe-panel').count()).toBe(0)
  expect(phone.emulator.quota()).toEqual({})
})

test('H12 older clients take three ids, and a banned app none', async () => {
  const older = await phoneWith({ profile: { maxTemplates: 3 } })
  expect(await older.ask(['A', 'B', 'E', 'F'])).toEqual(failure(20003))
  const banned = await phoneWith({ profile: { banned: true } })
  expect(await banned.ask(['A'])).toEqual(failure(20005))
})

test('H16 H17 H18 H19 H22 one panel of all sorts: the answer has a key an id, each accept is one grant', async () => {
  const phone = await phoneWith()
  const ids = ['A', 'B', 'C', 'E', 'F']
  await phone.tapFor(ids)
  await phone.part('subscribe-panel').waitFor()
  expect(
    await phone.part('subscribe-row').evaluateAll((rows) => rows.map((row) => row.dataset.template)),
  ).toEqual(['A', 'B', 'F'])
  await phone.page.locator('[data-template="B"]').click()
  await phone.part('subscribe-allow').click()
  await eventually(() => phone.log()).toEqual([
    answer({ A: 'accept', B: 'reject', C: 'filter', E: 'ban', F: 'acceptWithAlert' }),
  ])
  expect(phone.emulator.quota()).toEqual({ A: 1, F: 1 })
})

test('H16 H19 H21 H26 without keep the panel comes each time, grants add up, and nothing shows in the settings', async () => {
  const phone = await phoneWith()
  expect(await phone.decide(['A', 'B'], 'allow')).toEqual(answer({ A: 'accept', B: 'accept' }))
  expect(await phone.decide(['A'], 'allow')).toEqual(answer({ A: 'accept' }))
  expect(await phone.decide(['A', 'B'], 'cancel')).toEqual(answer({ A: 'reject', B: 'reject' }))
  expect(phone.emulator.quota()).toEqual({ A: 2, B: 1 })
  expect(await phone.settings()).toEqual({ mainSwitch: true })
})

test('H20 H25 kept: later calls are silent, a kept accept is a grant each time, a kept reject none', async () => {
  const phone = await phoneWith()
  const kept = { A: 'accept', B: 'reject' }
  expect(await phone.decide(['A', 'B'], 'allow', { keep: true, untick: ['B'] })).toEqual(answer(kept))
  for (let n = 0; n < 2; n++) expect(await phone.ask(['A', 'B'])).toEqual(answer(kept))
  expect(phone.emulator.quota()).toEqual({ A: 3 })
  expect(await phone.settings()).toEqual({ mainSwitch: true, itemSettings: kept })
  expect(await phone.decide(['G'], 'cancel', { keep: true })).toEqual(answer({ G: 'reject' }))
  expect(await phone.ask(['G'])).toEqual(answer({ G: 'reject' }))
})

test('H27 H28 a flip in the settings is read back, grants nothing, and the next call stays silent', async () => {
  const phone = await phoneWith()
  await phone.decide(['A'], 'cancel', { keep: true })
  await phone.decide(['B'], 'allow')
  const told = await phone.inSettings(async () => {
    expect(await phone.part('settings-row').count()).toBe(1)
    await phone.part('settings-row').click()
    await phone.part('settings-accept').click()
    await phone.page.locator('[data-test="settings-accept"][aria-checked="true"]').waitFor()
  })
  expect(told).toEqual({ mainSwitch: true, itemSettings: { A: 'accept' } })
  expect(await phone.settings()).toEqual(told)
  expect(phone.emulator.quota()).toEqual({ B: 1 })
  expect(await phone.ask(['A'])).toEqual(answer({ A: 'accept' }))
  expect(phone.emulator.quota()).toEqual({ A: 1, B: 1 })

  await phone.inSettings(async () => {
    await phone.part('settings-main-switch').click()
    await phone.page.locator('[data-test="settings-main-switch"][aria-checked="false"]').waitFor()
  })
  expect(await phone.settings()).toMatchObject({ mainSwitch: false })
  expect(await phone.ask(['A'])).toEqual(failure(20004))
})

test('H25 H28 the options of all phones reach them: ids at the top level, a stale answer', async () => {
  const clientProfile = { keptAtTopLevel: true, openSettingAnswer: 'stale' } as const
  const phone = await phoneWith({ clientProfile })
  await phone.decide(['A'], 'cancel', { keep: true })
  const told = await phone.inSettings(async () => {
    await phone.part('settings-row').click()
    await phone.part('settings-accept').click()
    await phone.page.locator('[data-test="settings-accept"][aria-checked="true"]').waitFor()
  })
  expect(told).toEqual({ mainSwitch: true, itemSettings: { A: 'reject' }, A: 'reject' })
  expect(await phone.settings()).toEqual({ mainSwitch: true, itemSettings: { A: 'accept' }, A: 'accept' })
})

test('H15 injected: the list is lost, then the submit, and neither books a grant', async () => {
  const phone = await phoneWith()
  phone.emulator.fault({ phone: 'subscribe/open', times: 1 })
  expect(await phone.ask(['A'])).toEqual(failure(10002))
  phone.emulator.fault({ phone: 'subscribe/close', times: 1 })
  expect(await phone.decide(['A'], 'allow')).toEqual(failure(10003))
  expect(phone.emulator.quota()).toEqual({})
  expect(await phone.decide(['A'], 'allow')).toEqual(answer({ A: 'accept' }))
})

test('H15 the network goes while the panel is open: 10003; without one: 10002', async () => {
  const phone = await phoneWith()
  await phone.tapFor(['A'])
  await phone.part('subscribe-panel').waitFor()
  phone.emulator.setPhone({ network: 'none' })
  await phone.part('subscribe-allow').click()
  await eventually(() => phone.log()).toEqual([failure(10003)])
  expect(await phone.ask(['A'])).toEqual(failure(10002))
  expect(phone.emulator.quota()).toEqual({})
})

test('H31 H33 a code a login; checkSession goes by the session of the last one', async () => {
  const phone = await phoneWith()
  const check = () =>
    phone.wx('checkSession').then(
      () => true,
      () => false,
    )
  expect(await check()).toBe(false)
  const codes = [await phone.wx('login'), await phone.wx('login')].map(
    (told) => (told as { code: string }).code,
  )
  expect(new Set(codes).size).toBe(2)
  expect(await check()).toBe(true)
})

test('H52 the devtools show a panel of their own for an id that nobody has, and the phone refuses it', async () => {
  const phone = await phoneWith({ platform: 'devtools' })
  await phone.tapFor(['nobody'])
  await phone.part('simulated').waitFor()
  await phone.part('subscribe-allow').click()
  await eventually(() => phone.log()).toEqual([answer({ nobody: 'accept' })])
  phone.emulator.setPhone({ platform: 'strict' })
  await phone.page.evaluate(() => globalThis.__phone?.launch())
  expect(await phone.ask(['nobody'])).toEqual(failure(20001))
})
