import type { Statistics } from '@leadbell/contract'
import { describe, expect, it, vi } from 'vitest'
import { demo } from '../../scripts/demo.ts'
import type { BackOffice } from './back-office.ts'
import type { Phone } from './phone.ts'
import { useWorld } from './use-world.ts'

const LEADS = 500
const EACH = 10
const leads = Array.from({ length: LEADS }, (_, n) => {
  const number = String(n + 1).padStart(3, '0')
  return ['第' + number + '号线索', `客户${number}`, `138${String(10_000_000 + n)}`, '来自展会'].join('\t')
})
const pasted = ['线索名称\t客户姓名\t电话号码\t备注', ...leads].join('\n')

/** With a patience for two cores that run a browser, a server and WeChat. */
const soon = { timeout: 30_000 }

describe('a clerk at work', () => {
  const world = useWorld()

  it(
    'imports 500 leads, assigns 50 of them to five phones, and sees 50 arrive',
    { timeout: 240_000 },
    async () => {
      const phones: Phone[] = []
      for (const person of demo.staff) phones.push(await phoneThatRings(person))
      const office = await world.openBackOffice('/import')
      const { page } = office
      const before = await unassigned()

      await page.getByLabel(/按 Ctrl\+V/).fill(pasted)
      await page.getByRole('button', { name: '下一步' }).click()
      await page.getByText('共 500 行，都可以导入').waitFor(soon)
      await page.getByRole('button', { name: '导入 500 行' }).click()
      await page.getByRole('heading', { name: '已导入 500 条' }).waitFor(soon)
      await page.getByRole('link', { name: '去分配' }).click()
      expect((await unassigned()) - before).toBe(LEADS)

      // another window looks on and is never reloaded
      const lookout = await world.openBackOffice('/deliveries')
      await lookout.live('live')

      await select(office, 50)
      await page.getByRole('button', { name: '分配所选' }).click()
      await chooseAll(office)
      await office.dialog().getByText(`${EACH} 条会马上提醒`).nth(4).waitFor()
      await page.keyboard.press('Control+Enter')
      await office.dialog().getByText('50 条已分配').waitFor(soon)
      await page.keyboard.press('Escape')
      await page.getByText('刚分配的 50 条：已送达 50').waitFor(soon)

      await vi.waitFor(async () => {
        const shown = await lookout.page.locator('main tbody tr').allInnerTexts()
        expect(shown).toHaveLength(20)
        expect(shown.filter((row) => !row.includes('已送达'))).toEqual([])
      }, soon)
      expect(world.sentMessages()).toHaveLength(50)
      await lookout.page.getByRole('button', { name: '已送达', exact: true }).click()
      expect(await lookout.countRows()).toBe(50)
      for (const { openid } of demo.staff)
        expect(world.emulator.quota(openid)).toEqual({ [demo.templateId]: 0 })
      for (const phone of phones) {
        await phone.wechat('capsule-close').click()
        await phone.wechat('service-entry').click()
        await phone
          .wechat('message-card')
          .nth(EACH - 1)
          .waitFor()
        for (const card of await phone.wechat('message-card').allInnerTexts())
          expect(card).toMatch(/第\d{3}号线索/)
        expect(await phone.wechat('message-card').count()).toBe(EACH)
        expect(await phone.errors()).toEqual([])
      }
      expect([...office.errors, ...lookout.errors]).toEqual([])
    },
  )

  /** Logged in, and allowed to be sent as many messages as it will get. */
  async function phoneThatRings(person: (typeof demo.staff)[number]): Promise<Phone> {
    const phone = await world.openPhoneOf(person.openid)
    await world.login(phone, person)
    await phone.wechat('subscribe-allow').click()
    await phone.waitForText('还可接收 1 条提醒')
    await phone.tap('settings')
    for (let allowed = 2; allowed <= EACH; allowed++) {
      await phone.tap('allow-once')
      await phone.wechat('subscribe-allow').click()
      await phone.waitForText(`${allowed} 条`)
    }
    await phone.back()
    return phone
  }

  const unassigned = async () => (await world.admin<Statistics>('GET', '/admin/statistics')).unassigned
})

/** Twenty a page: the first ones by their page, the last ones by their keys. */
async function select(office: BackOffice, count: number): Promise<void> {
  const { page } = office
  for (let left = count; left > 0; left -= 20) {
    if (left >= 20) await page.getByLabel('选择本页全部').check()
    else {
      await page.locator('tbody tr').first().focus()
      for (let n = 0; n < left; n++) {
        await page.keyboard.press('Space')
        await page.keyboard.press('ArrowDown')
      }
    }
    await page.getByText(`已选 ${Math.min(count, count - left + 20)} 条`).waitFor()
    if (left > 20) await office.turnPage()
  }
}

/** Everybody of the list, by keys alone. */
async function chooseAll(office: BackOffice): Promise<void> {
  const { page } = office
  await office.dialog().getByRole('option').first().waitFor()
  const count = await office.dialog().getByRole('option').count()
  expect(count).toBe(demo.staff.length)
  for (let n = 0; n < count; n++) {
    await page.keyboard.press('ArrowDown')
    await page.keyboard.press('Space')
  }
}
