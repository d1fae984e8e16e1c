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

test('a file may name a variable as the browser names something, on its first line too', () => {
  expect(load('const close = 1; const { open } = { open: 2 }\nmodule.exports = { close, open }')).toEqual({
    close: 1,
    open: 2,
  })
})

test('`this` of a file is the global object, and so is what Function("return this")() gives; else it throws', () => {
  const found = load(
    "module.exports = [this === globalThis, Function('return this')() === globalThis, new Function('return this')().document, (() => 0) instanceof Function]",
  )
  expect(found).toEqual([true, true, undefined, true])
  expect(() => load("new Function('return 1')()")).toThrow('new Function is not available to a mini-program')
})

test('packages from npm are found in the nearest miniprogram_npm, after the files beside', () => {
  const sources = {
    'pages/a/a.js': "module.exports = [require('tools'), require('tools/deep'), require('beside')]",
    'pages/miniprogram_npm/tools/index.js': "module.exports = 'near'",
    'miniprogram_npm/tools/index.js': "module.exports = 'far'",
    'miniprogram_npm/tools/deep.js': "module.exports = 'deep'",
    'pages/a/beside.js': "module.exports = 'beside'",
    'miniprogram_npm/beside/index.js': "module.exports = 'npm'",
  }
  expect(new ModuleLoader(sources, {}).load('pages/a/a')).toEqual(['near', 'deep', 'beside'])
})

test('a folder is its index, with or without its name', () => {
  const sources = {
    'a.js': "module.exports = [require('./lib'), require('./lib/index.js')]",
    'lib/index.js': "module.exports = 'lib'",
  }
  expect(new ModuleLoader(sources, {}).load('a')).toEqual(['lib', 'lib'])
})

test('resolveAlias: the longest rule counts, and its path begins at the root', () => {
  const rules = { '@/*': '/*', '@/api/*': 'server/*', '~lib/*': 'lib/*' }
  const sources = {
    'pages/a/a.js':
      "module.exports = [require('@/lib/x'), require('@/api/x.js'), require('~lib/x'), require('./b')]",
    'pages/a/b.js': "module.exports = 'b'",
    'lib/x.js': "module.exports = 'lib'",
    'server/x.js': "module.exports = 'server'",
  }
  expect(new ModuleLoader(sources, {}, undefined, rules).load('pages/a/a')).toEqual([
    'lib',
    'server',
    'lib',
    'b',
  ])
})
