import type { AssignResult, Clue, CluePage, LoginResult, Quota } from '@leadbell/contract'
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import {
  chromium,
  type Browser,
  type BrowserContext,
  type BrowserContextOptions,
  type Frame,
  type Page,
} from 'playwright-core'
import { startEmulator, type Account, type Emulator } from '../../emulator/src/index.ts'
import type { CallRecord } from '../../emulator/src/protocol.ts'
import { startBackend, type Backend } from '../../scripts/backend.ts'
import { requireChromium } from '../../scripts/chromium.ts'
import { demo } from '../../scripts/demo.ts'
import { freePort } from '../../scripts/ports.ts'
import { readCaptcha } from '../../server/src/testing/read-captcha.ts'
import { BackOffice } from './back-office.ts'
import { Phone } from './phone.ts'

/** The address in the shared build; each world puts its own backend's address in its copy. */
export const BUILT_API_BASE_URL = 'http://127.0.0.1:65001'
export const ADMIN_TOKEN = 'story-admin-token-0123456789'

/** A second WeChat account, which nobody in the back office knows. */
export const OTHER_OPENID = 'oLeadbellOtherPhone00000001'

export interface World {
  emulator: Emulator
  serverUrl: string
  /** A phone of its own: nothing on its disk, WeChat's account is the demo's. */
  openPhone(path?: string, options?: BrowserContextOptions): Promise<Phone>
  /** Of a demo account: chen's is the demo's own WeChat. */
  openPhoneOf(openid: string): Promise<Phone>
  /** Many phones in one browser with one disk, each a window of its own; they have a minute for each step. */
  openPhonesOf(openids: readonly string[]): Promise<Phone[]>
  /** A clerk's browser of their own, logged in. */
  openBackOffice(
    path?: string,
    options?: BrowserContextOptions,
    account?: { username: string; password: string },
  ): Promise<BackOffice>
  /** The same before anybody logged in. */
  openLogin(options?: BrowserContextOptions): Promise<BackOffice>
  /** The desk as a newcomer opens it: the controls, and the phone beside them. */
  openDesk(): Promise<{ page: Page; phone: Phone }>
  /** What `npm start` shows: the back office and a phone beside it. */
  openSideBySide(options?: BrowserContextOptions): Promise<{ page: Page; office: BackOffice; phone: Phone }>
  /** Reads the picture that is on the screen, by its shapes. */
  readCaptcha(phone: Phone): Promise<string>
  login(phone: Phone, account?: { username: string; password: string }): Promise<void>
  /** A call with the back office's token; throws when it is refused. */
  admin<T>(method: string, path: string, body?: object): Promise<T>
  /** What a clerk does: a new lead, assigned to the demo account. */
  assignLead(title: string): Promise<AssignResult>
  /** The demo account's leads. */
  leads(): Promise<Clue[]>
  /** What the backend's own book says is left, for the WeChat the demo account is bound to. */
  quotaInTheBook(phone: Phone): Promise<number>
  /** Takes the demo account from its WeChat, so that the next phone starts at the login form. */
  unbind(): Promise<void>
  /** What an administrator or seven quiet days do: the session of this phone is over. */
  endSession(phone: Phone): Promise<void>
  /** The calls to WeChat that sent a message. */
  sentMessages(): CallRecord[]
  backend(): Backend
  startBackend(): Promise<void>
  close(): Promise<void>
}

function launchBrowser(): Promise<Browser> {
  return chromium.launch({
    executablePath: requireChromium(),
    args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking', '--disable-component-update'],
  })
}

export interface WorldOptions {
  /** The built mini-program. */
  dist: string
  /** The data folder of a backend that was started once; it is copied. @default a new one */
  database?: string
  /** The built page of the back office. @default none: worlds of phones need it not */
  adminDir?: string
  /** WeChat accounts besides the demo's. @default none */
  accounts?: readonly Account[]
}

/** Emulator, backend and a browser of their own, everything on loopback, everything real but WeChat. */
export async function startWorld({ dist, database, adminDir, accounts = [] }: WorldOptions): Promise<World> {
  const folder = mkdtempSync(join(tmpdir(), 'leadbell-story-'))
  const port = await freePort()
  const serverUrl = `http://127.0.0.1:${port}`
  const mine = join(folder, 'mp-weixin')
  cpSync(dist, mine, { recursive: true })
  pointAt(mine, serverUrl)
  if (database) cpSync(database, join(folder, 'pglite'), { recursive: true })

  const emulator = await startEmulator({
    dist: mine,
    port: 0,
    ...demo.wechat,
    icon: demo.icon,
    accounts: [
      { openid: demo.openid, nickname: '小舟' },
      { openid: OTHER_OPENID, nickname: '路人' },
      ...demo.phones.slice(1),
      ...accounts,
    ],
    deskActions: [demo.assignAction(serverUrl, ADMIN_TOKEN)],
    ...(adminDir && { beside: demo.beside(serverUrl) }),
  })
  const env = demo.serverEnv({
    port,
    wechatUrl: emulator.url,
    dataDir: join(folder, 'pglite'),
    adminToken: ADMIN_TOKEN,
    ...(adminDir && { adminDir }),
  })
  const start = () => startBackend(env, join(folder, 'server.log'))
  let backend = await start()
  await emulator.setPush(demo.pushTarget(serverUrl))
  const browser = await launchBrowser()

  const call = async <T>(method: string, path: string, body?: object, header = {}): Promise<T> => {
    const response = await fetch(serverUrl + path, {
      method,
      headers: { 'content-type': 'application/json', ...header },
      ...(body && { body: JSON.stringify(body) }),
    })
    const envelope = (await response.json()) as { code: number; message: string; result: T }
    if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${envelope.message}`)
    return envelope.result
  }

  /** Nothing on its disk, and Chinese like its owner. */
  const newContext = async (options: BrowserContextOptions, timeout = 15_000): Promise<BrowserContext> => {
    const context = await browser.newContext({ locale: 'zh-CN', timezoneId: 'Asia/Shanghai', ...options })
    context.setDefaultTimeout(timeout)
    return context
  }
  const newPage = async (options: BrowserContextOptions) => (await newContext(options)).newPage()

  const screen = { viewport: { width: 375, height: 667 }, deviceScaleFactor: 2 }
  const phoneOn = async (page: Page, asked: Record<string, string>) => {
    await page.goto(`${emulator.url}/phone?${new URLSearchParams(asked).toString()}`)
    return new Phone(page)
  }
  const phoneAt = async (asked: Record<string, string>, options: BrowserContextOptions = {}) =>
    phoneOn(await newPage({ ...screen, ...options }), asked)

  const officeAt = async (path: string, options: BrowserContextOptions) => {
    const page = await newPage({ viewport: { width: 1280, height: 900 }, ...options })
    const office = new BackOffice(page)
    await page.goto(`${serverUrl}/admin/#${path}`)
    return office
  }

  /** The demo account, as a clerk's own tools would log in to it. */
  const logInToDemo = async (): Promise<LoginResult> => {
    const checkKey = 'story-check-key'
    const captcha = readCaptcha(await call<string>('GET', `/sys/randomImage/${checkKey}`))
    return call('POST', '/sys/login', { ...demo.account, captcha, checkKey })
  }

  const world: World = {
    emulator,
    serverUrl,
    async openPhone(path, options) {
      return phoneAt({ openid: demo.openid, ...(path && { path }) }, options)
    },
    openPhoneOf: (openid) => phoneAt({ openid }),
    async openPhonesOf(openids) {
      const context = await newContext(screen, 60_000)
      return Promise.all(openids.map(async (openid) => phoneOn(await context.newPage(), { openid })))
    },
    async openBackOffice(path = '/clues', options = {}, account = demo.clerk) {
      const office = await officeAt(path, options)
      await office.logIn(account)
      return office
    },
    openLogin: (options = {}) => officeAt('/login', options),
    async openDesk() {
      const page = await newPage({ viewport: { width: 1280, height: 900 } })
      await page.goto(`${emulator.url}/desk`)
      return { page, phone: new Phone(await frameOf(page, '模拟的手机')) }
    },
    async openSideBySide(options) {
      const page = await newPage({ viewport: { width: 1440, height: 860 }, ...options })
      await page.goto(emulator.url)
      const office = new BackOffice(page, await frameOf(page, demo.beside(serverUrl).title))
      return { page, office, phone: new Phone(await frameOf(page, '模拟的手机')) }
    },
    async readCaptcha(phone) {
      const picture = await phone.byId('captcha-image').locator('img').getAttribute('src')
      return readCaptcha(picture ?? '')
    },
    async login(phone, account = demo.account) {
      await phone.type('username', account.username)
      await phone.type('password', account.password)
      await phone.type('captcha', await world.readCaptcha(phone))
      await phone.tap('login')
    },
    admin: (method, path, body) => call(method, path, body, { authorization: `Bearer ${ADMIN_TOKEN}` }),
    async assignLead(title) {
      const customer = { customerName: '周女士', phone: '13800001111', remark: '上午方便接电话' }
      const clue = await world.admin<Clue>('POST', '/admin/clues', { title, ...customer })
      const { userInfo } = await logInToDemo()
      const order = { assigneeId: userInfo.id, version: clue.version }
      return world.admin('POST', `/admin/clues/${clue.id}/assign`, order)
    },
    async leads() {
      const { token } = await logInToDemo()
      const page = await call<CluePage>('GET', '/clues?limit=50', undefined, { 'x-access-token': token })
      return page.items
    },
    async quotaInTheBook(phone) {
      const headers = { 'x-access-token': await tokenOf(phone) }
      const { quota } = await call<Quota>('GET', '/notify/quota', undefined, headers)
      return Object.values(quota).reduce((sum, left) => sum + left, 0)
    },
    async unbind() {
      const { token } = await logInToDemo()
      await call('POST', '/sys/logout', { unbind: true }, { 'x-access-token': token })
    },
    async endSession(phone) {
      await call('POST', '/sys/logout', {}, { 'x-access-token': await tokenOf(phone) })
    },
    sentMessages: () =>
      emulator.calls().filter((record) => record.call === 'subscribe/send' && record.errcode === 0),
    backend: () => backend,
    async startBackend() {
      backend = await start()
    },
    async close() {
      await browser.close()
      await backend.kill()
      await emulator.close()
      rmSync(folder, { recursive: true, force: true })
    },
  }
  return world
}

async function frameOf(page: Page, title: string): Promise<Frame> {
  const frame = await (await page.locator(`iframe[title="${title}"]`).elementHandle())?.contentFrame()
  if (!frame) throw new Error(`no frame ${title}`)
  return frame
}

/** The session of a phone, as it last used it. */
async function tokenOf(phone: Phone): Promise<string> {
  const headers = (await phone.calls('request')).map(({ arg }) => arg.header as Record<string, string>)
  return headers.findLast((header) => header['X-Access-Token'])?.['X-Access-Token'] ?? ''
}

/** The built files with another backend's address; nothing else in them changes. */
function pointAt(dist: string, serverUrl: string): void {
  for (const file of readdirSync(dist, { recursive: true, encoding: 'utf8' })) {
    if (!file.endsWith('.js')) continue
    const path = join(dist, file)
    const source = readFileSync(path, 'utf8')
    if (source.includes(BUILT_API_BASE_URL))
      writeFileSync(path, source.replaceAll(BUILT_API_BASE_URL, serverUrl))
  }
}
