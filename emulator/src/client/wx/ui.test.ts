// @vitest-environment jsdom
import { expect, test, vi } from 'vitest'
import { onePage, startPhone, type TestPhone } from '../testing/launch.ts'
import { missingApiNames } from './missing.ts'

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
    theme: 'light',
    platform: 'ios',
  })
})

test('an API we lack fails in words, is collected, and canIUse says no', async () => {
  const phone = start()
  await expect(api('chooseMedia')()).rejects.toEqual({
    errMsg: 'chooseMedia:fail wx.chooseMedia is not part of this emulator',
  })
  expect(phone.inspection.errors).toMatchObject([{ message: 'wx.chooseMedia is not part of this emulator' }])
  const canIUse = Reflect.get(globalThis, 'wx') as { canIUse(schema: string): boolean }
  for (const name of missingApiNames) expect(canIUse.canIUse(name)).toBe(false)
  expect(canIUse.canIUse('getSetting.object.withSubscriptions')).toBe(true)
  expect(canIUse.canIUse('button.open-type.openSetting')).toBe(true)
  expect(canIUse.canIUse('button.open-type.share')).toBe(false)
  expect(canIUse.canIUse('map')).toBe(false)
})

test('no missing name hides an API that is there', () => {
  const phone = start()
  for (const name of ['request', 'login', 'showModal', 'getStorageSync'])
    expect(missingApiNames).not.toContain(name)
  expect(phone.inspection.errors).toEqual([])
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
