import type { BrowserContextOptions, Frame, Page } from 'playwright-core'
import { onTestFinished } from 'vitest'
import type { EmulatorOptions } from '../../../index.ts'
import { useChromium } from '../../../testing/browser.ts'
import { testEmulator, type TestEmulator } from '../../../testing/emulator.ts'
import { folderOf, page as onePage } from '../../../testing/folders.ts'
import type { PhoneHandle } from '../../phone.ts'
import { tabs, type Tab } from '../desk.ts'

export const templateId = 'TPL_CLUE_ASSIGNED_0000000000000000000000001'

/** A mini-program with a button that asks for a subscription in its tap, and one that asks too late. */
export const subscribingProgram: Readonly<Record<string, string>> = {
  'app.js': 'App({})',
  'app.json': JSON.stringify({
    pages: ['pages/home/home', 'pages/clue/detail'],
    window: { navigationBarTitleText: '小店' },
  }),
  'project.config.json': JSON.stringify({ appid: 'wx1ead0be110000001' }),
  ...onePage('pages/clue/detail', '<view id="detail">detail</view>'),
  'pages/home/home.json': '{}',
  'pages/home/home.wxml':
    '<button id="ask" bindtap="ask">订阅</button><button id="late" bindtap="late">晚了</button>',
  'pages/home/home.js': `
    const ask = () => wx.requestSubscribeMessage({ tmplIds: ['${templateId}'], complete() {} })
    Page({ ask, late() { setTimeout(ask, 0) } })`,
}

export interface OpenDesk {
  emulator: TestEmulator
  page: Page
  /** The selected phone's own window. */
  phone(): Promise<Frame>
  tab(name: Tab): Promise<void>
  /** Until the desk says this. */
  says(text: string): Promise<void>
  /** Sends a message to the first phone as a backend does; WeChat's errcode. */
  send(): Promise<number>
}

export interface DeskOptions {
  emulator?: Partial<EmulatorOptions>
  browser?: BrowserContextOptions
  /** Of the desk's address, such as '?openid=…'. */
  query?: string
}

/** The desk in a real browser, for the tests of one file. */
export function useDesk(): { openDesk(options?: DeskOptions): Promise<OpenDesk> } {
  const browser = useChromium()

  return {
    async openDesk({ emulator: options = {}, browser: look = {}, query = '' } = {}) {
      const emulator = await testEmulator({ dist: folderOf(subscribingProgram), ...options })
      const context = await browser().newContext({
        ...{ viewport: { width: 1280, height: 900 }, locale: 'zh-CN', timezoneId: 'Asia/Shanghai' },
        ...look,
      })
      onTestFinished(() => context.close())
      const page = await context.newPage()
      await page.goto(`${emulator.url}/desk${query}`)
      const phone = async () => {
        const frame = await (await page.locator('iframe[title="模拟的手机"]').elementHandle())?.contentFrame()
        if (!frame) throw new Error('no phone on the desk')
        return frame
      }
      await (await phone()).locator('wx-page').first().waitFor()
      return {
        ...{ emulator, page, phone },
        tab: (name) => page.getByRole('tab', { name: tabs[name] }).click(),
        says: (text) => page.getByTestId('desk-answer').filter({ hasText: text }).waitFor(),
        async send() {
          const token = await emulator.accessToken()
          const { json } = await emulator.post(`/cgi-bin/message/subscribe/send?access_token=${token}`, {
            ...{
              touser: emulator.cloud.firstOpenid,
              template_id: templateId,
              page: 'pages/clue/detail?id=1',
            },
            data: { thing1: { value: '城东物流园' }, time2: { value: '9:42' }, phrase3: { value: '待跟进' } },
          })
          return (json as { errcode: number }).errcode
        },
      }
    },
  }
}

/** An element of the mini-program by its id. */
export const inApp = (frame: Frame, id: string) => frame.locator(`[exparser\\:info-attr-id="${id}"]`).last()

/** Something of the phone's handle, once the phone is up. */
export async function handleOf<T>(frame: Frame, read: (phone: PhoneHandle) => T): Promise<T> {
  await frame.waitForFunction(() => '__phone' in globalThis)
  return frame.evaluate(
    (source) =>
      (new Function('phone', `return (${source})(phone)`) as (phone: unknown) => T)(
        (globalThis as unknown as { __phone: unknown }).__phone,
      ),
    read.toString(),
  )
}
