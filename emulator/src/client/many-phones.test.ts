import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { chromium, type Browser, type Frame, type Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest'
import { requireChromium } from '../../../scripts/chromium.ts'
import { accountNumber } from '../index.ts'
import { testEmulator, type TestEmulator } from '../testing/emulator.ts'
import { eventually } from '../testing/eventually.ts'
import { folderOf, smallProgram } from '../testing/folders.ts'
import type { PhoneHandle } from './phone.ts'

type PhoneWindow = typeof globalThis & {
  __phone: PhoneHandle
  wx: {
    onNetworkStatusChange(listener: (status: unknown) => void): void
    login(): Promise<{ code: string }>
    request(options: object): { abort(): void }
  }
}

let browser: Browser
beforeAll(async () => {
  browser = await chromium.launch({
    executablePath: requireChromium(),
    args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking', '--disable-component-update'],
  })
})
afterAll(() => browser.close())

/** A server that lets every call wait, and counts those that do. */
async function silentBackend(): Promise<{ url: string; waiting: () => number }> {
  let waiting = 0
  const server = createServer((request) => {
    waiting += 1
    request.socket.once('close', () => (waiting -= 1))
  })
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening))
  onTestFinished(() => {
    server.closeAllConnections()
    server.close()
  })
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, waiting: () => waiting }
}

/** So many phones, each in a frame of one page, as a desk shows them. */
async function phonesInOnePage(
  count: number,
): Promise<{ emulator: TestEmulator; page: Page; phones: Frame[] }> {
  const accounts = Array.from({ length: count }, (_, n) => accountNumber(n + 1))
  const emulator = await testEmulator({ accounts, dist: folderOf(smallProgram) })
  const context = await browser.newContext()
  onTestFinished(() => context.close())
  const page = await context.newPage()
  const frames = accounts.map(({ openid }) => `<iframe src="/phone?openid=${openid}"></iframe>`).join('')
  await page.route('**/many', (route) => route.fulfill({ contentType: 'text/html', body: frames }))
  await page.goto(`${emulator.url}/many`, { waitUntil: 'commit' })
  const phones = () => page.frames().filter((frame) => frame.url().includes('/phone?'))
  await eventually(() => phones().length).toBe(count)
  await Promise.all(phones().map((frame) => frame.locator('wx-page').waitFor({ state: 'attached' })))
  return { emulator, page, phones: phones() }
}

const login = (phone: Frame) =>
  phone.evaluate(async () => (await (globalThis as PhoneWindow).wx.login()).code)

describe('many phones in one browser', () => {
  it('twenty phones hear of everything and can still ask: a browser opens six connections to one host', async () => {
    const { emulator, phones } = await phonesInOnePage(20)
    const codes = await Promise.all(phones.map(login))
    expect(new Set(codes).size).toBe(20)

    const heard = phones.map((phone) =>
      phone.evaluate(() => new Promise((hear) => (globalThis as PhoneWindow).wx.onNetworkStatusChange(hear))),
    )
    await Promise.all(phones.map(login))
    for (const { openid } of emulator.cloud.phone.all()) emulator.setPhone({ network: '2g' }, openid)
    expect(await Promise.all(heard)).toEqual(
      Array.from({ length: 20 }, () => ({ isConnected: true, networkType: '2g' })),
    )
  })

  it('H47 the ten requests that a phone may have under way are under way, and WeChat still answers', async () => {
    const silent = await silentBackend()
    const { phones } = await phonesInOnePage(2)
    for (const phone of phones)
      await phone.evaluate((url) => {
        for (let n = 0; n < 10; n++) (globalThis as PhoneWindow).wx.request({ url })
      }, silent.url)
    await eventually(silent.waiting).toBe(20)
    expect(await login(phones[0] as Frame)).not.toBe('')
  })

  it('a phone that is closed gives up what it had asked for', async () => {
    const silent = await silentBackend()
    const { page, phones } = await phonesInOnePage(1)
    await phones[0]?.evaluate((url) => void (globalThis as PhoneWindow).wx.request({ url }), silent.url)
    await eventually(silent.waiting).toBe(1)
    await page.close()
    await eventually(silent.waiting).toBe(0)
  })

  it('a request that the mini-program aborts is given up', async () => {
    const silent = await silentBackend()
    const { phones } = await phonesInOnePage(1)
    await phones[0]?.evaluate((url) => {
      const task = (globalThis as PhoneWindow).wx.request({ url })
      Reflect.set(globalThis, 'abort', () => task.abort())
    }, silent.url)
    await eventually(silent.waiting).toBe(1)
    await phones[0]?.evaluate(() => (Reflect.get(globalThis, 'abort') as () => void)())
    await eventually(silent.waiting).toBe(0)
  })

  it('hears again of what happens when the emulator was started anew on its port, without asking', async () => {
    const { emulator, phones } = await phonesInOnePage(1)
    const [phone] = phones as [Frame]
    await phone.evaluate(() => {
      const heard: unknown[] = []
      Reflect.set(globalThis, 'heard', heard)
      ;(globalThis as PhoneWindow).wx.onNetworkStatusChange((status) => heard.push(status))
    })
    await emulator.close()
    const again = await testEmulator({ port: emulator.port, accounts: [accountNumber(1)] })
    const types = ['2g', '3g'] as const
    let told = 0
    await eventually(() => {
      again.setPhone({ network: types[told++ % 2] ?? '2g' })
      return phone.evaluate(() => (Reflect.get(globalThis, 'heard') as unknown[]).length)
    }).toBeGreaterThan(0)
  })
})
