import type { AdminClue, Clue, StaffMember } from '@leadbell/contract'
import { describe, expect, it } from 'vitest'
import type { BackOffice } from './back-office.ts'
import { useWorld } from './use-world.ts'

const clerk = { username: 'liwen', realname: '李文', role: 'clerk', password: 'clerk-of-the-story' }

describe('two clerks and one lead', () => {
  const world = useWorld()

  it('the second sees who was first, keeps what was chosen, and may still reassign', async () => {
    await world.admin<StaffMember>('POST', '/admin/staff', clerk)
    const lead = await newLead('恒泰建材 采购咨询')
    const [first, second] = [await world.openBackOffice(), await world.openBackOffice('/clues', {}, clerk)]
    await begin(first, lead.title, '陈小舟')
    await begin(second, lead.title, '林可')

    await first.page.getByRole('button', { name: '分配给 陈小舟' }).click()
    await first.dialog().waitFor({ state: 'detached' })
    await second.page.getByRole('button', { name: '分配给 林可' }).click()
    await second
      .dialog()
      .getByText(/王主管.*陈小舟/)
      .waitFor()
    expect((await present(lead.id)).assignee?.realname).toBe('陈小舟')
    expect(await second.dialog().getByRole('option', { selected: true }).innerText()).toContain('林可')

    await second
      .dialog()
      .getByRole('button', { name: /改派给.*林可/ })
      .click()
    await second.dialog().waitFor({ state: 'detached' })
    expect(await present(lead.id)).toMatchObject({ assignee: { realname: '林可' }, assignedBy: '李文' })
    // and the first one sees it without doing anything
    await first.page.getByRole('row').filter({ hasText: lead.title }).getByText('林可').waitFor()
    expect([...first.errors, ...second.errors]).toEqual([])
  })

  it('the second may leave it as it is', async () => {
    const lead = await newLead('城东物流园 仓储系统询价')
    const office = await world.openBackOffice()
    await begin(office, lead.title, '林可')
    await world.admin('POST', `/admin/clues/${lead.id}/assign`, {
      assigneeId: await idOf('zhao'),
      version: lead.version,
    })
    await office.page.getByRole('button', { name: '分配给 林可' }).click()
    await office.dialog().getByRole('button', { name: '保留' }).click()
    await office.dialog().waitFor({ state: 'detached' })
    expect((await present(lead.id)).assignee?.realname).toBe('赵一鸣')
    expect(office.errors).toEqual([])
  })

  const newLead = (title: string) =>
    world.admin<Clue>('POST', '/admin/clues', { title, customerName: '周女士', phone: '13800001111' })
  const present = (id: string) => world.admin<AdminClue>('GET', `/admin/clues/${id}`)
  const idOf = async (username: string) => {
    const { items } = await world.admin<{ items: StaffMember[] }>('GET', `/admin/staff?q=${username}`)
    return items[0]?.id ?? ''
  }

  /** Up to where one press assigns it. */
  async function begin(office: BackOffice, title: string, to: string): Promise<void> {
    await office.page.getByRole('button', { name: `分配 ${title}` }).click()
    await office
      .dialog()
      .getByRole('option', { name: new RegExp(to) })
      .click()
  }
})
