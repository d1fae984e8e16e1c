// @vitest-environment jsdom
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { startPhone, type TestPhone } from './testing/launch.ts'

const hooks = ['onLoad', 'onShow', 'onHide', 'onUnload']
const page = (name: string) =>
  `const log = globalThis.testLog; Page({ ${hooks.map((hook) => `${hook}() { log.push('${name} ${hook}') }`).join(', ')}, onTabItemTap(tab) { log.push(['${name} tapped', tab]) } })`
const tab = (name: string, more = {}) => ({
  pagePath: `pages/${name}`,
  text: name.toUpperCase(),
  iconPath: `img/${name}.png`,
  selectedIconPath: `img/${name}-on.png`,
  ...more,
})

const app = (tabBar: object = {}, more: object = {}) => ({
  'app.json': JSON.stringify({
    pages: ['pages/a', 'pages/b', 'pages/c', 'pages/d'],
    tabBar: { list: [tab('a'), tab('b')], color: '#111111', selectedColor: '#22aa22', ...tabBar },
    ...more,
  }),
  ...Object.fromEntries(
    ['a', 'b', 'c', 'd'].flatMap((name) => [
      [`pages/${name}.js`, page(name)],
      [`pages/${name}.wxml`, `<view id="here">${name}</view>`],
    ]),
  ),
})

type Api = (options?: object) => Promise<Record<string, unknown>>
const call = (name: string, options: object = {}) =>
  (Reflect.get(globalThis, 'wx') as Record<string, Api>)[name]?.(options) as Promise<Record<string, unknown>>
const tabs = () => [...document.querySelectorAll<HTMLElement>('[data-test="tab"]')]
const bar = (phone: TestPhone) => phone.part('tab-bar') as HTMLElement
const news = (phone: TestPhone, from: number) => phone.log().slice(from)

test('the bar: words, pictures and colours, the chosen tab in its own', () => {
  const phone = startPhone(app({ backgroundColor: '#fafafa' }))
  expect(bar(phone).hidden).toBe(false)
  expect(bar(phone).style.background).toBe('rgb(250, 250, 250)')
  expect(
    tabs().map((each) => [each.textContent, each.getAttribute('aria-selected'), each.style.color]),
  ).toEqual([
    ['A', 'true', 'rgb(34, 170, 34)'],
    ['B', 'false', 'rgb(17, 17, 17)'],
  ])
  expect(tabs().map((each) => each.querySelector('img')?.getAttribute('src'))).toEqual([
    '/app/img/a-on.png',
    '/app/img/b.png',
  ])
  expect(phone.inspection.errors).toEqual([])
})

test('at the top it has no pictures', () => {
  const phone = startPhone(app({ position: 'top' }))
  expect(document.querySelector<HTMLElement>('.we-app-screen')?.dataset.tabs).toBe('top')
  expect(bar(phone).querySelector('img')).toBeNull()
})

test('theme.json: the bar’s colours and pictures follow the phone', () => {
  const phone = startPhone(
    app({ color: '@ink', list: [tab('a'), tab('b', { iconPath: '@icon' })] }, { darkmode: true }),
    { theme: { light: { ink: '#010101', icon: 'img/l.png' }, dark: { ink: '#fefefe', icon: 'img/d.png' } } },
  )
  const second = () => [tabs()[1]?.style.color, tabs()[1]?.querySelector('img')?.getAttribute('src')]
  expect(second()).toEqual(['rgb(1, 1, 1)', '/app/img/l.png'])
  phone.device.update({ ...phone.device.state, theme: 'dark' })
  expect(second()).toEqual(['rgb(254, 254, 254)', '/app/img/d.png'])
})

test('a page that is no tab has no bar, and more room', async () => {
  const phone = startPhone(app())
  const height = () =>
    (Reflect.get(globalThis, 'wx') as { getWindowInfo(): { windowHeight: number } }).getWindowInfo()
      .windowHeight
  expect(height()).toBe(555)
  await call('navigateTo', { url: '/pages/c' })
  expect(bar(phone).hidden).toBe(true)
  expect(height()).toBe(603)
  await call('navigateBack')
  expect(bar(phone).hidden).toBe(false)
})

// the documentation's own table of tab switches (framework/app-service/route)
test('switchTab: a shown tab is hidden and kept, other pages are unloaded', async () => {
  const phone = startPhone(app())
  let from = phone.log().length
  await call('switchTab', { url: '/pages/b' })
  expect(news(phone, from)).toEqual(['a onHide', 'b onLoad', 'b onShow'])
  from = phone.log().length
  await call('switchTab', { url: '/pages/a' })
  expect(news(phone, from)).toEqual(['b onHide', 'a onShow'])
  await call('navigateTo', { url: '/pages/c' })
  from = phone.log().length
  await call('switchTab', { url: '/pages/a' })
  expect(news(phone, from)).toEqual(['c onUnload', 'a onShow'])
  await call('navigateTo', { url: '/pages/c' })
  await call('navigateTo', { url: '/pages/d' })
  from = phone.log().length
  await call('switchTab', { url: '/pages/b' })
  expect(news(phone, from)).toEqual(['d onUnload', 'c onUnload', 'b onShow'])
  expect(phone.program.pages.routes).toEqual(['pages/b'])
  expect(phone.byId('here').textContent).toBe('b')
  from = phone.log().length
  await call('switchTab', { url: '/pages/b' })
  expect(news(phone, from)).toEqual([])
})

test('from a shared page that is no tab', async () => {
  const phone = startPhone(app(), { entry: { url: 'pages/d', scene: 1007 } })
  const from = phone.log().length
  await call('switchTab', { url: '/pages/a' })
  expect(news(phone, from)).toEqual(['d onUnload', 'a onLoad', 'a onShow'])
})

test('reLaunch ends the kept tabs as well', async () => {
  const phone = startPhone(app())
  await call('switchTab', { url: '/pages/b' })
  const from = phone.log().length
  await call('reLaunch', { url: '/pages/c' })
  expect(news(phone, from)).toEqual(['b onUnload', 'a onUnload', 'c onLoad', 'c onShow'])
  expect(document.querySelectorAll('.we-page')).toHaveLength(1)
  await call('switchTab', { url: '/pages/a' })
  expect(phone.log().slice(-2)).toEqual(['a onLoad', 'a onShow'])
})

test('navigateTo and redirectTo refuse a tab page, switchTab any other; a query is dropped and remarked', async () => {
  const phone = startPhone(app())
  await expect(call('navigateTo', { url: '/pages/b' })).rejects.toEqual({
    errMsg: 'navigateTo:fail can not navigateTo a tabbar page',
  })
  await expect(call('redirectTo', { url: '/pages/b' })).rejects.toEqual({
    errMsg: 'redirectTo:fail can not redirectTo a tabbar page',
  })
  await expect(call('switchTab', { url: '/pages/c' })).rejects.toEqual({
    errMsg: 'switchTab:fail can not switch to no-tabBar page',
  })
  await call('switchTab', { url: '/pages/b?x=1' })
  expect(phone.program.pages.top?.query).toEqual({})
  expect(phone.inspection.warnings).toEqual(['switchTab: /pages/b?x=1: a tab page gets no query'])
})

test('a press on a tab shows its page, which hears of it; a press on the shown one too', () => {
  const phone = startPhone(app())
  const from = phone.log().length
  tabs()[1]?.click()
  tabs()[1]?.click()
  const tapped = ['b tapped', { index: 1, pagePath: 'pages/b', text: 'B' }]
  expect(news(phone, from)).toEqual(['a onHide', 'b onLoad', 'b onShow', tapped, tapped])
})

test('setTabBarItem, setTabBarStyle, badges and dots', async () => {
  const phone = startPhone(app())
  await call('setTabBarItem', { index: 1, text: '我的', iconPath: 'img/x.png' })
  await call('setTabBarStyle', { selectedColor: '#0000ff', backgroundColor: '#eeeeee', borderStyle: 'white' })
  expect([tabs()[1]?.textContent, tabs()[0]?.style.color, bar(phone).dataset.border]).toEqual([
    '我的',
    'rgb(0, 0, 255)',
    'white',
  ])
  expect(tabs()[1]?.querySelector('img')?.getAttribute('src')).toBe('/app/img/x.png')
  await call('showTabBarRedDot', { index: 0 })
  await call('setTabBarBadge', { index: 1, text: '12345' })
  expect(tabs()[0]?.querySelector('[data-test="tab-dot"]')).not.toBeNull()
  expect(tabs()[1]?.querySelector('[data-test="tab-badge"]')?.textContent).toBe('...')
  await call('hideTabBarRedDot', { index: 0 })
  await call('removeTabBarBadge', { index: 1 })
  expect(document.querySelector('[data-test="tab-dot"], [data-test="tab-badge"]')).toBeNull()
  await expect(call('setTabBarBadge', { index: 7, text: '1' })).rejects.toEqual({
    errMsg: 'setTabBarBadge:fail tabbar item not found',
  })
  await call('hideTabBar')
  expect(bar(phone).hidden).toBe(true)
  await call('showTabBar')
  expect(bar(phone).hidden).toBe(false)
})

test('they fail on a page that is no tab', async () => {
  startPhone(app())
  await call('navigateTo', { url: '/pages/c' })
  for (const name of ['hideTabBar', 'setTabBarBadge', 'setTabBarStyle', 'showTabBarRedDot'])
    await expect(call(name, { index: 0, text: '1' })).rejects.toEqual({
      errMsg: `${name}:fail not TabBar page`,
    })
})

const customBar = {
  'custom-tab-bar/index.json': '{ "component": true }',
  'custom-tab-bar/index.wxml': '<view id="own" bindtap="tap">{{selected}}</view>',
  'custom-tab-bar/index.js':
    "Component({ data: { selected: 0 }, methods: { tap() { globalThis.testLog.push('own tapped') } } })",
}

test('a bar of the mini-program’s own: one for each tab page, found by getTabBar', async () => {
  const select = (name: string, n: number) =>
    `Page({ onShow() { this.getTabBar().setData({ selected: ${n} }); globalThis.testLog.push('${name}', this.getTabBar().data.selected) } })`
  const phone = startPhone({
    ...app({ custom: true }),
    ...customBar,
    'pages/a.js': select('a', 1),
    'pages/b.js': select('b', 2),
    'pages/b.json': '{ "usingComponents": { "row": "/row" } }',
    'pages/b.wxml': '<row/>',
    'row.json': '{ "component": true }',
    'row.wxml': '<view/>',
    'row.js': "Component({ ready() { globalThis.testLog.push(['row', this.getTabBar().data.selected]) } })",
  })
  expect(bar(phone).hidden).toBe(true)
  expect(phone.byId('own').textContent).toBe('1')
  await call('switchTab', { url: '/pages/b' })
  expect(phone.byId('own').textContent).toBe('2')
  phone.tapId('own')
  expect(phone.log()).toEqual(['a', 1, 'b', 2, ['row', 2], 'own tapped'])
  await call('navigateTo', { url: '/pages/c' })
  expect(() => phone.byId('own')).toThrow()
  expect(phone.inspection.errors).toEqual([])
})

test('with lazy code its script runs with the first tab page', () => {
  const phone = startPhone({
    ...app({ custom: true }, { lazyCodeLoading: 'requiredComponents' }),
    ...customBar,
  })
  expect(phone.inspection.loaded).toContain('custom-tab-bar/index.js')
  expect(phone.inspection.errors).toEqual([])
})

test('whatever way one goes: one page on the screen, every tab page at most once, ten on the stack at most', async () => {
  const step = fc.record({
    api: fc.constantFrom('navigateTo', 'redirectTo', 'reLaunch', 'switchTab', 'navigateBack'),
    url: fc.constantFrom('/pages/a', '/pages/b', '/pages/c', '/pages/d'),
    delta: fc.integer({ min: 1, max: 3 }),
  })
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 25 }), async (steps) => {
      const phone = startPhone(app())
      for (const { api, ...options } of steps) await call(api, options).catch(() => undefined)
      const { routes } = phone.program.pages
      expect(document.querySelectorAll('.we-page:not([hidden])')).toHaveLength(1)
      expect(routes.length).toBeGreaterThan(0)
      expect(routes.length).toBeLessThanOrEqual(10)
      for (const name of ['a', 'b']) {
        const alive = document.querySelectorAll(`.we-page[data-route="pages/${name}"]`).length
        const made = phone.log().filter((line) => line === `${name} onLoad`).length
        const ended = phone.log().filter((line) => line === `${name} onUnload`).length
        expect(alive).toBeLessThanOrEqual(1)
        expect(made - ended).toBe(alive)
      }
      expect(bar(phone).hidden).toBe(!['pages/a', 'pages/b'].includes(routes.at(-1) ?? ''))
      expect(phone.inspection.errors).toEqual([])
    }),
    { numRuns: 15 },
  )
})
