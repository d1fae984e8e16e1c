import { describe, expect, it, vi } from 'vitest'
import { Refusal } from '../../testing/backend.ts'
import { aClue, aDelivery, aMember } from '../../testing/made-up.ts'
import { settle } from '../../testing/open.ts'
import { leads, openClues, playClues } from './testing/clues-page.ts'

vi.mock('./AssignDialog.vue', () => ({
  __esModule: true,
  default: { template: '<i />', props: ['clues', 'open'] },
}))

describe('the table of leads', () => {
  it('shows who has a lead, who gave it and what became of the message', async () => {
    playClues([
      aClue({
        id: '1',
        assigneeId: '7',
        assignee: { id: '7', realname: '陈小舟' },
        assignedBy: '王主管',
        assignedAt: '2026-11-23T02:30:00.000Z',
        delivery: aDelivery({ state: 'waiting', reason: '订阅次数已用完' }),
      }),
      aClue({ id: '2', title: '青禾食品' }),
    ])
    const { rows } = await openClues()
    expect(rows()[0]?.text()).toMatch(
      /恒泰建材 采购咨询.*周女士.*13800001111.*待跟进.*陈小舟.*王主管分配.*等待中.*订阅次数已用完/,
    )
    expect(rows()[0]?.text()).toContain('改派')
    expect(rows()[1]?.text()).toContain('未分配')
  })

  it('asks for the leads that nobody has first', async () => {
    const { backend } = playClues(leads(1))
    await openClues()
    expect(backend.of('GET /admin/clues').map(({ query }) => query)).toEqual([{ order: 'unassigned-first' }])
  })

  it('is paged by the backend', async () => {
    playClues(leads(5), 2)
    const { titles, button, page } = await openClues()
    expect(titles()).toEqual(['线索 1', '线索 2'])
    button('下一页').click()
    await settle()
    expect(titles()).toEqual(['线索 3', '线索 4'])
    button('下一页').click()
    await settle()
    expect([titles(), page.text().includes('第 3 页')]).toEqual([['线索 5'], true])
    button('上一页').click()
    await settle()
    expect(titles()).toEqual(['线索 3', '线索 4'])
    button('首页').click()
    await settle()
    expect(titles()).toEqual(['线索 1', '线索 2'])
  })

  it('keeps its rows when a reading fails, says so, and reads again when asked', async () => {
    const played = playClues(leads(2))
    const { titles, change, page, button } = await openClues()
    played.backend.offline = true
    await change()
    expect(page.get('[role=alert]').text()).toContain('连不上服务器，请检查网络后重试')
    expect(titles()).toEqual(['线索 1', '线索 2'])
    played.backend.offline = false
    played.clues = leads(3)
    button('重试').click()
    await settle()
    expect([titles().length, page.find('[role=alert]').exists()]).toEqual([3, false])
  })

  it('that was never read is not called empty', async () => {
    const { backend } = playClues([])
    backend.on('GET /admin/clues', () => new Refusal(500, '服务器出错了，请稍后重试'))
    const { page } = await openClues()
    expect(page.text()).toContain('服务器出错了')
    expect(page.text()).not.toContain('还没有线索')
  })
})

describe('a filter', () => {
  it.each([
    ['/clues?q=恒泰', { q: '恒泰' }],
    ['/clues?status=won', { status: 'won' }],
    ['/clues?unassigned=1', { unassigned: '1' }],
    ['/clues?owner=7&status=following', { assigneeId: '7', status: 'following' }],
    ['/clues?status=lost&unassigned=maybe', {}],
  ])('of the address %s is asked for', async (path, query) => {
    const { backend } = playClues(leads(1))
    backend.on('GET /admin/staff/{id}', () => ({ ...aMember(), ledger: [] }))
    await openClues(path)
    expect(backend.of('GET /admin/clues').map((call) => call.query)).toEqual([
      { order: 'unassigned-first', ...query },
    ])
  })

  it('of an owner shows the name', async () => {
    const { backend } = playClues(leads(1))
    backend.on('GET /admin/staff/{id}', ({ path }) => ({ ...aMember({ id: path.id ?? '' }), ledger: [] }))
    const { page } = await openClues('/clues?owner=7')
    expect(page.get('.owner').text()).toContain('陈小舟')
  })

  it('goes into the address and begins at the first page', async () => {
    const { backend } = playClues(leads(5), 2)
    const { button, asked } = await openClues()
    button('下一页').click()
    await settle()
    button('跟进中').click()
    await settle()
    expect(asked()).toEqual({ status: 'following' })
    expect(backend.of('GET /admin/clues').at(-1)?.query).toEqual({
      order: 'unassigned-first',
      status: 'following',
    })
    button('全部').click()
    await settle()
    expect(asked()).toEqual({})
  })

  it('只看未分配 takes the place of an owner', async () => {
    const { backend } = playClues(leads(1))
    backend.on('GET /admin/staff/{id}', () => ({ ...aMember(), ledger: [] }))
    const { page, asked } = await openClues('/clues?owner=7&q=恒泰')
    await page.get('.filters .el-checkbox input').setValue(true)
    await settle()
    expect(asked()).toEqual({ q: '恒泰', unassigned: '1' })
  })

  it('of text waits until the clerk stops typing, and not after Enter', async () => {
    vi.useFakeTimers()
    const { backend } = playClues(leads(1))
    const { page, asked } = await openClues()
    const search = page.get('input[type=search]')
    await search.setValue('恒')
    vi.advanceTimersByTime(299)
    await search.setValue('恒泰 ')
    vi.advanceTimersByTime(299)
    await settle()
    expect(asked()).toEqual({})
    vi.advanceTimersByTime(1)
    await settle()
    expect(asked()).toEqual({ q: '恒泰' })

    await search.setValue('青禾')
    await search.trigger('keydown', { key: 'Enter', isComposing: true })
    await settle()
    expect(asked()).toEqual({ q: '恒泰' })
    await search.trigger('keydown', { key: 'Enter' })
    await settle()
    expect(asked()).toEqual({ q: '青禾' })
    vi.advanceTimersByTime(1000)
    await settle()
    expect(backend.of('GET /admin/clues').map(({ query }) => query.q)).toEqual([undefined, '恒泰', '青禾'])
  })

  it('of text never takes away what is being typed', async () => {
    vi.useFakeTimers()
    playClues(leads(1))
    const { page } = await openClues()
    const search = page.get<HTMLInputElement>('input[type=search]')
    await search.setValue('恒')
    vi.advanceTimersByTime(300)
    await search.setValue('恒泰建')
    await settle()
    expect(search.element.value).toBe('恒泰建')
  })

  it('that comes with going back is shown in the field', async () => {
    playClues(leads(1))
    const { page, router } = await openClues('/clues?q=恒泰')
    await router.push('/clues?q=青禾')
    await settle()
    expect(page.get<HTMLInputElement>('input[type=search]').element.value).toBe('青禾')
  })
})

describe('no lead', () => {
  it('at all: it says how to get some', async () => {
    playClues([])
    const { page, button } = await openClues()
    expect(page.text()).toContain('还没有线索。录入第一条，或者从 CSV、Excel 导入。')
    expect(page.get('a[href="/import"]').text()).toBe('导入线索')
    button('录入线索').click()
    await settle()
    expect(document.body.textContent).toContain('新建线索')
  })

  it('that fits: the filters can be cleared', async () => {
    const played = playClues([])
    const { page, asked, titles } = await openClues('/clues?q=恒泰&status=won')
    expect(page.text()).toContain('没有符合条件的线索')
    played.clues = leads(1)
    await page.get('.none button').trigger('click')
    await settle()
    expect([asked(), titles()]).toEqual([{}, ['线索 1']])
    expect(page.get<HTMLInputElement>('input[type=search]').element.value).toBe('')
  })

  it('on this page any more: it leads back to the first', async () => {
    const played = playClues(leads(3), 2)
    const { page, button, change, titles } = await openClues()
    button('下一页').click()
    await settle()
    played.clues = leads(2)
    await change()
    expect(page.text()).toContain('这一页的线索都已移到别处')
    await page.get('.none button').trigger('click')
    await settle()
    expect(titles()).toEqual(['线索 1', '线索 2'])
  })
})

describe('a message that rings while one looks', () => {
  const assigned = { assigneeId: '7', assignee: { id: '7', realname: '陈小舟' } }
  const sent = (id: string) => aDelivery({ id, state: 'sent' })
  const queued = (id: string) => aDelivery({ id, state: 'ready' })

  it('is told and lights up its row for a moment', async () => {
    vi.useFakeTimers()
    const played = playClues([
      aClue({ ...assigned, delivery: queued('900') }),
      aClue({ id: '2', title: '青禾' }),
    ])
    const { page, rows, change } = await openClues()
    expect(page.get('[aria-live=polite].heard').text()).toBe('')
    played.clues = played.clues.map((clue) => (clue.id === '1' ? { ...clue, delivery: sent('900') } : clue))
    await change()
    expect(page.get('[aria-live=polite].heard').text()).toBe('「恒泰建材 采购咨询」已送达')
    expect(rows().map((row) => row.classes('just-sent'))).toEqual([true, false])
    vi.advanceTimersByTime(4000)
    await settle()
    expect(rows().map((row) => row.classes('just-sent'))).toEqual([false, false])
  })

  it('is not told of what had rung before, or is seen for the first time', async () => {
    const played = playClues([aClue({ ...assigned, delivery: sent('900') })])
    const { page, change } = await openClues()
    played.clues = [...played.clues, aClue({ id: '2', ...assigned, delivery: sent('901') })]
    await change()
    expect(page.get('[aria-live=polite].heard').text()).toBe('')
  })

  it('is told when it rang between two readings, and when the lead rang for its next owner', async () => {
    vi.useFakeTimers()
    const played = playClues([aClue({ title: '甲' }), aClue({ id: '2', title: '乙', delivery: sent('900') })])
    const { page, change } = await openClues()
    played.clues = [
      aClue({ title: '甲', delivery: sent('901') }),
      aClue({ id: '2', title: '乙', delivery: sent('902') }),
    ]
    await change()
    expect(page.get('[aria-live=polite].heard').text()).toBe('「甲」、「乙」已送达')
  })

  it('names three of many', async () => {
    const played = playClues(leads(5, { delivery: queued('900') }))
    const { page, change } = await openClues()
    played.clues = leads(5, { delivery: sent('900') })
    await change()
    expect(page.get('[aria-live=polite].heard').text()).toBe(
      '「线索 1」、「线索 2」、「线索 3」等 5 条已送达',
    )
  })
})
