// @vitest-environment jsdom
import { afterEach, expect, test, vi } from 'vitest'
import { onePage, startPhone } from '../testing/launch.ts'

/** The browser's observer, measured by the test: jsdom has no layout. */
class FakeObserver {
  static all: FakeObserver[] = []
  targets: Element[] = []
  connected = true
  constructor(
    private readonly callback: (entries: object[]) => void,
    readonly options: { root: Element; rootMargin: string; threshold: number[] },
  ) {
    FakeObserver.all.push(this)
  }
  observe = (target: Element) => void this.targets.push(target)
  disconnect = () => void (this.connected = false)
  measure(ratio: number): void {
    const rect = new FakeRect()
    this.callback(
      this.targets.map((target) => ({
        target,
        intersectionRatio: ratio,
        intersectionRect: rect,
        boundingClientRect: rect,
        rootBounds: rect,
      })),
    )
  }
}
class FakeRect {
  left = 10
  top = 84
  width = 100
  height = 40
}
vi.stubGlobal('IntersectionObserver', FakeObserver)
vi.stubGlobal('DOMRectReadOnly', FakeRect)
afterEach(() => void (FakeObserver.all = []))

const last = () => {
  const observer = FakeObserver.all.at(-1)
  if (!observer) throw new Error('nothing is observed')
  return observer
}

const observing = (body: string, wxml = '<view class="row" id="r" data-n="1"/><view class="row"/>') =>
  onePage(`onReady() { const o = wx.createIntersectionObserver(this, this.o); ${body} }`, wxml)

test('the margins may be partial; the root is the page’s window', () => {
  const phone = startPhone(observing("o.relativeToViewport({ bottom: 200 }).observe('.row', () => {})"))
  expect(last().options).toMatchObject({ rootMargin: '0px 0px 200px 0px', threshold: [0] })
  expect(last().options.root).toBe(phone.program.pages.top?.scroller)
  expect(last().targets).toEqual([phone.byId('r')])
})

test('the first measurement is told when it left initialRatio over a threshold, later ones always', () => {
  const phone = startPhone(
    onePage(
      `onReady() { wx.createIntersectionObserver(this, { thresholds: [0.5], initialRatio: 0.2 })
        .relativeToViewport().observe('.row', (r) => log.push(r.intersectionRatio)) }`,
      '<view class="row"/>',
    ),
  )
  last().measure(0.3)
  last().measure(0.6)
  last().measure(0)
  expect(phone.log()).toEqual([0.6, 0])
})

test('out of sight at first is no news; in sight at first is', () => {
  const phone = startPhone(
    observing("o.relativeToViewport().observe('.row', (r) => log.push(r.intersectionRatio))"),
  )
  last().measure(0)
  expect(phone.log()).toEqual([])
  last().measure(1)
  expect(phone.log()).toEqual([1])
})

test('what it tells: ratio, three rects, id, dataset and time, without a tap state', () => {
  const phone = startPhone(
    observing(
      "o.relativeToViewport().observe('.row', (r) => { log.push(r); wx.getSetting({ success() {} }) })",
    ),
  )
  last().measure(0.5)
  const rect = { left: 10, top: 84, right: 110, bottom: 124, width: 100, height: 40 }
  const { width: _, height: __, ...edges } = rect
  expect(phone.log()).toEqual([
    {
      id: 'r',
      dataset: { n: '1' },
      intersectionRatio: 0.5,
      intersectionRect: rect,
      boundingClientRect: rect,
      relativeRect: edges,
      time: expect.any(Number) as number,
    },
  ])
  expect(phone.inspection.calls.at(-1)).toMatchObject({ name: 'getSetting', tap: false })
})

test('observeAll takes every match, relativeTo another root', () => {
  const phone = startPhone(
    onePage(
      `onReady() { wx.createIntersectionObserver(this, { observeAll: true })
        .relativeTo('#box', { top: -5 }).observe('.row', () => {}) }`,
      '<scroll-view id="box"><view class="row"/><view class="row"/></scroll-view>',
    ),
  )
  expect(FakeObserver.all).toHaveLength(2)
  expect(last().options).toMatchObject({ root: phone.byId('box'), rootMargin: '-5px 0px 0px 0px' })
})

test('disconnect ends it, and so does the page’s end: a late measurement reaches nobody', async () => {
  const phone = startPhone({
    ...observing("this.o = o; o.relativeToViewport().observe('.row', (r) => log.push('told'))"),
    'app.json': JSON.stringify({ pages: ['pages/a', 'pages/b'] }),
    'pages/b.js':
      "Page({ onReady() { this.createIntersectionObserver().relativeToViewport().observe('.row', () => globalThis.testLog.push('told')) } })",
    'pages/b.wxml': '<view class="row"/>',
  })
  const first = last()
  const wx = Reflect.get(globalThis, 'wx') as Record<string, (o?: object) => Promise<object>>
  await wx.navigateTo?.({ url: '/pages/b' })
  const second = last()
  expect(second).not.toBe(first)
  await wx.navigateBack?.({})
  expect([first.connected, second.connected]).toEqual([true, false])
  second.measure(1)
  expect(phone.log()).toEqual([])
  const page = phone.program.pages.top?.instance.o as { disconnect(): void }
  page.disconnect()
  expect(first.connected).toBe(false)
  first.measure(1)
  expect(phone.log()).toEqual([])
})

test('a selector that finds nothing is remarked; a callback that throws is collected', () => {
  const phone = startPhone(
    observing(
      "o.relativeToViewport().observe('.none', () => {}); o.observe('.row', () => { throw new Error('broken') })",
    ),
  )
  expect(phone.inspection.warnings).toContain(
    'node ".none" is not found: its intersection observer never fires',
  )
  last().measure(1)
  expect(phone.inspection.errors).toMatchObject([
    { where: 'createIntersectionObserver callback', message: 'broken' },
  ])
})

test.each([
  ['no reference area', "o.observe('.row', () => {})", 'should be called before observe'],
  ['two of them', "o.relativeToViewport().relativeTo('#r')", 'second reference area'],
  ['no component', 'wx.createIntersectionObserver({})', 'neither a page nor a component'],
])('%s is refused in words', (_, body, words) => {
  const phone = startPhone(observing(body))
  expect(phone.inspection.errors).toMatchObject([{ message: expect.stringContaining(words) as string }])
})

const component = {
  'c.js': 'Component({ attached() { globalThis.component = this } })',
  'c.json': '{ "component": true }',
  'c.wxml': '<view class="inner" id="i"/>',
  'pages/a.json': '{ "usingComponents": { "c-c": "/c" } }',
}

test('uni-app’s own instance, which carries WeChat’s mark of the component, is understood', async () => {
  const phone = startPhone(
    onePage(
      `onReady() {
        const { __wxExparserNodeId__ } = globalThis.component
        const vm = { __wxExparserNodeId__ }
        wx.createIntersectionObserver(vm).relativeToViewport().observe('.inner', (r) => log.push(r.id))
        wx.createSelectorQuery().in(vm).select('.inner').fields({ id: true }, (r) => log.push(r)).exec()
      }`,
      '<c-c/>',
      component,
    ),
  )
  last().measure(1)
  await vi.waitFor(() => expect(phone.log()).toEqual(['i', { id: 'i' }]))
  Reflect.deleteProperty(globalThis, 'component')
})

test('createSelectorQuery: later, each question’s callback and then exec with all answers', async () => {
  const phone = startPhone(
    onePage(
      `data: { n: 0 }, onReady() {
        wx.createSelectorQuery()
          .select('#r').boundingClientRect((r) => log.push(['rect', r.id, r.dataset.n]))
          .selectAll('.row').fields({ id: true, properties: ['hoverClass'], computedStyle: ['fontSize'] })
          .select('.none').boundingClientRect()
          .selectViewport().scrollOffset()
          .exec((all) => log.push(all.slice(1)))
        log.push('asked'); this.setData({ n: 7 })
      }`,
      '<view id="r" class="row" style="font-size: 9px" data-n="{{n}}" hover-class="h"/><view class="row" style="font-size: 8px"/>',
    ),
  )
  await vi.waitFor(() => expect(phone.log()).toHaveLength(3))
  expect(phone.log()).toEqual([
    'asked',
    ['rect', 'r', 7],
    [
      [
        { id: 'r', hoverClass: 'h', fontSize: '9px' },
        { id: '', hoverClass: '', fontSize: '8px' },
      ],
      null,
      { id: '', dataset: {}, scrollLeft: 0, scrollTop: 0, scrollWidth: 0, scrollHeight: 0 },
    ],
  ])
  expect(phone.inspection.errors).toEqual([])
})

test('a query about a page that was left is never answered', async () => {
  const phone = startPhone({
    ...onePage('', '<c-c/>', component),
    'app.json': '{"pages":["pages/a","pages/b"]}',
    'pages/b.js': `Page({ onLoad() {
      wx.createSelectorQuery().in(globalThis.component).select('.inner').boundingClientRect(() => globalThis.testLog.push('left')).exec()
      wx.createSelectorQuery().select('#b').fields({ id: true }, (r) => globalThis.testLog.push(r)).exec()
    } })`,
    'pages/b.json': '{}',
    'pages/b.wxml': '<view id="b"/>',
  })
  void phone.program.pages.reLaunch('/pages/b')
  await vi.waitFor(() => expect(phone.log()).toEqual([{ id: 'b' }]))
  expect(phone.inspection.errors).toEqual([])
  Reflect.deleteProperty(globalThis, 'component')
})

test('a query may be made before the first page is there, and of a component that was removed: it finds nothing there', async () => {
  const phone = startPhone({
    ...onePage(
      `data: { on: true }, onReady() {
        this.setData({ on: false })
        wx.createSelectorQuery().in(globalThis.component).select('.inner').boundingClientRect()
          .selectAll('.inner').boundingClientRect().exec((all) => log.push(all))
      }`,
      '<view id="r"/><c-c wx:if="{{on}}"/>',
      component,
    ),
    'c.js': `Component({ attached() {
      globalThis.component = this
      wx.createSelectorQuery().select('#r').fields({ id: true }, (r) => globalThis.testLog.push(r)).exec()
    } })`,
  })
  await vi.waitFor(() => expect(phone.log()).toEqual([{ id: 'r' }, [null, []]]))
  expect(phone.inspection.errors).toEqual([])
  Reflect.deleteProperty(globalThis, 'component')
})
