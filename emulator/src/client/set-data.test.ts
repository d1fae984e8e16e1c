// @vitest-environment jsdom
import fc from 'fast-check'
import { expect, onTestFinished, test, vi } from 'vitest'
import { LOG_LENGTH, SetDataMeter } from './inspection.ts'
import { Screen, screen } from './screen.ts'
import { sendable } from './set-data.ts'
import { onePage, startPhone } from './testing/launch.ts'

test('setData is logged call by call: the page, the keys, the bytes of its JSON in UTF-8', () => {
  const phone = startPhone({
    'app.json': JSON.stringify({ pages: ['pages/a'] }),
    'pages/a.js':
      "Page({ onLoad() { this.setData({ a: '线', 'rows[1].t': 2 }); this.selectComponent('#c').setData({ b: 1 }) } })",
    'pages/a.json': '{ "usingComponents": { "c-c": "/c" } }',
    'pages/a.wxml': '<c-c id="c"/>',
    'c.js': 'Component({})',
    'c.json': '{ "component": true }',
    'c.wxml': '{{b}}',
  })
  const { setData } = phone.inspection
  expect(setData.log).toEqual([
    { page: 'pages/a', bytes: 25, keys: ['a', 'rows[1].t'] },
    { page: 'pages/a', bytes: 7, keys: ['b'] },
  ])
  expect([setData.calls, setData.bytes, setData.largest]).toEqual([2, 32, 25])
  setData.reset()
  expect({ ...setData }).toEqual({ calls: 0, bytes: 0, largest: 0, log: [] })
})

test('the log keeps the last calls only, the counts keep all', () => {
  const meter = new SetDataMeter()
  for (let n = 0; n < LOG_LENGTH + 3; n += 1) meter.count('pages/a', { n })
  expect([meter.calls, meter.log.length]).toEqual([LOG_LENGTH + 3, LOG_LENGTH])
  expect(meter.log[0]).toEqual({ page: 'pages/a', bytes: '{"n":3}'.length, keys: ['n'] })
})

const shown = (id: string) =>
  document.querySelector(`.we-page:not([hidden]) [exparser\\:info-attr-id="${id}"]`)?.textContent

test('the data is there at once, the screen later, and then the callback', async () => {
  const phone = startPhone(
    onePage(
      `data: { n: 1 }, onReady() {
        this.setData({ n: 2 }, () => log.push(['rendered', this.data.n, screenShows()]))
        log.push(['set', this.data.n, screenShows()])
        this.setData({ n: 3 }, () => log.push(['rendered again', screenShows()]))
        Promise.resolve().then(() => log.push(['microtask', screenShows()]))
      }`,
      '<view id="n">{{n}}</view>',
      { 'pages/a.json': '{}' },
    ),
    { prepare: () => Reflect.set(globalThis, 'screenShows', () => shown('n')) },
  )
  await vi.waitFor(() =>
    expect(phone.log()).toEqual([
      ['set', 2, '1'],
      ['microtask', '1'],
      ['rendered', 3, '2'],
      ['rendered again', '3'],
    ]),
  )
})

test('the component tree follows at once: a new component can be selected and told, observers have run', async () => {
  const phone = startPhone(
    onePage(
      `data: { on: false, v: 1 }, onReady() {
        log.push(this.selectComponent('#c'))
        this.setData({ on: true, v: 2 })
        this.selectComponent('#c').setData({ own: 'told' })
        log.push(this.selectComponent('#c').data)
      }`,
      '<c-c wx:if="{{on}}" id="c" v="{{v}}"/>',
      {
        'pages/a.json': '{ "usingComponents": { "c-c": "/c" } }',
        'c.js':
          "Component({ properties: { v: Number }, data: { own: '' }, observers: { v(v) { globalThis.testLog.push('observed ' + v) } }, attached() { globalThis.testLog.push('attached') } })",
        'c.json': '{ "component": true }',
        'c.wxml': '{{v}} {{own}}',
      },
    ),
  )
  expect(phone.log()).toEqual([null, 'observed 2', 'attached', { v: 2, own: 'told' }])
  expect(shown('c')).toBeUndefined()
  screen.flush()
  expect(shown('c')).toBe('2 told')
})

test('what is asked of the screen afterwards sees it, however slow it is: createSelectorQuery', async () => {
  screen.delayMs = 60_000
  onTestFinished(() => void (screen.delayMs = 0))
  const phone = startPhone(
    onePage(
      `data: { text: '' }, onReady() {
        this.setData({ text: 'there' })
        this.createSelectorQuery().select('#t').boundingClientRect(() => log.push(screenShows())).exec()
      }`,
      '<view id="t">{{text}}</view>',
    ),
    { prepare: () => Reflect.set(globalThis, 'screenShows', () => shown('t')) },
  )
  await vi.waitFor(() => expect(phone.log()).toEqual(['there']))
})

test('undefined is not set and remarked; what JSON has no word for is dropped', () => {
  const phone = startPhone(
    onePage(
      `data: { a: 1, b: 1, row: {} }, onReady() {
        this.setData({ a: undefined, b: 2, row: { f() {}, when: new Date(0), list: [function () {}], no: undefined, yes: 1 } })
        log.push(this.data)
      }`,
      '<view id="a">{{a}}{{row.yes}}</view>',
    ),
  )
  expect(phone.log()).toEqual([
    { a: 1, b: 2, row: { when: '1970-01-01T00:00:00.000Z', list: [null], yes: 1 } },
  ])
  expect(phone.inspection.warnings).toEqual([
    'Setting data field "a" to undefined is invalid.',
    'setData: "row.f" is a function, which is not JSON and is dropped.',
  ])
})

test('more than a megabyte at once is an error by WeChat’s words; a circle fails', () => {
  const phone = startPhone(
    onePage(
      `onReady() {
        this.setData({ big: 'x'.repeat(1024 * 1024) })
        const circle = {}; circle.self = circle
        try { this.setData({ circle }) } catch (error) { log.push(error.name) }
      }`,
      '<view/>',
    ),
  )
  expect(phone.inspection.errors.map(({ message }) => message)).toEqual([
    'invokeWebviewMethod 数据传输长度为 1048586 已经超过最大长度 1048576',
  ])
  expect(phone.log()).toEqual(['TypeError'])
})

test('the bytes are those of the JSON', () => {
  fc.assert(
    fc.property(fc.dictionary(fc.string(), fc.jsonValue()), (data) => {
      const json = JSON.parse(JSON.stringify(data)) as Record<string, unknown>
      expect(sendable(json).bytes).toBe(new TextEncoder().encode(JSON.stringify(json)).length)
      expect(sendable(json).remarks).toEqual([])
    }),
  )
})

const scene = `<view id="all"><block wx:if="{{on}}"><text>1</text><text>{{text}}</text><text>3</text></block><view wx:elif="{{n > 3}}">many</view><text wx:else>none</text>
  <view wx:for="{{rows}}" wx:key="id"><text>{{index}}:{{item.id}}={{item.t}}</text><block wx:for="{{item.more}}" wx:for-item="m" wx:key="*this">[{{m}}]</block></view>
  <c-c v="{{n}}" rows="{{rows}}"><text>{{text}}</text></c-c><view hidden="{{on}}" class="{{on ? 'x' : 'y'}}" style="top: {{n}}px" aria-label="{{text}}">{{n}}</view></view>`
const child = {
  'pages/a.json': '{ "usingComponents": { "c-c": "/c" } }',
  'c.js':
    'Component({ properties: { v: Number, rows: Array }, observers: { v(v) { this.setData({ twice: v * 2 }) } } })',
  'c.json': '{ "component": true }',
  'c.wxml':
    '<view wx:if="{{twice > 2}}">{{twice}}</view><slot/><text wx:for="{{rows}}" wx:key="id">{{item.t}}</text>',
}
/** What is drawn: tags, attributes and text, without the framework's own marks and numbers. */
const outline = (node: Node): unknown => {
  if (!(node instanceof Element)) return node.textContent
  const attributes = node
    .getAttributeNames()
    .filter((name) => !/^exparser|^wx-host/.test(name))
    .map((name) => [name, (node.getAttribute(name) ?? '').replace(/\S*--/, '')])
  return [node.localName, Object.fromEntries(attributes), [...node.childNodes].map(outline)]
}
const drawn = () => {
  screen.flush()
  return outline(document.querySelector('.we-page wx-page') as Element)
}
const row = fc.record({
  id: fc.nat(5),
  t: fc.string({ maxLength: 3 }),
  more: fc.uniqueArray(fc.nat(3), { maxLength: 2 }),
})
const rows = fc.uniqueArray(row, { maxLength: 4, selector: ({ id }) => id })
const change = fc.oneof(
  fc.record({ on: fc.boolean() }),
  fc.record({ n: fc.nat(6), text: fc.string({ maxLength: 3 }) }),
  fc.record({ rows }),
  fc.string({ maxLength: 3 }).map((t) => ({ 'rows[0].t': t })),
  fc.nat(3).map((n) => ({ 'rows[1].more': [n] })),
)
const step = fc.oneof(
  { weight: 5, arbitrary: change },
  { weight: 1, arbitrary: fc.constant('flush' as const) },
)

test('whatever is set in whatever order, and whenever the screen follows, it ends as the last data looks', () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 12 }), (steps) => {
      const first = { on: false, n: 0, text: '', rows: [] as unknown[] }
      const page = startPhone(onePage(`data: ${JSON.stringify(first)}`, scene, child)).program.pages.top
        ?.instance as {
        data: Record<string, unknown>
        setData(data: object): void
      }
      for (const next of steps) {
        if (next === 'flush') screen.flush()
        else if (!('rows[0].t' in next || 'rows[1].more' in next) || (page.data.rows as unknown[]).length > 1)
          page.setData(next)
      }
      const changed = drawn()
      const data = JSON.stringify(page.data)
      startPhone(onePage(`data: ${data}`, scene, child))
      expect(changed).toEqual(drawn())
    }),
    { numRuns: 60 },
  )
})

test('what fails on the screen does not stop what waits after it', () => {
  const failures: unknown[] = []
  const own = new Screen((thrown) => failures.push(thrown))
  const done: string[] = []
  own.change(() => {
    own.do(() => {
      throw new Error('broken')
    })
    own.do(() => done.push('next'))
    expect(own.waits).toBe(true)
    own.flush()
    expect(done).toEqual([])
  })
  own.flush()
  own.rendered(() => own.change(() => own.do(() => done.push('later'))))
  own.flush()
  expect(done).toEqual(['next'])
  own.flush()
  own.do(() => done.push('now'))
  expect([done, failures]).toEqual([['next', 'later', 'now'], [new Error('broken')]])
})
