import { endpoints } from '@leadbell/contract'
import { constantFrom, assert as check, property, record, string, boolean } from 'fast-check'
import { parse } from 'valibot'
import { describe, expect, it } from 'vitest'
import { askFor, clueStatuses, isFiltered, noFilters, readFilters, writeFilters } from './clue-filters.ts'

const anything = record({
  q: string({ maxLength: 100, unit: 'grapheme' }),
  status: constantFrom('', 'lost', ...clueStatuses),
  owner: string({ maxLength: 100 }),
  unassigned: constantFrom('', '1', '0', 'yes'),
})

describe('the filters of an address', () => {
  it('written and read again are the same, whatever the address said', () => {
    check(
      property(anything, (address) => {
        const filters = readFilters(address)
        expect(readFilters(writeFilters(filters))).toEqual({ ...filters, q: filters.q.trim() })
      }),
    )
  })

  it('are always something that the backend understands', () => {
    check(
      property(anything, (address) => {
        const asked = askFor(readFilters(address))
        expect(parse(endpoints['GET /admin/clues'].query, asked)).toMatchObject({ order: 'unassigned-first' })
      }),
    )
  })

  it('never ask for the leads that nobody has of somebody', () => {
    check(
      property(boolean(), (on) => {
        const { owner, unassigned } = readFilters({ owner: '7', unassigned: on ? '1' : '' })
        expect({ owner, unassigned }).toEqual({ owner: on ? '' : '7', unassigned: on })
      }),
    )
  })

  it('restrict nothing when the address says nothing', () => {
    expect(readFilters({})).toEqual(noFilters)
    expect(isFiltered(noFilters)).toBe(false)
    expect(isFiltered(readFilters({ status: 'won' }))).toBe(true)
  })
})
