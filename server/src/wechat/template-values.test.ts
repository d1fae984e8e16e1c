import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { keyTypeOf, maskPhone, thing, time, withinLimit, type KeyType } from './template-values.ts'

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
    ['\u3164\u2800\u034f', '无'],
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

  it.each([
    ['恒泰建材 采购咨询', '等3条', '恒泰建材 采购咨询等3条'],
    ['一二三四五六七八九十一二三四五六七八九十', '等3条', '一二三四五六七八九十一二三四...等3条'],
    ['恒泰建材', '', '恒泰建材'],
    ['𠮷野家𠮷野家𠮷野家𠮷野家𠮷野家𠮷野家', '等12条', '𠮷野家𠮷野家𠮷野家...等12条'],
  ])('%j keeps its ending %j', (text, ending, value) => {
    expect(thing(text, ending)).toBe(value)
  })
})

describe('a value of each key type', () => {
  it.each<[KeyType, text: string, value: string]>([
    ['thing', '恒泰建材', '恒泰建材'],
    ['number', '共 1,234.50 件', '1234.50'],
    ['number', '１２', '12'],
    ['number', '9'.repeat(40), '9'.repeat(32)],
    ['number', `${'9'.repeat(31)}.5`, '9'.repeat(31)],
    ['number', '很多', '0'],
    ['letter', 'Ａbc 12', 'Abc'],
    ['letter', '汉字', 'NA'],
    ['symbol', '★!?#%&', '★!?#%'],
    ['symbol', 'abc', '-'],
    ['character_string', '编号 XS-2026/11 #5', 'XS-2026/11#5'],
    ['character_string', '汉字', '-'],
    ['time', '15:01', '15:01'],
    ['time', '2019年10月1日 15:01~2019年10月1日 16:01', '2019年10月1日 15:01~2019年10月1日 16:01'],
    ['time', '25:00', '00:00'],
    ['time', '2026-11/23 09:42', '00:00'],
    ['date', '2019年10月', '2019年10月'],
    ['date', '2026.11.23', '2026.11.23'],
    ['date', '2026-13-01', '1970-01-01'],
    ['amount', '¥1,234.50元', '¥1234.50元'],
    ['amount', '￥100', '￥100'],
    ['amount', '1234567890.12', '1234567890'],
    ['amount', '12345678.12', '12345678.12'],
    ['amount', '123456789.12', '123456789'],
    ['amount', '12345678901', '9999999999'],
    ['amount', '面议', '0'],
    ['phone_number', '+86-0766-66888866', '+86-0766-66888866'],
    ['phone_number', '138 0000 1024 转 2', '138000010242'],
    ['phone_number', '无', '0'],
    ['car_number', '粤A8Z888挂', '粤A8Z888挂'],
    ['car_number', '粤A中888', '粤A888'],
    ['car_number', '粤A8Z8889999挂', '粤A8Z8889'],
    ['car_number', '粤', '0000000'],
    ['name', '陈小明', '陈小明'],
    ['name', '陈1', '陈'],
    ['name', '恒泰建材有限责任公司上海分公司', '恒泰建材有限责任公司'],
    ['name', 'Ann Lee', 'Ann.Lee'],
    ['name', 'Maximiliane Featherstonehaugh', 'Maximiliane.Feathers'],
    ['name', '123', '无'],
    ['phrase', '待跟进 1', '待跟进'],
    ['phrase', '一二三四五六', '一二三四五'],
    ['phrase', 'ok', '无'],
    ['enum', '客厅', '客厅'],
    ['enum', '\n', '无'],
    ['const', '请尽快联系', '请尽快联系'],
  ])('%s: %j becomes %j', (type, text, value) => {
    expect(withinLimit[type](text)).toBe(value)
    // what fits is left alone
    expect(withinLimit[type](value)).toBe(value)
  })

  it.each([
    ['thing1', 'thing'],
    ['character_string12', 'character_string'],
    ['enum_string2', 'enum'],
    ['enum3', 'enum'],
    ['const4', 'const'],
    ['thing', undefined],
    ['1', undefined],
    ['toString1', undefined],
    ['constructor1', undefined],
    ['short_thing1', undefined],
    ['thing1 ', undefined],
  ])('the key %j is of type %s', (key, type) => {
    expect(keyTypeOf(key)).toBe(type)
  })
})

describe('a masked phone', () => {
  it.each([
    ['13800001024', '138****1024'],
    ['138 0000 1024', '138****1024'],
    ['１３８００００１０２４', '138****1024'],
    ['+86 138-0000-1024', '138****1024'],
    ['008613800001024', '138****1024'],
    ['13800001024 / 13900002048', '138****1024'],
    ['13800001024 13900002048', '138****1024'],
    ['转8001，13800001024', '138****1024'],
    ['0766-66888866', '076****8866'],
    ['66888866', '****8866'],
    ['688886', '****86'],
    ['110', '110'],
    ['没留电话', ''],
    ['', ''],
  ])('%j is %j', (phone, masked) => {
    expect(maskPhone(phone)).toBe(masked)
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

  it.each([new Date(Number.NaN), new Date('+012026-01-01T00:00:00Z')])(
    'no four-digit year, no moment: %s is still a time',
    (moment) => {
      expect(time(moment)).toBe('00:00')
      expect(withinLimit.date(moment)).toBe('1970-01-01')
    },
  )

  it('is a day where a day is asked for', () => {
    expect(withinLimit.date(new Date('2026-12-31T16:00:00Z'))).toBe('2027-01-01')
  })
})
