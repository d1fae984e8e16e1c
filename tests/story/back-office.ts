import type { Frame, Locator, Page } from 'playwright-core'
import { demo } from '../../scripts/demo.ts'
import { readCaptcha } from '../../server/src/testing/read-captcha.ts'

/** The back office in a clerk's browser, driven by keys, clicks and what a screen reader would find. */
export class BackOffice {
  /** What the page threw or complained of; a test ends by finding none. */
  readonly errors: string[] = []

  /** `screen`: where it is shown, when that is a frame of the page. */
  constructor(
    readonly page: Page,
    private readonly screen: Page | Frame = page,
  ) {
    page.on('pageerror', (error) => this.errors.push(error.message))
    page.on('console', (message) => {
      // a server that is being restarted is no fault of the page
      if (message.type() === 'error' && !/Failed to load resource|net::ERR_/.test(message.text()))
        this.errors.push(message.text())
    })
  }

  async logIn(account: { username: string; password: string } = demo.clerk): Promise<void> {
    const { screen } = this
    await screen.getByLabel('账号', { exact: true }).fill(account.username)
    await screen.getByLabel('密码', { exact: true }).fill(account.password)
    const picture = await screen.getByAltText('验证码图片').getAttribute('src')
    const captcha = screen.getByLabel('验证码', { exact: true })
    await captcha.fill(readCaptcha(picture ?? ''))
    await captcha.press('Enter')
    await screen.getByRole('navigation', { name: '主导航' }).waitFor()
  }

  /** By the page's own way, so that what is kept in memory stays. */
  async go(place: '线索' | '导入' | '提醒' | '员工' | '概览'): Promise<void> {
    await this.screen.getByRole('navigation', { name: '主导航' }).getByRole('link', { name: place }).click()
    await this.heading().waitFor()
  }

  /** How many rows the table has, on all its pages from the first to the last; that one is shown afterwards. */
  async countRows(): Promise<number> {
    const rows = this.rows()
    const next = this.screen.getByRole('button', { name: '下一页' })
    let count = await rows.count()
    while ((await next.count()) > 0 && (await next.isEnabled())) {
      await this.turnPage()
      count += await rows.count()
    }
    return count
  }

  rows(): Locator {
    return this.screen.locator('main tbody tr')
  }

  says(text: string): Promise<void> {
    return this.screen.getByText(text).waitFor()
  }

  async turnPage(): Promise<void> {
    const page = this.screen.getByText(/^第 \d+ 页$/)
    const shown = await page.innerText()
    await this.screen.getByRole('button', { name: '下一页' }).click()
    await this.screen.getByText(shown, { exact: true }).waitFor({ state: 'detached' })
  }

  heading(): Locator {
    return this.screen.getByRole('heading', { level: 1 })
  }

  /** The dialog or drawer on top. */
  dialog(): Locator {
    return this.screen.getByRole('dialog').filter({ visible: true }).last()
  }

  /** Whether it hears the server: 实时, or 连接断开. */
  live(state: 'live' | 'lost'): Promise<void> {
    return this.screen.locator(`.live[data-state="${state}"]`).waitFor()
  }
}
