import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { expectNoProblems, openGuest, tap, type GuestPhone } from './guest-phone.ts'

let phone: GuestPhone
beforeAll(async () => {
  phone = await openGuest('mp-html')
})
afterAll(() => phone.close())

test('a uni-app program draws rich text through components that hold themselves', async () => {
  expectNoProblems(phone)
  await expect.poll(() => phone.shown.textContent()).toContain('普通表格')
  // the title that the text itself carries
  await expect.poll(() => phone.page.locator('.we-navigation h1').textContent()).toBe('富文本示例')
  // a table is laid out as one, its columns as wide as the page
  const table = await phone.shown
    .locator('wx-view', { hasText: /^标题 1标题 2内容 1/ })
    .last()
    .boundingBox()
  expect(table?.width).toBeGreaterThan(300)
  await phone.picture('index')
})

test('a link in it opens the second page, and 返回 leads back', async () => {
  await tap(phone.shown.getByText('内部链接', { exact: true }))
  await expect.poll(() => phone.shown.textContent()).toContain('跳转测试页面')
  await phone.page.locator('[data-test="navigation-back"]').tap()
  await expect.poll(() => phone.shown.textContent()).toContain('普通表格')
})

test('every page opens, and nothing unexpected was collected', async () => {
  const { pages } = JSON.parse(readFileSync(join(phone.dist, 'app.json'), 'utf8')) as { pages: string[] }
  for (const path of pages) {
    await phone.reLaunch(path)
    await expect.poll(() => phone.shown.textContent()).not.toBe('')
  }
  expect(await phone.unexpected()).toEqual([])
})
