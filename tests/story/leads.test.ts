import type { AssignResult } from '@leadbell/contract'
import { describe, expect, it } from 'vitest'
import type { Phone } from './phone.ts'
import { useWorld } from './use-world.ts'

describe('working a lead', () => {
  const world = useWorld()

  const onTheList = async (): Promise<Phone> => {
    const phone = await world.openPhone()
    await world.login(phone)
    await phone.wechat('subscribe-allow').click()
    await phone.byId('clue-list').waitFor()
    return phone
  }

  /** The newest lead, opened from the list. */
  const openNewest = async (phone: Phone, title: string): Promise<AssignResult> => {
    const assigned = await world.assignLead(title)
    await phone.pullDown()
    // In the list: the banner that dropped names it too.
    await phone.byId('clue-list').getByText(title).waitFor()
    await phone.byClass('clue-row').first().click()
    await phone.byId('clue-title').waitFor()
    return assigned
  }

  it('unread until it is opened, counted until then', async () => {
    const phone = await onTheList()
    const unread = (await world.leads()).filter(({ readAt }) => readAt === null).length
    await openNewest(phone, '江湾国际 弱电改造')
    await phone.back()
    await phone.waitForText(`${unread} 条新线索还没看`)
    expect((await world.leads()).filter(({ readAt }) => readAt === null)).toHaveLength(unread)
  })

  it('status and note are kept by the backend, and the list shows the status', async () => {
    const phone = await onTheList()
    await openNewest(phone, '梧桐书院 安防升级')
    await phone.tap('follow')
    await phone.type('note', '约了周五上门')
    await phone.tap('save-note')
    await phone.waitForText('陈小舟 · ')
    await phone.back()
    await phone.byClass('row').first().getByText('跟进中').waitFor()
    await phone.byClass('clue-row').first().click()
    await phone.waitForText('约了周五上门')
    expect(await phone.byId('clue-status').innerText()).toBe('跟进中')
    expect(await phone.errors()).toEqual([])
  })

  it('reassigned while a note is written: clear words, and the note is still there', async () => {
    const phone = await onTheList()
    const { clue } = await openNewest(phone, '临江壹号 网络布线')
    await phone.type('note', '客户要下周三的报价')
    const { assignment } = await world.admin<AssignResult>('POST', '/trial/assign', { username: 'lin' })
    const order = { assigneeId: assignment.assigneeId, version: clue.version }
    await world.admin('POST', `/admin/clues/${clue.id}/assign`, order)
    await phone.tap('save-note')
    await phone.waitForText('这条线索已经转给其他同事')
    await phone.byId('kept-note').getByText('客户要下周三的报价').waitFor()
  })

  it('deleted: its own screen, and back to a list without it', async () => {
    const phone = await onTheList()
    const { clue } = await openNewest(phone, '旧厂房 消防验收')
    await world.admin('DELETE', `/admin/clues/${clue.id}`)
    await phone.tap('follow')
    await phone.waitForText('这条线索已被后台删除')
    await phone.byClass('action').click()
    await phone.byId('clue-list').waitFor()
    expect(await phone.byId('clue-list').innerText()).not.toContain('旧厂房 消防验收')
  })

  it('a status filter and a search ask the backend, together', async () => {
    const phone = await onTheList()
    await world.assignLead('松江仓库 货架询价')
    await phone.byClass('filter').getByText('已成交').click()
    await phone.type('search', '货架')
    await phone.waitForText('没有符合条件的线索')
    await phone.byClass('filter').getByText('待跟进').click()
    await phone.byId('clue-list').getByText('松江仓库 货架询价').waitFor()
    expect(await phone.byClass('clue-row').count()).toBe(1)
  })

  it('without a network: the last list, its time, and a lead with what is known of it', async () => {
    const phone = await onTheList()
    await openNewest(phone, '湖滨花园 车位系统')
    world.emulator.setPhone({ network: 'none' })
    try {
      await phone.open('pages/clue/clue')
      await phone.byId('offline').waitFor()
      await phone.byClass('clue-row').first().click()
      await phone.waitForText('以下内容可能不是最新的')
      expect(await phone.byId('clue-title').innerText()).toBe('湖滨花园 车位系统')
      await phone.type('note', '没信号时写的')
      await phone.tap('save-note')
      await phone.waitForText('没有保存')
      expect(await phone.typed('note')).toBe('没信号时写的')
    } finally {
      world.emulator.setPhone({ network: 'wifi' })
    }
    await phone.byId('offline').waitFor({ state: 'detached' })
    await phone.tap('save-note')
    await phone.waitForText('陈小舟 · ')
    expect(await phone.typed('note')).toBe('')
  })
})
