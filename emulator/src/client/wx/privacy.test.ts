// @vitest-environment jsdom
import { afterEach, expect, test, vi } from 'vitest'
import { privacyApis, type PrivacyApi } from '../../release.ts'
import { onePage, startPhone, type TestPhone } from '../testing/launch.ts'

type Failure = { errMsg: string; errno?: number }
const wx = () => Reflect.get(globalThis, 'wx') as Record<string, (o?: object) => Promise<object>>
/** How the call came out: success and fail alike. */
const call = (name: string, options: object = {}) =>
  new Promise<Failure>((settle) => void wx()[name]?.({ success: settle, fail: settle, ...options }))
const copy = (data = '13800000000') => call('setClipboardData', { data })

const dialog = () => document.querySelectorAll('[data-test="privacy-dialog"]')
const start = (more = {}): TestPhone => startPhone(onePage('', '<view/>'), more)
const declined = (name: string): Failure => ({
  errMsg: `${name}:fail privacy permission is not authorized`,
  errno: 104,
})

afterEach(() => vi.useRealTimers())

test.each(privacyApis)(
  'H51 %s that the agreement does not declare fails with errno 112, unasked',
  async (api) => {
    const declares = privacyApis.filter((name) => name !== api)
    const app = { pages: ['pages/a'], requiredPrivateInfos: [api] }
    const phone = startPhone(onePage('', '<view/>', { 'app.json': JSON.stringify(app) }), {
      release: { privacy: { declares, needsConsent: true } },
    })
    expect(await call(api, { data: 'x' })).toEqual({
      errMsg: `${api}:fail api scope is not declared in the privacy agreement`,
      errno: 112,
    })
    expect(phone.part('privacy-dialog')).toBeNull()
  },
)

test('H51 agreeing lets the waiting call go on, is remembered by WeChat, and nobody is asked again', async () => {
  const phone = start()
  const copied = copy()
  expect(phone.part('privacy-dialog')?.textContent).toContain('《小程序小程序隐私保护指引》')
  phone.press('privacy-agree')
  expect(await copied).toEqual({ errMsg: 'setClipboardData:ok' })
  expect(phone.part('toast')?.textContent).toBe('内容已复制')
  expect(phone.link.stateWrites).toEqual([{ privacyConsent: true }])
  phone.relaunch()
  expect(await call('getClipboardData')).toEqual({ errMsg: 'getClipboardData:ok', data: '13800000000' })
  expect(phone.part('privacy-dialog')).toBeNull()
})

test('H51 declining fails with errno 104; for ten seconds the next call fails unasked, then it asks again', async () => {
  vi.useFakeTimers({ toFake: ['Date'] })
  const phone = start()
  const copied = copy()
  phone.press('privacy-decline')
  expect(await copied).toEqual(declined('setClipboardData'))
  expect(phone.part('toast')).toBeNull()
  vi.setSystemTime(Date.now() + 9_999)
  expect(await call('getClipboardData')).toEqual(declined('getClipboardData'))
  expect(phone.part('privacy-dialog')).toBeNull()
  vi.setSystemTime(Date.now() + 1)
  void copy()
  expect(phone.part('privacy-dialog')).not.toBeNull()
})

test('H51 with privacyRefusal 103 every refusal has that errno, the dialog’s and the app’s own', async () => {
  const phone = start({ profile: { privacyRefusal: 103 } })
  const copied = copy()
  phone.press('privacy-decline')
  expect(await copied).toEqual({ ...declined('setClipboardData'), errno: 103 })
  expect(await call('requirePrivacyAuthorize')).toEqual({
    ...declined('requirePrivacyAuthorize'),
    errno: 103,
  })
  const own = startPhone(ownDialog, { profile: { privacyRefusal: 103 } })
  const again = copy()
  await vi.waitFor(() => expect(own.log()).toHaveLength(1))
  own.tapId('decline')
  expect(await again).toMatchObject({ errno: 103 })
})

test('H51 an undeclared API fails with 112 although the user agreed', async () => {
  const phone = start({ release: { privacy: { declares: ['getClipboardData'], needsConsent: true } } })
  phone.device.update({ ...phone.device.state, privacyConsent: true })
  expect((await copy()).errno).toBe(112)
  expect((await call('getClipboardData')).errMsg).toBe('getClipboardData:ok')
})

test('two calls wait for one dialog', async () => {
  const phone = start()
  const both = Promise.all([copy(), call('getClipboardData')])
  expect(dialog()).toHaveLength(1)
  phone.press('privacy-agree')
  expect((await both).map(({ errMsg }) => errMsg)).toEqual(['setClipboardData:ok', 'getClipboardData:ok'])
})

test('a dialog that goes away without an answer is no refusal', async () => {
  const phone = start()
  const copied = copy()
  phone.shell.clearDialogs()
  expect(await copied).toEqual(declined('setClipboardData'))
  void copy()
  expect(phone.part('privacy-dialog')).not.toBeNull()
})

test('H51 the subscribe panel is not gated, with nothing declared and nothing agreed to', async () => {
  const phone = startPhone(
    onePage(
      "go() { wx.requestSubscribeMessage({ tmplIds: ['T1'] }) }",
      '<button id="go" bindtap="go">go</button>',
    ),
    { release: { privacy: { declares: [], needsConsent: true } } },
  )
  phone.tapId('go')
  await vi.waitFor(() => expect(phone.part('subscribe-panel')).not.toBeNull())
  expect(phone.part('privacy-dialog')).toBeNull()
})

test('H51 login, settings and calls are not gated', async () => {
  const phone = start()
  for (const name of ['login', 'getSetting', 'getNetworkType'])
    expect((await call(name)).errMsg).toBe(`${name}:ok`)
  void call('makePhoneCall', { phoneNumber: '1' })
  expect(phone.part('dial-sheet')).not.toBeNull()
  expect(phone.part('privacy-dialog')).toBeNull()
})

test('getPrivacySetting and requirePrivacyAuthorize tell and ask the same', async () => {
  const phone = start()
  const setting = (needAuthorization: boolean) => ({
    errMsg: 'getPrivacySetting:ok',
    needAuthorization,
    privacyContractName: '《小程序小程序隐私保护指引》',
  })
  expect(await call('getPrivacySetting')).toEqual(setting(true))
  const asked = call('requirePrivacyAuthorize')
  phone.press('privacy-agree')
  expect(await asked).toEqual({ errMsg: 'requirePrivacyAuthorize:ok' })
  expect(await call('getPrivacySetting')).toEqual(setting(false))
  expect(await call('requirePrivacyAuthorize')).toEqual({ errMsg: 'requirePrivacyAuthorize:ok' })
  // WeChat gives no Promise for these
  expect(wx().getPrivacySetting?.()).toBeUndefined()
})

test.each([
  ['nothing is declared', { declares: [] as PrivacyApi[], needsConsent: true }],
  ['the emulator needs no consent', { declares: privacyApis, needsConsent: false }],
])('there is nothing to agree to when %s', async (_, privacy) => {
  const phone = start({ release: { privacy } })
  expect(await call('getPrivacySetting')).toMatchObject({ needAuthorization: false })
  expect(await call('requirePrivacyAuthorize')).toEqual({ errMsg: 'requirePrivacyAuthorize:ok' })
  expect(phone.part('privacy-dialog')).toBeNull()
})

test('a consent that is taken back, as on the desk, is asked for again', async () => {
  const phone = start()
  phone.device.update({ ...phone.device.state, privacyConsent: true })
  expect((await copy()).errMsg).toBe('setClipboardData:ok')
  phone.device.update({ ...phone.device.state, privacyConsent: false })
  void copy()
  expect(phone.part('privacy-dialog')).not.toBeNull()
})

test('openPrivacyContract covers the page with what is declared; the dialog links to it', async () => {
  const phone = startPhone(
    onePage("onShow() { log.push('show') }, onHide() { log.push('hide') }", '<view/>'),
    { release: { privacy: { declares: ['setClipboardData'], needsConsent: true } } },
  )
  expect(await call('openPrivacyContract')).toEqual({ errMsg: 'openPrivacyContract:ok' })
  const contract = phone.part('privacy-contract-page')?.textContent
  expect(contract).toContain('写入你的剪切板')
  expect(contract).not.toContain('读取你的剪切板')
  phone.press('privacy-contract-back')
  expect(phone.log()).toEqual(['show', 'hide', 'show'])
  const copied = copy()
  phone.press('privacy-contract-link')
  phone.press('privacy-contract-back')
  phone.press('privacy-agree')
  expect((await copied).errMsg).toBe('setClipboardData:ok')
})

const ownDialog = onePage(
  `onLoad() { wx.onNeedPrivacyAuthorization((resolve, info) => { log.push(info.referrer); this.answer = resolve; resolve({ event: 'exposureAuthorization' }) }) },
   agree() { this.answer({ event: 'agree', buttonId: 'agree' }) },
   pretend() { this.answer({ event: 'agree', buttonId: 'agree' }) },
   decline() { this.answer({ event: 'disagree' }) }`,
  `<button id="agree" open-type="agreePrivacyAuthorization" bindagreeprivacyauthorization="agree">同意</button>
   <button id="pretend" bindtap="pretend">x</button><button id="decline" bindtap="decline">拒绝</button>`,
)

test('onNeedPrivacyAuthorization takes the place of the dialog; its button is the consent', async () => {
  const phone = startPhone(ownDialog)
  const copied = copy()
  await vi.waitFor(() => expect(phone.log()).toEqual(['setClipboardData']))
  expect(phone.part('privacy-dialog')).toBeNull()
  phone.tapId('agree')
  expect(await copied).toEqual({ errMsg: 'setClipboardData:ok' })
  expect(phone.device.state.privacyConsent).toBe(true)
  expect(phone.inspection.errors).toEqual([])
})

test('the app’s own refusal fails with errno 104 and the app is asked at the next call', async () => {
  const phone = startPhone(ownDialog)
  const copied = copy()
  await vi.waitFor(() => expect(phone.log()).toHaveLength(1))
  phone.tapId('decline')
  expect(await copied).toEqual(declined('setClipboardData'))
  void call('getClipboardData')
  await vi.waitFor(() => expect(phone.log()).toEqual(['setClipboardData', 'getClipboardData']))
})

test('an agreement without a press on its button is none, and is said', async () => {
  const phone = startPhone(ownDialog)
  const copied = copy()
  await vi.waitFor(() => expect(phone.log()).toHaveLength(1))
  phone.tapId('pretend')
  expect(await copied).toEqual(declined('setClipboardData'))
  expect(phone.device.state.privacyConsent).toBe(false)
  expect(phone.inspection.errors).toMatchObject([
    { message: 'no agreePrivacyAuthorization button "agree" was pressed' },
  ])
})

test('the clipboard takes text only, and its toast does not take away a later one', async () => {
  const phone = start()
  phone.device.update({ ...phone.device.state, privacyConsent: true })
  expect(await call('setClipboardData', { data: 7 })).toEqual({
    errMsg: 'setClipboardData:fail parameter error: parameter.data should be String',
  })
  vi.useFakeTimers()
  void wx().setClipboardData?.({ data: 'x' })
  vi.advanceTimersByTime(1000)
  void wx().showToast?.({ title: '后来的', duration: 1000 })
  vi.advanceTimersByTime(900)
  expect(phone.part('toast')?.textContent).toBe('后来的')
  vi.advanceTimersByTime(100)
  expect(phone.part('toast')).toBeNull()
})
