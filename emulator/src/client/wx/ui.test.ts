// @vitest-environment jsdom
import { expect, test, vi } from 'vitest'
import { onePage, startPhone, type TestPhone } from '../testing/launch.ts'
import { wxNames } from './names.ts'

type Api = (o?: object) => Promise<Record<string, unknown>>
const wx = () => Reflect.get(globalThis, 'wx') as Record<string, Api>
const api = (name: string): Api => wx()[name] as Api
const start = (): TestPhone => startPhone(onePage('', '<view/>'))

test('H30 five characters on a modal’s button are refused and collected', async () => {
  const phone = start()
  await expect(api('showModal')({ content: 'x', confirmText: '我知道啦啦' })).rejects.toMatchObject({
    errMsg: 'showModal:fail confirmText length should not larger than 4 Chinese characters',
  })
  expect(phone.inspection.errors).toHaveLength(1)
  expect(phone.part('modal')).toBeNull()
  void api('showModal')({ content: 'x', confirmText: '继续登录' })
  expect(phone.part('modal-confirm')?.textContent).toBe('继续登录')
})

test('a modal: confirm, cancel, and no cancel', async () => {
  const phone = start()
  const first = api('showModal')({ title: '标题', content: '内容' })
  phone.press('modal-cancel')
  expect(await first).toEqual({ errMsg: 'showModal:ok', confirm: false, cancel: true })
  const second = api('showModal')({ content: '内容', showCancel: false })
  expect(phone.part('modal-cancel')).toBeNull()
  phone.press('modal-confirm')
  expect(await second).toEqual({ errMsg: 'showModal:ok', confirm: true, cancel: false })
})

test('a toast goes by itself; a loading stays until it is hidden', async () => {
  const phone = start()
  await api('showToast')({ title: '已订阅成功', duration: 30 })
  expect(phone.part('toast')?.textContent).toBe('已订阅成功')
  await vi.waitFor(() => expect(phone.part('toast')).toBeNull())
  await api('showLoading')({ title: '加载中' })
  await new Promise((resolve) => setTimeout(resolve, 50))
  expect(phone.part('toast')?.textContent).toBe('加载中')
  await api('hideLoading')()
  expect(phone.part('toast')).toBeNull()
})

test('an action sheet: the row, or fail cancel', async () => {
  const phone = start()
  const chosen = api('showActionSheet')({ itemList: ['甲', '乙'] })
  phone.part('action-sheet')?.querySelectorAll('button')[1]?.click()
  expect(await chosen).toEqual({ errMsg: 'showActionSheet:ok', tapIndex: 1 })
  const cancelled = api('showActionSheet')({ itemList: ['甲'] })
  phone.part('action-sheet')?.querySelector<HTMLElement>('.we-sheet-cancel')?.click()
  await expect(cancelled).rejects.toEqual({ errMsg: 'showActionSheet:fail cancel' })
})

test('makePhoneCall shows the number and ends with the user’s answer', async () => {
  const phone = start()
  const call = api('makePhoneCall')({ phoneNumber: '13800000000' })
  expect(phone.part('dial-sheet')?.textContent).toContain('13800000000')
  phone.part('dial-sheet')?.querySelector('button')?.click()
  expect(await call).toEqual({ errMsg: 'makePhoneCall:ok' })
})

test('H50 every API is an own enumerable function that works unbound', () => {
  start()
  const copy: Record<string, unknown> = {}
  for (const name in wx()) copy[name] = wx()[name]
  const { getSystemInfoSync } = copy as { getSystemInfoSync(): Record<string, unknown> }
  expect(getSystemInfoSync()).toMatchObject({
    windowWidth: 375,
    windowHeight: 603,
    platform: 'ios',
  })
})

test('an API we lack fails in words, is collected, and canIUse says no', async () => {
  const phone = start()
  await expect(api('requestPayment')()).rejects.toEqual({
    errMsg: 'requestPayment:fail wx.requestPayment is not part of this emulator',
  })
  expect(phone.inspection.errors).toMatchObject([
    { message: 'wx.requestPayment is not part of this emulator' },
  ])
  const canIUse = Reflect.get(globalThis, 'wx') as { canIUse(schema: string): boolean }
  expect(canIUse.canIUse('getSetting.object.withSubscriptions')).toBe(true)
  expect(canIUse.canIUse('button.open-type.openSetting')).toBe(true)
  expect(canIUse.canIUse('button.open-type.launchApp')).toBe(false)
  expect(canIUse.canIUse('map')).toBe(false)
})

test('wx has every name of WeChat’s declarations and no other; canIUse tells those that work here', () => {
  const phone = start()
  const { canIUse } = wx() as unknown as { canIUse(name: string): boolean }
  const functions = Object.keys(wx()).filter((name) => typeof wx()[name] === 'function')
  expect(wxNames.filter((name) => typeof wx()[name] !== 'function')).toEqual([])
  expect(functions.filter((name) => !wxNames.includes(name))).toEqual([])
  expect(typeof wx().loadSubpackage).toBe('undefined')
  for (const name of ['request', 'login', 'showModal', 'getStorageSync', 'chooseMedia', 'onSocketOpen'])
    expect([name, canIUse(name)]).toEqual([name, true])
  for (const name of ['requestPayment', 'createVideoContext', 'onBLEMTUChange', 'getUserCryptoManager'])
    expect([name, canIUse(name)]).toEqual([name, false])
  expect(phone.inspection.errors).toEqual([])
})

test('a missing API that answers at once throws by name, a listener only collects', () => {
  const phone = start()
  const call = (name: string) => (wx()[name] as unknown as (listener?: unknown) => unknown)(() => undefined)
  expect(() => call('createInnerAudioContext')).toThrow(
    'wx.createInnerAudioContext is not part of this emulator',
  )
  expect(call('onBLEMTUChange')).toBeUndefined()
  expect(call('offBLEMTUChange')).toBeUndefined()
  expect(phone.inspection.errors.map(({ message }) => message)).toEqual([
    'wx.createInnerAudioContext is not part of this emulator',
    'wx.onBLEMTUChange is not part of this emulator',
  ])
})

test('wx.cloud is there and says by name that it is not here', async () => {
  const phone = start()
  const { cloud } = wx() as unknown as { cloud: Record<string, (o?: object) => unknown> }
  cloud.init?.()
  await expect(cloud.callFunction?.({ name: 'x' })).rejects.toEqual({
    errMsg: 'cloud.callFunction:fail wx.cloud.callFunction is not part of this emulator',
  })
  expect(() => cloud.database?.()).toThrow('wx.cloud.database is not part of this emulator')
  expect(phone.inspection.errors).toHaveLength(3)
})

test('H30 a cancelText of five characters is refused too', async () => {
  const phone = start()
  await expect(api('showModal')({ content: 'x', cancelText: '以后再说吧' })).rejects.toMatchObject({
    errMsg: 'showModal:fail cancelText length should not larger than 4 Chinese characters',
  })
  expect(phone.inspection.errors).toHaveLength(1)
})

test('an editable modal gives what was typed, and its placeholder waits in the field', async () => {
  const phone = start()
  const asked = api('showModal')({
    title: '备注',
    editable: true,
    placeholderText: '写点什么',
    content: '旧',
  })
  const field = phone.part('modal')?.querySelector('textarea') as HTMLTextAreaElement
  expect([field.placeholder, field.value]).toEqual(['写点什么', '旧'])
  field.value = '新的'
  phone.press('modal-confirm')
  expect(await asked).toMatchObject({ confirm: true, content: '新的' })
})

test('an action sheet says its alertText above the rows, in itemColor', async () => {
  const phone = start()
  void api('showActionSheet')({ itemList: ['删除'], alertText: '不能恢复', itemColor: '#ff0000' })?.catch(
    () => undefined,
  )
  const sheet = phone.part('action-sheet')
  expect(sheet?.querySelector('p')?.textContent).toBe('不能恢复')
  expect(sheet?.querySelector('button')?.style.color).toBe('rgb(255, 0, 0)')
  phone.press('sheet-cancel')
})

test('hideLoading takes a toast away too, unless noConflict; a loading that is not hidden is remarked', async () => {
  const phone = start()
  await api('showToast')({ title: '好了' })
  await api('hideLoading')({ noConflict: true })
  expect(phone.part('toast')).not.toBeNull()
  await api('hideLoading')()
  expect(phone.part('toast')).toBeNull()
  expect(phone.inspection.warnings).toEqual([])
  await api('showLoading')({ title: '加载' })
  await api('showToast')({ title: '好了' })
  expect(phone.inspection.warnings).toEqual([
    'showLoading and hideLoading must be paired: a toast took the place of a loading that was not hidden',
  ])
})

test('H31 login gives a fresh code each time, and fails without a network', async () => {
  const phone = start()
  expect(await api('login')()).toEqual({ errMsg: 'login:ok', code: 'code-1' })
  expect(await api('login')()).toEqual({ errMsg: 'login:ok', code: 'code-2' })
  phone.device.update({ ...phone.device.state, network: 'none' })
  await expect(api('login')()).rejects.toMatchObject({ errno: 108 })
})

test('what the desk turns, the app hears', () => {
  const phone = start()
  const heard: unknown[] = []
  ;(wx().onNetworkStatusChange as unknown as (l: (n: unknown) => void) => void)((n) => heard.push(n))
  phone.device.update({ ...phone.device.state, network: 'none' })
  phone.device.update({ ...phone.device.state, fontSize: 23 })
  expect(heard).toEqual([{ isConnected: false, networkType: 'none' }])
  expect((api('getAppBaseInfo') as unknown as () => object)()).toMatchObject({ fontSizeSetting: 23 })
})
