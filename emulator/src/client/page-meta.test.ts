// @vitest-environment jsdom
import { expect, test } from 'vitest'
import { onePage, startPhone, type TestPhone } from './testing/launch.ts'

const rem = (phone: TestPhone) =>
  phone.program.pages.top?.scroller.closest<HTMLElement>('.we-page')?.style.getPropertyValue('--we-rem')
const pageNode = () => document.querySelector<HTMLElement>('.we-page:not([hidden]) wx-page')
const turnFont = (phone: TestPhone, fontSize: number) =>
  phone.device.update({ ...phone.device.state, fontSize })
const call = (name: string, options: object) =>
  (Reflect.get(globalThis, 'wx') as Record<string, (o: object) => Promise<object>>)[name]?.(options)

test('without page-meta a page keeps the default rem, whatever the phone’s font size', () => {
  const phone = startPhone(onePage('', '<view/>'))
  turnFont(phone, 23)
  expect(rem(phone)).toBe('')
  expect(pageNode()?.getAttribute('style')).toBeNull()
})

test('root-font-size="system" is the phone’s font size, and follows it while the page runs', () => {
  const phone = startPhone(onePage('', '<page-meta root-font-size="system" page-font-size="system"/><view/>'))
  expect(rem(phone)).toBe('16px')
  turnFont(phone, 23)
  expect(rem(phone)).toBe('23px')
  expect(pageNode()?.style.fontSize).toBe('23px')
  expect(phone.inspection.errors).toEqual([])
})

test('lengths, and values that the page changes', () => {
  const phone = startPhone(
    onePage(
      "data: { root: '20px', page: '32rpx' }, grow() { this.setData({ root: '30px', page: '' }) }",
      '<page-meta root-font-size="{{root}}" page-font-size="{{page}}" page-style="color: red; padding: 15rpx"/><view id="v" bindtap="grow"/>',
    ),
  )
  turnFont(phone, 23)
  expect(rem(phone)).toBe('20px')
  expect(pageNode()?.style.fontSize).toBe('4.26667vw')
  expect(pageNode()?.style.color).toBe('red')
  expect(pageNode()?.style.padding).toBe('2vw')
  phone.tapId('v')
  expect(rem(phone)).toBe('30px')
  expect(pageNode()?.style.fontSize).toBe('')
  expect(pageNode()?.style.color).toBe('red')
})

test('a value that is no length is said, and changes nothing', () => {
  const phone = startPhone(onePage('', '<page-meta root-font-size="huge"/>'))
  expect(rem(phone)).toBe('')
  expect(phone.inspection.errors).toMatchObject([
    { where: 'pages/a', message: '<page-meta root-font-size="huge"> is neither a length nor system' },
  ])
})

test('each page of the stack has its own', async () => {
  const phone = startPhone({
    'app.json': JSON.stringify({ pages: ['pages/a', 'pages/b'] }),
    'pages/a.js': 'Page({})',
    'pages/a.wxml': '<page-meta root-font-size="system"/>',
    'pages/b.js': 'Page({})',
    'pages/b.wxml': '<page-meta root-font-size="12px"/>',
  })
  await call('navigateTo', { url: '/pages/b' })
  expect(rem(phone)).toBe('12px')
  turnFont(phone, 20)
  expect(rem(phone)).toBe('12px')
  await call('navigateBack', {})
  expect(rem(phone)).toBe('20px')
})

test('the window’s colour and the bar’s words, from before the page is shown', () => {
  const phone = startPhone(
    onePage(
      "data: { title: '第一', loading: true }, rename() { this.setData({ title: '第二', loading: false }) }, clear() { this.setData({ title: '' }) }",
      `<page-meta background-color="#101010" root-background-color="#202020"><navigation-bar title="{{title}}" front-color="#ffffff" background-color="#303030" loading="{{loading}}"/></page-meta>
       <view id="r" bindtap="rename"/><view id="c" bindtap="clear"/>`,
      { 'pages/a.json': '{ "navigationBarTitleText": "原来" }' },
    ),
  )
  const page = document.querySelector<HTMLElement>('.we-page')
  const screen = document.querySelector<HTMLElement>('.we-app-screen')
  expect(page?.style.background).toBe('rgb(16, 16, 16)')
  expect(phone.program.pages.top?.scroller.style.backgroundColor).toBe('rgb(32, 32, 32)')
  expect(phone.part('navigation-title')?.textContent).toBe('第一')
  expect(screen?.dataset.ink).toBe('white')
  expect(screen?.style.getPropertyValue('--we-navigation')).toBe('#303030')
  expect(phone.part('navigation-loading')?.hidden).toBe(false)
  phone.tapId('r')
  expect(phone.part('navigation-title')?.textContent).toBe('第二')
  expect(phone.part('navigation-loading')?.hidden).toBe(true)
  phone.tapId('c')
  expect(phone.part('navigation-title')?.textContent).toBe('原来')
  expect(phone.inspection.errors).toEqual([])
})

test('anywhere but first it is an error, as on a phone', () => {
  const phone = startPhone(onePage('', '<view/><page-meta root-font-size="system"/>'))
  expect(phone.inspection.errors).toMatchObject([{ message: '<page-meta> must be the first node of a page' }])
})

test('what the emulator does not draw fails with its name', () => {
  const phone = startPhone(
    onePage('', '<page-meta scroll-top="10px"><navigation-bar title="甲"/></page-meta>'),
  )
  expect(phone.inspection.errors.map(({ message }) => message).sort()).toEqual([
    '<page-meta scroll-top> is not part of this emulator',
  ])
})

test('setBackgroundColor and setNavigationBarTitle still change the shown page', async () => {
  const phone = startPhone(
    onePage('', '<page-meta background-color="#101010"><navigation-bar title="甲"/></page-meta>'),
  )
  await call('setBackgroundColor', { backgroundColor: '#405060' })
  await call('setNavigationBarTitle', { title: '乙' })
  expect(document.querySelector<HTMLElement>('.we-page')?.style.background).toBe('rgb(64, 80, 96)')
  expect(phone.part('navigation-title')?.textContent).toBe('乙')
})
