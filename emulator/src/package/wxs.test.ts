import { expect, test } from 'vitest'
import { useBrowser } from '../testing/browser.ts'
import { page } from '../testing/folders.ts'

const { openPhone } = useBrowser()

/** What the first page shows when its template is `wxml`. */
async function shown(wxml: string, files: Record<string, string> = {}): Promise<string> {
  const phone = await openPhone({
    'app.json': '{"pages":["pages/login/login"]}',
    ...page('pages/login/login', wxml),
    ...files,
  })
  expect(phone.emulator.problems()).toEqual([])
  expect(await phone.errors()).toEqual([])
  return (await phone.page.locator('wx-page').textContent()) ?? ''
}

test('a script requires another by its name with .wxs, from a file and from the template', async () => {
  const files = {
    'pages/login/one.wxs':
      "var two = require('../../lib/two.wxs'); module.exports = { name: two.name + '!' }",
    'lib/two.wxs': "module.exports = { name: 'two' }",
  }
  expect(await shown('<wxs src="./one.wxs" module="m"/><view>{{m.name}}</view>', files)).toBe('two!')
  const inline = `<wxs module="m">var two = require('/lib/two.wxs'); module.exports = two.name</wxs><view>{{m}}</view>`
  expect(await shown(inline, files)).toBe('two')
})

test('constructor is a name, and dates and expressions are made by functions', async () => {
  const values = "[1], {}, 'x', 1, true, function () {}, getDate(2020, 0, 1), getRegExp('a+', 'g')"
  const source = `module.exports = [${values}].map(function (value) { return value.constructor }).join()`
  expect(await shown(`<wxs module="m">${source}</wxs><view>{{m}}</view>`)).toBe(
    'Array,Object,String,Number,Boolean,Function,Date,RegExp',
  )
  const use = "module.exports = getDate(2020, 0, 31).getDate() + ':' + 'caab'.replace(getRegExp('a+'), '-')"
  expect(
    await shown('<wxs src="./use.wxs" module="m"/><view>{{m}}</view>', { 'pages/login/use.wxs': use }),
  ).toBe('31:c-b')
})

test('wx:for-items is wx:for, and a condition on wx:else counts for nothing', async () => {
  expect(await shown('<view wx:for-items="{{[1, 2]}}" wx:key="*this">{{item}}</view>')).toBe('12')
  expect(await shown('<view wx:if="{{false}}">a</view><view wx:else="{{false}}">b</view>')).toBe('b')
})
