import { endpoints } from '@leadbell/contract'
import { constantFrom, assert as check, property, record, string } from 'fast-check'
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
    expect(readFilters({ owner: '7', unassigned: '1' })).toMatchObject({ owner: '', unassigned: true })
    expect(readFilters({ owner: '7', unassigned: '' })).toMatchObject({ owner: '7', unassigned: false })
  })

  it('restrict nothing when the address says nothing', () => {
    expect(readFilters({})).toEqual(noFilters)
    expect(isFiltered(noFilters)).toBe(false)
    expect(isFiltered(readFilters({ status: 'won' }))).toBe(true)
  })
})
