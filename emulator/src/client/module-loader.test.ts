// @vitest-environment jsdom
import { expect, test } from 'vitest'
import { ModuleLoader } from './module-loader.ts'

const load = (source: string, provided = {}) => new ModuleLoader({ 'a.js': source }, provided).load('a.js')

test.each([
  'window',
  'document',
  'fetch',
  'localStorage',
  'location',
  'navigator',
  'URLSearchParams',
  '__phone',
])('app code sees no %s, by name or on globalThis', (name) => {
  const found = load(`module.exports = [typeof ${name}, typeof globalThis.${name}, '${name}' in globalThis]`)
  expect(found).toEqual(['undefined', 'undefined', false])
})

test('the language itself is there, and what is provided', () => {
  const found = load('module.exports = [typeof Promise, typeof JSON, setTimeout, globalThis.setTimeout]', {
    setTimeout: 'ours',
  })
  expect(found).toEqual(['function', 'object', 'ours', 'ours'])
})

test('globalThis.wx = copy is seen by every file (uni-app does this at load)', () => {
  Reflect.set(globalThis, 'wx', { first: true })
  const loader = new ModuleLoader(
    {
      'vendor.js': 'globalThis.wx = { copied: true }',
      'page.js': "require('./vendor.js'); module.exports = wx",
    },
    { wx: { first: true } },
  )
  expect(loader.load('page.js')).toEqual({ copied: true })
  Reflect.deleteProperty(globalThis, 'wx')
})

test('modules are resolved by path, run once, and may be circular', () => {
  const loader = new ModuleLoader(
    {
      'pages/a.js':
        "exports.name = 'a'; exports.b = require('../lib/b').name; exports.again = require('../lib/b.js').count",
      'lib/b/index.js': "exports.a = require('../../pages/a.js').name; exports.name = 'b' + exports.a",
      'lib/b.js':
        "globalThis.testCount = (globalThis.testCount || 0) + 1; exports.name = 'b'; exports.count = globalThis.testCount",
    },
    {},
  )
  expect(loader.load('pages/a')).toEqual({ name: 'a', b: 'b', again: 1 })
  Reflect.deleteProperty(globalThis, 'testCount')
})

test('a missing module is named', () => {
  expect(() => load("require('./nope.js')")).toThrow("module './nope.js' is not defined".replace('./', ''))
})
