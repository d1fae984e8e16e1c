// @vitest-environment jsdom
import { expect, test, vi } from 'vitest'
import { clientProfiles, platforms } from '../../profiles.ts'
import { onePage, startPhone } from '../testing/launch.ts'

const sync = (name: string) =>
  (Reflect.get(globalThis, 'wx') as Record<string, () => Record<string, unknown>>)[name]?.()
const NO_TAP = 'can only be invoked by user TAP gesture.'

const tapPage = (api: string) =>
  onePage(
    `go() { wx.${api}({ success: (r) => log.push(r.errMsg), fail: (f) => log.push(f.errMsg) }) },
     onLoad() { wx.${api}({ fail: (f) => log.push(f.errMsg) }) }`,
    '<button id="go" bindtap="go">go</button>',
    {
      'app.js': `const log = globalThis.testLog; App({ onHide() { log.push('hide') }, onShow() { log.push('show') } })`,
    },
  )

test('getAppAuthorizeSetting tells what the phone allows, and a change at once', () => {
  const phone = startPhone(onePage('', '<view/>'))
  expect(sync('getAppAuthorizeSetting')).toMatchObject({
    notificationAuthorized: 'authorized',
    notificationAlertAuthorized: 'authorized',
  })
  phone.device.update({ ...phone.device.state, notifications: 'denied' })
  expect(sync('getAppAuthorizeSetting')).toMatchObject({
    notificationAuthorized: 'denied',
    notificationSoundAuthorized: 'denied',
  })
})

test('a phone that is no iPhone tells of notifications as a whole only', () => {
  for (const platform of ['android', 'windows'] as const) {
    startPhone(onePage('', '<view/>'), { platform })
    expect(sync('getAppAuthorizeSetting'), platform).toEqual({ notificationAuthorized: 'authorized' })
  }
})

const identities = {
  strict: ['ios', 'iOS 16.7.10'],
  android: ['android', 'Android 14'],
  ios15: ['ios', 'iOS 15.8.3'],
  ios: ['ios', 'iOS 16.7.10'],
  devtools: ['devtools', 'iOS 10.0.1'],
  windows: ['windows', 'Windows 10 x64'],
}
test.each(platforms)('H52 each platform says what it is, by every API that tells: %s', (platform) => {
  startPhone(onePage('', '<view/>'), { platform })
  const [name, system] = identities[platform]
  const { device } = clientProfiles[platform]
  expect(sync('getDeviceInfo')).toMatchObject({
    platform: name,
    system,
    model: device.model,
    brand: device.brand,
  })
  expect(sync('getAppBaseInfo')).toMatchObject({ SDKVersion: '3.7.0', version: '8.0.54' })
  expect(sync('getSystemInfoSync')).toMatchObject(device)
})

test('a test may make the phone another device', () => {
  const device = { ...clientProfiles.android.device, model: 'old one', SDKVersion: '2.20.0' }
  startPhone(onePage('', '<view/>'), { platform: 'android', profile: { device } })
  expect(sync('getSystemInfoSync')).toMatchObject({
    model: 'old one',
    SDKVersion: '2.20.0',
    platform: 'android',
  })
})

test('H2 openAppAuthorizeSetting and exitMiniProgram need a tap', async () => {
  for (const api of ['openAppAuthorizeSetting', 'exitMiniProgram']) {
    const phone = startPhone(tapPage(api))
    await vi.waitFor(() => expect(phone.log()).toEqual(['show', `${api}:fail ${NO_TAP}`]))
    expect(phone.shell.screen).toBe('app')
  }
})

test('the phone’s settings take the screen; what is switched there holds, and the way back shows the app', async () => {
  const phone = startPhone(tapPage('openAppAuthorizeSetting'))
  await vi.waitFor(() => expect(phone.log()).toHaveLength(2))
  phone.tapId('go')
  await vi.waitFor(() => expect(phone.log().slice(2)).toEqual(['hide', 'openAppAuthorizeSetting:ok']))
  expect(phone.part('system-settings-page')?.hidden).toBe(false)
  const toggle = () => phone.part('system-notification-switch')
  expect(toggle()?.getAttribute('aria-checked')).toBe('true')
  phone.press('system-notification-switch')
  await vi.waitFor(() => expect(toggle()?.getAttribute('aria-checked')).toBe('false'))
  expect(phone.link.stateWrites).toEqual([{ notifications: 'denied' }])
  phone.press('system-settings-back')
  expect(phone.part('system-settings-page')?.hidden).toBe(true)
  expect(phone.log().at(-1)).toBe('show')
  expect(sync('getAppAuthorizeSetting')).toMatchObject({ notificationAuthorized: 'denied' })
})

test('exitMiniProgram leaves to the chats, as the capsule does', async () => {
  const phone = startPhone(tapPage('exitMiniProgram'))
  await vi.waitFor(() => expect(phone.log()).toHaveLength(2))
  phone.tapId('go')
  await vi.waitFor(() => expect(phone.log().slice(2)).toEqual(['hide', 'exitMiniProgram:ok']))
  expect(phone.part('chats')?.hidden).toBe(false)
})

test.each([
  ['develop', ''],
  ['trial', ''],
  ['release', '3.1.4'],
] as const)('getAccountInfoSync of a %s version', (envVersion, version) => {
  startPhone(onePage('', '<view/>'), { release: { envVersion, version: '3.1.4' } })
  expect(sync('getAccountInfoSync')).toEqual({
    miniProgram: { appId: 'wx1ead0be110000001', envVersion, version },
  })
})

test('a weak network is told when it is set, and to nobody after off or a kill', () => {
  const phone = startPhone(onePage('', '<view/>'))
  const wx = Reflect.get(globalThis, 'wx') as Record<string, (listener: (detail: object) => void) => void>
  const [heard, gone] = [vi.fn(), vi.fn()]
  wx.onNetworkWeakChange?.(heard)
  wx.onNetworkWeakChange?.(gone)
  wx.offNetworkWeakChange?.(gone)
  phone.device.update({ ...phone.device.state, network: '2g' })
  expect(heard).not.toHaveBeenCalled()
  phone.device.update({ ...phone.device.state, weakNetwork: true })
  expect(heard).toHaveBeenCalledExactlyOnceWith({ weakNet: true, networkType: '2g' })
  phone.program.kill()
  phone.device.update({ ...phone.device.state, weakNetwork: false })
  expect(heard).toHaveBeenCalledOnce()
  expect(gone).not.toHaveBeenCalled()
})

test('a listener that throws reaches onError and does not keep the others from hearing', () => {
  const phone = startPhone(
    onePage('', '<view/>', { 'app.js': "App({ onError() { globalThis.testLog.push('onError') } })" }),
  )
  const wx = Reflect.get(globalThis, 'wx') as Record<string, (listener: (detail: object) => void) => void>
  wx.onNetworkStatusChange?.(() => {
    throw new Error('mine')
  })
  const heard = vi.fn()
  wx.onNetworkStatusChange?.(heard)
  phone.device.update({ ...phone.device.state, network: '3g' })
  expect(heard).toHaveBeenCalledExactlyOnceWith({ isConnected: true, networkType: '3g' })
  expect(phone.log()).toEqual(['onError'])
})

test('what the phone says of itself when it is asked for one thing', async () => {
  startPhone(onePage('', '<view/>'))
  const wx = Reflect.get(globalThis, 'wx') as Record<string, (o?: unknown) => Promise<unknown>>
  expect(wx.getBatteryInfoSync?.()).toEqual({ level: 100, isCharging: false, isLowPowerModeEnabled: false })
  expect(wx.getSystemSetting?.()).toMatchObject({ wifiEnabled: true, deviceOrientation: 'portrait' })
  expect(wx.getMenuButtonBoundingClientRect?.()).toEqual({
    ...{ width: 87, height: 32, left: 278, top: 26, right: 365, bottom: 58 },
  })
  expect(await wx.getLocalIPAddress?.()).toMatchObject({ localip: '192.0.2.10' })
  expect(await wx.setKeepScreenOn?.({ keepScreenOn: true })).toEqual({ errMsg: 'setKeepScreenOn:ok' })
  expect(wx.getExtConfigSync?.()).toEqual({})
})

test('the theme is told with darkmode only; what never happens may be listened to', () => {
  const theme = () =>
    (Reflect.get(globalThis, 'wx') as { getAppBaseInfo(): { theme?: string } }).getAppBaseInfo().theme
  const plain = startPhone(onePage('', '<view/>'))
  expect(theme()).toBeUndefined()
  const wx = Reflect.get(globalThis, 'wx') as Record<string, (listener: () => void) => void>
  for (const name of ['onMemoryWarning', 'onAudioInterruptionBegin', 'onWindowResize'])
    wx[name]?.(() => undefined)
  expect(plain.inspection.errors).toEqual([])
  startPhone(onePage('', '<view/>', { 'app.json': JSON.stringify({ pages: ['pages/a'], darkmode: true }) }))
  expect(theme()).toBe('light')
})

test('H50 wx is there before the app’s code: app.js finds its functions, own, enumerable and unbound', () => {
  const phone = startPhone(
    onePage('', '<view/>', {
      'app.js': `const { getStorageInfoSync } = wx
        globalThis.testLog.push(typeof wx.login, Object.keys(wx).includes('request'), Object.hasOwn(wx, 'login'), getStorageInfoSync().keys)
        App({})`,
    }),
  )
  expect(phone.log()).toEqual(['function', true, true, []])
})

test('names that other tools’ code looks for', () => {
  const phone = startPhone(
    onePage('', '<view/>', {
      'app.js': `globalThis.testLog.push(typeof global, global === globalThis, __wxConfig.accountInfo.appId, wx.env.USER_DATA_PATH)
        try { requirePlugin('live') } catch (e) { globalThis.testLog.push(e.message) }
        App({})`,
    }),
  )
  expect(phone.log()).toEqual([
    ...['object', true, 'wx1ead0be110000001', 'wxfile://usr'],
    'requirePlugin("live"): plug-ins are not part of this emulator',
  ])
})
