// @vitest-environment jsdom
import { expect, test } from 'vitest'
import { LOG_LENGTH, SetDataMeter } from './inspection.ts'
import { startPhone } from './testing/launch.ts'

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
