import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import type { AxeResults } from 'axe-core'
import { describe, expect, it } from 'vitest'
import type { BackOffice } from './back-office.ts'
import { useWorld } from './use-world.ts'

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')

describe.each(['light', 'dark'] as const)('in the %s theme', (colorScheme) => {
  const world = useWorld()

  it(
    'no page and no dialog of the back office has a serious finding of axe',
    { timeout: 180_000 },
    async () => {
      await world.assignLead('恒泰建材 采购咨询')
      const office = await world.openBackOffice('/clues', { colorScheme, reducedMotion: 'reduce' })
      const { page } = office
      await page.getByRole('row').nth(2).waitFor()
      await scan(office, '线索')
      await page.getByRole('button', { name: '新建线索' }).click()
      await office.dialog().waitFor()
      await scan(office, '新建线索')
      await page.keyboard.press('Escape')
      await page
        .getByRole('button', { name: /^分配 / })
        .first()
        .click()
      await office.dialog().getByRole('option').first().click()
      await scan(office, '分配')
      await page.keyboard.press('Escape')
      await office.dialog().waitFor({ state: 'detached' })
      await page
        .getByRole('button', { name: /^详情 / })
        .first()
        .click()
      await office.dialog().waitFor()
      await scan(office, '线索详情')
      await page.keyboard.press('Escape')

      await office.go('导入')
      await page.getByLabel(/按 Ctrl\+V/).fill('线索名称\t客户姓名\t电话号码\n恒泰\t周女士\t不是电话')
      await page.getByRole('button', { name: '下一步' }).click()
      await page.getByText('1 行有误').waitFor()
      await scan(office, '导入')
      await page.getByRole('button', { name: '删除第 2 行' }).click()

      const inDialog = async (what: string, button: string | RegExp) => {
        await page.locator('main').getByRole('button', { name: button }).first().click()
        await office.dialog().waitFor()
        await scan(office, what)
        await page.keyboard.press('Escape')
        await office.dialog().waitFor({ state: 'detached' })
      }

      await office.go('提醒')
      await office.rows().getByText('陈小舟').first().waitFor()
      await scan(office, '提醒')
      await inDialog('经过', /^经过/)
      await office.go('员工')
      await office.rows().getByText('陈小舟').first().waitFor()
      await scan(office, '员工')
      await inDialog('员工详情', /^管理/)
      await inDialog('新增账号', '新增账号')
      await office.go('概览')
      await page.locator('canvas').nth(1).waitFor()
      await scan(office, '概览')
      expect(office.errors).toEqual([])
    },
  )

  it('nor has the login page', async () => {
    const office = await world.openLogin({ colorScheme, reducedMotion: 'reduce' })
    await office.page.getByAltText('验证码图片').waitFor()
    await scan(office, '登录')
  })
})

async function scan({ page }: BackOffice, what: string): Promise<void> {
  // what fades in has arrived
  await page.waitForFunction(() => document.getAnimations().every(({ playState }) => playState !== 'running'))
  await page.evaluate(axe)
  const { violations } = await page.evaluate(() =>
    (globalThis as unknown as { axe: { run(): Promise<AxeResults> } }).axe.run(),
  )
  const found = violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .flatMap(({ id, nodes }) => nodes.map(({ target, failureSummary }) => ({ id, target, failureSummary })))
  expect({ what, found }).toEqual({ what, found: [] })
}
