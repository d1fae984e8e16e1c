import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { aMember } from '../../../testing/made-up.ts'
import { distribute } from './distribution.ts'

const someClues = fc.integer({ min: 0, max: 200 }).map((count) => Array.from({ length: count }, (_, n) => n))
const someMembers = fc.array(
  fc.record({ left: fc.integer({ min: 0, max: 60 }), bound: fc.boolean(), disabled: fc.boolean() }),
  { minLength: 1, maxLength: 12 },
)
const membersOf = (drawn: { left: number; bound: boolean; disabled: boolean }[]) =>
  drawn.map(({ left, bound, disabled }, n) =>
    aMember({ id: String(n), bound, disabled, quota: { TPL: left } }),
  )
const ringableLeft = (member: ReturnType<typeof aMember>) =>
  member.bound && !member.disabled ? (member.quota.TPL ?? 0) : 0
const sizes = (shares: { clues: unknown[] }[]) => shares.map(({ clues }) => clues.length)

describe('whichever way', () => {
  it('every lead goes to exactly one person, and rings are what the person has left', () => {
    fc.assert(
      fc.property(
        someClues,
        someMembers,
        fc.constantFrom('even' as const, 'by-quota' as const),
        (clues, drawn, way) => {
          const members = membersOf(drawn)
          const shares = distribute(clues, members, way)
          expect(shares.map(({ member }) => member)).toEqual(members)
          expect(shares.flatMap((share) => share.clues).sort((a, b) => a - b)).toEqual(clues)
          for (const { member, clues: has, rings } of shares)
            expect(rings).toBe(Math.min(has.length, ringableLeft(member)))
        },
      ),
    )
  })

  it('nobody to give them to gives nothing', () => expect(distribute([1, 2], [], 'even')).toEqual([]))
})

describe('evenly', () => {
  it('loads differ by one lead at most, and leads go round in order', () => {
    fc.assert(
      fc.property(someClues, someMembers, (clues, drawn) => {
        const shares = distribute(clues, membersOf(drawn), 'even')
        const loads = sizes(shares)
        expect(Math.max(...loads) - Math.min(...loads)).toBeLessThanOrEqual(1)
        for (const [turn, share] of shares.entries())
          expect(share.clues).toEqual(clues.filter((n) => n % shares.length === turn))
      }),
    )
  })
})

describe('by what is left', () => {
  it('nobody gets more than rings while somebody else could still be rung', () => {
    fc.assert(
      fc.property(someClues, someMembers, (clues, drawn) => {
        const shares = distribute(clues, membersOf(drawn), 'by-quota')
        const overfull = shares.some(({ clues: has, rings }) => has.length > rings)
        const spare = shares.some(({ member, rings }) => rings < ringableLeft(member))
        expect(overfull && spare).toBe(false)
      }),
    )
  })

  it('rings as often as can be', () => {
    fc.assert(
      fc.property(someClues, someMembers, (clues, drawn) => {
        const members = membersOf(drawn)
        const rings = distribute(clues, members, 'by-quota').reduce((sum, share) => sum + share.rings, 0)
        const all = members.reduce((sum, member) => sum + ringableLeft(member), 0)
        expect(rings).toBe(Math.min(clues.length, all))
      }),
    )
  })

  it('fills up whoever has few and evens out among the others', () => {
    const members = membersOf([
      { left: 2, bound: true, disabled: false },
      { left: 50, bound: true, disabled: false },
      { left: 9, bound: false, disabled: false },
      { left: 50, bound: true, disabled: false },
    ])
    expect(
      sizes(
        distribute(
          Array.from({ length: 20 }, (_, n) => n),
          members,
          'by-quota',
        ),
      ),
    ).toEqual([2, 9, 0, 9])
  })
})
