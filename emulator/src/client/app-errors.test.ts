// @vitest-environment jsdom
import { expect, test, vi } from 'vitest'
import { onePage, startPhone } from './testing/launch.ts'

const hooks = `const log = globalThis.testLog; const line = (e) => String(e).split('\\n')[0]
  wx.onError((e) => log.push(['wx.onError', line(e)]))
  wx.onUnhandledRejection((r) => log.push(['wx.onUnhandledRejection', r.reason.message]))
  App({ onError(e) { log.push(['onError', line(e)]) }, onUnhandledRejection(r) { log.push(['onUnhandledRejection', r.reason.message]) } })`

const told = (name: string, text: string) => [
  [name, text],
  [`wx.${name}`, text],
]

test.each([
  ['a page hook', "onShow() { throw new Error('mine') }"],
  ['a timer', "onShow() { setTimeout(() => { throw new Error('mine') }, 0) }"],
  ['an API’s callback', "onShow() { wx.getNetworkType({ success() { throw new Error('mine') } }) }"],
])('an error thrown in %s reaches App.onError, then wx.onError', async (_, members) => {
  const phone = startPhone(onePage(members, '<view/>', { 'app.js': hooks }))
  await vi.waitFor(() => expect(phone.log()).toEqual(told('onError', 'Error: mine')))
})

test('an error thrown in a tap handler reaches them too', () => {
  const phone = startPhone(
    onePage("go() { throw new Error('mine') }", '<button id="go" bindtap="go">go</button>', {
      'app.js': hooks,
    }),
  )
  phone.tapId('go')
  expect(phone.log()).toEqual(told('onError', 'Error: mine'))
})

test('a promise that nobody catches reaches onUnhandledRejection, with the promise, and not onError', () => {
  const phone = startPhone(onePage('', '<view/>', { 'app.js': hooks }))
  const heard = vi.fn()
  const wx = Reflect.get(globalThis, 'wx') as Record<string, (listener: (detail: object) => void) => void>
  wx.onUnhandledRejection?.(heard)
  const [reason, promise] = [new Error('forgotten'), Promise.resolve()]
  // jsdom tells its window nothing of promises: this is the browser's event
  window.dispatchEvent(Object.assign(new Event('unhandledrejection'), { reason, promise }))
  expect(phone.log()).toEqual(told('onUnhandledRejection', 'forgotten'))
  expect(heard).toHaveBeenCalledExactlyOnceWith({ reason, promise })
  expect(phone.inspection.errors).toMatchObject([{ where: 'unhandledrejection', message: 'forgotten' }])
})

test('after the app is killed nobody hears of errors any more', () => {
  const phone = startPhone(onePage('', '<view/>', { 'app.js': hooks }))
  phone.program.kill()
  window.dispatchEvent(Object.assign(new Event('unhandledrejection'), { reason: new Error('late') }))
  expect(phone.log()).toEqual([])
})

const twoPages = (onPageNotFound: string) => ({
  'app.json': JSON.stringify({ pages: ['pages/a', 'pages/b'] }),
  'app.js': `const log = globalThis.testLog; App({ onPageNotFound(o) { log.push(o); ${onPageNotFound} } })`,
  'pages/a.js': "Page({ onLoad() { globalThis.testLog.push('a') } })",
  'pages/a.wxml': '<view/>',
  'pages/b.js': "Page({ onLoad(q) { globalThis.testLog.push(['b', q]) } })",
  'pages/b.wxml': '<view/>',
})
const entry = { url: 'pages/nope?x=1' }
const notFound = { path: 'pages/nope', query: { x: '1' }, isEntryPage: true }

test.each(['redirectTo', 'reLaunch', 'navigateTo'])(
  'onPageNotFound may lead elsewhere with %s',
  async (api) => {
    const phone = startPhone(twoPages(`wx.${api}({ url: '/pages/b?from=nope' })`), { entry })
    await vi.waitFor(() => expect(phone.log()).toEqual([notFound, ['b', { from: 'nope' }]]))
    expect(phone.program.pages.routes).toEqual(['pages/b'])
    expect(phone.missing).toEqual([])
  },
)

test('when it leads to another page that is not there, WeChat shows its own and does not ask again', async () => {
  const phone = startPhone(twoPages("wx.redirectTo({ url: '/pages/neither', fail() {} })"), { entry })
  await vi.waitFor(() => expect(phone.missing).toEqual(['pages/neither']))
  expect(phone.log()).toEqual([notFound])
})

test('a navigation to an unknown path fails and onPageNotFound is not called', async () => {
  const phone = startPhone(twoPages(''))
  const wx = Reflect.get(globalThis, 'wx') as Record<string, (o: object) => Promise<unknown>>
  for (const api of ['navigateTo', 'reLaunch', 'redirectTo'])
    await expect(wx[api]?.({ url: '/pages/nope' })).rejects.toEqual({
      errMsg: `${api}:fail page "pages/nope" is not found`,
    })
  expect(phone.log()).toEqual(['a'])
  expect(phone.missing).toEqual([])
})
