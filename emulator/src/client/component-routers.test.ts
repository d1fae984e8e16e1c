// @vitest-environment jsdom
import { expect, test } from 'vitest'
import { startPhone } from './testing/launch.ts'

const keeps = 'const keep = { created() { globalThis.testKept = this } };'

const app = {
  'app.json': JSON.stringify({ pages: ['pages/a/a', 'pages/a/b', 'pages/c', 'parts/b'] }),
  'app.js': 'App({})',
  'pages/a/a.js': 'Page({ onLoad() { globalThis.testPage = this } })',
  'pages/a/a.json': JSON.stringify({ usingComponents: { row: '/parts/row' } }),
  'pages/a/a.wxml': '<row/>',
  'pages/a/b.js': 'Page({})',
  'pages/a/b.wxml': '<view/>',
  'pages/c.js': 'Page({})',
  'pages/c.wxml': '<view/>',
  'parts/b.js': 'Page({})',
  'parts/b.wxml': '<view/>',
  'parts/row.js': `${keeps} Component({ lifetimes: keep })`,
  'parts/row.json': '{"component":true}',
  'parts/row.wxml': '<view/>',
}

type Router = Record<string, (options?: object) => Promise<unknown>>
const kept = (name: string) => Reflect.get(globalThis, name) as Record<'router' | 'pageRouter', Router>

test('this.pageRouter is relative to the page it is on, whatever page is on top', async () => {
  const phone = startPhone(app)
  const page = kept('testPage')
  await page.pageRouter.navigateTo?.({ url: '/pages/c' })
  await page.pageRouter.navigateTo?.({ url: './b?x=1' })
  expect(phone.program.pages.routes).toEqual(['pages/a/a', 'pages/c', 'pages/a/b'])
  expect(phone.program.pages.top?.query).toEqual({ x: '1' })
  await page.router.navigateBack?.({ delta: 2 })
  expect(phone.program.pages.routes).toEqual(['pages/a/a'])
})

test('in a component this.router is relative to the component, this.pageRouter to its page', async () => {
  const phone = startPhone(app)
  await kept('testKept').router.navigateTo?.({ url: './b' })
  await kept('testKept').pageRouter.navigateTo?.({ url: './b' })
  expect(phone.program.pages.routes).toEqual(['pages/a/a', 'parts/b', 'pages/a/b'])
  expect(phone.inspection.errors).toEqual([])
})

test('what a component itself calls router stays its own', () => {
  startPhone({ ...app, 'parts/row.js': `${keeps} Component({ lifetimes: keep, methods: { router() {} } })` })
  expect(typeof kept('testKept').router).toBe('function')
})
