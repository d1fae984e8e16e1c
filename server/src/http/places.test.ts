import { describe, expect, it } from 'vitest'
import { createPlaces } from './places.ts'

describe('places', () => {
  it('are so many for each caller and so many for all, and free again once somebody leaves', () => {
    const counts: number[] = []
    const places = createPlaces({ each: 2, all: 3, onChange: (taken) => counts.push(taken) })
    const [first, second] = [places.take('a'), places.take('a')]
    expect(places.take('a')).toBeUndefined()
    const other = places.take('b')
    expect(other).toBeDefined()
    expect(places.take('c')).toBeUndefined()
    first?.()
    // who has left cannot leave again
    first?.()
    expect(places.take('c')).toBeDefined()
    expect(places.take('d')).toBeUndefined()
    second?.()
    expect(places.take('a')).toBeDefined()
    expect(counts).toEqual([1, 2, 3, 2, 3, 2, 3])
  })
})
