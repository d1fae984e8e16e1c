import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { thing, time } from './template-values.ts'

describe('thing', () => {
  it.each([
    ['恒泰建材 采购咨询', '恒泰建材 采购咨询'],
    ['一二三四五六七八九十一二三四五六七八九十', '一二三四五六七八九十一二三四五六七八九十'],
    ['一二三四五六七八九十一二三四五六七八九十一', '一二三四五六七八九十一二三四五六七...'],
    ['', '无'],
    [' \n\t ', '无'],
    ['🎉🎉', '无'],
    ['大单🎉来了👨‍👩‍👧', '大单来了'],
    ['第一行\r\n第二行', '第一行 第二行'],
    ['零\u0000宽\u200b符\u202e', '零宽符'],
    ['1️⃣号线索', '1号线索'],
    ['𠮷野家𠮷野家𠮷野家𠮷野家𠮷野家𠮷野家', '𠮷野家𠮷野家𠮷野家𠮷野家...'],
    ['半个\ud83d字', '半个字'],
  ])('%j becomes %j', (text, value) => {
    expect(thing(text)).toBe(value)
  })

  it('is within WeChat’s limits whatever it is given', () => {
    const anything = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 60 }),
      fc.string({ unit: 'grapheme', maxLength: 60 }),
      fc.string({ unit: fc.constantFrom('线', '索', ' ', '\n', '🎉', '𠮷', '\u0007', 'a', '\ud800') }),
    )
    fc.assert(
      fc.property(anything, (text) => {
        const value = thing(text)
        expect(value.length).toBeGreaterThan(0)
        expect(value.length).toBeLessThanOrEqual(20)
        expect(value).toBe(value.trim())
        // no control or format character, no half of a pair, no emoji
        expect(value).not.toMatch(/\p{C}|\p{Extended_Pictographic}/u)
        expect(thing(value)).toBe(value)
      }),
      { numRuns: 2000 },
    )
  })
})

describe('time', () => {
  it.each([
    ['2026-11-23T01:42:00Z', '2026-11-23 09:42'],
    ['2026-12-31T16:00:00Z', '2027-01-01 00:00'],
    ['2026-11-23T15:59:59.999Z', '2026-11-23 23:59'],
  ])('%s is %s in Shanghai', (moment, wall) => {
    expect(time(new Date(moment))).toBe(wall)
  })
})
