import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import type { AxeResults } from 'axe-core'
import { selectors, type Page } from 'playwright-core'
import { describe, expect, it } from 'vitest'
import { eventually } from '../../testing/eventually.ts'
import { tabs, type Tab } from './desk.ts'
import { inApp, templateId, useDesk } from './testing/open-desk.ts'

selectors.setTestIdAttribute('data-test')
const { openDesk } = useDesk()
const names = Object.keys(tabs) as Tab[]
const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')

async function scan(page: Page, what: string): Promise<void> {
  await page.evaluate(axe)
  const { violations } = await page.evaluate(() =>
    (globalThis as unknown as { axe: { run(context: object): Promise<AxeResults> } }).axe.run({
      // the mini-program on the phone is somebody else's
      exclude: ['iframe'],
    }),
  )
  const found = violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .flatMap(({ id, nodes }) => nodes.map(({ target, failureSummary }) => ({ id, target, failureSummary })))
  expect({ what, found }).toEqual({ what, found: [] })
}

describe.each(['light', 'dark'] as const)('in the %s theme', (colorScheme) => {
  it('no panel has a serious finding of axe', { timeout: 60_000 }, async () => {
    const desk = await openDesk({ browser: { colorScheme, reducedMotion: 'reduce' } })
    const { page, emulator } = desk
    const openid = emulator.cloud.firstOpenid
    // something bad and something good in every list
    await inApp(await desk.phone(), 'late').click()
    await emulator.setPush({
      url: 'http://127.0.0.1:9/events',
      token: 'AAAAA',
      mode: 'plain',
      format: 'json',
    })
    emulator.cloud.grant(openid, templateId, 1)
    await desk.send()
    await desk.send()
    emulator.cloud.phone.refuse(openid, templateId)
    emulator.fault({ call: 'token', kind: 'hang', openid })
    emulator.setMainSwitch(false)
    await page.getByTestId('faults-chip').waitFor()
    await page.getByTestId('log').getByText('没有点击态', { exact: true }).waitFor()
    await page.getByTestId('log').getByRole('button').first().click()
    for (const name of names) {
      await desk.tab(name)
      await page.getByRole('tabpanel', { name: tabs[name] }).waitFor()
      await scan(page, name)
    }
    await page.getByTestId('add-account').click()
    await scan(page, 'a new account')
  })
})

it('everything is reached with the keyboard: arrows go along the tabs, Tab into the panel', async () => {
  const { page, emulator } = await openDesk()
  await page.getByRole('tab', { name: '手机' }).focus()
  await page.keyboard.press('ArrowLeft')
  expect(await page.getByRole('tab', { name: '存档' }).getAttribute('aria-selected')).toBe('true')
  await page.keyboard.press('Home')
  await page.keyboard.press('ArrowRight')
  await page.keyboard.press('ArrowRight')
  const focused = () => page.evaluate(() => document.activeElement?.textContent?.trim() ?? '')
  expect(await focused()).toBe('故障')
  for (let n = 0; n < 30 && !(await focused()).startsWith('下一次发送 43101'); n++)
    await page.keyboard.press('Tab')
  await page.keyboard.press('Enter')
  await eventually(() => emulator.cloud.faults()).toHaveLength(1)
})

it.each([
  [375, 812],
  [1024, 768],
  [1280, 900],
  [1600, 1000],
])('at %i px nothing hangs over the edge, and the phone can be pressed', async (width, height) => {
  const desk = await openDesk({ browser: { viewport: { width, height } } })
  for (const name of names) {
    await desk.tab(name)
    await desk.page.getByRole('tabpanel', { name: tabs[name] }).waitFor()
    const over = await desk.page.evaluate(() => {
      const panel = document.getElementById('desk-panel')
      return [
        document.documentElement.scrollWidth - innerWidth,
        (panel?.scrollWidth ?? 0) - (panel?.clientWidth ?? 0),
      ]
    })
    expect({ name, over }).toEqual({ name, over: [0, 0] })
  }
  const phone = await desk.phone()
  await inApp(phone, 'ask').click()
  await phone.getByTestId('subscribe-allow').click()
  await eventually(() => desk.emulator.quota()).toEqual({ [templateId]: 1 })
})

it('a desk that nobody looks at asks for nothing; one that is looked at asks once a second', async () => {
  const { page } = await openDesk()
  const asked: string[] = []
  page.on('request', (request) => {
    const { pathname } = new URL(request.url())
    if (pathname.startsWith('/__desk/')) asked.push(pathname)
  })
  // a round's last question
  const rounds = () => asked.filter((path) => path === '/__desk/changes').length
  await page.clock.install()
  // the round that was under way ends; the next one waits for the clock in our hand
  await eventually(rounds).toBe(1)
  await page.clock.runFor(1000)
  await eventually(rounds).toBe(2)
  const look = (state: string) =>
    page.evaluate((value) => {
      Object.defineProperty(document, 'visibilityState', { value, configurable: true })
    }, state)
  await look('hidden')
  await page.clock.runFor(1000)
  const before = asked.length
  await page.clock.runFor(60_000)
  expect(asked.length).toBe(before)
  await look('visible')
  await page.clock.runFor(1000)
  await eventually(rounds).toBe(3)
})

it('on a narrow screen the large phone stands right below the strip, with more phones on too', async () => {
  const desk = await openDesk({ browser: { viewport: { width: 375, height: 812 } } })
  const gap = () =>
    desk.page.evaluate(() => {
      const bottoms = [...document.querySelectorAll('.strip .thumb')].map(
        (one) => one.getBoundingClientRect().bottom,
      )
      const phone = document.querySelector('.is-selected .device')?.getBoundingClientRect().top ?? 0
      const rest = phone - Math.max(...bottoms)
      return rest >= 0 && rest < 30 ? 'close' : rest
    })
  await eventually(gap).toBe('close')
  await desk.page.getByTestId('phone-thumb').nth(1).click()
  await desk.page.locator('.is-on').waitFor()
  await eventually(gap).toBe('close')
})
