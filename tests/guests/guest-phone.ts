import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { chromium, type Browser, type Locator, type Page } from 'playwright-core'
import { expect } from 'vitest'
import type { PhoneHandle } from '../../emulator/src/client/phone.ts'
import { startEmulator, type Emulator } from '../../emulator/src/index.ts'
import { requireChromium } from '../../scripts/chromium.ts'
import { readGuest, type Guest } from '../../scripts/guests/guest.ts'
import { makeGuest } from '../../scripts/guests/make.ts'

/** A phone in a browser that runs somebody else's mini-program, unchanged. */
export interface GuestPhone {
  readonly guest: Guest
  /** The built mini-program's folder. */
  readonly dist: string
  readonly emulator: Emulator
  readonly page: Page
  /** The open pages' paths, the shown one last. */
  stack(): Promise<PhoneHandle['stack'] | undefined>
  /** The page on top, as the mini-program drew it. */
  readonly shown: Locator
  /** What the mini-program's own code may call. */
  wx(call: string): Promise<unknown>
  /** Closes all pages and opens this one. */
  reLaunch(path: string): Promise<void>
  /** What the phone collected and guests/NAME does not expect. */
  unexpected(): Promise<string[]>
  /** A picture for docs/images, taken by `npm run guests` only. */
  picture(name: string): Promise<void>
  close(): Promise<void>
}

const pictures = process.env.GUEST_PICTURES

/** Makes the guest if it is not made yet; a first time takes minutes. */
export async function openGuest(name: string): Promise<GuestPhone> {
  const guest = readGuest(name)
  const dist = await makeGuest(guest)
  const emulator = await startEmulator({
    dist,
    port: 0,
    onProblem: () => undefined,
    ...(guest.platform && { platform: guest.platform }),
  })
  const browser = await chromium.launch({
    executablePath: requireChromium(),
    args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking', '--disable-component-update'],
  })
  return onPhone(guest, dist, emulator, browser)
}

async function onPhone(
  guest: Guest,
  dist: string,
  emulator: Emulator,
  browser: Browser,
): Promise<GuestPhone> {
  const context = await browser.newContext({ viewport: { width: 375, height: 667 }, hasTouch: true })
  const page = await context.newPage()
  // pictures from elsewhere are asked for and refused: nothing leaves this machine
  await page.route(
    (url) => url.hostname !== '127.0.0.1',
    (route) => route.abort(),
  )
  await page.goto(`${emulator.url}/phone`)
  const shown = page.locator('.we-page:not([hidden]) wx-page')
  await shown.waitFor({ state: 'attached' })
  const wx = (call: string) => page.evaluate(call)
  return {
    guest,
    dist,
    emulator,
    page,
    shown,
    stack: () => page.evaluate(() => globalThis.__phone?.stack),
    wx,
    async reLaunch(path) {
      await wx(`new Promise((success, fail) => wx.reLaunch({ url: '/${path}', success, fail }))`)
      // two frames: what the page draws at once is there
      await wx('new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))')
    },
    async unexpected() {
      const messages = await page.evaluate(
        () => globalThis.__phone?.errors.map(({ message }) => message) ?? [],
      )
      return messages.filter((message) => !guest.errors.some((known) => known.message === message))
    },
    async picture(name) {
      if (pictures === undefined) return
      mkdirSync(pictures, { recursive: true })
      await page.screenshot({ path: join(pictures, `guest-${guest.name}-${name}.png`) })
    },
    async close() {
      await browser.close()
      await emulator.close()
    },
  }
}

/** Presses where a finger would. */
export async function tap(locator: Locator): Promise<void> {
  await locator.scrollIntoViewIfNeeded()
  await locator.tap()
}

/** The problems the emulator reports about the built program: none may keep it from starting. */
export function expectNoProblems({ emulator }: GuestPhone): void {
  expect(emulator.problems().filter(({ level }) => level === 'error')).toEqual([])
}
