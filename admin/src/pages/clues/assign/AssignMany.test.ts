import type { BatchAssignBody, BatchAssignResult } from '@leadbell/contract'
import { beforeEach, describe, expect, it } from 'vitest'
import { Backend, Refusal, type PlayedCall } from '../../../testing/backend.ts'
import { aClue, aDelivery, aMember } from '../../../testing/made-up.ts'
import { settle } from '../../../testing/open.ts'
import { chen, cluesUpTo, lin, openDialog, playStaff, REASON, zhou } from './testing/assign-dialog.ts'

type Line = BatchAssignResult['results'][number]

let backend: Backend
const bodyOf = ({ body }: Pick<PlayedCall, 'body'>) => body as BatchAssignBody
const batches = () => backend.of('POST /admin/assignments')
const keys = () => batches().map(({ headers }) => headers.get('idempotency-key'))
const items = () => batches().flatMap((call) => bodyOf(call).items)

function answer(call: PlayedCall, refuse: (clueId: string) => Line | undefined = () => undefined) {
  const results = bodyOf(call).items.map(
    ({ clueId, version, assigneeId }): Line =>
      refuse(clueId) ?? {
        ok: true,
        clueId,
        version: version + 1,
        delivery: aDelivery({ clueId, assigneeId, state: assigneeId === '8' ? 'waiting' : 'ready' }),
      },
  )
  const assigned = results.filter(({ ok }) => ok).length
  return { results, assigned, refused: results.length - assigned }
}

beforeEach(() => {
  backend = new Backend().on('POST /admin/assignments', (call) => answer(call))
  playStaff(backend, () => [lin, zhou, chen])
})

describe('many leads', () => {
  it('fifty go to five people evenly, in turn', async () => {
    const five = Array.from({ length: 5 }, (_, n) => aMember({ id: `p${n}`, realname: `外勤 ${n}` }))
    playStaff(backend, () => five)
    const dialog = await openDialog(cluesUpTo(50))
    await dialog.press('ArrowDown')
    for (let n = 0; n < 5; n++) {
      await dialog.press(' ')
      await dialog.press('ArrowDown')
    }
    for (const { realname } of five)
      expect(dialog.text()).toContain(`${realname} 10 条：3 条会马上提醒，7 条等再次允许后提醒`)
    await dialog.press('Enter', { ctrlKey: true })

    expect(batches()).toHaveLength(1)
    expect(items().map(({ clueId }) => clueId)).toEqual(cluesUpTo(50).map(({ id }) => id))
    expect(items().map(({ assigneeId }) => assigneeId)).toEqual(
      Array.from({ length: 50 }, (_, n) => `p${n % 5}`),
    )
    expect(dialog.text()).toContain('50 条已分配')
    await dialog.push('完成')
    expect(dialog.done()).toEqual([{ assigned: cluesUpTo(50).map(({ id }) => id) }])
  })

  it('go first to whom they ring, when that is asked for', async () => {
    const dialog = await openDialog(cluesUpTo(40))
    for (const name of ['陈小舟', '林可']) await dialog.choose(name)
    expect(dialog.text()).toContain('林可 20 条：20 条等再次允许后提醒')
    const byQuota = [...document.querySelectorAll<HTMLElement>('.el-radio')].at(1)
    byQuota?.click()
    await settle()
    expect(dialog.text()).toContain('陈小舟 30 条：30 条会马上提醒')
    expect(dialog.text()).toContain('林可 10 条：10 条等再次允许后提醒')
    await dialog.push('分配 40 条给 2 人')
    expect(items().filter(({ assigneeId }) => assigneeId === '7')).toHaveLength(30)
    expect(dialog.text()).toContain('其中 10 条的提醒在等待')
  })

  it('a chunk that is lost is sent again under its key, and nothing else is', async () => {
    let failures = 1
    backend.on('POST /admin/assignments', (call) => {
      if (batches().length === 2 && failures-- > 0) throw new TypeError('Failed to fetch')
      return answer(call)
    })
    const dialog = await openDialog(cluesUpTo(120))
    await dialog.choose('陈小舟')
    await dialog.push('分配 120 条给 1 人')
    expect(dialog.text()).toContain('已分配 50/120')
    expect(dialog.text()).toContain('连不上服务器')
    await dialog.push('重试')

    expect(dialog.text()).toContain('120 条已分配')
    expect(batches().map((call) => bodyOf(call).items.length)).toEqual([50, 50, 50, 20])
    expect(keys()[2]).toBe(keys()[1])
    expect(new Set(keys()).size).toBe(3)
    const once = [0, 2, 3].flatMap((n) => bodyOf(batches()[n] ?? { body: undefined }).items)
    expect(once.map(({ clueId }) => clueId)).toEqual(cluesUpTo(120).map(({ id }) => id))
  })

  it('a stop lets the running chunk finish, says what is left, and goes on when asked', async () => {
    let release: () => void = () => undefined
    backend.on('POST /admin/assignments', async (call) => {
      await new Promise<void>((resolve) => (release = resolve))
      return answer(call)
    })
    const dialog = await openDialog(cluesUpTo(120))
    await dialog.choose('陈小舟')
    await dialog.push('分配 120 条给 1 人')
    await dialog.push('停止')
    release()
    await settle()
    expect(batches()).toHaveLength(1)
    expect(dialog.text()).toContain('50 条已分配')
    expect(dialog.text()).toContain('还有 70 条没有分配')
    await dialog.push('继续分配 70 条')
    release()
    await settle()
    release()
    await settle()
    expect(dialog.text()).toContain('120 条已分配')
  })

  it('asks before it is closed while it sends, and closes after the running chunk', async () => {
    let release: () => void = () => undefined
    backend.on('POST /admin/assignments', async (call) => {
      await new Promise<void>((resolve) => (release = resolve))
      return answer(call)
    })
    const dialog = await openDialog(cluesUpTo(120))
    await dialog.choose('陈小舟')
    await dialog.push('分配 120 条给 1 人')
    document.querySelector<HTMLElement>('.el-dialog__headerbtn')?.click()
    await settle()
    expect(document.querySelector('.el-message-box')?.textContent).toContain('要停下吗')
    await dialog.push('停下并关闭')
    expect(dialog.isOpen()).toBe(true)
    release()
    await settle()
    expect(dialog.isOpen()).toBe(false)
    expect(dialog.done()).toEqual([{ assigned: cluesUpTo(50).map(({ id }) => id) }])
  })

  it('closing after a lost chunk tells of those that are known to be assigned', async () => {
    const dialog = await openDialog(cluesUpTo(60))
    await dialog.choose('陈小舟')
    backend.on('POST /admin/assignments', (call) => {
      if (batches().length > 1) throw new TypeError('Failed to fetch')
      return answer(call)
    })
    await dialog.push('分配 60 条给 1 人')
    await dialog.push('关闭')
    expect(dialog.isOpen()).toBe(true)
    expect(document.querySelector('.el-message-box')?.textContent).toContain('是否已分配，请看线索列表')
    document.querySelector<HTMLElement>('.el-message-box .el-button--primary')?.click()
    await settle()
    expect(dialog.isOpen()).toBe(false)
    expect(dialog.done()).toEqual([{ assigned: cluesUpTo(50).map(({ id }) => id) }])
  })
})

describe('leads that have an owner', () => {
  const owned = aClue({
    id: '99',
    title: '恒泰建材',
    version: 5,
    assigneeId: '8',
    assignee: { id: '8', realname: '林可' },
    assignedBy: '王主管',
    assignedAt: '2026-11-23T01:00:00.000Z',
  })

  it('are named and left alone unless that is changed', async () => {
    const dialog = await openDialog([...cluesUpTo(2), owned])
    expect(dialog.text()).toContain('1 条已有负责人：恒泰建材（林可）')
    await dialog.choose('陈小舟')
    await dialog.push('分配 2 条给 1 人')
    expect(items().map(({ clueId }) => clueId)).toEqual(['1', '2'])
    expect(bodyOf(batches()[0] ?? { body: undefined })).not.toHaveProperty('reason')
  })

  it('are reassigned with a reason when they are not to be skipped', async () => {
    const dialog = await openDialog([...cluesUpTo(2), owned])
    document.querySelector<HTMLElement>('.el-checkbox')?.click()
    await settle()
    await dialog.type(REASON, ' 转区 ')
    await dialog.choose('陈小舟')
    await dialog.push('分配 3 条给 1 人')
    expect(items().map(({ clueId }) => clueId)).toEqual(['1', '2', '99'])
    expect(bodyOf(batches()[0] ?? { body: undefined }).reason).toBe('转区')
  })
})

describe('what was refused', () => {
  const at = new Date(Date.now() - 60_000).toISOString()
  const taken = aClue({
    id: '2',
    title: '恒泰建材',
    version: 4,
    assigneeId: '8',
    assignee: { id: '8', realname: '林可' },
    assignedBy: '王主管',
    assignedAt: at,
  })
  const refuse = (clueId: string): Line | undefined => {
    if (clueId === '2') return { ok: false, clueId, code: 409, message: '刚刚已分配', clue: taken }
    if (clueId === '3') return { ok: false, clueId, code: 404, message: '线索不存在', clue: null }
    return undefined
  }

  async function openResult() {
    backend.on('POST /admin/assignments', (call) => answer(call, refuse))
    const dialog = await openDialog(cluesUpTo(4))
    await dialog.choose('陈小舟')
    await dialog.push('分配 4 条给 1 人')
    return dialog
  }

  it('is listed with who was first, and why', async () => {
    const dialog = await openResult()
    expect(dialog.text()).toContain('2 条已分配')
    expect(dialog.text()).toMatch(/恒泰建材：王主管 刚刚（\d\d:\d\d）已分配给 林可/)
    expect(dialog.text()).toContain('线索 3：线索不存在')
  })

  it('is reassigned by a second step, in the version that is there now', async () => {
    backend.on('POST /admin/clues/{id}/assign', ({ path, body }) => ({
      assignment: { id: '1', clueId: path.id ?? '', assigneeId: '7' },
      clue: { ...taken, version: (body as { version: number }).version + 1 },
      delivery: aDelivery({ state: 'ready' }),
    }))
    const dialog = await openResult()
    await dialog.push('仍要改派给 陈小舟')
    const [call] = backend.of('POST /admin/clues/{id}/assign')
    expect(call?.path).toEqual({ id: '2' })
    expect(call?.body).toEqual({ assigneeId: '7', version: 4 })
    expect(dialog.text()).toContain('恒泰建材：已改派给 陈小舟')
    expect(dialog.text()).toContain('3 条已分配')
    await dialog.push('完成')
    expect(dialog.done()).toEqual([{ assigned: ['2', '1', '4'] }])
  })

  it('shows the next one who was first, when that changed again', async () => {
    const again = { ...taken, version: 6, assignee: { id: '9', realname: '周宁' }, assignedBy: '赵主管' }
    backend.on('POST /admin/clues/{id}/assign', () => new Refusal(409, '刚刚已分配', again))
    const dialog = await openResult()
    await dialog.push('仍要改派给 陈小舟')
    expect(dialog.text()).toMatch(/赵主管 刚刚（\d\d:\d\d）已分配给 周宁/)
    await dialog.push('保留')
    expect(dialog.text()).toContain('仍由 周宁 负责')
  })
})
