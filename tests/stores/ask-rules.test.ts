import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { decideAsk, type AskSituation } from '@/stores/ask-rules.ts'

const template = fc.record({
  templateId: fc.constantFrom('T1', 'T2', 'T3'),
  kept: fc.constantFrom<AskSituation['templates'][number]['kept']>('accept', 'reject', 'undecided'),
  left: fc.option(fc.nat(20)),
})

const situation: fc.Arbitrary<AskSituation> = fc.record({
  templates: fc.uniqueArray(template, { selector: ({ templateId }) => templateId, maxLength: 3 }),
  mainSwitch: fc.option(fc.boolean()),
  now: fc.integer({ min: 0, max: 1000 }),
  lastPanelAt: fc.option(fc.integer({ min: 0, max: 1000 })),
  askBelow: fc.integer({ min: 1, max: 20 }),
  pauseMs: fc.nat(500),
})

const check = (holds: (given: AskSituation, decision: ReturnType<typeof decideAsk>) => void) =>
  fc.assert(
    fc.property(situation, (given) => holds(given, decideAsk(given))),
    { numRuns: 2000 },
  )

const idsOf = (templates: AskSituation['templates']) => templates.map(({ templateId }) => templateId)
const one = (
  more: Partial<AskSituation>,
  kept: 'accept' | 'reject' | 'undecided' = 'undecided',
  left: number | null = 0,
) =>
  decideAsk({
    templates: [{ templateId: 'T1', kept, left }],
    mainSwitch: true,
    now: 1_000_000,
    lastPanelAt: null,
    askBelow: 3,
    pauseMs: 60_000,
    ...more,
  })

describe('when a tap that is made anyway may ask', () => {
  it('with the main switch off: never', () => {
    check((given, decision) => {
      if (given.mainSwitch === false) expect(decision).toEqual({ kind: 'not' })
    })
  })

  it('a kept accept is always taken along, alone, and never with a panel', () => {
    check((given, decision) => {
      const kept = given.templates.filter((one) => one.kept === 'accept')
      if (kept.length > 0 && given.mainSwitch !== false) {
        expect(decision).toEqual({ kind: 'silently', tmplIds: idsOf(kept) })
      } else expect(decision.kind).not.toBe('silently')
    })
  })

  it('a panel comes never within the pause, never at or above the threshold, never for a kept or unknown choice', () => {
    check((given, decision) => {
      if (decision.kind !== 'with-panel') return
      const { now, lastPanelAt, pauseMs, askBelow } = given
      if (lastPanelAt !== null && now >= lastPanelAt)
        expect(now - lastPanelAt).toBeGreaterThanOrEqual(pauseMs)
      expect(given.mainSwitch).toBe(true)
      expect(decision.tmplIds).not.toEqual([])
      for (const { templateId, kept, left } of given.templates) {
        if (!decision.tmplIds.includes(templateId)) continue
        expect(kept).toBe('undecided')
        expect(left).not.toBeNull()
        expect(left).toBeLessThan(askBelow)
      }
    })
  })

  it('a panel comes when everything allows it, with every scarce template at once', () => {
    check((given, decision) => {
      const scarce = given.templates.filter(
        ({ kept, left }) => kept === 'undecided' && left !== null && left < given.askBelow,
      )
      const isAllowed = given.mainSwitch === true && given.lastPanelAt === null && scarce.length > 0
      if (!isAllowed || given.templates.some(({ kept }) => kept === 'accept')) return
      expect(decision).toEqual({ kind: 'with-panel', tmplIds: idsOf(scarce) })
    })
  })

  it('the same situation is decided the same way, and left as it is', () => {
    check((given, decision) => {
      const before = structuredClone(given)
      expect(decideAsk(given)).toEqual(decision)
      expect(given).toEqual(before)
    })
  })
})

describe('the edges', () => {
  it.each([
    ['one below the threshold', one({}, 'undecided', 2), 'with-panel'],
    ['at the threshold', one({}, 'undecided', 3), 'not'],
    ['not known how many', one({}, 'undecided', null), 'not'],
    ['the last moment of the pause', one({ lastPanelAt: 1_000_000 - 59_999 }), 'not'],
    ['the pause is over', one({ lastPanelAt: 1_000_000 - 60_000 }), 'with-panel'],
    ['the clock was set back', one({ lastPanelAt: 2_000_000 }), 'with-panel'],
    ['no pause configured', one({ lastPanelAt: 1_000_000, pauseMs: 0 }), 'with-panel'],
    ['kept as refused', one({}, 'reject'), 'not'],
    ['the main switch is not known', one({ mainSwitch: null }), 'not'],
    ['the main switch is not known, kept as accepted', one({ mainSwitch: null }, 'accept'), 'silently'],
    ['no template at all', one({ templates: [] }), 'not'],
  ])('%s: %o', (_case, decision, kind) => {
    expect(decision.kind).toBe(kind)
  })
})
