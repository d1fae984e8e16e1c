// @vitest-environment jsdom
import { beforeEach, expect, test } from 'vitest'
import { onePage, startPhone } from '../testing/launch.ts'
import { AppStorage } from './storage.ts'

beforeEach(() => localStorage.clear())

const storage = () => new AppStorage(localStorage, 'oA', 'wxA')

test.each([['1'], [1], [true], [null], [{ a: [1, { b: 2 }] }], [[]], ['']])(
  'H48 %j comes back as it was',
  (value) => {
    storage().set('k', value)
    expect(storage().get('k')).toEqual(value)
  },
)

test('H48 a value over 1 MB fails and the old one stays', () => {
  const s = storage()
  s.set('k', 'old')
  expect(() => s.set('k', 'x'.repeat(1024 * 1024))).toThrow('entry size limit reached')
  expect(s.get('k')).toBe('old')
  s.set('k', 'x'.repeat(1024 * 1024 - 100))
})

test('H48 10 MB in total and no more, counted in bytes', () => {
  const kept = new Map<string, string>()
  // jsdom's own storage ends earlier than WeChat's
  const roomy = {
    getItem: (key: string) => kept.get(key) ?? null,
    setItem: (key: string, value: string) => void kept.set(key, value),
    removeItem: (key: string) => void kept.delete(key),
    key: (i: number) => [...kept.keys()][i] ?? null,
    clear: () => kept.clear(),
    get length() {
      return kept.size
    },
  }
  const s = new AppStorage(roomy, 'oA', 'wxA')
  const chunk = '线'.repeat(340_000)
  for (let i = 0; i < 10; i += 1) s.set(`k${i}`, chunk)
  expect(() => s.set('k10', chunk)).toThrow('exceed storage max size 10Mb')
  s.set('k9', chunk)
  expect(s.info().keys).toHaveLength(10)
})

test('another phone or another mini-program sees nothing of it', () => {
  storage().set('k', 1)
  expect(new AppStorage(localStorage, 'oB', 'wxA').get('k')).toBe('')
  expect(new AppStorage(localStorage, 'oA', 'wxB').get('k')).toBe('')
  new AppStorage(localStorage, 'oB', 'wxA').clear()
  expect(storage().get('k')).toBe(1)
})

test('H48 values survive a relaunch', () => {
  const phone = startPhone(
    onePage("onLoad() { log.push(wx.getStorageSync('n')); wx.setStorageSync('n', 7) }", '<view/>'),
  )
  phone.relaunch()
  expect(phone.log()).toEqual(['', 7])
})

test('two accounts in one browser do not see each other’s storage, and each keeps its own', () => {
  localStorage.clear()
  const files = onePage(
    "onLoad() { log.push(wx.getStorageSync('n')); wx.setStorageSync('n', wx.getStorageInfoSync().keys.length + 1) }",
    '<view/>',
  )
  const [chen, lin] = ['oLeadbellDemoPhone000000001', 'oLeadbellDemoPhone000000002']
  expect(startPhone(files, { openid: chen }).log()).toEqual([''])
  // the other account's first start, in the same browser
  expect(startPhone(files, { openid: lin }).log()).toEqual([''])
  // a reload of the first one's page, then a cold start of its mini-program
  const again = startPhone(files, { openid: chen })
  expect(again.log()).toEqual([1])
  again.relaunch()
  expect(again.log()).toEqual([1, 2])
  const wx = Reflect.get(globalThis, 'wx') as Record<string, () => void>
  wx.clearStorageSync?.()
  expect(startPhone(files, { openid: lin }).log()).toEqual([1])
})

test('the asynchronous forms answer in WeChat’s words', async () => {
  startPhone(onePage('', '<view/>'))
  const wx = Reflect.get(globalThis, 'wx') as Record<string, (o?: object) => Promise<unknown>>
  await expect(wx.getStorage?.({ key: 'none' })).rejects.toEqual({ errMsg: 'getStorage:fail data not found' })
  await expect(wx.setStorage?.({ key: 'k', data: { a: 1 } })).resolves.toEqual({ errMsg: 'setStorage:ok' })
  await expect(wx.getStorage?.({ key: 'k' })).resolves.toEqual({ errMsg: 'getStorage:ok', data: { a: 1 } })
  await expect(wx.getStorageInfo?.()).resolves.toMatchObject({ keys: ['k'], limitSize: 10240 })
  await wx.removeStorage?.({ key: 'k' })
  await expect(wx.getStorage?.({ key: 'k' })).rejects.toEqual({ errMsg: 'getStorage:fail data not found' })
})

test('batches set and get; encrypt is kept plain, and that is said', async () => {
  const phone = startPhone(onePage('', '<view/>'))
  const wx = Reflect.get(globalThis, 'wx') as Record<string, (o?: unknown) => Promise<unknown>>
  const list = [
    { key: 'a', value: 1 },
    { key: 'b', value: { c: 2 } },
  ]
  wx.batchSetStorageSync?.(list)
  expect(wx.batchGetStorageSync?.(['a', 'b', 'none'])).toEqual([1, { c: 2 }, ''])
  await wx.batchSetStorage?.({ kvList: [{ key: 'a', value: 3 }] })
  expect(await wx.batchGetStorage?.({ keyList: ['a'] })).toMatchObject({ dataList: [3] })
  expect(phone.inspection.errors).toEqual([])
  await wx.setStorage?.({ key: 'a', data: 4, encrypt: true })
  expect(phone.inspection.errors).toMatchObject([
    { message: 'setStorage encrypt is not part of this emulator: the value is kept as it is' },
  ])
})

test('H48 the calls themselves fail in WeChat’s words, synchronous and asynchronous', async () => {
  startPhone(onePage('', '<view/>'))
  const wx = Reflect.get(globalThis, 'wx') as Record<string, (...args: unknown[]) => Promise<unknown>>
  const large = 'x'.repeat(1024 * 1024)
  expect(() => wx.setStorageSync?.('k', large)).toThrow('setStorageSync:fail entry size limit reached')
  await expect(wx.setStorage?.({ key: 'k', data: large })).rejects.toEqual({
    errMsg: 'setStorage:fail entry size limit reached',
  })
})
