// @vitest-environment jsdom
import { expect, test } from 'vitest'
import { startPhone } from './testing/launch.ts'

test('a property may be named as the framework names something of its own', () => {
  const phone = startPhone({
    'app.json': '{"pages":["pages/a"]}',
    'pages/a.js': 'Page({})',
    'pages/a.json': '{ "usingComponents": { "c-c": "/c" } }',
    'pages/a.wxml': '<c-c data="given" shadow-root/>',
    'c.js': `Component({
      properties: { data: { type: String, observer(to) { globalThis.testLog.push([to, this.data.data]) } }, shadowRoot: Boolean },
      data: { own: 1 },
      attached() { globalThis.testLog.push(this.data) },
    })`,
    'c.json': '{ "component": true }',
    'c.wxml': '<view id="v">{{data}} {{shadowRoot}}</view>',
  })
  expect(phone.inspection.errors).toEqual([])
  expect(phone.byId('v').textContent).toBe('given true')
  expect(phone.log()).toEqual([['given', 'given'], { data: 'given', shadowRoot: true, own: 1 }])
})
