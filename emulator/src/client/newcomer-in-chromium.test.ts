import { expect, test } from 'vitest'
import { useBrowser } from '../testing/browser.ts'
import { eventually } from '../testing/eventually.ts'

const { openPhone } = useBrowser()

const onePage = (wxml: string, members: string, more: Record<string, string | Uint8Array> = {}) => ({
  'app.json': JSON.stringify({ pages: ['pages/a'] }),
  'pages/a.js': `const log = globalThis.testLog; Page({ ${members} })`,
  'pages/a.json': '{}',
  'pages/a.wxml': wxml,
  ...more,
})

test('a finger on an icon taps it, though what is drawn there is SVG', async () => {
  const phone = await openPhone(onePage('<icon type="clear" catchtap="on"/>', 'on(e) { log.push(e.type) }'))
  await phone.page.locator('wx-icon').tap()
  await eventually(phone.log).toEqual(['tap'])
})

test('a component may be called dialog, and is found by its id and by tag, class and :host', async () => {
  const phone = await openPhone(
    onePage('<dialog id="d"><view>inside</view></dialog>', '', {
      'pages/a.json': JSON.stringify({ usingComponents: { dialog: '/parts/own' } }),
      'pages/a.wxss': 'dialog { margin-top: 7px }',
      'parts/own.js': 'Component({})',
      'parts/own.json': '{"component":true}',
      'parts/own.wxml': '<slot/>',
      'parts/own.wxss': ':host { display: block; border-top: 3px solid }',
    }),
  )
  await phone.page.getByText('inside').waitFor()
  const looks = await phone.page.locator('#d').evaluate((element) => {
    const { display, marginTop, borderTopWidth } = getComputedStyle(element)
    return [display, marginTop, borderTopWidth]
  })
  expect(looks).toEqual(['block', '7px', '3px'])
})

test('rpx that make whole pixels are measured as whole pixels', async () => {
  const phone = await openPhone(
    onePage(
      '<view id="v" style="width: 100rpx; height: 250rpx">v</view>',
      "onReady() { wx.createSelectorQuery().select('#v').boundingClientRect(({ width, height }) => log.push(width, height)).exec() }",
    ),
  )
  await eventually(phone.log).toEqual([50, 125])
})

test('the file system reads a picture of the package; what is not there fails', async () => {
  const picture = Uint8Array.of(0x89, 0x50, 0xff, 0x00, 0x80)
  const phone = await openPhone(
    onePage(
      '<view>x</view>',
      `onLoad() {
        const fs = wx.getFileSystemManager()
        log.push(fs.readFileSync('/images/a.png', 'hex'), fs.readFileSync('images/a.png').byteLength)
        try { fs.readFileSync('/images/none.png') } catch (e) { log.push(e.message) }
      }`,
      { 'images/a.png': picture },
    ),
  )
  await eventually(phone.log).toEqual([
    '8950ff0080',
    5,
    'readFileSync:fail no such file or directory, open /images/none.png',
  ])
})
