import type { Clue } from '@leadbell/contract'
import { createPinia, setActivePinia } from 'pinia'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { useClueList, type ClueFilter } from '@/stores/clue-list.ts'
import { aClue, ok, type Reply } from '../fakes/backend.ts'
import { pageOf } from '../fakes/clue-pages.ts'
import { useFakeHost } from '../fakes/host.ts'

/** Small, so that a short walk meets many borders. */
const PAGE_SIZE = 3

type Step =
  | { do: 'refresh' | 'refresh by hand' | 'load more' | 'a lead is assigned' }
  | { do: 'a lead goes' | 'a lead is won' | 'a lead is assigned again'; which: number }
  | { do: 'an answer arrives' | 'an answer is lost'; which: number }
  | { do: 'filter'; status: Clue['status'] | null }
  | { do: 'search'; q: string }

const which = fc.nat(20)
const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({
      do: fc.constantFrom('refresh', 'refresh by hand', 'load more', 'load more', 'a lead is assigned'),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constantFrom('a lead goes', 'a lead is won', 'a lead is assigned again'),
      which,
    }),
  },
  { weight: 4, arbitrary: fc.record({ do: fc.constant('an answer arrives' as const), which }) },
  fc.record({ do: fc.constant('an answer is lost' as const), which }),
  fc.record({ do: fc.constant('filter' as const), status: fc.constantFrom('pending', 'won', null) }),
  fc.record({ do: fc.constant('search' as const), q: fc.constantFrom('', '咨询 1') }),
)

/** A backend whose leads change, and whose answers arrive when and in what order a step says. */
function createScene(count: number) {
  setActivePinia(createPinia())
  const host = useFakeHost({ loggedIn: true })
  let made = 0
  const isNow = () => new Date(++made * 1000).toISOString()
  const newClue = (): Clue => ({ ...aClue(String(made + 1)), assignedAt: isNow() })
  let clues: Clue[] = []
  for (let n = 0; n < count; n++) clues.unshift(newClue())
  const held: ((reply?: Reply) => void)[] = []
  let isHolding = true
  host.backend['GET /clues'] = ({ query }) => {
    const reply = ok(pageOf(clues, query, PAGE_SIZE))
    return isHolding ? new Promise((resolve) => held.push((other) => resolve(other ?? reply))) : reply
  }
  const answer = (place: number, other?: Reply) => held.splice(place % held.length, 1)[0]?.(other)

  return {
    host,
    clues: () => clues,
    take(next: Step): void {
      const list = useClueList()
      const chosen = 'which' in next ? clues[next.which % clues.length] : undefined
      const others = clues.filter((clue) => clue !== chosen)
      switch (next.do) {
        case 'refresh':
          return void list.refresh()
        case 'refresh by hand':
          return void list.refreshAnew()
        case 'load more':
          return void list.loadMore()
        case 'filter':
          return void list.show({ status: next.status })
        case 'search':
          return void list.show({ q: next.q })
        case 'a lead is assigned':
          clues = [newClue(), ...clues]
          return
        case 'a lead goes':
          clues = others
          return
        case 'a lead is won':
          clues = clues.map((clue) => (clue === chosen ? { ...clue, status: 'won' } : clue))
          return
        case 'a lead is assigned again':
          if (chosen) clues = [{ ...chosen, assignedAt: isNow() }, ...others]
          return
        case 'an answer arrives':
          return void answer(next.which)
        case 'an answer is lost':
          return void answer(next.which, 'timeout')
      }
    },
    async letAllArrive(): Promise<void> {
      isHolding = false
      while (held.length > 0) answer(0)
      await host.settled()
    },
  }
}

const matches = ({ status, q }: ClueFilter, clue: Clue) =>
  (status === null || clue.status === status) && clue.title.includes(q)

/** Walks, then lets every answer arrive. No lead may ever be shown twice, out of order or under a wrong filter. */
async function walk(count: number, steps: Step[]) {
  const scene = createScene(count)
  const list = useClueList()
  for (const next of steps) {
    scene.take(next)
    await scene.host.settled()
    const shown = list.items.map(({ id }) => id)
    expect(new Set(shown).size, `doubles in ${shown}`).toBe(shown.length)
    const order = list.items.map(({ assignedAt }) => assignedAt ?? '')
    expect(order).toEqual([...order].sort().reverse())
    expect(list.items.filter((clue) => !matches(list.filter, clue))).toEqual([])
  }
  await scene.letAllArrive()
  return scene
}

async function expectAll(clues: Clue[]): Promise<void> {
  const list = useClueList()
  for (let page = 0; list.more !== 'end' && page < 20; page++) await list.loadMore()
  expect(list.items).toEqual(clues.filter((clue) => matches(list.filter, clue)))
  expect(list).toMatchObject({ state: { kind: 'ready', savedAt: null }, more: 'end' })
}

const steps = fc.array(step, { maxLength: 30, size: 'max' })
const movesUpOnly = ({ do: kind }: Step) =>
  kind !== 'a lead goes' && kind !== 'a lead is won' && kind !== 'refresh by hand'

const arrives: Step = { do: 'an answer arrives', which: 0 }
const scrolled = (pages: number): Step[] => [
  { do: 'refresh' },
  arrives,
  ...Array.from({ length: pages }, () => [{ do: 'load more' } as const, arrives]).flat(),
]
const again = (which: number): Step => ({ do: 'a lead is assigned again', which })
const assigned: Step = { do: 'a lead is assigned' }

/** Rare by chance: each once was, or would be, a gap or a double. */
const examples: [number, Step[]][] = [
  // The new first page ends with a lead that stood far down.
  [9, [...scrolled(2), again(5), again(3), again(3)]],
  // More arrives after the list has begun anew.
  [
    9,
    [
      ...scrolled(0),
      { do: 'load more' },
      ...Array(4).fill(assigned),
      { do: 'refresh' },
      { ...arrives, which: 1 },
    ],
  ],
  // More arrives with a lead that has gone to the top meanwhile.
  [9, [...scrolled(0), { do: 'load more' }, again(4), { do: 'refresh' }, { ...arrives, which: 1 }, arrives]],
]

describe('whatever is refreshed, scrolled, filtered and changed, in whatever order the answers come', () => {
  it('a refresh by hand and a scroll to the end show what the backend has', async () => {
    await fc.assert(
      fc.asyncProperty(fc.nat(14), steps, async (count, taken) => {
        const { clues } = await walk(count, taken)
        await useClueList().refreshAnew()
        await expectAll(clues())
      }),
      { numRuns: 150, examples },
    )
  }, 30_000)

  it('so does any refresh, as long as leads are only assigned: nothing falls between what is kept and what is new', async () => {
    const upwards = steps.map((taken) => taken.filter(movesUpOnly))
    await fc.assert(
      fc.asyncProperty(fc.nat(14), upwards, async (count, taken) => {
        const { clues } = await walk(count, taken)
        await useClueList().refresh()
        await expectAll(clues())
      }),
      { numRuns: 150, examples },
    )
  }, 30_000)
})
