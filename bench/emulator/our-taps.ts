import type { Browser } from 'playwright-core'
import { demo } from '../../scripts/demo.ts'
import { Phone } from '../../tests/story/phone.ts'
import { startWorld } from '../../tests/story/world.ts'
import { tapping, type Tap } from './reactions.ts'
import { watchScreen } from './screen.ts'

/** The same tap in our mini-program, 再允许一次 on the list: through uni-app's events and the app's own rules. */
export async function measureOurTaps(browser: Browser, dist: string, rounds: number): Promise<Tap[]> {
  const world = await startWorld({ dist })
  try {
    const context = await browser.newContext({ locale: 'zh-CN', viewport: { width: 375, height: 667 } })
    const page = await context.newPage()
    await watchScreen(page)
    await page.goto(`${world.emulator.url}/phone?openid=${demo.openid}`)
    const phone = new Phone(page)
    await world.login(phone)
    await phone.wechat('subscribe-allow').click()
    await phone.waitForText('还可接收 1 条提醒')
    await phone.gone('toast')
    return await tapping(page, 'remedy', rounds)
  } finally {
    await world.close()
  }
}
