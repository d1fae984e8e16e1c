import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { expect, onTestFinished, test } from 'vitest'
import { WebSocketServer, type WebSocket } from 'ws'
import { useBrowser } from '../testing/browser.ts'
import { eventually } from '../testing/eventually.ts'
import { folderOf } from '../testing/folders.ts'
import { samplePictures } from './sample-pictures.ts'

const { openPhone } = useBrowser()

const icon = samplePictures()[0]?.bytes ?? new Uint8Array()
const page = (path: string, wxml: string, members = '') => ({
  [`${path}.js`]: `const log = globalThis.testLog; Page({ ${members} })`,
  [`${path}.json`]: '{}',
  [`${path}.wxml`]: wxml,
})
const tabs = (bar: object = {}) => ({
  'app.json': JSON.stringify({
    pages: ['pages/a', 'pages/b', 'pages/c'],
    tabBar: {
      color: '#666666',
      selectedColor: '#07c160',
      backgroundColor: '#ffffff',
      list: [
        { pagePath: 'pages/a', text: '线索', iconPath: 'img/a.png', selectedIconPath: 'img/a.png' },
        { pagePath: 'pages/b', text: '我的', iconPath: 'img/a.png' },
      ],
      ...bar,
    },
    window: {
      navigationBarTitleText: '线索铃',
      navigationBarBackgroundColor: '#ffffff',
      navigationBarTextStyle: 'black',
    },
  }),
  'img/a.png': icon,
  ...page(
    'pages/a',
    '<view style="height: 2000px"/><view id="fixed" style="position: fixed; bottom: 0; left: 0; width: 100%; height: 40px; background: #def"/>',
  ),
  ...page('pages/b', '<view>我的</view>'),
  ...page('pages/c', '<view>详情</view>'),
})
const box = (phone: Awaited<ReturnType<typeof openPhone>>, selector: string) =>
  phone.page.locator(selector).first().boundingBox()

test('a tab bar takes 48 px at the bottom; what is fixed in a page stands on it', async () => {
  const phone = await openPhone(tabs())
  expect(await box(phone, '.we-tab-bar')).toEqual({ x: 0, y: 619, width: 375, height: 48 })
  expect(await box(phone, '.we-page:not([hidden])')).toEqual({ x: 0, y: 64, width: 375, height: 555 })
  expect(await box(phone, '#fixed')).toEqual({ x: 0, y: 579, width: 375, height: 40 })
  const info = await phone.page.evaluate(() =>
    (globalThis as unknown as { wx: { getWindowInfo(): { windowHeight: number } } }).wx.getWindowInfo(),
  )
  expect(info.windowHeight).toBe(555)

  await phone.wx('setTabBarBadge', { index: 1, text: '3' })
  await phone.page.locator('[data-test="tab"]').nth(1).click()
  await eventually(() => phone.page.locator('.we-page:not([hidden])').getAttribute('data-route')).toBe(
    'pages/b',
  )
  await phone.wx('navigateTo', { url: '/pages/c' })
  expect(await box(phone, '.we-page[data-route="pages/c"]')).toMatchObject({ height: 603 })
  expect(await phone.errors()).toEqual([])
})

test('the mini-program’s picture is the one it was given, or the first character of its name', async () => {
  const drawn = async (phone: Awaited<ReturnType<typeof openPhone>>) => {
    await phone.page.locator('.we-capsule button').last().click()
    return phone.page.locator('[data-test="app-entry"] .we-avatar').evaluate((avatar) => ({
      picture: getComputedStyle(avatar).backgroundImage.replace(/.*\/(?=[\w-]+"\)$)/, ''),
      word: getComputedStyle(avatar, '::before').content,
    }))
  }
  const dist = folderOf({ 'logo.png': icon })
  expect(await drawn(await openPhone(tabs(), undefined, { icon: `${dist}/logo.png` }))).toEqual({
    picture: 'app-icon")',
    word: 'none',
  })
  expect(await drawn(await openPhone(tabs()))).toEqual({ picture: 'none', word: '"线"' })
})

test('at the top it stands under the navigation bar', async () => {
  const phone = await openPhone(tabs({ position: 'top' }))
  expect(await box(phone, '.we-tab-bar')).toEqual({ x: 0, y: 64, width: 375, height: 48 })
  expect(await box(phone, '.we-page:not([hidden])')).toEqual({ x: 0, y: 112, width: 375, height: 555 })
})

test('a bar of the mini-program’s own lies at the bottom of a page that has the whole window', async () => {
  const phone = await openPhone({
    ...tabs({ custom: true }),
    'custom-tab-bar/index.json': '{ "component": true }',
    'custom-tab-bar/index.js': "Component({ methods: { go() { wx.switchTab({ url: '/pages/b' }) } } })",
    'custom-tab-bar/index.wxml': '<view class="bar" bindtap="go">我的</view>',
    'custom-tab-bar/index.wxss':
      '.bar { position: fixed; left: 0; right: 0; bottom: 0; height: 56px; background: #eee }',
  })
  expect(await box(phone, '.we-page:not([hidden])')).toEqual({ x: 0, y: 64, width: 375, height: 603 })
  const bar = phone.page.locator('.we-page:not([hidden]) wx-custom-tab-bar wx-view')
  expect(await bar.boundingBox()).toEqual({ x: 0, y: 611, width: 375, height: 56 })
  await bar.click()
  await eventually(() => phone.page.locator('.we-page:not([hidden])').getAttribute('data-route')).toBe(
    'pages/b',
  )
  expect(await phone.errors()).toEqual([])
})

test('the album’s pictures are PNG that a browser reads', async () => {
  const phone = await openPhone({
    'app.json': JSON.stringify({ pages: ['pages/a'] }),
    'img/a.png': icon,
    ...page('pages/a', '<view/>'),
  })
  expect(await phone.wx('getImageInfo', { src: '/img/a.png' })).toMatchObject({
    ...{ width: 120, height: 90, type: 'png' },
  })
  await expect(phone.wx('getImageInfo', { src: '/img/none.png' })).rejects.toThrow()
})

test('connectSocket reaches a server on loopback', async () => {
  const sockets = new WebSocketServer({ noServer: true, maxPayload: 1e6 }) as unknown as {
    handleUpgrade(...args: [...unknown[], (client: WebSocket) => void]): void
  }
  const server = createServer()
  server.on('upgrade', (request, socket, head) =>
    sockets.handleUpgrade(request, socket, head, (client) =>
      client.on('message', (data, isBinary) => client.send(isBinary ? data : `echo ${data.toString()}`)),
    ),
  )
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => {
    server.closeAllConnections()
    server.close()
  })
  const { port } = server.address() as AddressInfo
  const phone = await openPhone({
    'app.json': JSON.stringify({ pages: ['pages/a'] }),
    ...page(
      'pages/a',
      '<view/>',
      `onLoad() {
        const task = wx.connectSocket({ url: 'ws://127.0.0.1:${port}/live' })
        task.onOpen(() => { task.send({ data: '你好' }); task.send({ data: new Uint8Array([1, 2]).buffer }) })
        task.onMessage(({ data }) => { log.push(typeof data === 'string' ? data : [...new Uint8Array(data)]); if (typeof data !== 'string') task.close({ code: 3001 }) })
        task.onClose(({ code }) => log.push(code))
      }`,
    ),
  })
  await eventually(phone.log).toEqual(['echo 你好', [1, 2], 3001])
  expect(await phone.errors()).toEqual([])
})

test('/phone?path=…&scene=… is a launch from a code or a shared card', async () => {
  const phone = await openPhone({
    'app.json': JSON.stringify({ pages: ['pages/a', 'pages/b'] }),
    'app.js': 'App({ onLaunch(o) { globalThis.testLog.push([o.path, o.query, o.scene]) } })',
    ...page('pages/a', '<view/>'),
    ...page('pages/b', '<view/>'),
  })
  await phone.page.goto(`${phone.emulator.url}/phone?path=${encodeURIComponent('pages/b?id=7')}&scene=1011`)
  await eventually(phone.log).toEqual([['pages/b', { id: '7' }, 1011]])
})
