import type { Frame, Page } from 'playwright-core'
import type { PhoneFrame, RequestBody, WeChatFrame } from '../../emulator/src/protocol.ts'

/** A call the mini-program made of its host, as the emulator recorded it. */
export interface RecordedCall {
  name: string
  arg: Record<string, unknown>
  tap: boolean
}

/** One setData of the app, as the emulator measured it: UTF-8 bytes of its JSON. */
export interface SetDataCall {
  page: string
  bytes: number
  keys: string[]
}

interface Inspection {
  calls: RecordedCall[]
  errors: { message: string }[]
  loaded: string[]
  setData: { log: SetDataCall[]; reset(): void }
}

/** The emulator's phone in a browser, driven as a thumb would: by taps and typing. */
export class Phone {
  constructor(private readonly screen: Page | Frame) {}

  /** An element of the shown page by its id in the template. */
  byId(id: string) {
    return this.screen.locator(`[exparser\\:info-attr-id="${id}"]`).last()
  }

  byClass(name: string) {
    return this.screen.locator(`.${name}`)
  }

  /** Something WeChat itself draws, such as `subscribe-allow` or `message-card`. */
  wechat(name: string) {
    return this.screen.locator(`[data-test="${name}"]`)
  }

  async tap(id: string): Promise<void> {
    await this.byId(id).click()
  }

  async type(id: string, text: string): Promise<void> {
    await this.byId(id).locator('input, textarea').fill(text)
  }

  /** The keyboard's confirm key. */
  async confirm(id: string): Promise<void> {
    await this.byId(id).locator('input').press('Enter')
  }

  typed(id: string): Promise<string> {
    return this.byId(id).locator('input, textarea').inputValue()
  }

  text(): Promise<string> {
    return this.screen.locator('body').innerText()
  }

  waitForText(text: string): Promise<void> {
    return this.screen.getByText(text).filter({ visible: true }).first().waitFor()
  }

  /** WeChat's own way back. */
  async back(): Promise<void> {
    await this.wechat('navigation-back').click()
  }

  /** In WeChat’s settings of the mini-program: the main switch of 订阅消息, and back to the app. */
  async switchSubscriptions(): Promise<void> {
    await this.wechat('settings-subscriptions').click()
    await this.wechat('settings-main-switch').click()
    await this.wechat('settings-back').click()
    await this.wechat('settings-back').click()
  }

  /** From the list: 设置, 退出登录, and one of the two ways to go. */
  async logout(way = '退出登录'): Promise<void> {
    await this.tap('settings')
    await this.tap('logout')
    await this.wechat('action-sheet').getByText(way, { exact: true }).click()
    await this.byId('captcha-image').waitFor()
  }

  /** Opens the mini-program anew, at a page: a cold start of the app that was running. */
  async open(path: string): Promise<void> {
    const url = new URL(this.page.url())
    url.searchParams.set('path', path)
    await this.page.goto(url.toString())
  }

  /** Another window of the same phone: what is on its disk stays, WeChat's account may be another. */
  async another(openid: string): Promise<Phone> {
    const url = new URL(this.page.url())
    url.searchParams.set('openid', openid)
    const page = await this.page.context().newPage()
    await page.goto(url.toString())
    return new Phone(page)
  }

  close(): Promise<void> {
    return this.page.close()
  }

  /** Until the screen was drawn so many times. */
  async frames(count: number): Promise<void> {
    await this.screen.evaluate(async (wanted) => {
      for (let n = 0; n < wanted; n++) await new Promise((drawn) => requestAnimationFrame(drawn))
    }, count)
  }

  /** A finger that pulls the page down from its top. */
  async pullDown(): Promise<void> {
    const { mouse } = this.page
    await mouse.move(187, 300)
    await mouse.down()
    await mouse.move(187, 560, { steps: 5 })
    await mouse.up()
  }

  /** Scrolls the shown page to its end. */
  async scrollToEnd(): Promise<void> {
    await this.screen
      .locator('.we-page-scroll')
      .last()
      .evaluate((scroller) => scroller.scrollTo(0, scroller.scrollHeight))
  }

  /** Until WeChat shows it no more. */
  gone(name: string): Promise<void> {
    return this.wechat(name).waitFor({ state: 'hidden' })
  }

  async screenshot(path: string): Promise<void> {
    // What slides in has arrived.
    await this.screen.locator('body').screenshot({ path, animations: 'disabled' })
  }

  private read<K extends 'calls' | 'errors' | 'loaded'>(name: K): Promise<Inspection[K]> {
    return this.screen.evaluate((part) => {
      const phone = (globalThis as unknown as { __phone: Inspection }).__phone
      return JSON.parse(JSON.stringify(phone[part])) as Inspection[K]
    }, name)
  }

  async calls(name: string): Promise<RecordedCall[]> {
    return (await this.read('calls')).filter((call) => call.name === name)
  }

  /** What the mini-program threw; a test ends by finding none. */
  async errors(): Promise<string[]> {
    return (await this.read('errors')).map((error) => error.message)
  }

  /** The script files that ran since the launch, in order. */
  loaded(): Promise<string[]> {
    return this.read('loaded')
  }

  /** Every setData since the last time this was asked. */
  setDataCalls(): Promise<SetDataCall[]> {
    return this.screen.evaluate(() => {
      const { setData } = (globalThis as unknown as { __phone: Inspection }).__phone
      const log = JSON.parse(JSON.stringify(setData.log)) as SetDataCall[]
      setData.reset()
      return log
    })
  }

  /** From now on the backend never answers this call of the mini-program, such as `GET /clues`. */
  hold(endpoint: string): Promise<void> {
    return this.intercept(endpoint)
  }

  /** From now on a proxy in front of the backend answers this call with a page of its own. */
  break(endpoint: string): Promise<void> {
    const answer = { kind: 'response', statusCode: 502, header: {}, data: '<h1>Bad Gateway</h1>' }
    return this.intercept(endpoint, answer)
  }

  /** What the phone would say to the emulator is answered here, or never; a cold start changes nothing about it. */
  private async intercept(endpoint: string, answer?: object): Promise<void> {
    const rule = { endpoint, body: answer && JSON.stringify(answer) }
    await this.page.addInitScript(interceptRequests, rule)
    await this.screen.evaluate(interceptRequests, rule)
  }

  private get page(): Page {
    return 'page' in this.screen ? this.screen.page() : this.screen
  }
}

/** Runs in the phone's page. */
function interceptRequests({ endpoint, body }: { endpoint: string; body: string | undefined }): void {
  const send = Object.getOwnPropertyDescriptor(WebSocket.prototype, 'send')?.value as WebSocket['send']
  WebSocket.prototype.send = function (this: WebSocket, data) {
    const frame = JSON.parse(data as string) as PhoneFrame
    if (frame.kind !== 'call' || frame.path !== 'request') return send.call(this, data)
    const { method, url } = frame.body as RequestBody
    if (!`${method} ${new URL(url).pathname}`.startsWith(endpoint)) return send.call(this, data)
    if (body === undefined) return
    const answer: WeChatFrame = { kind: 'answer', id: frame.id, status: 200, body }
    setTimeout(() => this.dispatchEvent(new MessageEvent('message', { data: JSON.stringify(answer) })))
  }
}
