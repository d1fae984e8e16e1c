import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { replay, SAME_ACCEPTANCE_MS, type LedgerFact } from './ledger-replay.ts'

const report = (at: number): LedgerFact => ({ kind: 'grant', source: 'report', at })
const event = (at: number): LedgerFact => ({ kind: 'grant', source: 'event', at })
const spend = (at: number): LedgerFact => ({ kind: 'spend', at })
const zero = (at: number): LedgerFact => ({ kind: 'zero', at })
const MINUTE = 60_000

const anyFact = fc
  .tuple(fc.constantFrom(report, event, spend, zero), fc.integer({ min: 0, max: 20 * MINUTE }))
  .map(([make, at]) => make(at))

describe('the replay of a lane', () => {
  it.each<[string, LedgerFact[], number]>([
    ['a report', [report(0)], 1],
    ['a report and the event of the same panel', [report(0), event(3000)], 1],
    ['an event that no report goes with', [event(0)], 1],
    ['two panels, both told twice', [report(0), event(1000), report(MINUTE), event(MINUTE + 1000)], 2],
    ['an event too far away to be the same panel', [report(0), event(SAME_ACCEPTANCE_MS + 1)], 2],
    ['as many pairs as there can be', [report(0), report(100_000), event(60_000), event(200_000)], 2],
    ['a message nobody had paid for costs nothing', [spend(0), report(MINUTE)], 1],
    ['a grant heard of after its message', [spend(MINUTE), report(0)], 0],
    ['nothing is left after a zero', [report(0), report(MINUTE), zero(2 * MINUTE)], 0],
    ['what is accepted after a zero counts', [report(0), zero(MINUTE), report(5 * MINUTE)], 1],
    ['of two clocks the earlier one', [spend(500), report(0), event(999)], 0],
    ['the same instant: the zero takes it', [zero(0), report(0)], 0],
  ])('%s', (_, facts, balance) => {
    expect(replay(facts)).toBe(balance)
  })

  it('does not depend on the order in which it was heard of', () => {
    fc.assert(
      fc.property(fc.array(anyFact, { maxLength: 12 }), fc.infiniteStream(fc.nat()), (facts, random) => {
        const keyed = facts.map((fact) => ({ fact, key: Number(random.next().value) }))
        const shuffled = keyed.sort((a, b) => a.key - b.key).map(({ fact }) => fact)
        expect(replay(shuffled)).toBe(replay(facts))
      }),
    )
  })

  it('is moved by one more fact no further than that fact may move it', () => {
    fc.assert(
      fc.property(fc.array(anyFact, { maxLength: 12 }), anyFact, (facts, more) => {
        const before = replay(facts)
        const change = replay([...facts, more]) - before
        // a second word may tell that the acceptance was before a zero
        if (more.kind === 'grant') expect([-1, 0, 1]).toContain(change)
        else if (more.kind === 'spend') expect([-1, 0]).toContain(change)
        else expect(change).toBeLessThanOrEqual(0)
      }),
      { numRuns: 20_000 },
    )
  })
})
