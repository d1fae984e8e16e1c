import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { dayAfter, daysOf, everyDay, momentsOf, queryOf, rangeOf, shortDay, type Range } from './range.ts'

const lateInTheEvening = new Date('2026-11-23T16:30:00.000Z')

describe('the days of a range', () => {
  it('end with today in Beijing, where it is tomorrow already', () => {
    expect(daysOf({ kind: 'latest', count: 7 }, lateInTheEvening)).toEqual({
      first: '2026-11-18',
      last: '2026-11-24',
    })
    expect(daysOf({ kind: 'latest', count: 30 }, lateInTheEvening).first).toBe('2026-10-26')
  })

  it('are whole ones, from midnight to midnight', () => {
    expect(momentsOf({ first: '2026-02-28', last: '2026-02-28' })).toEqual({
      from: '2026-02-28T00:00:00.000+08:00',
      to: '2026-03-01T00:00:00.000+08:00',
    })
  })

  it('go over the ends of months, years and February', () => {
    expect(dayAfter('2027-12-31', 1)).toBe('2028-01-01')
    expect(dayAfter('2028-02-28', 1)).toBe('2028-02-29')
    expect(dayAfter('2026-03-01', -1)).toBe('2026-02-28')
  })

  it('are short below a chart', () => expect(shortDay('2026-03-09')).toBe('3/9'))
})

describe('the address', () => {
  const ranges: Range[] = [
    { kind: 'latest', count: 7 },
    { kind: 'latest', count: 30 },
    { kind: 'chosen', days: { first: '2026-11-01', last: '2026-11-01' } },
  ]
  it.each(ranges)('keeps $kind $count', (range) => expect(rangeOf(queryOf(range))).toEqual(range))

  it.each([
    {},
    { days: '365' },
    { from: '2026-11-02', to: '2026-11-01' },
    { from: '2026-02-30', to: '2026-03-01' },
    { from: '2026-11-01' },
    { from: 'soon', to: 'later' },
  ])('that says nothing sensible (%j) means the last seven days', (query) =>
    expect(rangeOf(query)).toEqual({ kind: 'latest', count: 7 }),
  )
})

describe('every day', () => {
  it('without a message counts nothing and took no time', () => {
    const known = { day: '2026-11-02', assigned: 4, sent: 3, medianSecondsToRing: 1.5 }
    expect(everyDay({ first: '2026-11-01', last: '2026-11-03' }, [known])).toEqual([
      { day: '2026-11-01', assigned: 0, sent: 0, medianSecondsToRing: null },
      known,
      { day: '2026-11-03', assigned: 0, sent: 0, medianSecondsToRing: null },
    ])
  })

  it('is there once and in its order, whichever are known', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 92 }), fc.uniqueArray(fc.nat(91)), (count, indexes) => {
        const first = '2026-01-15'
        const known = indexes.map((index) => ({
          day: dayAfter(first, index),
          assigned: index + 1,
          sent: 0,
          medianSecondsToRing: null,
        }))
        const days = everyDay({ first, last: dayAfter(first, count - 1) }, known)
        expect(days.map(({ day }) => day)).toEqual(
          Array.from({ length: count }, (_, index) => dayAfter(first, index)),
        )
        expect(days.map(({ assigned }) => assigned)).toEqual(
          Array.from({ length: count }, (_, index) => (indexes.includes(index) ? index + 1 : 0)),
        )
      }),
    )
  })
})
