import { expect, test } from 'vitest'
import { useBrowser } from '../testing/browser.ts'
import { eventually } from '../testing/eventually.ts'

const { openPhone } = useBrowser()

const page = (path: string, wxml: string, members = '', more: Record<string, string> = {}) => ({
  [`${path}.js`]: `const log = globalThis.testLog; Page({ ${members} })`,
  [`${path}.json`]: '{}',
  [`${path}.wxml`]: wxml,
  ...more,
})
const pages = (...paths: string[]) => ({ 'app.json': JSON.stringify({ pages: paths }) })

test('rem: a twentieth of the screen, or what page-meta says, page by page; WeChat’s own parts stay', async () => {
  const phone = await openPhone({
    ...pages('pages/plain', 'pages/system'),
    ...page(
      'pages/plain',
      '<view class="box" id="plain">x</view><view id="inline" style="width:2rem;height:1px"/><view style="height:3000px"/>',
    ),
    ...page(
      'pages/system',
      '<page-meta root-font-size="system" page-font-size="system"/><view class="box" id="system">x</view>',
    ),
    'app.wxss': '.box { font-size: 1rem; margin-left: calc(10px - .5rem) }',
  })
  const styleOf = (selector: string) =>
    phone.page.locator(selector).evaluate((element) => {
      const { fontSize, marginLeft, width } = getComputedStyle(element)
      return { fontSize, marginLeft, width }
    })
  const byId = (id: string) => `[exparser\\:info-attr-id="${id}"]`
  const wechat = async () => [
    await phone.page.locator('.we-capsule').boundingBox(),
    await phone.page.locator('.we-navigation').boundingBox(),
    (await styleOf('.we-navigation h1')).fontSize,
    (await styleOf('.we-status-bar')).fontSize,
  ]
  const before = await wechat()
  expect(await styleOf(byId('plain'))).toMatchObject({ fontSize: '18.75px', marginLeft: '0.625px' })
  expect(await styleOf(byId('inline'))).toMatchObject({ width: '37.5px' })

  await phone.wx('navigateTo', { url: '/pages/system' })
  expect((await styleOf(byId('system'))).fontSize).toBe('16px')
  phone.emulator.setPhone({ fontSize: 23 })
  await eventually(async () => (await styleOf(byId('system'))).fontSize).toBe('23px')
  expect((await styleOf('.we-page:not([hidden]) wx-page')).fontSize).toBe('23px')
  expect((await styleOf(byId('plain'))).fontSize).toBe('18.75px')
  expect(await wechat()).toEqual(before)
  expect(await phone.errors()).toEqual([])
})

test('an intersection observer sees what comes into the page’s window, margins included, and dies with its page', async () => {
  const rows = '<view class="row" id="far" data-n="7"/>'
  const observe = (margins: string, name: string) =>
    `wx.createIntersectionObserver(this).relativeToViewport(${margins}).observe('.row', (r) => log.push(['${name}', r]));`
  const phone = await openPhone({
    ...pages('pages/a', 'pages/b'),
    ...page('pages/a', '<view/>'),
    ...page(
      'pages/b',
      `<view style="height: 1000px"/>${rows}<view style="height: 1000px"/>`,
      `onReady() { ${observe('{}', 'window')} ${observe('{ bottom: 200 }', 'wider')} }`,
      { 'pages/b.wxss': '.row { height: 100px }' },
    ),
  })
  await phone.wx('navigateTo', { url: '/pages/b' })
  const seen = async () => (await phone.log()).map((line) => (line as [string])[0])
  // 603 px of window: the row begins at 1000, so at a scroll of 300 it is 97 px below the window
  await phone.wx('pageScrollTo', { scrollTop: 300, duration: 0 })
  await eventually(seen).toEqual(['wider'])
  await phone.wx('pageScrollTo', { scrollTop: 447, duration: 0 })
  await eventually(seen).toEqual(['wider', 'window'])
  expect((await phone.log())[1]).toMatchObject([
    'window',
    {
      id: 'far',
      dataset: { n: '7' },
      intersectionRatio: 0.5,
      boundingClientRect: { left: 0, top: 553, right: 375, bottom: 653, width: 375, height: 100 },
      intersectionRect: { top: 553, bottom: 603, height: 50 },
      relativeRect: { left: 0, top: 0, right: 375, bottom: 603 },
    },
  ])
  // the browser would tell that the node is gone, two frames later at most
  await phone.wx('navigateBack')
  await phone.page.locator('.we-page').nth(1).waitFor({ state: 'detached' })
  await phone.page.evaluate(
    () => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(done)))),
  )
  expect(await seen()).toEqual(['wider', 'window'])
  expect(await phone.errors()).toEqual([])
})

test('createSelectorQuery measures from the page’s own corner, scrolled or not', async () => {
  const phone = await openPhone({
    ...pages('pages/a'),
    ...page(
      'pages/a',
      `<view style="height: 100px"/><view id="box" style="margin-left: 75rpx; width: 100px; height: 40px"/>
       <scroll-view id="list" scroll-y style="height: 50px"><view style="height: 400px"/></scroll-view><view style="height: 2000px"/>`,
      `onReady() { this.ask() }, onPageScroll() { this.ask() },
       ask() { this.createSelectorQuery().select('#box').boundingClientRect().select('#list').scrollOffset()
        .selectViewport().fields({ size: true, scrollOffset: true }).exec((all) => log.push(all)) }`,
    ),
  })
  await eventually(phone.log).toMatchObject([
    [
      { id: 'box', left: 37.5, top: 100, right: 137.5, bottom: 140, width: 100, height: 40 },
      { id: 'list', scrollTop: 0, scrollHeight: 400 },
      { width: 375, height: 603, scrollTop: 0, scrollHeight: 2190 },
    ],
  ])
  await phone.wx('pageScrollTo', { scrollTop: 60, duration: 0 })
  await eventually(async () => (await phone.log())[1]).toMatchObject([{ top: 40 }, {}, { scrollTop: 60 }])
  expect(await phone.errors()).toEqual([])
})

test('a textarea with auto-height grows and shrinks with its text', async () => {
  const phone = await openPhone({
    ...pages('pages/a'),
    ...page(
      'pages/a',
      `<textarea id="t" value="{{v}}" auto-height disable-default-padding style="width: 100%; line-height: 30px; min-height: 60px"/>
       <view bindtap="clear" id="c">clear</view>`,
      "data: { v: '' }, clear() { this.setData({ v: '一行' }) }",
    ),
  })
  const area = phone.page.locator('textarea')
  const height = () => phone.page.locator('wx-textarea').evaluate((element) => element.clientHeight)
  expect(await height()).toBe(60)
  await area.fill('1\n2\n3\n4\n5')
  expect(await height()).toBe(150)
  await phone.page.getByText('clear').click()
  expect(await height()).toBe(60)
})

test('the end of a page: by scrolling, again after it grew, and by dragging a short page up', async () => {
  const phone = await openPhone({
    ...pages('pages/a', 'pages/short'),
    ...page(
      'pages/a',
      '<view wx:for="{{rows}}" wx:key="index" style="height: 500px">{{index}}</view>',
      "data: { rows: [1, 2, 3] }, onReachBottom() { log.push('end'); this.setData({ rows: this.data.rows.concat(1, 2, 3) }) }",
    ),
    ...page('pages/short', '<view>short</view>', "onReachBottom() { log.push('short') }"),
  })
  await phone.wx('pageScrollTo', { scrollTop: 9000, duration: 0 })
  await eventually(phone.log).toEqual(['end'])
  await phone.wx('pageScrollTo', { scrollTop: 9000, duration: 0 })
  await eventually(phone.log).toEqual(['end', 'end'])

  await phone.wx('navigateTo', { url: '/pages/short' })
  await phone.page.mouse.move(180, 500)
  await phone.page.mouse.down()
  await phone.page.mouse.move(180, 300, { steps: 4 })
  await phone.page.mouse.up()
  await eventually(phone.log).toEqual(['end', 'end', 'short'])
})

test('a pull at the top refreshes; the API does the same', async () => {
  const phone = await openPhone({
    ...pages('pages/a'),
    ...page(
      'pages/a',
      '<view style="height: 2000px">rows</view>',
      "onPullDownRefresh() { log.push('pulled'); wx.stopPullDownRefresh({ complete() {} }) }",
    ),
    'pages/a.json': '{ "enablePullDownRefresh": true }',
  })
  await phone.page.mouse.move(180, 120)
  await phone.page.mouse.down()
  await phone.page.mouse.move(180, 320, { steps: 4 })
  await phone.page.mouse.up()
  await eventually(phone.log).toEqual(['pulled'])
  await phone.wx('startPullDownRefresh')
  await eventually(phone.log).toEqual(['pulled', 'pulled'])
})

test('pageScrollTo a node, with an offset, comes to rest there', async () => {
  const phone = await openPhone({
    ...pages('pages/a'),
    ...page(
      'pages/a',
      '<view style="height: 900px"/><view id="here" class="here">here</view><view style="height: 2000px"/>',
    ),
  })
  const top = () => phone.page.locator('.we-page-scroll').evaluate((element) => element.scrollTop)
  await phone.wx('pageScrollTo', { selector: '#here', duration: 0 })
  await eventually(top).toBe(900)
  await phone.wx('pageScrollTo', { selector: '.here', offsetTop: -40, duration: 0 })
  await eventually(top).toBe(860)
})

test('scroll-x lays its rows out of sight and scrolls to them', async () => {
  const phone = await openPhone({
    ...pages('pages/a'),
    ...page(
      'pages/a',
      '<scroll-view id="s" scroll-x scroll-left="{{left}}"><view style="width: 900px">x</view></scroll-view><view bindtap="go">go</view>',
      'data: { left: 0 }, go() { this.setData({ left: 200 }) }',
    ),
  })
  const left = () => phone.page.locator('wx-scroll-view').evaluate((element) => element.scrollLeft)
  expect(await left()).toBe(0)
  await phone.page.getByText('go').click()
  await eventually(left).toBe(200)
})
