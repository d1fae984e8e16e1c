import type { Frame, Page } from 'playwright-core'

/** A call the mini-program made of its host, as the emulator recorded it. */
export interface RecordedCall {
  name: string
  arg: Record<string, unknown>
  tap: boolean
}

interface Inspection {
  calls: RecordedCall[]
  errors: { message: string }[]
  setData: { calls: number; bytes: number; largest: number }
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
    await this.byId(id).locator('input').fill(text)
  }

  typed(id: string): Promise<string> {
    return this.byId(id).locator('input').inputValue()
  }

  text(): Promise<string> {
    return this.screen.locator('body').innerText()
  }

  waitForText(text: string): Promise<void> {
    return this.screen.getByText(text).first().waitFor()
  }

  /** Until WeChat shows it no more. */
  gone(name: string): Promise<void> {
    return this.wechat(name).waitFor({ state: 'hidden' })
  }

  async screenshot(path: string): Promise<void> {
    // What slides in has arrived.
    await this.screen.locator('body').screenshot({ path, animations: 'disabled' })
  }

  private inspect(): Promise<Inspection> {
    return this.screen.evaluate(() => {
      const { calls, errors, setData } = (globalThis as unknown as { __phone: Inspection }).__phone
      return JSON.parse(JSON.stringify({ calls, errors, setData })) as Inspection
    })
  }

  async calls(name: string): Promise<RecordedCall[]> {
    return (await this.inspect()).calls.filter((call) => call.name === name)
  }

  /** What the mini-program threw; a test ends by finding none. */
  async errors(): Promise<string[]> {
    return (await this.inspect()).errors.map((error) => error.message)
  }
}
