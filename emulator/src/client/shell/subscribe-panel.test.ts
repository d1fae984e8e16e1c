import { expect, test } from 'vitest'
import type { PrivateTemplate } from '../../protocol.ts'
import { useBrowser } from '../../testing/browser.ts'
import { eventually } from '../../testing/eventually.ts'

const { openPhone } = useBrowser()

const template = (n: number): PrivateTemplate => ({
  priTmplId: `TPL_${n}`,
  title: `第 ${n} 种消息的标题很长，大字体下要占两三行`,
  content: '线索名称:{{thing1.DATA}}\n状态:{{phrase2.DATA}}',
  example: '线索名称:恒泰建材\n状态:待跟进',
  type: 2,
})
const templates = [1, 2, 3].map(template)
const tmplIds = templates.map(({ priTmplId }) => priTmplId)
const program = {
  'app.json': JSON.stringify({ pages: ['pages/a'], window: { navigationBarTitleText: '小店' } }),
  'pages/a.json': '{}',
  'pages/a.wxml': '<button id="ask" bindtap="ask">订阅</button>',
  'pages/a.js': `Page({ ask: () => wx.requestSubscribeMessage({ tmplIds: ${JSON.stringify(tmplIds)} }) })`,
}

test('a panel longer than the screen scrolls its rows; the buttons stay, and nothing is cut off at its sides', async () => {
  const { page, emulator } = await openPhone(program, undefined, { templates })
  emulator.setPhone({ fontSize: 23 })
  await page.locator('#ask, [exparser\\:info-attr-id="ask"]').last().tap()
  const rows = page.locator('.we-panel-rows')
  await rows.waitFor()
  for (const look of await page.locator('[data-test="subscribe-look"]').all()) await look.tap()

  const overflow = () =>
    rows.evaluate(({ scrollHeight, clientHeight, scrollWidth, clientWidth }) => ({
      down: scrollHeight > clientHeight,
      aside: scrollWidth - clientWidth,
    }))
  await eventually(overflow).toEqual({ down: true, aside: 0 })
  const allow = await page.locator('[data-test="subscribe-allow"]').boundingBox()
  expect((allow?.y ?? 0) + (allow?.height ?? 0)).toBeLessThan(667)
})
