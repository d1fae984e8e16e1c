import type { ClueStatus } from '@leadbell/contract'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { buildMessage } from './messages.ts'

const statuses: ClueStatus[] = ['pending', 'following', 'won', 'invalid']

describe('the message about an assigned clue', () => {
  it('fills every key of the template within its limit, whatever the clue holds', () => {
    const clue = fc.record({
      clueId: fc.string({ unit: 'grapheme', minLength: 1 }),
      title: fc.string({ unit: 'binary', maxLength: 120 }),
      status: fc.constantFrom(...statuses),
      assignedAt: fc.date({ min: new Date('2000-01-01'), max: new Date('2100-01-01'), noInvalidDate: true }),
    })
    fc.assert(
      fc.property(clue, (facts) => {
        const { page, data } = buildMessage['clue-assigned'](facts)
        expect(Object.keys(data)).toEqual(['thing1', 'time2', 'phrase3'])
        expect(data.thing1.value.length).toBeGreaterThan(0)
        expect(data.thing1.value.length).toBeLessThanOrEqual(20)
        expect(data.thing1.value).not.toMatch(/\p{C}/u)
        expect(data.time2.value).toMatch(/^\d{4}-\d{2}-\d{2} ([01]\d|2[0-3]):[0-5]\d$/)
        expect(data.phrase3.value).toMatch(/^\p{Script=Han}{1,5}$/u)
        expect(new URL(page, 'http://localhost').searchParams.get('id')).toBe(facts.clueId)
      }),
      { numRuns: 500 },
    )
  })

  it('opens the clue, without a leading slash', () => {
    const facts = { clueId: '7&x=1', title: '线索', status: 'pending' as const, assignedAt: new Date() }
    expect(buildMessage['clue-assigned'](facts).page).toBe('pages/clue/detail?id=7%26x%3D1')
  })
})
