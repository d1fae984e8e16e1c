// @vitest-environment jsdom
import { expect, test } from 'vitest'
import { startPhone, type TestPhone } from './testing/launch.ts'

const component = (path: string) => ({
  [`${path}.js`]: 'Component({ attached() { globalThis.testLog.push(this.is) } })',
  [`${path}.json`]: '{ "component": true }',
  [`${path}.wxml`]: `<text class="cell">${path}</text>`,
  [`${path}.wxss`]: '.cell { color: red }',
})
const page = (path: string, wxml = '<view/>', using: Record<string, string> = {}, head = '') => ({
  [`${path}.js`]: `${head}; Page({ onLoad(q) { globalThis.testLog.push('${path} ' + JSON.stringify(q)) } })`,
  [`${path}.json`]: JSON.stringify({ usingComponents: using }),
  [`${path}.wxml`]: wxml,
  [`${path}.wxss`]: '.page { color: blue }',
})

const app = (more: object = { lazyCodeLoading: 'requiredComponents' }) => ({
  'app.json': JSON.stringify({
    pages: ['pages/login/login', 'pages/about/about'],
    subPackages: [
      { root: 'pages/clue', pages: ['clue', 'detail'] },
      { root: 'pages/team/', pages: ['team'] },
    ],
    preloadRule: { 'pages/login/login': { network: 'all', packages: ['pages/clue'] } },
    ...more,
  }),
  'app.js': "require('./common/vendor'); App({})",
  'common/vendor.js': 'exports.name = "vendor"',
  ...page('pages/login/login', '<view/>', {}, "require('../../common/vendor')"),
  ...page('pages/about/about'),
  ...page(
    'pages/clue/clue',
    '<row id="row"/>',
    { row: '/pages/clue/components/row' },
    "require('./common/words')",
  ),
  ...page('pages/clue/detail', '<bar id="bar"/>', { bar: '/components/bar' }, "require('./common/words')"),
  ...page('pages/team/team'),
  ...component('pages/clue/components/row'),
  ...component('components/bar'),
  'pages/clue/common/words.js': "exports.words = require('../../../common/vendor').name",
})

const call = (name: string, options: object) =>
  (Reflect.get(globalThis, 'wx') as Record<string, (o: object) => Promise<object>>)[name]?.(options)
const loaded = (phone: TestPhone) => phone.inspection.loaded

test('the login page executes nothing of the subpackage, preloaded or not', () => {
  const phone = startPhone(app())
  expect(loaded(phone)).toEqual(['app.js', 'common/vendor.js', 'pages/login/login.js'])
  expect(phone.inspection.errors).toEqual([])
})

test.each(['reLaunch', 'navigateTo'])('%s to a page of it runs what that page needs, once', async (api) => {
  const phone = startPhone(app())
  const atLogin = loaded(phone).length
  await call(api, { url: '/pages/clue/clue?x=1' })
  const clue = ['pages/clue/components/row.js', 'pages/clue/clue.js', 'pages/clue/common/words.js']
  expect(loaded(phone).slice(atLogin)).toEqual(clue)
  expect(phone.byId('row').textContent).toBe('pages/clue/components/row')
  expect(document.querySelector('style[data-sheet="pages/clue/clue.css"]')).not.toBeNull()
  expect(document.querySelector('style[data-sheet="pages/clue/components/row.css"]')).not.toBeNull()

  await call('navigateTo', { url: 'detail' })
  expect(loaded(phone).slice(atLogin)).toEqual([...clue, 'components/bar.js', 'pages/clue/detail.js'])
  await call('reLaunch', { url: '/pages/clue/clue' })
  expect(loaded(phone)).toHaveLength(atLogin + 5)
  expect(phone.log()).toEqual([
    'pages/login/login {}',
    'pages/clue/components/row',
    'pages/clue/clue {"x":"1"}',
    'components/bar',
    'pages/clue/detail {}',
    'pages/clue/components/row',
    'pages/clue/clue {}',
  ])
  expect(phone.inspection.errors).toEqual([])
})

test('a cold start inside it runs that page and not the login page', () => {
  const phone = startPhone(app(), { entry: { url: 'pages/clue/detail?id=7', scene: 1107 } })
  expect(phone.program.pages.routes).toEqual(['pages/clue/detail'])
  expect(loaded(phone)).toEqual([
    'app.js',
    'common/vendor.js',
    'components/bar.js',
    'pages/clue/detail.js',
    'pages/clue/common/words.js',
  ])
  expect(phone.log()).toContain('pages/clue/detail {"id":"7"}')
  expect(phone.inspection.errors).toEqual([])
})

test('a new launch runs everything again', () => {
  const phone = startPhone(app())
  phone.relaunch()
  expect(loaded(phone)).toEqual(['app.js', 'common/vendor.js', 'pages/login/login.js'])
})

test('without lazyCodeLoading a package runs as a whole: the main one at launch, another at its first visit', async () => {
  const phone = startPhone(app({}))
  expect(loaded(phone)).toEqual([
    'app.js',
    'common/vendor.js',
    'components/bar.js',
    'pages/login/login.js',
    'pages/about/about.js',
  ])
  await call('navigateTo', { url: '/pages/clue/clue' })
  expect(loaded(phone).slice(5)).toEqual([
    'pages/clue/components/row.js',
    'pages/clue/clue.js',
    'pages/clue/common/words.js',
    'pages/clue/detail.js',
  ])
})

test.each([
  ['the main package', 'pages/login/login.js', '../clue/common/words'],
  ['another subpackage', 'pages/team/team.js', '../clue/common/words'],
])('%s cannot require its files, as on a phone', (_, file, target) => {
  const phone = startPhone(
    { ...app(), [file]: `require('${target}'); Page({})` },
    { entry: { url: file.replace('.js', '') } },
  )
  expect(phone.inspection.errors.map(({ message }) => message)).toEqual([
    "module 'pages/clue/common/words' is not defined",
    `${file.replace('.js', '')} has not been registered: its script called neither Page nor Component`,
  ])
  expect(phone.program.pages.routes).toEqual([file.replace('.js', '')])
  expect(loaded(phone)).not.toContain('pages/clue/common/words.js')
})
