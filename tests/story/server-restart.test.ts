import type { Clue } from '@leadbell/contract'
import { describe, expect, it } from 'vitest'
import { useWorld } from './use-world.ts'

describe('the server is restarted while a clerk works', () => {
  const world = useWorld()

  it('the page says so, keeps what is typed, comes back by itself and shows what happened meanwhile', async () => {
    const office = await world.openBackOffice()
    const { page } = office
    await office.live('live')
    await page.getByRole('button', { name: '新建线索' }).click()
    await office.dialog().getByLabel('线索名称').fill('断线时录入的线索')
    await office.dialog().getByLabel('客户姓名').fill('周女士')
    await office.dialog().getByLabel('电话').fill('13800001111')

    await world.backend().kill()
    await office.live('lost')
    await office.dialog().getByRole('button', { name: '保存' }).click()
    await office.dialog().getByText('连不上服务器').waitFor()
    expect(await office.dialog().getByLabel('线索名称').inputValue()).toBe('断线时录入的线索')

    await world.startBackend()
    // before the page has noticed
    await world.admin<Clue>('POST', '/admin/clues', {
      title: '重启后别人录入的线索',
      customerName: '赵先生',
      phone: '13800002222',
    })
    await office.live('live')
    await page.getByRole('row').filter({ hasText: '重启后别人录入的线索' }).waitFor()

    await office.dialog().getByRole('button', { name: '保存' }).click()
    await office.dialog().waitFor({ state: 'detached' })
    await page.getByRole('row').filter({ hasText: '断线时录入的线索' }).waitFor()
    const { items } = await world.admin<{ items: Clue[] }>('GET', '/admin/clues?q=%E6%96%AD%E7%BA%BF')
    expect(items).toHaveLength(1)
    expect(office.errors).toEqual([])
  })

  it('a phone rings after the restart, and the clerk sees 已送达 appear', async () => {
    const phone = await world.openPhone()
    await world.login(phone)
    await phone.wechat('subscribe-allow').click()
    await phone.waitForText('还可接收 1 条提醒')
    const office = await world.openBackOffice('/deliveries')
    await office.live('live')

    // assigned and at once dead: whether the message was sent is not known here
    await world.assignLead('重启前分配的线索')
    await world.backend().kill()
    await office.live('lost')
    await world.startBackend()

    await office.live('live')
    const row = office.page.getByRole('row').filter({ hasText: '重启前分配的线索' })
    await row.getByText('已送达').waitFor({ timeout: 40_000 })
    await phone.wechat('message-banner').waitFor()
    expect(world.sentMessages()).toHaveLength(1)
    expect(office.errors).toEqual([])
  })
})
