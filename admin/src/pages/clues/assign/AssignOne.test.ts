import type { AdminClue, AssignResult } from '@leadbell/contract'
import { beforeEach, describe, expect, it } from 'vitest'
import { Backend, Refusal, type PlayedCall } from '../../../testing/backend.ts'
import { aClue, aDelivery } from '../../../testing/made-up.ts'
import { settle } from '../../../testing/open.ts'
import { chen, lin, openDialog, playStaff, REASON, zhou } from './testing/assign-dialog.ts'

let backend: Backend
const clue = aClue({ id: '1', title: '恒泰建材', version: 3 })
const assigned = ({ body }: Pick<PlayedCall, 'body'>): AssignResult => {
  const { assigneeId, version } = body as { assigneeId: string; version: number }
  return {
    assignment: { id: '50', clueId: '1', assigneeId },
    clue: { ...clue, version: version + 1, assigneeId },
    delivery: aDelivery({ state: 'ready', assigneeId }),
  }
}
const bodies = () => backend.of('POST /admin/clues/{id}/assign').map(({ body }) => body)
const keys = () =>
  backend.of('POST /admin/clues/{id}/assign').map(({ headers }) => headers.get('idempotency-key'))

beforeEach(() => {
  backend = new Backend().on('POST /admin/clues/{id}/assign', assigned)
  playStaff(backend, () => [lin, zhou, chen])
})

describe('one lead', () => {
  it('is assigned with the keyboard alone', async () => {
    const dialog = await openDialog([clue])
    expect(document.activeElement?.id).toBe('assign-search')
    await dialog.press('ArrowDown')
    expect(document.activeElement?.getAttribute('role')).toBe('listbox')
    await dialog.press('ArrowDown')
    await dialog.press(' ')
    expect(dialog.chosen()).toEqual(['林可'])
    await dialog.press('ArrowUp')
    await dialog.press('Enter')
    expect(dialog.chosen()).toEqual(['陈小舟'])
    await dialog.press('Enter', { ctrlKey: true })

    expect(bodies()).toEqual([{ assigneeId: '7', version: 3 }])
    expect(dialog.isOpen()).toBe(false)
    expect(dialog.done()).toEqual([{ assigned: ['1'] }])
    expect(document.body.textContent).toContain('已分配给 陈小舟，马上提醒')
  })

  it('goes from the top of the list back to the search', async () => {
    const dialog = await openDialog([clue])
    await dialog.press('Enter')
    await dialog.press('ArrowUp')
    expect(document.activeElement?.id).toBe('assign-search')
  })

  it('leaves Enter to the input method while it is composing', async () => {
    const dialog = await openDialog([clue])
    await dialog.press('Enter', { isComposing: true })
    expect(document.activeElement?.id).toBe('assign-search')
  })

  it('says before it is sent whether the person can be rung, and what to ask of them', async () => {
    const dialog = await openDialog([clue])
    await dialog.choose('陈小舟')
    expect(dialog.text()).toContain('陈小舟 1 条：1 条会马上提醒')
    await dialog.choose('林可')
    expect(dialog.text()).toContain('林可 1 条：1 条等再次允许后提醒')
    expect(dialog.text()).toContain('可以转告 林可：请打开「线索铃」小程序')
    await dialog.choose('周宁')
    expect(dialog.text()).toContain('周宁 1 条：1 条等绑定微信后提醒')
  })

  it('sends nothing while nobody is chosen, and says so', async () => {
    const dialog = await openDialog([clue])
    await dialog.press('Enter', { ctrlKey: true })
    expect(dialog.text()).toContain('请先在名单里选一个人')
    expect(bodies()).toEqual([])
  })

  it('is sent in the version that was seen, even when the page reads a newer one meanwhile', async () => {
    const dialog = await openDialog([clue])
    await dialog.choose('陈小舟')
    await dialog.page.setProps({ clues: [{ ...clue, version: 9 }] })
    await dialog.push('分配给 陈小舟')
    expect(bodies()).toEqual([{ assigneeId: '7', version: 3 }])
  })

  it('stays open when the network fails, and the retry goes under the same key', async () => {
    const dialog = await openDialog([clue])
    await dialog.choose('陈小舟')
    backend.offline = true
    await dialog.push('分配给 陈小舟')
    expect(dialog.text()).toContain('连不上服务器')
    expect(dialog.isOpen()).toBe(true)
    expect(dialog.chosen()).toEqual(['陈小舟'])
    backend.offline = false
    await dialog.push('重试')
    expect(dialog.isOpen()).toBe(false)
    expect(keys()[0]).toMatch(/^[0-9a-f]{32}$/)
    expect(keys()[1]).toBe(keys()[0])
  })

  it('shows a refusal and keeps what was chosen', async () => {
    backend.on(
      'POST /admin/clues/{id}/assign',
      () => new Refusal(409, '这名员工的账号已停用，请分配给其他人'),
    )
    const dialog = await openDialog([clue])
    await dialog.choose('陈小舟')
    await dialog.push('分配给 陈小舟')
    expect(dialog.text()).toContain('这名员工的账号已停用')
    expect(dialog.chosen()).toEqual(['陈小舟'])
    expect(dialog.isOpen()).toBe(true)
  })

  it('asks before it is closed while the answer is awaited', async () => {
    let answer: () => void = () => undefined
    const waited = new Promise<void>((resolve) => (answer = resolve))
    backend.on('POST /admin/clues/{id}/assign', async (call) => {
      await waited
      return assigned(call)
    })
    const dialog = await openDialog([clue])
    await dialog.choose('陈小舟')
    await dialog.push('分配给 陈小舟')
    await dialog.push('取消')
    expect(document.querySelector('.el-message-box')?.textContent).toContain('还没有收到应答')
    expect(dialog.isOpen()).toBe(true)
    answer()
    await settle()
    expect(dialog.done()).toEqual([{ assigned: ['1'] }])
  })
})

describe('a lead that somebody else was first with', () => {
  const at = new Date(Date.now() - 60_000).toISOString()
  const present: AdminClue = {
    ...clue,
    version: 4,
    assigneeId: '8',
    assignee: { id: '8', realname: '林可' },
    assignedBy: '王主管',
    assignedAt: at,
  }
  const first = () =>
    backend.on('POST /admin/clues/{id}/assign', (call) =>
      (call.body as { version: number }).version === 4
        ? assigned(call)
        : new Refusal(409, '这条线索刚刚已由王主管分配给林可，请刷新后再操作', present),
    )

  it('shows who was first, keeps the choice, and goes to the chosen one only when that is said again', async () => {
    first()
    const dialog = await openDialog([clue])
    await dialog.choose('陈小舟')
    await dialog.push('分配给 陈小舟')
    expect(dialog.text()).toMatch(/恒泰建材：王主管 刚刚（\d\d:\d\d）已分配给 林可/)
    expect(dialog.chosen()).toEqual(['陈小舟'])
    // neither the shortcut nor anything else repeats it by itself
    await dialog.press('Enter', { ctrlKey: true })
    expect(bodies()).toHaveLength(1)

    await dialog.type(REASON, '客户要求')
    await dialog.push('仍要改派给 陈小舟')
    expect(bodies()[1]).toEqual({ assigneeId: '7', version: 4, reason: '客户要求' })
    expect(dialog.done()).toEqual([{ assigned: ['1'] }])
  })

  it('is left to them', async () => {
    first()
    const dialog = await openDialog([clue])
    await dialog.choose('陈小舟')
    await dialog.push('分配给 陈小舟')
    await dialog.push('保留')
    expect(dialog.isOpen()).toBe(false)
    expect(dialog.done()).toBeUndefined()
    expect(bodies()).toHaveLength(1)
  })

  it('needs nothing more when it went to the same person', async () => {
    first()
    const dialog = await openDialog([clue])
    await dialog.choose('林可')
    await dialog.push('分配给 林可')
    expect(dialog.text()).toContain('已经在 林可 名下')
    expect(dialog.button('仍要改派')).toBeUndefined()
  })
})

describe('a lead that has an owner', () => {
  const owned = aClue({
    ...clue,
    assigneeId: '8',
    assignee: { id: '8', realname: '林可' },
    assignedBy: '王主管',
    assignedAt: '2026-11-23T01:00:00.000Z',
  })

  it('says whose it is, and takes a reason along', async () => {
    const dialog = await openDialog([owned])
    expect(dialog.text()).toContain('现在由 林可 负责')
    await dialog.choose('陈小舟')
    await dialog.push('休假')
    await dialog.push('改派给 陈小舟')
    expect(bodies()).toEqual([{ assigneeId: '7', version: 3, reason: '休假' }])
  })

  it('asks before a typed reason is thrown away', async () => {
    const dialog = await openDialog([owned])
    await dialog.type(REASON, '林可休假到月底')
    await dialog.push('取消')
    expect(dialog.isOpen()).toBe(true)
    const box = document.querySelector('.el-message-box')
    expect(box?.textContent).toContain('填写的原因不会保留')
    await dialog.push('放弃')
    expect(dialog.isOpen()).toBe(false)
  })
})
