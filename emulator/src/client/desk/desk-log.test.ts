import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { selectors, type Page } from 'playwright-core'
import { describe, expect, it } from 'vitest'
import { eventually } from '../../testing/eventually.ts'
import { folderOf } from '../../testing/folders.ts'
import { pushReceiver } from '../../testing/receiver.ts'
import { inApp, templateId, useDesk } from './testing/open-desk.ts'

selectors.setTestIdAttribute('data-test')
const { openDesk } = useDesk()

const entries = (page: Page) => page.getByTestId('log').getByRole('listitem')
const entry = (page: Page, text: string | RegExp) => entries(page).filter({ hasText: text })

describe('the log', () => {
  it('tells the tap state of a subscription, what was asked and what came back', async () => {
    const desk = await openDesk()
    const phone = await desk.phone()
    await inApp(phone, 'ask').click()
    await phone.getByTestId('subscribe-allow').click()
    const asked = entry(desk.page, 'requestSubscribeMessage')
    await asked.getByText('有点击态', { exact: true }).waitFor()
    await asked.getByRole('button').click()
    expect(await asked.getByRole('button').getAttribute('aria-expanded')).toBe('true')
    await asked.locator('pre', { hasText: 'tmplIds' }).waitFor()
    await asked.locator('pre', { hasText: '"accept"' }).waitFor()
  })

  it('a call without the tap state is marked, with why and what to do', async () => {
    const desk = await openDesk()
    await inApp(await desk.phone(), 'late').click()
    const asked = entry(desk.page, 'requestSubscribeMessage')
    await asked.getByText('没有点击态', { exact: true }).waitFor()
    await asked.getByText('放到点击处理函数的第一句').waitFor()
    expect(await asked.getAttribute('class')).toContain('is-bad')
  })

  it('server calls and pushes stand in it too, each with its answer; a filter shows one kind, a search one word', async () => {
    const { url } = await pushReceiver()
    const desk = await openDesk({
      emulator: { push: { url, token: 'AAAAA', mode: 'plain', format: 'json' } },
    })
    const { page } = desk
    expect(await desk.send()).toBe(43101)
    desk.emulator.cloud.grant(desk.emulator.cloud.firstOpenid, templateId, 1)
    expect(await desk.send()).toBe(0)
    const refused = entry(page, '43101')
    await refused.getByText('把账记成 0').waitFor()
    await refused.getByText('这个用户的次数用完了，或从没点过允许').waitFor()
    await refused.getByRole('button').click()
    await refused.locator('pre', { hasText: '城东物流园' }).waitFor()
    await entry(page, '发送结果').getByText('已收下').waitFor()

    const sources = () =>
      entries(page).evaluateAll((all) => [...new Set(all.map((one) => one.dataset.source ?? 'none'))])
    const only = (name: string) =>
      page.getByRole('group', { name: '只看' }).getByRole('button', { name }).click()
    for (const [name, source] of [
      ['服务器', 'server'],
      ['推送', 'push'],
    ] as const) {
      await only(name)
      await eventually(sources).toEqual([source])
    }
    await only('出错')
    await eventually(() => entries(page).count()).toBe(1)
    await only('全部')
    await page.getByLabel('搜索记录').fill('stable_TOKEN')
    await eventually(() => entries(page).count()).toBe(2)
    await page.getByLabel('搜索记录').fill('没有这个词')
    await page.getByText('没有符合的记录。').waitFor()
  })

  it('stands still while paused, begins anew when cleared, and goes into a file', async () => {
    const desk = await openDesk()
    const { page } = desk
    const sends = () => entry(page, 'subscribe/send').count()
    await desk.send()
    await eventually(sends).toBe(1)
    await page.getByRole('button', { name: '暂停' }).click()
    const seen = page.waitForResponse(
      async (response) =>
        response.url().includes('/__desk/changes') && (await response.text()).includes('subscribe/send'),
    )
    await desk.send()
    await seen
    expect(await sends()).toBe(1)
    await page.getByRole('button', { name: '继续' }).click()
    await eventually(sends).toBe(2)

    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('button', { name: '保存记录' }).click(),
    ])
    const file = join(folderOf({}), 'log.txt')
    await download.saveAs(file)
    expect(readFileSync(file, 'utf8')).toMatch(
      /服务器 subscribe\/send \[43101\][^\n]*\n {4}没有可用的授权[\s\S]*城东物流园/,
    )

    await page.getByRole('button', { name: '清空记录' }).click()
    await page.getByText('还没有。点一点手机').waitFor()
    await desk.send()
    await eventually(sends).toBe(1)
  })

  it('is not lost when the phone starts anew', async () => {
    const desk = await openDesk()
    await inApp(await desk.phone(), 'late').click()
    await entry(desk.page, 'requestSubscribeMessage').waitFor()
    await desk.page.getByTestId('restart-phone').click()
    await inApp(await desk.phone(), 'late').click()
    await eventually(() => entry(desk.page, 'requestSubscribeMessage').count()).toBe(2)
  })

  it('is copied as text', async () => {
    const desk = await openDesk({ browser: { permissions: ['clipboard-read', 'clipboard-write'] } })
    await desk.send()
    await entry(desk.page, 'subscribe/send').waitFor()
    await desk.page.getByRole('button', { name: '复制记录' }).click()
    await desk.says('已复制')
    expect(await desk.page.evaluate(() => navigator.clipboard.readText())).toContain('服务器 subscribe/send')
  })
})
