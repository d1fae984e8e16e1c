import type { Page } from 'playwright-core'
import { expect, test } from 'vitest'
import { useBrowser } from '../testing/browser.ts'
import { eventually } from '../testing/eventually.ts'

const { openPhone } = useBrowser()

const onePage = (wxml: string, members = '', more: Record<string, string> = {}) => ({
  'app.json': JSON.stringify({ pages: ['pages/a'] }),
  'pages/a.js': `const log = globalThis.testLog; Page({ ${members} })`,
  'pages/a.json': '{}',
  'pages/a.wxml': wxml,
  ...more,
})
const log = 'on(e) { log.push([e.type, e.detail]) }'
const byId = (id: string) => `[exparser\\:info-attr-id="${id}"]`

async function drag(
  page: Page,
  selector: string,
  by: { x?: number; y?: number },
  finger: 'flings' | 'rests' = 'flings',
): Promise<void> {
  // what is still sliding in is not where it will be: hover waits until it stands
  await page.locator(selector).hover()
  const box = await page.locator(selector).boundingBox()
  if (!box) throw new Error(`nothing is drawn at ${selector}`)
  const [x, y] = [box.x + box.width / 2, box.y + box.height / 2]
  await page.mouse.move(x, y)
  await page.mouse.down()
  await page.mouse.move(x + (by.x ?? 0), y + (by.y ?? 0), { steps: 6 })
  if (finger === 'rests') await page.mouse.move(x + (by.x ?? 0), y + (by.y ?? 0))
  await page.mouse.up()
}

const swiper = (attributes: string) =>
  `<swiper id="s" duration="{{50}}" style="height: 100px" ${attributes} bindchange="on" bindanimationfinish="on">
    <swiper-item wx:for="{{[0, 1, 2]}}" wx:key="*this"><view id="item{{item}}">page {{item}}</view></swiper-item></swiper>`
const at = (page: Page, id: string) =>
  page.evaluate(
    ([selector]) => {
      const item = document.querySelector(String(selector))?.getBoundingClientRect()
      return item && Math.round(item.left)
    },
    [byId(id)],
  )
const changes = (told: unknown[]) =>
  (told as [string, { current: number; source: string }][]).map(([type, { current, source }]) => [
    type,
    current,
    source,
  ])

test('swiper: dragged by a finger’s width, changed by the page, and not beyond its ends', async () => {
  const phone = await openPhone(
    onePage(
      swiper('current="{{c}}" indicator-dots') + '<view id="go" bindtap="go">go</view>',
      `data: { c: 0 }, ${log}, go() { this.setData({ c: 0 }) }`,
    ),
  )
  expect([await at(phone.page, 'item0'), await at(phone.page, 'item1')]).toEqual([0, 375])
  await drag(phone.page, byId('s'), { x: -250 })
  await eventually(async () => changes(await phone.log())).toEqual([
    ['change', 1, 'touch'],
    ['animationfinish', 1, 'touch'],
  ])
  expect([await at(phone.page, 'item0'), await at(phone.page, 'item1')]).toEqual([-375, 0])
  expect(await phone.page.locator('.wx-swiper-dots > i[data-on]').count()).toBe(1)
  // the page's own value was 0 all the time: setting it again is heard
  await phone.page.locator(byId('go')).click()
  await eventually(async () => changes(await phone.log()).slice(2)).toEqual([
    ['change', 0, ''],
    ['animationfinish', 0, ''],
  ])
  await drag(phone.page, byId('s'), { x: 300 })
  await eventually(async () => (await phone.log()).length).toBe(5)
  expect(await at(phone.page, 'item0')).toBe(0)
  expect(await phone.errors()).toEqual([])
})

test('swiper: circular goes on beyond its end, autoplay turns it', async () => {
  const phone = await openPhone(onePage(swiper('circular current="{{2}}"'), log))
  expect([await at(phone.page, 'item2'), await at(phone.page, 'item0')]).toEqual([0, 375])
  await drag(phone.page, byId('s'), { x: -250 })
  await eventually(async () => changes(await phone.log())).toEqual([
    ['change', 0, 'touch'],
    ['animationfinish', 0, 'touch'],
  ])
  expect([await at(phone.page, 'item0'), await at(phone.page, 'item2')]).toEqual([0, -375])

  const playing = await openPhone(onePage(swiper('autoplay interval="{{80}}"'), log))
  await eventually(async () =>
    changes(await playing.log())
      .filter(([type]) => type === 'change')
      .slice(0, 3),
  ).toEqual([
    ['change', 1, 'autoplay'],
    ['change', 2, 'autoplay'],
    ['change', 0, 'autoplay'],
  ])
})

test('swiper: several pages at once and margins', async () => {
  const phone = await openPhone(
    onePage(swiper('display-multiple-items="{{2}}" previous-margin="25px" next-margin="50rpx"'), log),
  )
  expect([
    await at(phone.page, 'item0'),
    await at(phone.page, 'item1'),
    await at(phone.page, 'item2'),
  ]).toEqual([25, 188, 350])
})

test('slider: pressed, dragged, stepped; the form has its value', async () => {
  const phone = await openPhone(
    onePage(
      '<form bindsubmit="on" bindreset="on"><slider id="s" name="s" min="10" max="20" step="2" value="12" show-value bindchange="on" bindchanging="on"/><button form-type="submit">go</button><button form-type="reset">reset</button></form>',
      log,
    ),
  )
  const track = await phone.page.locator('.wx-slider-track').boundingBox()
  if (!track) throw new Error('no track')
  await phone.page.mouse.move(track.x + track.width * 0.2, track.y)
  await phone.page.mouse.down()
  await phone.page.mouse.move(track.x + track.width * 0.41, track.y)
  await phone.page.mouse.move(track.x + track.width * 2, track.y)
  await phone.page.mouse.up()
  await phone.page.getByText('go').click()
  await phone.page.getByText('reset').click()
  await phone.page.getByText('go').click()
  await eventually(phone.log).toEqual([
    ['changing', { value: 14 }],
    ['changing', { value: 20 }],
    ['change', { value: 20 }],
    ['submit', { value: { s: 20 } }],
    ['reset', {}],
    ['submit', { value: { s: 12 } }],
  ])
})

test('a picker’s wheel is dragged and scrolled; it rests on a row', async () => {
  const phone = await openPhone(
    onePage(
      '<picker range="{{r}}" bindchange="on">选</picker>',
      `data: { r: ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'] }, ${log}`,
    ),
  )
  const wheel = '[data-test=picker-column-0]'
  const chosen = () => phone.page.locator(`${wheel} [aria-selected=true]`).textContent()
  await phone.page.getByText('选').click()
  await drag(phone.page, wheel, { y: -100 })
  await eventually(async () => ['c', 'd', 'e', 'f', 'g', 'h'].includes((await chosen()) ?? '')).toBe(true)
  // a turn that falls into the wheel's coming to rest may be lost, as on any page
  await eventually(async () => {
    await phone.page.mouse.wheel(0, -2000)
    return chosen()
  }).toBe('a')
  await phone.page.locator(`${wheel} [role=option]`).nth(1).click()
  await eventually(chosen).toBe('b')
  await phone.page.locator('[data-test=picker-confirm]').click()
  await eventually(phone.log).toEqual([['change', { value: '1' }]])
})

test('a picker’s wheel: the release that ends a drag presses no row', async () => {
  const phone = await openPhone(
    onePage('<picker range="{{r}}" bindchange="on">选</picker>', `data: { r: ['a', 'b', 'c', 'd'] }, ${log}`),
  )
  const wheel = '[data-test=picker-column-0]'
  await phone.page.getByText('选').click()
  // two rows up, and released where the row before the chosen one now is
  await drag(phone.page, wheel, { y: -96 }, 'rests')
  await eventually(() => phone.page.locator(`${wheel} [aria-selected=true]`).textContent()).toBe('c')
  await phone.page.locator('[data-test=picker-confirm]').click()
  await eventually(phone.log).toEqual([['change', { value: '2' }]])
})

test('picker-view: its columns are wheels of the page’s own rows', async () => {
  const phone = await openPhone(
    onePage(
      `<picker-view value="{{v}}" indicator-style="height: 50px" style="height: 200px" bindchange="on" bindpickstart="on" bindpickend="on">
        <picker-view-column><view wx:for="{{[1, 2, 3]}}" wx:key="*this" class="r1">{{item}}</view></picker-view-column>
        <picker-view-column><view wx:for="{{[4, 5, 6]}}" wx:key="*this" class="r2">{{item}}</view></picker-view-column></picker-view>
       <view id="set" bindtap="set">set</view>`,
      `data: { v: [0, 2] }, ${log}, set() { this.setData({ v: [1, 0] }) }`,
    ),
  )
  const top = (text: string) =>
    phone.page.getByText(text, { exact: true }).evaluate((row) => Math.round(row.getBoundingClientRect().top))
  expect([await top('1'), await top('6')]).toEqual([64 + 75, 64 + 75])
  await phone.page.getByText('2', { exact: true }).click()
  await eventually(phone.log).toEqual([
    ['pickstart', {}],
    ['change', { value: [1, 2] }],
    ['pickend', {}],
  ])
  await phone.page.locator(byId('set')).click()
  await eventually(() => top('4')).toBe(64 + 75)
})

test('scroll-view: scroll, its ends by threshold, scroll-into-view of a child, without moving the page', async () => {
  const phone = await openPhone(
    onePage(
      `<view style="height: 50px"/><scroll-view id="s" scroll-y style="height: 100px" upper-threshold="20" lower-threshold="{{20}}" scroll-into-view="{{to}}" bindscrolltolower="on" bindscrolltoupper="on">
        <view wx:for="{{[0, 1, 2, 3, 4]}}" wx:key="*this" id="row{{item}}" style="height: 60px">{{item}}</view></scroll-view><view style="height: 2000px" id="go" bindtap="go">go</view>`,
      `data: { to: '' }, ${log}, go() { this.setData({ to: 'row2' }) }`,
    ),
  )
  const scroll = (top: number) =>
    phone.page.locator(byId('s')).evaluate((element, to) => (element.scrollTop = to), top)
  await scroll(200)
  await eventually(phone.log).toEqual([['scrolltolower', { direction: 'bottom' }]])
  await scroll(0)
  await eventually(async () => (await phone.log()).length).toBe(2)
  await phone.page.getByText('go').click({ position: { x: 5, y: 5 } })
  await eventually(() => phone.page.locator(byId('s')).evaluate((element) => element.scrollTop)).toBe(120)
  expect(await phone.page.locator('.we-page-scroll').evaluate((element) => element.scrollTop)).toBe(0)
})

test('scroll-view: its own pull-down refresh', async () => {
  const phone = await openPhone(
    onePage(
      `<scroll-view id="s" scroll-y refresher-enabled refresher-triggered="{{busy}}" style="height: 300px" bindrefresherpulling="pulling" bindrefresherrefresh="on" bindrefresherrestore="on" bindrefresherabort="on"><view style="height: 900px"/></scroll-view><view id="stop" bindtap="stop">stop</view>`,
      `data: { busy: false }, pulled: 0, pulling() { this.pulled += 1 }, on(e) { log.push([e.type, this.pulled > 0]); if (e.type === 'refresherrefresh') this.setData({ busy: true }) }, stop() { this.setData({ busy: false }) }`,
    ),
  )
  await drag(phone.page, byId('s'), { y: 60 })
  await eventually(phone.log).toEqual([['refresherabort', true]])
  await drag(phone.page, byId('s'), { y: 140 })
  await eventually(async () => (await phone.log()).slice(1)).toEqual([['refresherrefresh', true]])
  await phone.page.locator(byId('stop')).click()
  await eventually(async () => (await phone.log()).slice(2)).toEqual([['refresherrestore', true]])
})

const picture = (width: number, height: number) =>
  `data:image/svg+xml,${encodeURIComponent(`<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}"/>`)}`

test('image: load tells its size, widthFix and heightFix take the other side from it, lazy-load waits', async () => {
  const phone = await openPhone(
    onePage(
      `<image id="w" mode="widthFix" style="width: 100px" src="${picture(200, 50)}" bindload="on"/>
       <image id="h" mode="heightFix" style="height: 100px" src="${picture(200, 50)}"/>
       <image id="d" src="${picture(10, 10)}"/><view style="height: 4000px"/><image lazy-load id="far" src="${picture(7, 7)}" bindload="on"/>`,
      log,
    ),
  )
  const size = (id: string) =>
    phone.page.locator(byId(id)).evaluate((element) => [element.clientWidth, element.clientHeight])
  await eventually(phone.log).toEqual([['load', { width: 200, height: 50 }]])
  await eventually(() => size('w')).toEqual([100, 25])
  await eventually(() => size('h')).toEqual([400, 100])
  expect(await size('d')).toEqual([320, 240])
  await phone.wx('pageScrollTo', { scrollTop: 4000, duration: 0 })
  await eventually(async () => (await phone.log()).length).toBe(2)
})

test('movable-view: dragged within its area, moved by the page', async () => {
  const phone = await openPhone(
    onePage(
      '<movable-area style="width: 200px; height: 200px"><movable-view id="m" direction="all" x="{{x}}" y="{{20}}" style="width: 50px; height: 50px" bindchange="on">m</movable-view></movable-area><view id="go" bindtap="go">go</view>',
      `data: { x: 10 }, ${log}, go() { this.setData({ x: 100 }) }`,
    ),
  )
  const place = () => phone.page.locator(byId('m')).evaluate((element) => getComputedStyle(element).transform)
  await eventually(place).toBe('matrix(1, 0, 0, 1, 10, 20)')
  await drag(phone.page, byId('m'), { x: 40, y: 900 })
  await eventually(place).toBe('matrix(1, 0, 0, 1, 50, 150)')
  expect((await phone.log()).at(-1)).toEqual(['change', { x: 50, y: 150, source: 'touch' }])
  await phone.page.locator(byId('go')).click()
  await eventually(place).toBe('matrix(1, 0, 0, 1, 100, 150)')
})

test('a touch on a real touch screen: touches with page and client places, and one tap', async () => {
  const phone = await openPhone(
    onePage(
      '<view style="height: 900px" id="v" bindtouchstart="on" bindtap="on">v</view>',
      'on(e) { const t = e.changedTouches[0]; log.push([e.type, t.clientX, t.clientY, t.pageX, t.pageY, ...Object.values(e.detail)]) }',
    ),
  )
  await phone.wx('pageScrollTo', { scrollTop: 100, duration: 0 })
  await phone.page.touchscreen.tap(30, 164)
  await eventually(phone.log).toEqual([
    ['touchstart', 30, 100, 30, 200],
    ['tap', 30, 100, 30, 200, 30, 200],
  ])
})

test('textarea: linechange when the lines change, and a placeholder in its own style', async () => {
  const phone = await openPhone(
    onePage(
      '<textarea id="t" auto-height style="line-height: 20px; font-size: 16px; width: 300px" placeholder="写点什么" placeholder-style="color: rgb(1, 2, 3); font-size: 12px" bindlinechange="on"/>',
      log,
    ),
  )
  const area = phone.page.locator('textarea')
  await area.fill('一\n二\n三')
  await eventually(phone.log).toEqual([['linechange', { height: 60, heightRpx: 120, lineCount: 3 }]])
  expect(
    await area.evaluate((element) => {
      const { color, fontSize } = getComputedStyle(element, '::placeholder')
      return [color, fontSize]
    }),
  ).toEqual(['rgb(1, 2, 3)', '12px'])
})

test('model:value goes both ways, and a canvas can be drawn on', async () => {
  const phone = await openPhone(
    onePage(
      '<input id="i" model:value="{{v}}"/><text id="t">{{v}}</text><view id="clear" bindtap="clear">clear</view><canvas type="2d" id="c" style="width: 50px; height: 50px"/>',
      `data: { v: 'a' }, clear() { this.setData({ v: '' }) }, onReady() {
        this.createSelectorQuery().select('#c').fields({ node: true, size: true }).exec(([found]) => {
          found.node.width = found.width; const c = found.node.getContext('2d'); c.fillStyle = '#010203'; c.fillRect(0, 0, 9, 9)
          log.push([...c.getImageData(1, 1, 1, 1).data])
        })
      }`,
    ),
  )
  await phone.page.locator('input').fill('abc')
  await eventually(() => phone.page.locator(byId('t')).textContent()).toBe('abc')
  await phone.page.locator(byId('clear')).click()
  await eventually(() => phone.page.locator('input').inputValue()).toBe('')
  await eventually(phone.log).toEqual([[1, 2, 3, 255]])
})

test('a class of the app colours a button, in the dark and in style v2 too', async () => {
  const phone = await openPhone({
    'app.json': JSON.stringify({ pages: ['pages/a'], style: 'v2', darkmode: true }),
    'pages/a.js': 'Page({})',
    'pages/a.json': '{}',
    'pages/a.wxml': '<button id="b" class="own">go</button>',
    'pages/a.wxss': '.own { background: #0a7d45; color: #fff }',
  })
  const colour = () =>
    phone.page.locator('.own').evaluate((button) => getComputedStyle(button).backgroundColor)
  expect(await colour()).toBe('rgb(10, 125, 69)')
  phone.emulator.setPhone({ theme: 'dark' })
  await phone.page.locator(':root[data-app-theme="dark"]').waitFor({ state: 'attached' })
  expect(await colour()).toBe('rgb(10, 125, 69)')
})
