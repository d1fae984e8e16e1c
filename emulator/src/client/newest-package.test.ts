// @vitest-environment jsdom
import { expect, test, vi } from 'vitest'
import { compile } from './testing/compile.ts'
import { onePage } from './testing/launch.ts'
import { newestPackage } from './newest-package.ts'

/** What the phone's page does with the script: it ran and left this, or it did not come. */
function script(end: 'load' | 'error', run: () => void = () => undefined): void {
  const element = document.head.querySelector('script')
  expect(element?.getAttribute('src')).toBe('/package.js')
  run()
  element?.dispatchEvent(new Event(end))
}

test('the newest build is what /package.js leaves when it runs once more', async () => {
  const loading = newestPackage()
  const built = compile(onePage('', '<view/>'))
  script('load', () => vi.stubGlobal('__package', built))
  expect(await loading).toBe(built)
  expect(document.head.querySelector('script')).toBeNull()
})

test('a build with mistakes is none: they are the reason', async () => {
  const loading = newestPackage()
  script('load', () => {
    vi.stubGlobal('__package', undefined)
    vi.stubGlobal('__packageProblems', ['pages/a.wxml:1:1: 模板写错了'])
  })
  await expect(loading).rejects.toThrow('pages/a.wxml:1:1: 模板写错了')
})

test('without an answer there is none', async () => {
  const loading = newestPackage()
  script('error')
  await expect(loading).rejects.toThrow('/package.js did not come')
  expect(document.head.querySelector('script')).toBeNull()
})
