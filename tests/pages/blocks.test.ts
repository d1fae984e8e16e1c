import { mount } from '@vue/test-utils'
import fc from 'fast-check'
import { beforeEach, describe, expect, it, vi } from 'vitest'
import { defineComponent, h, nextTick, ref } from 'vue'
import { BLOCK_SIZE, blocksAround } from '@/pages/clue/blocks.ts'
import { assignedWhen, statusWord, when } from '@/pages/clue/clue-words.ts'
import { useBlockInView } from '@/pages/clue/use-block-in-view.ts'
import { aClue } from '../fakes/backend.ts'
import { useFakeHost, type FakeHost } from '../fakes/host.ts'

const some = (count: number) => Array.from({ length: count }, (_, n) => aClue(String(n)))

describe('what the view is given of a list', () => {
  it('never more than five blocks of rows, however long the list and wherever the user is', () => {
    fc.assert(
      fc.property(fc.nat(1200), fc.nat(80), (count, center) => {
        const blocks = blocksAround(some(count), center)
        const withRows = blocks.filter(({ rows }) => rows !== null)
        expect(withRows.length).toBeLessThanOrEqual(5)
        expect(blocks.reduce((sum, block) => sum + block.count, 0)).toBe(count)
        for (const { rows, count: said } of withRows) expect(rows).toHaveLength(said)
        const middle = blocks[Math.min(center, blocks.length - 1)]
        if (middle) expect(middle.rows).not.toBeNull()
      }),
      { numRuns: 100 },
    )
  })

  it('costs the same at page 50 as at page 3: under 64 KB', () => {
    const bytes = (count: number, center: number) => JSON.stringify(blocksAround(some(count), center)).length
    const early = bytes(5 * BLOCK_SIZE, 2)
    expect(bytes(50 * BLOCK_SIZE, 25) - early).toBeLessThan(2000)
    expect(early).toBeLessThan(64 * 1024)
  })

  it('a lead that was opened is no longer marked', () => {
    const [block] = blocksAround([aClue('1'), aClue('2', { readAt: '2026-11-23T02:00:00.000Z' })], 0)
    expect(block?.rows?.map(({ isUnread }) => isUnread)).toEqual([true, false])
  })
})

describe('the block in view', () => {
  let host: FakeHost
  const count = ref(0)
  let block: ReturnType<typeof useBlockInView>
  const List = defineComponent(() => {
    block = useBlockInView('.block', count)
    return () => h('view')
  })

  beforeEach(() => {
    host = useFakeHost()
    count.value = 0
  })

  it('is told by an observer with a margin, as soon as there is a block', async () => {
    mount(List)
    await nextTick()
    expect(host.observers.created()).toBe(0)
    count.value = 3
    await nextTick()
    await nextTick()
    expect(host.observers.connected()).toMatchObject([
      { selector: '.block', margins: { top: 1000, bottom: 1000 } },
    ])
    host.observers.block(2)
    expect(block.value).toBe(2)
    host.observers.block(1, 0)
    expect(block.value).toBe(2)
  })

  it('more blocks are observed by one observer, and none is left behind with the page', async () => {
    const page = mount(List)
    for (const blocks of [1, 2, 3]) {
      count.value = blocks
      await nextTick()
      await nextTick()
    }
    expect(host.observers.connected()).toHaveLength(1)
    page.unmount()
    expect(host.observers.connected()).toEqual([])
  })

  it('stays the first on a host without observers', async () => {
    delete host.uni.createIntersectionObserver
    mount(List)
    count.value = 3
    await nextTick()
    await host.settled()
    expect(block.value).toBe(0)
  })
})

describe('words of a lead', () => {
  it.each([
    ['pending', '待跟进'],
    ['following', '跟进中'],
    ['won', '已成交'],
    ['invalid', '无效'],
  ] as const)('%s is %s', (status, word) => {
    expect(statusWord(status)).toBe(word)
  })

  it('a time of this year goes without the year', () => {
    vi.useFakeTimers({ now: new Date(2026, 10, 23, 12, 0) })
    expect(when(new Date(2026, 0, 5, 9, 7).getTime())).toBe('1月5日 09:07')
    expect(when(new Date(2025, 11, 31, 23, 59).toISOString())).toBe('2025年12月31日 23:59')
  })

  it('a lead without an assignment has no time', () => {
    expect(assignedWhen(aClue('1', { assignedAt: null }))).toBe('')
  })
})
