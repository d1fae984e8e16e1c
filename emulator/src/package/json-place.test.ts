import fc from 'fast-check'
import { expect, it } from 'vitest'
import { jsonMistake } from './json-place.ts'

it.each([
  ['{\n  "a": 1,\n  b: 2\n}', 3, 3],
  ['{\n "a": oops }', 2, 7],
  ['nope', 1, 1],
  ['', 1, 1],
  ['{"a": 1', 1, 8],
  ['[1,\n]', 2, 1],
  ['{"a" 1}', 1, 6],
  ['{} {}', 1, 4],
  ['["a\n"]', 1, 2],
])('%j is wrong at %i:%i', (text, line, column) => expect(jsonMistake(text)).toEqual({ line, column }))

it('finds a mistake in what JSON.parse refuses, and none in what it takes', () => {
  const isJson = (text: string) => {
    try {
      JSON.parse(text)
      return true
    } catch {
      return false
    }
  }
  const damaged = fc
    .tuple(fc.json(), fc.nat(), fc.constantFrom('', '"', ',', '}', ']', ':', '{', 'x', '\\', '\n', '0', '-'))
    .map(([json, at, sign]) => {
      const cut = at % (json.length + 1)
      return json.slice(0, cut) + sign + json.slice(cut + 1)
    })
  fc.assert(
    fc.property(fc.oneof(fc.json(), damaged), (text) => {
      expect(jsonMistake(text) === undefined).toBe(isJson(text))
    }),
    { numRuns: 2000 },
  )
})
