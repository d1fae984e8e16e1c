// @vitest-environment jsdom
import { expect, test, vi } from 'vitest'
import { compile } from './testing/compile.ts'
import { PackageDownloads, preloadedBy } from './package-downloads.ts'
import { startPhone, type TestPhone } from './testing/launch.ts'

const page = (path: string, head = '') => ({
  [`${path}.js`]: `${head}; Page({ onLoad() { globalThis.testLog.push('${path}') } })`,
  [`${path}.wxml`]: `<view id="here">${path}</view>`,
  [`${path}.wxss`]: '.x { color: red }',
})
const app = (more: object = {}) => ({
  'app.json': JSON.stringify({
    pages: ['pages/home'],
    subPackages: [
      { root: 'clue', name: 'clues', pages: ['list', 'detail'] },
      { root: 'alone', pages: ['poster'], independent: true },
    ],
    ...more,
  }),
  'app.js':
    "globalThis.testLog.push('app.js'); App({ made: 1, onLaunch(o) { globalThis.testLog.push(['launch', o.path, o.scene]) }, onShow(o) { globalThis.testLog.push(['show', o.path]) } })",
  'app.wxss': '.app { color: blue }',
  ...page('pages/home'),
  ...page('clue/list'),
  ...page('clue/detail'),
  ...page('alone/poster'),
  'clue/words.js': "exports.words = '线索'",
  'alone/own.js': "exports.own = '自己的'",
  'common.js': "exports.common = '共用'",
})

type Api = (options?: object) => Promise<Record<string, unknown>>
const call = (name: string, options: object = {}) =>
  (Reflect.get(globalThis, 'wx') as Record<string, Api>)[name]?.(options) as Promise<Record<string, unknown>>
const offline = (phone: TestPhone) => phone.device.update({ ...phone.device.state, network: 'none' })

test('a page of a subpackage opens when its package has come, and not before', async () => {
  let come: () => void = () => undefined
  const download = vi.fn(() => new Promise<void>((resolve) => (come = resolve)))
  const phone = startPhone(app(), { downloadPackage: download })
  const opened = call('navigateTo', { url: '/clue/list' })
  await vi.waitFor(() => expect(download).toHaveBeenCalledWith('clue'))
  expect(phone.program.pages.routes).toEqual(['pages/home'])
  come()
  await opened
  expect(phone.program.pages.routes).toEqual(['pages/home', 'clue/list'])
  await call('navigateTo', { url: '/clue/detail' })
  expect(download).toHaveBeenCalledTimes(1)
})

test('offline it does not come: navigateTo fails in words, nothing moves, and later it works', async () => {
  const phone = startPhone(app())
  offline(phone)
  await expect(call('navigateTo', { url: '/clue/list' })).rejects.toEqual({
    errMsg: 'navigateTo:fail load subpackage of "clue/list" failed: network is not available',
  })
  expect(phone.program.pages.routes).toEqual(['pages/home'])
  phone.device.update({ ...phone.device.state, network: 'wifi' })
  await call('navigateTo', { url: '/clue/list' })
  expect(phone.program.pages.routes).toEqual(['pages/home', 'clue/list'])
})

test('a card that leads into it on a living app waits for it, or shows that there is no page', async () => {
  const phone = startPhone(app())
  phone.program.show({ url: 'clue/detail', scene: 1107 })
  await vi.waitFor(() => expect(phone.program.pages.routes).toEqual(['clue/detail']))
  const cut = startPhone(app())
  offline(cut)
  cut.program.show({ url: 'clue/detail', scene: 1107 })
  await vi.waitFor(() => expect(cut.missing).toEqual(['clue/detail']))
})

test('preloadRule fetches by root or name, on the networks it names; what fails comes with its page', async () => {
  const download = vi.fn(() => Promise.resolve())
  const rule = { 'pages/home': { network: 'all', packages: ['clues', '__APP__'] } }
  startPhone(app({ preloadRule: rule }), { downloadPackage: download })
  expect(download.mock.calls).toEqual([['clue']])
  const program = (network?: string) =>
    compile({ ...app({ preloadRule: { 'pages/home': { network, packages: ['clue'] } } }) })
  expect(preloadedBy(program(), 'pages/home', '4g')).toEqual([])
  expect(preloadedBy(program(), 'pages/home', 'wifi')).toEqual(['clue'])
  expect(preloadedBy(program('all'), 'pages/home', '4g')).toEqual(['clue'])
  const failing = startPhone(app({ preloadRule: rule }), {
    downloadPackage: () => Promise.reject(new Error('cut off')),
  })
  await vi.waitFor(() => expect(failing.inspection.warnings).toEqual(['preloadRule: Error: cut off']))
  expect(failing.inspection.errors).toEqual([])
})

test('a preloadRule that names no package is an error', () => {
  const phone = startPhone(app({ preloadRule: { 'pages/home': { network: 'all', packages: ['nope'] } } }))
  expect(phone.inspection.errors).toMatchObject([{ message: 'preloadRule of pages/home: no package nope' }])
})

test('preDownloadSubpackage brings one by its name, with a task', async () => {
  const download = vi.fn(() => Promise.resolve())
  startPhone(app(), { downloadPackage: download })
  const answer = await new Promise((resolve) =>
    (Reflect.get(globalThis, 'wx') as Record<string, (o: object) => unknown>).preDownloadSubpackage?.({
      name: 'clues',
      success: resolve,
    }),
  )
  expect([answer, download.mock.calls]).toEqual([{ errMsg: 'preDownloadSubpackage:ok' }, [['clue']]])
})

test('two that wait for one package share its download', async () => {
  const download = vi.fn(() => Promise.resolve())
  const downloads = new PackageDownloads(compile(app()), download)
  downloads.bring('pages/home')
  await Promise.all([downloads.fetchFor('clue/list'), downloads.fetchFor('clue/detail')])
  expect(download).toHaveBeenCalledTimes(1)
})

test('an independent subpackage starts without app.js; the App begins with the first page of another', async () => {
  const phone = startPhone(
    {
      ...app(),
      ...page('alone/poster', "require('./own'); globalThis.testLog.push([typeof getApp()])"),
    },
    { entry: { url: 'alone/poster?x=1', scene: 1007 } },
  )
  expect(phone.log()).toEqual([['undefined'], 'alone/poster'])
  expect(document.querySelector('style[data-sheet="app.css"]')).toBeNull()
  await call('navigateTo', { url: '/pages/home' })
  expect(phone.log().slice(2)).toEqual([
    'app.js',
    ['launch', 'alone/poster', 1007],
    ['show', 'alone/poster'],
    'pages/home',
  ])
  expect(document.querySelector('style[data-sheet="app.css"]')).not.toBeNull()
  expect(phone.inspection.errors).toEqual([])
})

test('getApp({ allowDefault: true }) is there before the App, and becomes a part of it', async () => {
  const phone = startPhone(
    {
      ...app(),
      ...page(
        'alone/poster',
        'getApp({ allowDefault: true }).made = 0; getApp({ allowDefault: true }).kept = 7',
      ),
      ...page('pages/home', 'globalThis.testLog.push([getApp().made, getApp().kept])'),
    },
    { entry: { url: 'alone/poster' } },
  )
  await call('navigateTo', { url: '/pages/home' })
  expect(phone.log()).toContainEqual([1, 7])
})

test('an independent subpackage cannot require the main package', () => {
  const phone = startPhone(
    { ...app(), ...page('alone/poster', "require('../common')") },
    { entry: { url: 'alone/poster' } },
  )
  expect(phone.inspection.errors[0]).toMatchObject({ message: "module 'common' is not defined" })
})

test('require.async and require with callbacks reach another subpackage when it has come', async () => {
  const phone = startPhone({
    ...app(),
    ...page(
      'pages/home',
      `const log = globalThis.testLog
       require.async('../clue/words').then((m) => log.push(['async', m.words]))
       require('../clue/words', (m) => log.push(['callback', m.words]))
       require.async('../clue/nope').catch((e) => log.push(e))`,
    ),
  })
  await vi.waitFor(() => expect(phone.log().filter(Array.isArray)).toHaveLength(4))
  expect(phone.log()).toContainEqual(['async', '线索'])
  expect(phone.log()).toContainEqual(['callback', '线索'])
  expect(phone.log()).toContainEqual({ mod: 'clue/nope', errMsg: "module 'clue/nope' is not defined" })
})

test('a require that does not come says why', async () => {
  const phone = startPhone(
    {
      ...app(),
      ...page(
        'pages/home',
        "require('../clue/words', () => 0, (e) => globalThis.testLog.push(e)); require.async('../clue/words').catch((e) => globalThis.testLog.push(e))",
      ),
    },
    { downloadPackage: () => Promise.reject(new Error('timeout')) },
  )
  const failure = { mod: 'clue/words', errMsg: 'timeout' }
  await vi.waitFor(() => expect(phone.log().slice(-2)).toEqual([failure, failure]))
})
