import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import type { Browser, Page } from 'playwright-core'
import { startEmulator } from '../../emulator/src/index.ts'
import { watchScreen } from './screen.ts'

/** Milliseconds each. */
export interface Tap {
  /** From the end of the press, as the window hears it, to the host call. */
  call: number
  /** To the subscribe panel, drawn. */
  panel: number
}

export interface Reactions {
  /** On a page that hands the tap straight to the host: what is the emulator's own. */
  taps: Tap[]
  /** From `setData` of one value to the frame that shows it, and to its callback. */
  value: { callback: number; drawn: number }[]
  /** The same of twenty rows. */
  rows: { callback: number; drawn: number }[]
  /** From a backend's send to the drawn banner. */
  messages: number[]
}

const templateId = 'TPL_BENCH_0000000000000000000000000000000001'
const openid = 'oLeadbellBenchPhone00000001'
const secret = 'bench-secret'
const appid = 'wx1ead0be110000001'
const template = {
  priTmplId: templateId,
  title: '新线索提醒',
  content: '线索名称:{{thing1.DATA}}\n',
  example: '线索名称:城东物流园\n',
  type: 2 as const,
}

/** A mini-program without a framework: one page, whose instance a script can reach. */
const bare = {
  'app.json': JSON.stringify({ pages: ['pages/bench'] }),
  'app.js': 'App({})',
  'project.config.json': JSON.stringify({ appid }),
  'pages/bench.json': '{}',
  'pages/bench.wxml': `<button id="ask" bindtap="ask">ask</button><view class="value">{{value}}</view>
<view wx:for="{{rows}}" wx:key="id" class="row"><text>{{item.title}}</text><text>{{item.customer}}</text></view>`,
  'pages/bench.js': `Page({
  data: { value: '', rows: [] },
  onReady() { globalThis.benchPage = this },
  ask() { wx.requestSubscribeMessage({ tmplIds: ['${templateId}'], complete() {} }) },
})`,
}

interface BenchPage {
  setData(data: object, callback: () => void): void
}

export async function measureReactions(browser: Browser, folder: string, rounds: number): Promise<Reactions> {
  const dist = join(folder, 'bare')
  for (const [name, text] of Object.entries(bare)) {
    mkdirSync(dirname(join(dist, name)), { recursive: true })
    writeFileSync(join(dist, name), text)
  }
  const accounts = [{ openid, nickname: '测量' }]
  const emulator = await startEmulator({ dist, port: 0, appid, secret, templates: [template], accounts })
  const context = await browser.newContext({ viewport: { width: 375, height: 667 } })
  try {
    const page = await context.newPage()
    await watchScreen(page)
    await page.goto(`${emulator.url}/phone?openid=${openid}`)
    await page.locator('.value').waitFor({ state: 'attached' })
    const taps = await tapping(page, 'ask', rounds)
    const value = await settingData(page, rounds, '.value', (n) => ({ value: `n${n}` }))
    const rows = await settingData(page, rounds, '.row', rowsOf)
    emulator.cloud.grant(openid, templateId, rounds)
    return { taps, value, rows, messages: await messages(page, rounds) }
  } finally {
    await context.close()
    await emulator.close()
  }
}

const rowsOf = (n: number) => ({
  rows: Array.from({ length: 20 }, (_, row) => ({
    id: row,
    title: `n${n} 第 ${row} 号园区 仓储系统采购询价`,
    customer: '欧阳女士 13800001111',
  })),
})

/** Taps so many times on what asks for a subscription, and answers 取消. The page needs `watchScreen`. */
export async function tapping(page: Page, id: string, rounds: number): Promise<Tap[]> {
  await page.evaluate(() => {
    const calls = (window.__phone?.calls ?? []) as unknown as { name: string }[]
    calls.push = (call) => {
      if (call.name === 'requestSubscribeMessage') window.watch.call = performance.now()
      return Array.prototype.push.call(calls, call)
    }
  })
  const taps: Tap[] = []
  const wechat = (name: string) => page.locator(`[data-test="${name}"]`)
  // the first one compiles what the others run
  for (let round = -1; round < rounds; round++) {
    const drawn = page.evaluate(async () => {
      const at = await window.watch.drawn('[data-test="subscribe-panel"]')
      return { call: window.watch.call - window.watch.press, panel: at - window.watch.press }
    })
    await page.locator(`[exparser\\:info-attr-id="${id}"]`).last().click()
    const tap = await drawn
    if (round >= 0) taps.push(tap)
    await wechat('subscribe-cancel').click()
    await wechat('subscribe-panel').waitFor({ state: 'hidden' })
    await quiet(page)
    if (await wechat('modal-cancel').isVisible()) await wechat('modal-cancel').click()
    await wechat('modal-cancel').waitFor({ state: 'hidden' })
  }
  return taps
}

/** Until what followed is over: a few frames, and WeChat's answer. */
const quiet = (page: Page) =>
  page.evaluate(async () => {
    for (let n = 0; n < 20; n++) await new Promise(requestAnimationFrame)
  })

async function settingData(page: Page, rounds: number, selector: string, dataOf: (n: number) => object) {
  const measured: { callback: number; drawn: number }[] = []
  for (let round = -1; round < rounds; round++) {
    const one = await page.evaluate(
      async ([where, text, data]) => {
        const { benchPage } = globalThis as unknown as { benchPage: BenchPage }
        const drawn = window.watch.drawn(where, text)
        const began = performance.now()
        const callback = await new Promise<number>((done) =>
          benchPage.setData(data, () => done(performance.now() - began)),
        )
        return { callback, drawn: (await drawn) - began }
      },
      [selector, `n${round}`, dataOf(round)] as const,
    )
    if (round >= 0) measured.push(one)
  }
  return measured
}

async function messages(page: Page, rounds: number): Promise<number[]> {
  const send = { appid, secret, openid, templateId }
  const measured: number[] = []
  for (let round = 0; round < rounds; round++)
    measured.push(
      await page.evaluate(
        async ([text, it]) => {
          const post = async (path: string, body: object) => {
            const response = await fetch(path, { method: 'POST', body: JSON.stringify(body) })
            return (await response.json()) as { access_token: string; errcode?: number }
          }
          const grant = { grant_type: 'client_credential', appid: it.appid, secret: it.secret }
          const { access_token: token } = await post('/cgi-bin/stable_token', grant)
          const drawn = window.watch.drawn('[data-test="message-banner"]', text)
          const began = performance.now()
          const { errcode } = await post(`/cgi-bin/message/subscribe/send?access_token=${token}`, {
            ...{ touser: it.openid, template_id: it.templateId, data: { thing1: { value: text } } },
          })
          if (errcode) throw new Error(`subscribe/send: ${errcode}`)
          return (await drawn) - began
        },
        [`第 ${round} 条`, send] as const,
      ),
    )
  return measured
}
