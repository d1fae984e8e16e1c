import type { Clue } from '@leadbell/contract'
import { beforeEach, describe, expect, it } from 'vitest'
import { useClueList } from '@/stores/clue-list.ts'
import { aClue, ok, type Reply } from '../fakes/backend.ts'
import { servePages } from '../fakes/clue-pages.ts'
import { useFakeHost, type FakeHost } from '../fakes/host.ts'

const READ_AT = '2026-11-23T02:00:00.000Z'
let host: FakeHost
let clues: Clue[]
const shown = () => useClueList().items.map(({ id }) => id)

beforeEach(async () => {
  host = useFakeHost({ loggedIn: true })
  clues = [aClue('3', { customerName: '李女士' }), aClue('2', { status: 'won' }), aClue('1')]
  servePages(host, () => clues)
  await useClueList().refresh()
})

/** Answers to the list in the order the test gives them. */
function holdAnswers(): ((reply: Reply) => void)[] {
  const held: ((reply: Reply) => void)[] = []
  host.backend['GET /clues'] = () => new Promise((resolve) => held.push(resolve))
  return held
}
const page = (id: string) => ok({ items: [aClue(id)], nextCursor: null, unread: 9 })

describe('filter and search', () => {
  it('ask the backend for what was chosen, and for nothing that was not', async () => {
    await useClueList().show({ status: 'won' })
    expect(shown()).toEqual(['2'])
    await useClueList().show({ status: null, q: '李' })
    expect(shown()).toEqual(['3'])
    expect(host.requests('GET /clues').map(({ query }) => query)).toEqual([
      {},
      { status: 'won' },
      { q: '李' },
    ])
    expect(useClueList().isFiltered).toBe(true)
  })

  it('take what is shown away at once', () => {
    void useClueList().show({ status: 'won' })
    expect(shown()).toEqual([])
    expect(useClueList().state.kind).toBe('loading')
  })

  it('chosen again ask nothing', async () => {
    await useClueList().show({ status: null, q: '' })
    expect(host.requests('GET /clues')).toHaveLength(1)
  })

  it('a late answer to an earlier question is dropped, its failure too', async () => {
    const held = holdAnswers()
    const asked = [useClueList().show({ status: 'won' }), useClueList().show({ status: 'invalid' })]
    await host.settled()
    held[1]?.(page('22'))
    await host.settled()
    held[0]?.('offline')
    await Promise.all(asked)
    expect(shown()).toEqual(['22'])
    expect(useClueList().state.kind).toBe('ready')
  })

  it('a refresh under way for the former filter does not stand in for the new one', async () => {
    const held = holdAnswers()
    const former = useClueList().refresh()
    const asked = useClueList().show({ status: 'won' })
    await host.settled()
    expect(held).toHaveLength(2)
    held.forEach((answer, n) => answer(page(String(n))))
    await Promise.all([former, asked])
    expect(shown()).toEqual(['1'])
  })

  it('more of the former filter is dropped', async () => {
    clues = Array.from({ length: 30 }, (_, n) => aClue(String(90 - n)))
    await useClueList().refresh()
    const held = holdAnswers()
    const more = useClueList().loadMore()
    const asked = useClueList().show({ status: 'won' })
    await host.settled()
    held[1]?.(page('22'))
    await host.settled()
    held[0]?.(page('70'))
    await Promise.all([more, asked])
    expect(shown()).toEqual(['22'])
    expect(useClueList().more).toBe('end')
  })

  it('a filtered list is not what the phone remembers', async () => {
    await useClueList().show({ status: 'won' })
    expect(host.stored('leadbell.clues')).toMatchObject({ items: [{ id: '3' }, { id: '2' }, { id: '1' }] })
  })
})

describe('a lead that changed on its own page', () => {
  it('changes in the list', () => {
    useClueList().update({ ...aClue('1'), status: 'following' })
    expect(useClueList().find('1')).toMatchObject({ status: 'following' })
  })

  it('leaves a list whose filter no longer takes it', async () => {
    await useClueList().show({ status: 'pending' })
    useClueList().update({ ...aClue('1'), status: 'won' })
    expect(shown()).toEqual(['3'])
  })

  it('leaves the list when it is gone', () => {
    useClueList().remove('2')
    expect(shown()).toEqual(['3', '1'])
  })

  it('opened for the first time, it is no longer new, and counted once', () => {
    useClueList().markRead('1', READ_AT)
    useClueList().markRead('1', READ_AT)
    expect(useClueList().find('1')?.readAt).toBe(READ_AT)
    expect(useClueList().unread).toBe(2)
  })

  it('that is not in the list changes nothing', () => {
    useClueList().markRead('99', READ_AT)
    useClueList().update(aClue('99'))
    expect(shown()).toEqual(['3', '2', '1'])
    expect(useClueList().unread).toBe(3)
  })
})
