import { chromium, type Browser, type Page } from 'playwright-core'
import { afterAll, beforeAll, onTestFinished } from 'vitest'
import { requireChromium } from '../../../scripts/chromium.ts'
import type { EmulatorOptions } from '../index.ts'
import type { PhoneHandle } from '../client/phone.ts'
import { testEmulator, type TestEmulator } from './emulator.ts'
import { folderOf } from './folders.ts'

export interface BrowserPhone {
  emulator: TestEmulator
  page: Page
  /** What app code put into `globalThis.testLog`. */
  log(): Promise<unknown[]>
  errors(): Promise<string[]>
  /** Calls an asynchronous `wx` API. */
  wx(name: string, options?: object): Promise<unknown>
}

type PhoneWindow = typeof globalThis & {
  __phone: PhoneHandle
  testLog: unknown[]
  wx: Record<string, (options: object) => unknown>
}

/** One Chromium for the tests of one file; it is there from the first test on. */
export function useChromium(): () => Browser {
  let browser: Browser
  beforeAll(async () => {
    browser = await chromium.launch({
      executablePath: requireChromium(),
      args: [
        '--no-sandbox',
        '--disable-gpu',
        '--disable-background-networking',
        '--disable-component-update',
      ],
    })
  })
  afterAll(() => browser.close())
  return () => browser
}

/** A real browser for the tests of one file: jsdom lays nothing out. */
export function useBrowser(): {
  openPhone(
    files: Readonly<Record<string, string | Uint8Array>>,
    path?: string,
    options?: Partial<EmulatorOptions>,
  ): Promise<BrowserPhone>
} {
  const browser = useChromium()

  return {
    async openPhone(files, path, options = {}) {
      const emulator = await testEmulator({ ...options, dist: folderOf({ 'app.js': 'App({})', ...files }) })
      const context = await browser().newContext({ viewport: { width: 375, height: 667 }, hasTouch: true })
      onTestFinished(() => context.close())
      const page = await context.newPage()
      await page.addInitScript(() => Reflect.set(globalThis, 'testLog', []))
      await page.goto(`${emulator.url}/phone${path === undefined ? '' : `?path=${encodeURIComponent(path)}`}`)
      await page.locator('wx-page').waitFor({ state: 'attached' })
      return {
        emulator,
        page,
        log: () => page.evaluate(() => [...(globalThis as PhoneWindow).testLog]),
        errors: () =>
          page.evaluate(() => (globalThis as PhoneWindow).__phone.errors.map(({ message }) => message)),
        wx: (name, options = {}) =>
          page.evaluate(([api, given]) => (globalThis as PhoneWindow).wx[api]?.(given), [
            name,
            options,
          ] as const),
      }
    },
  }
}
