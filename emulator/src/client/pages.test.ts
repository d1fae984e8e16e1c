// @vitest-environment jsdom
import { expect, test, vi } from 'vitest'
import { BACKGROUND_LIFE_MS } from './screens.ts'
import { startPhone, type TestPhone } from './testing/launch.ts'

const hooks = ['onLoad', 'onShow', 'onReady', 'onHide', 'onUnload']
const page = (name: string) =>
  `const log = globalThis.testLog; Page({ ${hooks.map((hook) => `${hook}(q) { log.push('${name} ${hook}' + (q && q.x ? ' ' + q.x : '')) }`).join(', ')}, go(e) { wx[e.target.dataset.api]({ url: e.target.dataset.url, delta: 1, fail: (f) => log.push(f.errMsg) }) } })`

const app = {
  'app.json': JSON.stringify({ pages: ['pages/a', 'pages/b'] }),
  'app.js': `const log = globalThis.testLog; App({ onLaunch(o) { log.push(['launch', o.path, o.scene]) }, onShow(o) { log.push(['show', o.path, o.query, o.scene]) }, onHide() { log.push('hide') } })`,
  'pages/a.js': page('a'),
  'pages/a.wxml': '<view id="same">a</view>',
  'pages/b.js': page('b'),
  'pages/b.wxml': '<view id="same">b</view>',
}

const call = (name: string, options: object = {}) =>
  (Reflect.get(globalThis, 'wx') as Record<string, (o: object) => Promise<{ errMsg: string }>>)[name]?.(
    options,
  )

const since = (phone: TestPhone, from: number) => phone.log().slice(from)

test('launch: App first, then the first page, load show ready', () => {
  const phone = startPhone(app)
  expect(phone.log()).toEqual([
    ['launch', 'pages/a', 1001],
    ['show', 'pages/a', {}, 1001],
    'a onLoad',
    'a onShow',
    'a onReady',
  ])
  expect(phone.inspection.errors).toEqual([])
})

test('navigateTo hides the page below; navigateBack unloads and shows it again', async () => {
  const phone = startPhone(app)
  const start = phone.log().length
  await call('navigateTo', { url: 'b?x=1%202' })
  expect(phone.program.pages.routes).toEqual(['pages/a', 'pages/b'])
  await call('navigateBack')
  expect(since(phone, start)).toEqual([
    'a onHide',
    'b onLoad 1%202',
    'b onShow',
    'b onReady',
    'b onUnload',
    'a onShow',
  ])
})

test('redirectTo and reLaunch unload what they leave', async () => {
  const phone = startPhone(app)
  await call('redirectTo', { url: '/pages/b' })
  expect(phone.program.pages.routes).toEqual(['pages/b'])
  await call('navigateTo', { url: '/pages/a' })
  const start = phone.log().length
  await call('reLaunch', { url: '/pages/a?x=2' })
  expect(phone.program.pages.routes).toEqual(['pages/a'])
  expect(since(phone, start).slice(0, 3)).toEqual(['a onUnload', 'b onUnload', 'a onLoad 2'])
})

test('the tenth page is the last; the eleventh is refused in words', async () => {
  const phone = startPhone(app)
  for (let i = 0; i < 9; i += 1) await call('navigateTo', { url: '/pages/b' })
  expect(phone.program.pages.routes).toHaveLength(10)
  await expect(call('navigateTo', { url: '/pages/b' })).rejects.toEqual({
    errMsg: 'navigateTo:fail webview count limit exceed',
  })
})

test('a page that is not there is refused and nothing moves', async () => {
  const phone = startPhone(app)
  await expect(call('navigateTo', { url: '/pages/nope' })).rejects.toEqual({
    errMsg: 'navigateTo:fail page "pages/nope" is not found',
  })
  await expect(call('switchTab', { url: '/pages/b' })).rejects.toEqual({
    errMsg: 'switchTab:fail can not switch to no-tabBar page',
  })
  await expect(call('navigateBack')).rejects.toMatchObject({
    errMsg: 'navigateBack:fail cannot navigate back at first page.',
  })
  expect(phone.program.pages.routes).toEqual(['pages/a'])
})

test('a launch into a page that is not there calls onPageNotFound, else the phone says so', () => {
  const silent = startPhone(app, { entry: { url: 'pages/nope?x=1' } })
  expect(silent.missing).toEqual(['pages/nope'])
  const handled = startPhone(
    { ...app, 'app.js': 'App({ onPageNotFound(o) { globalThis.testLog.push(o) } })' },
    { entry: { url: 'pages/nope?x=1' } },
  )
  expect(handled.log()).toEqual([{ path: 'pages/nope', query: { x: '1' }, isEntryPage: true }])
  expect(handled.missing).toEqual([])
})

test('H49 a message card shows a living app at its page, with scene 1107', () => {
  const phone = startPhone(app)
  phone.program.hide()
  const start = phone.log().length
  phone.program.show({ url: 'pages/b?x=7', scene: 1107 })
  expect(since(phone, start)).toEqual([
    ['show', 'pages/b', { x: '7' }, 1107],
    'a onUnload',
    'b onLoad 7',
    'b onShow',
    'b onReady',
  ])
})

test('H49 and starts a dead one there', () => {
  const phone = startPhone(app, { entry: { url: 'pages/b?x=7', scene: 1107 } })
  expect(phone.log().slice(0, 3)).toEqual([
    ['launch', 'pages/b', 1107],
    ['show', 'pages/b', { x: '7' }, 1107],
    'b onLoad 7',
  ])
})

test('H49 so it is for somebody who is logged out: nothing is stored, and the card leads to its page', () => {
  const phone = startPhone(app)
  expect(localStorage).toHaveLength(0)
  phone.program.show({ url: 'pages/b?x=7', scene: 1107 })
  expect(phone.program.pages.routes).toEqual(['pages/b'])
  phone.relaunch({ url: 'pages/b?x=8', scene: 1107 })
  expect(phone.program.pages.top?.query).toEqual({ x: '8' })
})

test('the options of the launch and of the last entry, as wx tells them', () => {
  const phone = startPhone(app, { entry: { url: 'pages/b?x=7', scene: 1011 } })
  const wx = Reflect.get(globalThis, 'wx') as Record<string, () => object>
  const launched = {
    path: 'pages/b',
    query: { x: '7' },
    scene: 1011,
    referrerInfo: {},
    apiCategory: 'default',
  }
  expect(wx.getLaunchOptionsSync?.()).toEqual(launched)
  phone.program.show({ url: 'pages/a', scene: 1107 })
  expect(wx.getLaunchOptionsSync?.()).toEqual(launched)
  expect(wx.getEnterOptionsSync?.()).toMatchObject({ path: 'pages/a', query: {}, scene: 1107 })
})

test('away for less than half an hour it is as it was, after that it starts cold', () => {
  vi.useFakeTimers()
  try {
    const phone = startPhone(app)
    phone.press('capsule-close')
    vi.advanceTimersByTime(BACKGROUND_LIFE_MS - 1)
    let start = phone.log().length
    phone.press('app-entry')
    expect(since(phone, start)).toEqual([['show', 'pages/a', {}, 1001], 'a onShow'])
    phone.press('capsule-close')
    vi.advanceTimersByTime(BACKGROUND_LIFE_MS)
    start = phone.log().length
    phone.press('app-entry')
    expect(since(phone, start)).toContainEqual(['launch', 'pages/a', 1001])
  } finally {
    vi.useRealTimers()
  }
})

test('to the background and back: the page hides before the app, and shows after it', () => {
  const phone = startPhone(app)
  const start = phone.log().length
  phone.program.hide()
  phone.program.show()
  expect(since(phone, start)).toEqual(['a onHide', 'hide', ['show', 'pages/a', {}, 1001], 'a onShow'])
})

test('an id in wxml is a DOM id on the shown page only', async () => {
  const phone = startPhone(app)
  await vi.waitFor(() => expect(document.getElementById('same')?.textContent).toBe('a'))
  await call('navigateTo', { url: '/pages/b' })
  await vi.waitFor(() => expect(document.getElementById('same')?.textContent).toBe('b'))
  await call('navigateBack')
  await vi.waitFor(() => expect(document.getElementById('same')?.textContent).toBe('a'))
  expect(phone.inspection.errors).toEqual([])
})

test('a killed app is gone: no pages, no late callbacks', async () => {
  const phone = startPhone(app)
  const wx = Reflect.get(globalThis, 'wx') as Record<string, (o: object) => void>
  const late = vi.fn()
  wx.login?.({ success: late })
  phone.program.kill()
  expect(document.querySelectorAll('.we-page')).toHaveLength(0)
  await new Promise((resolve) => setTimeout(resolve, 20))
  expect(late).not.toHaveBeenCalled()
})

test('an error of app code is collected and reaches onError', () => {
  const phone = startPhone({
    'app.json': JSON.stringify({ pages: ['pages/a'] }),
    'app.js': "App({ onError(e) { globalThis.testLog.push(String(e).split('\\n')[0]) } })",
    'pages/a.js': "Page({ onLoad() { throw new Error('broken') } })",
    'pages/a.wxml': '<view/>',
  })
  expect(phone.inspection.errors).toMatchObject([{ where: 'pages/a onLoad', message: 'broken' }])
  expect(phone.log()).toEqual(['Error: broken'])
})

test('the navigation bar: title, theme variables, and what the page changes', async () => {
  const themed = {
    ...app,
    'app.json': JSON.stringify({
      pages: ['pages/a', 'pages/b'],
      darkmode: true,
      window: { navigationBarTitleText: '线索铃', navigationBarBackgroundColor: '@nav' },
    }),
    'app.js': 'App({ onThemeChange(t) { globalThis.testLog.push(t) } })',
  }
  const phone = startPhone(themed, { theme: { light: { nav: '#ffffff' }, dark: { nav: '#101010' } } })
  const bar = () =>
    document.querySelector<HTMLElement>('.we-app-screen')?.style.getPropertyValue('--we-navigation')
  expect(phone.part('navigation-title')?.textContent).toBe('线索铃')
  expect(bar()).toBe('#ffffff')
  phone.device.update({ ...phone.device.state, theme: 'dark' })
  expect(bar()).toBe('#101010')
  expect(phone.log()).toContainEqual({ theme: 'dark' })
  await call('setNavigationBarTitle', { title: '详情' })
  expect(phone.part('navigation-title')?.textContent).toBe('详情')
  expect(phone.part('navigation-back')?.hidden).toBe(true)
  await call('navigateTo', { url: '/pages/b' })
  expect(phone.part('navigation-title')?.textContent).toBe('线索铃')
  phone.press('navigation-back')
  expect(phone.program.pages.routes).toEqual(['pages/a'])
})

test('styles: prefers-color-scheme follows the phone, and a covered page’s sheet does not apply', async () => {
  const phone = startPhone({
    ...app,
    'app.json': JSON.stringify({ pages: ['pages/a', 'pages/b'], darkmode: true }),
    'pages/a.wxss': '@media (prefers-color-scheme: dark) { .x { color: red } }',
  })
  const sheet = () => document.querySelector<HTMLStyleElement>('style[data-sheet="pages/a.css"]')
  expect(sheet()?.textContent).toContain('(min-width: 100000px)')
  phone.device.update({ ...phone.device.state, theme: 'dark' })
  expect(sheet()?.textContent).toContain('(min-width: 0px)')
  await call('navigateTo', { url: '/pages/b' })
  expect(sheet()?.media).toBe('not all')
  await call('navigateBack')
  expect(sheet()?.media).toBe('')
  phone.program.kill()
  expect(sheet()).toBeNull()
})

test('pull-down: the API and a drag at the top both call onPullDownRefresh', async () => {
  startPhone({
    ...app,
    'pages/a.json': '{ "enablePullDownRefresh": true }',
    'pages/a.js':
      "Page({ onPullDownRefresh() { globalThis.testLog.push('pulled'); wx.stopPullDownRefresh({ complete() {} }) } })",
  })
  const log = () => (Reflect.get(globalThis, 'testLog') as unknown[]).filter((line) => line === 'pulled')
  await call('startPullDownRefresh')
  expect(log()).toHaveLength(1)
  const scroller = document.querySelector('.we-page-scroll') as HTMLElement
  const mouse = (type: string, clientY: number) =>
    scroller.dispatchEvent(new MouseEvent(type, { clientY, buttons: 1 }))
  mouse('mousedown', 10)
  mouse('mousemove', 60)
  mouse('mouseup', 60)
  expect(log()).toHaveLength(1)
  mouse('mousedown', 10)
  mouse('mousemove', 160)
  mouse('mouseup', 160)
  expect(log()).toHaveLength(2)
})

test('a page at the bottom that is not the first one shows the way home, until hideHomeButton', async () => {
  const phone = startPhone({
    ...app,
    'app.json': JSON.stringify({ pages: ['pages/a', 'pages/b'] }),
  })
  expect(phone.part('navigation-home')?.hidden).toBe(true)
  await call('reLaunch', { url: '/pages/b' })
  expect(phone.part('navigation-home')?.hidden).toBe(false)
  await call('hideHomeButton')
  expect(phone.part('navigation-home')?.hidden).toBe(true)
  await call('reLaunch', { url: '/pages/b' })
  expect(phone.part('navigation-home')?.hidden).toBe(false)
})

const backing = {
  ...app,
  'pages/b.js': "Page({ onLoad() { wx.enableAlertBeforeUnload({ message: '还没保存' }) } })",
}

test('enableAlertBeforeUnload: 返回 and navigateBack ask first, and 取消 stays', async () => {
  const phone = startPhone(backing)
  await call('navigateTo', { url: '/pages/b' })
  phone.press('navigation-back')
  expect(phone.part('modal')?.textContent).toContain('还没保存')
  phone.press('modal-cancel')
  expect(phone.program.pages.routes).toEqual(['pages/a', 'pages/b'])
  const back = call('navigateBack')
  await vi.waitFor(() => expect(phone.part('modal')).not.toBeNull())
  phone.press('modal-cancel')
  await expect(back).rejects.toEqual({ errMsg: 'navigateBack:fail cancel' })
  phone.press('navigation-back')
  phone.press('modal-confirm')
  await vi.waitFor(() => expect(phone.program.pages.routes).toEqual(['pages/a']))
})

test('disableAlertBeforeUnload takes the question away', async () => {
  const phone = startPhone(backing)
  await call('navigateTo', { url: '/pages/b' })
  await call('disableAlertBeforeUnload')
  phone.press('navigation-back')
  expect(phone.program.pages.routes).toEqual(['pages/a'])
})

test('navigateBack delta: as many pages as are there, the upper ones unloaded first', async () => {
  const phone = startPhone(app)
  for (const url of ['/pages/b?x=1', '/pages/b?x=2', '/pages/b?x=3']) await call('navigateTo', { url })
  let start = phone.log().length
  await call('navigateBack', { delta: 2 })
  expect(since(phone, start)).toEqual(['b onUnload', 'b onUnload', 'b onShow'])
  expect(phone.program.pages.top?.query).toEqual({ x: '1' })
  start = phone.log().length
  await call('navigateBack', { delta: 99 })
  expect(phone.program.pages.routes).toEqual(['pages/a'])
})

test('an event channel between two pages carries words both ways', async () => {
  const phone = startPhone({
    ...app,
    'pages/a.js':
      "Page({ go() { wx.navigateTo({ url: '/pages/b', events: { chosen: (v) => globalThis.testLog.push(['a heard', v]) }, success: (r) => r.eventChannel.emit('open', 7) }) } })",
    'pages/a.wxml': '<view id="go" bindtap="go"/>',
    'pages/b.js':
      "Page({ onLoad() { const c = this.getOpenerEventChannel(); c.once('open', (n) => { globalThis.testLog.push(['b heard', n]); c.emit('chosen', n + 1) }) } })",
  })
  phone.tapId('go')
  await vi.waitFor(() =>
    expect(phone.log().slice(2)).toEqual([
      ['b heard', 7],
      ['a heard', 8],
    ]),
  )
})

test('getCurrentPages: routes and options, the shown page last', async () => {
  const phone = startPhone({
    ...app,
    'pages/b.js':
      'Page({ onShow() { globalThis.testLog.push(getCurrentPages().map((p) => [p.route, p.options])) } })',
  })
  await call('navigateTo', { url: '/pages/b?x=1' })
  expect(phone.log().at(-1)).toEqual([
    ['pages/a', {}],
    ['pages/b', { x: '1' }],
  ])
})

test('the bar’s turning mark, and the ink of the pull-down dots', async () => {
  const phone = startPhone(app)
  const mark = phone.part('navigation-loading')
  const page = document.querySelector<HTMLElement>('.we-page')
  expect([mark?.hidden, page?.dataset.pull]).toEqual([true, 'dark'])
  await call('showNavigationBarLoading')
  await call('setBackgroundTextStyle', { textStyle: 'light' })
  expect([mark?.hidden, page?.dataset.pull]).toEqual([false, 'light'])
  await call('hideNavigationBarLoading')
  expect(mark?.hidden).toBe(true)
})

test('entryPagePath is the first page, and no house leads away from it', () => {
  const phone = startPhone({
    ...app,
    'app.json': JSON.stringify({ pages: ['pages/a', 'pages/b'], entryPagePath: 'pages/b' }),
  })
  expect(phone.program.pages.routes).toEqual(['pages/b'])
  expect(phone.part('navigation-home')?.hidden).toBe(true)
})

const shared = {
  ...app,
  'pages/a.js':
    "Page({ onShareAppMessage(o) { globalThis.testLog.push(o.from); return { title: '看这条线索', path: '/pages/b?x=9' } } })",
}

test('⋯ and 转发给朋友: the page says what its card is, and a sent one is booked', async () => {
  const phone = startPhone(shared)
  phone.press('capsule-menu')
  phone.press('menu-share')
  await vi.waitFor(() => expect(phone.part('share-title')?.textContent).toBe('看这条线索'))
  phone.press('share-send')
  await vi.waitFor(() => expect(phone.part('toast')?.textContent).toBe('已发送'))
  expect(phone.log().at(-1)).toBe('menu')
  expect(phone.inspection.calls.at(-1)).toMatchObject({
    name: 'share',
    arg: { title: '看这条线索', path: 'pages/b?x=9', from: 'menu' },
  })
})

test('it waits for the card’s promise, and a turned-away card is not booked', async () => {
  const phone = startPhone({
    ...app,
    'pages/a.js':
      "Page({ onShareAppMessage() { return { title: '一', promise: new Promise((r) => setTimeout(() => r({ title: '二' }), 5)) } } })",
  })
  phone.press('capsule-menu')
  phone.press('menu-share')
  await vi.waitFor(() => expect(phone.part('share-title')?.textContent).toBe('二'))
  phone.press('share-cancel')
  await new Promise((resolve) => setTimeout(resolve, 0))
  expect(phone.inspection.calls.map(({ name }) => name)).not.toContain('share')
})

test('转发 is grey on a page without onShareAppMessage, and after hideShareMenu', async () => {
  const item = () => document.querySelector<HTMLButtonElement>('[data-test="menu-share"]')?.disabled
  const plain = startPhone(app)
  plain.press('capsule-menu')
  expect(item()).toBe(true)
  const phone = startPhone(shared)
  await call('hideShareMenu')
  phone.press('capsule-menu')
  expect(item()).toBe(true)
  phone.press('sheet-cancel')
  await call('showShareMenu')
  phone.press('capsule-menu')
  expect(item()).toBe(false)
})

test('onRouteDone and the routeDone of components, when a page has come and when it is back', async () => {
  const done = "onRouteDone() { globalThis.testLog.push('done ' + this.route) }"
  const phone = startPhone({
    'app.json': JSON.stringify({ pages: ['pages/a', 'pages/b'] }),
    'pages/a.js': `Page({ ${done} })`,
    'pages/a.json': JSON.stringify({ usingComponents: { row: '/parts/row' } }),
    'pages/a.wxml': '<row/>',
    'pages/b.js': `Page({ ${done} })`,
    'pages/b.wxml': '<view/>',
    'parts/row.js': "Component({ pageLifetimes: { routeDone() { globalThis.testLog.push('row') } } })",
    'parts/row.json': '{"component":true}',
    'parts/row.wxml': '<view/>',
  })
  expect(phone.log()).toEqual([])
  await vi.waitFor(() => expect(phone.log()).toEqual(['done pages/a', 'row']))
  await call('navigateTo', { url: '/pages/b' })
  await vi.waitFor(() => expect(since(phone, 2)).toEqual(['done pages/b']))
  await call('navigateBack')
  await vi.waitFor(() => expect(since(phone, 3)).toEqual(['done pages/a', 'row']))
  phone.program.hide()
  phone.program.show()
  await new Promise((resolve) => setTimeout(resolve, 20))
  expect(since(phone, 5)).toEqual([])
})

test('a page made by Component gets what its query names among its properties', () => {
  const phone = startPhone(
    {
      'app.json': JSON.stringify({ pages: ['pages/a'] }),
      'pages/a.js':
        'Component({ properties: { id: String, count: Number, none: String }, methods: { onLoad() { const { id, count, none, more } = this.data; globalThis.testLog.push([id, count, none, more]) } } })',
      'pages/a.wxml': '<view id="v">{{count}}</view>',
    },
    { entry: { url: 'pages/a?id=a%20b&count=12&more=1' } },
  )
  expect(phone.log()).toEqual([['a%20b', 12, '', undefined]])
  expect(phone.byId('v').textContent).toBe('12')
})
