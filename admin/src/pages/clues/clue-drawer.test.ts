import type { AdminClueDetail } from '@leadbell/contract'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { Refusal } from '../../testing/backend.ts'
import { aClue, aDelivery } from '../../testing/made-up.ts'
import { settle } from '../../testing/open.ts'
import { aboveThePage, openClues, playClues } from './testing/clues-page.ts'

vi.mock('./AssignDialog.vue', () => ({
  __esModule: true,
  default: {
    props: { clues: Array, open: Boolean },
    template: '<p v-if="open" id="assigning">{{ clues[0].id }}</p>',
  },
}))

const owned = aClue({
  id: '5',
  version: 3,
  assigneeId: '7',
  assignee: { id: '7', realname: '陈小舟' },
  assignedBy: '王主管',
  assignedAt: '2026-11-23T02:00:00.000Z',
})
const detail: AdminClueDetail = {
  ...owned,
  remark: '上午十点前联系',
  externalId: 'CRM-77',
  notes: [{ id: 'note-0001', text: '客户要报价单', author: '陈小舟', at: '2026-11-23T03:00:00.000Z' }],
  assignments: [
    {
      id: '12',
      assignee: { id: '7', realname: '陈小舟' },
      assignedBy: '王主管',
      reason: '林可休假',
      assignedAt: '2026-11-23T02:00:00.000Z',
      recalledAt: null,
      recalledBy: null,
      recallReason: null,
      delivery: aDelivery({ state: 'sent' }),
    },
    {
      id: '11',
      assignee: { id: '8', realname: '林可' },
      assignedBy: null,
      reason: null,
      assignedAt: '2026-11-22T02:00:00.000Z',
      recalledAt: '2026-11-22T03:00:00.000Z',
      recalledBy: '周经理',
      recallReason: '客户要求',
      delivery: aDelivery({ id: '901', state: 'dead', reason: '线索已收回，不再提醒' }),
    },
  ],
}

const shut = () => document.querySelector<HTMLElement>('.el-drawer__close-btn')?.click()
/** In the drawer or dialog that is on top. */
const press = async (text: string) => {
  const found = [...document.querySelectorAll('.el-overlay button')].filter(
    (one) => one.textContent?.trim() === text,
  )
  const last = found.at(-1)
  if (!(last instanceof HTMLElement)) throw new Error(`no button 「${text}」`)
  last.click()
  await settle()
}

async function openDetail(shown = detail) {
  const played = playClues([owned])
  played.backend.on('GET /admin/clues/{id}', () => shown)
  return { ...played, ...(await openClues('/clues?q=恒泰&open=5')) }
}

// the question lies outside of what is unmounted
afterEach(settle)

describe('the detail of a lead', () => {
  it('opens by its link, with everything there is to know', async () => {
    await openDetail()
    const text = aboveThePage()
    for (const part of [
      '恒泰建材 采购咨询',
      '周女士',
      '13800001111',
      '上午十点前联系',
      'CRM-77',
      '客户要报价单',
    ])
      expect(text).toContain(part)
    expect(text).toMatch(
      /陈小舟.*王主管分配.*原因：林可休假.*已送达.*林可.*其他系统分配.*由周经理收回：客户要求.*不再发送/s,
    )
  })

  it('closes to the table as it was', async () => {
    const { asked } = await openDetail()
    shut()
    await settle()
    expect([asked(), aboveThePage()]).toEqual([{ q: '恒泰' }, ''])
  })

  it('is read again when something changed', async () => {
    const { backend, change } = await openDetail()
    backend.on('GET /admin/clues/{id}', () => ({ ...detail, phone: '13700003333' }))
    await change()
    expect(aboveThePage()).toContain('13700003333')
  })

  it('of none says so', async () => {
    const played = playClues([owned])
    played.backend.on('GET /admin/clues/{id}', () => new Refusal(404, '线索不存在或已删除'))
    await openClues('/clues?open=99')
    expect(aboveThePage()).toContain('线索不存在或已删除')
  })

  it('leads to 改派 and 编辑 of this lead', async () => {
    await openDetail()
    await press('改派')
    expect(document.querySelector('#assigning')?.textContent).toBe('5')
    await press('编辑')
    expect(document.querySelector<HTMLInputElement>('#clue-remark')?.value).toBe('上午十点前联系')
  })
})

describe('taking a lead back', () => {
  const reason = async (text: string) => {
    const field = document.querySelector<HTMLTextAreaElement>('#recall-reason')
    if (!field) throw new Error('no reason is asked for')
    field.value = text
    field.dispatchEvent(new Event('input'))
    await settle()
  }

  it('asks, and sends the reason with the version that was seen', async () => {
    const { backend } = await openDetail()
    backend.on('POST /admin/clues/{id}/recall', () => aClue({ id: '5' }))
    await press('收回')
    expect(backend.of('POST /admin/clues/{id}/recall')).toEqual([])
    expect(aboveThePage()).toContain('从 陈小舟 那里收回')
    await reason(' 客户要求 ')
    await press('收回')
    document.querySelector('.el-dialog form')?.dispatchEvent(new Event('submit', { cancelable: true }))
    await settle()
    expect(backend.of('POST /admin/clues/{id}/recall').map(({ path, body }) => [path, body])).toEqual([
      [{ id: '5' }, { version: 3, reason: '客户要求' }],
    ])
    expect(aboveThePage()).not.toContain('收回线索')
  })

  it('from somebody else than one thought asks again, with the reason kept', async () => {
    const { backend } = await openDetail()
    const present = { ...owned, version: 4, assigneeId: '8', assignee: { id: '8', realname: '林可' } }
    backend.on('POST /admin/clues/{id}/recall', () => new Refusal(409, '刚由周经理分配给林可', present))
    await press('收回')
    await reason('客户要求')
    await press('收回')
    expect(aboveThePage()).toContain('刚由周经理分配给林可')
    expect(aboveThePage()).toContain('从 林可 那里收回')
    expect(document.querySelector<HTMLTextAreaElement>('#recall-reason')?.value).toBe('客户要求')
    backend.on('POST /admin/clues/{id}/recall', () => aClue({ id: '5' }))
    await press('收回')
    expect(backend.of('POST /admin/clues/{id}/recall').map(({ body }) => body)).toEqual([
      { version: 3, reason: '客户要求' },
      { version: 4, reason: '客户要求' },
    ])
  })

  it('that somebody did already has nothing to do', async () => {
    const { backend } = await openDetail()
    const present = { ...owned, version: 4, assigneeId: null, assignee: null, assignedBy: null }
    backend.on('POST /admin/clues/{id}/recall', () => new Refusal(409, '线索没有负责人', present))
    await press('收回')
    await press('收回')
    expect(aboveThePage()).toContain('现在没有人负责，不用收回了')
    await press('知道了')
    expect(aboveThePage()).not.toContain('收回线索')
  })

  it('without a network keeps the reason, and the retry has the same key', async () => {
    const { backend } = await openDetail()
    backend.on('POST /admin/clues/{id}/recall', () => aClue({ id: '5' }))
    await press('收回')
    await reason('客户要求')
    backend.offline = true
    await press('收回')
    expect(aboveThePage()).toContain('连不上服务器')
    backend.offline = false
    await press('收回')
    const keys = backend
      .of('POST /admin/clues/{id}/recall')
      .map(({ headers }) => headers.get('idempotency-key'))
    expect(keys).toHaveLength(2)
    expect(new Set(keys).size).toBe(1)
  })
})

describe('deleting a lead', () => {
  it('asks first, and does nothing when it is not confirmed', async () => {
    const { backend } = await openDetail()
    await press('删除')
    expect(document.body.textContent).toContain('删除后不能恢复')
    await press('取消')
    expect(backend.of('DELETE /admin/clues/{id}')).toEqual([])
  })

  it('closes its detail and reads the table again', async () => {
    const played = await openDetail()
    const { backend, asked, titles } = played
    backend.on('DELETE /admin/clues/{id}', () => {
      played.clues = []
      return null
    })
    await press('删除')
    await press('删除')
    expect(backend.of('DELETE /admin/clues/{id}').map(({ path }) => path)).toEqual([{ id: '5' }])
    expect(asked()).toEqual({ q: '恒泰' })
    expect(backend.of('GET /admin/clues')).toHaveLength(2)
    expect(titles()).toHaveLength(1)
  })

  it('that somebody else deleted is done', async () => {
    const { backend, asked } = await openDetail()
    backend.on('DELETE /admin/clues/{id}', () => new Refusal(404, '线索不存在或已删除'))
    await press('删除')
    await press('删除')
    expect(asked()).toEqual({ q: '恒泰' })
    expect(document.body.textContent).toContain('已删除「恒泰建材 采购咨询」')
  })

  it('that fails leaves it open and says why', async () => {
    const { backend, asked } = await openDetail()
    backend.offline = true
    await press('删除')
    await press('删除')
    expect(document.body.textContent).toContain('连不上服务器')
    expect(asked()).toEqual({ q: '恒泰', open: '5' })
  })
})
