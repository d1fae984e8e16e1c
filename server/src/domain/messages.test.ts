import type { ClueStatus } from '@leadbell/contract'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  defaultValues,
  isFact,
  templateProblems,
  type Fact,
  type MessageTemplate,
} from '../wechat/templates.ts'
import { keyTypeOf, withinLimit } from '../wechat/template-values.ts'
import { buildMessage } from './messages.ts'

/** wechat-platform.md §6.1 read once more, without a look at how the values are made. */
const limits: Record<string, (value: string) => boolean> = {
  thing: (value) => value.length <= 20,
  number: (value) => /^\d+(\.\d+)?$/.test(value) && value.length <= 32,
  letter: (value) => /^[a-zA-Z]{1,32}$/.test(value),
  symbol: (value) => /^[\p{P}\p{S}]+$/u.test(value) && value.length <= 5,
  character_string: (value) =>
    /^[\w\p{P}\p{S}]+$/u.test(value) && !/\p{Script=Han}/u.test(value) && value.length <= 32,
  time: (value) => value.split('~').length <= 2 && value.split('~').every(isTime),
  date: (value) => value.split('~').length <= 2 && value.split('~').every(isDay),
  amount: (value) => {
    const [, digits = '', decimals = ''] = /^\p{Sc}?(\d+)(?:\.(\d+))?元?$/u.exec(value) ?? []
    return digits.length > 0 && digits.length + decimals.length <= 10
  },
  phone_number: (value) => /^[\d\p{P}\p{S}]{1,17}$/u.test(value) && /\d/.test(value),
  car_number: (value) =>
    /^[\u4e00-\u9fa5\w][A-Za-z0-9]{0,6}[\u4e00-\u9fa5\w]$/.test(value) && !value.includes('_'),
  name: (value) => /^\p{Script=Han}{1,10}$/u.test(value) || /^[A-Za-z\p{P}\p{S}]{1,20}$/u.test(value),
  phrase: (value) => /^\p{Script=Han}{1,5}$/u.test(value),
  enum_string: () => true,
  const: () => true,
}

const isTime = (text: string): boolean => {
  const [clock = '', day] = text.split(' ').reverse()
  const [hour, minute, second = '00', ...more] = clock.split(':')
  const numbers = [hour, minute, second].map((part) => (/^\d\d?$/.test(part ?? '') ? Number(part) : NaN))
  const [h = NaN, m = NaN, s = NaN] = numbers
  return more.length === 0 && h < 24 && m < 60 && s < 60 && (day === undefined || isDay(day))
}

const isDay = (text: string): boolean => {
  const [day = '', clock, ...more] = text.split(' ')
  if (more.length > 0 || (clock !== undefined && !isTime(clock))) return false
  const parts =
    /^(?:(?<y>\d{4})年)?(?:(?<m>\d\d?)月)(?:(?<d>\d\d?)日)?$/.exec(day)?.groups ??
    /^(?<y>\d{4})(?<by>[-/.])(?<m>\d\d?)\k<by>(?<d>\d\d?)$/.exec(day)?.groups
  if (!parts) return false
  const { m, d = '1' } = parts
  return Number(m) >= 1 && Number(m) <= 12 && Number(d) >= 1 && Number(d) <= 31
}

/** What WeChat would refuse about a payload; [] when nothing. */
function refused(data: Record<string, { value: string }>): string[] {
  return Object.entries(data).flatMap(([key, { value }]) => {
    const limit = limits[key.replace(/\d+$/, '')]
    const clean = value.trim() !== '' && !/[\p{C}\p{Zl}\p{Zp}\p{Extended_Pictographic}]/u.test(value)
    return clean && limit?.(value) ? [] : [`${key}=${JSON.stringify(value)}`]
  })
}

const statuses: ClueStatus[] = ['pending', 'following', 'won', 'invalid']
const nasty = [
  '线',
  '索',
  ' ',
  '\n',
  '\r\n',
  '\u3000',
  '🎉',
  '👨‍👩‍👧',
  '𠮷',
  '\ud800',
  '\udfff',
  '\u0000',
  '\u0007',
  '\u202e',
]
const invisible = ['\u200b', '\u2028', '\u2800', '\u3164', '\ufeff', '\u00ad']
const oddText = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 120 }),
  fc.string({ unit: 'grapheme', maxLength: 120 }),
  fc.string({
    unit: fc.constantFrom(...nasty, ...invisible, 'a', 'Z', '7', '-', '*', '１', 'é', '\u0301', '✓', '€'),
  }),
  fc.string({ unit: fc.constantFrom(' ', '\t', '\n', '\u3000', '\u00a0', ...invisible) }),
  // all of one class, about as long as the limits are
  ...['线', '𠮷', 'a', '7', '★', '-', '粤A'].map((unit) =>
    fc.integer({ min: 1, max: 40 }).map((n) => unit.repeat(n)),
  ),
  fc.stringMatching(/^[¥￥]?\d{1,12}(\.\d{1,4})?元?$/),
  fc.string({ unit: fc.constantFrom('1', '3', '8', '0', '-', ' ', '+', '(', ')') }),
  fc.constantFrom(
    '',
    '恒泰建材 采购咨询',
    '线'.repeat(10_000),
    '🎉'.repeat(5000),
    'x'.repeat(10_000),
    '\ud800'.repeat(10_000),
  ),
)
const moment = fc.oneof(fc.date({ min: new Date('2000-01-01'), max: new Date('2100-01-01') }), fc.date())
const lead = fc.record({
  clueId: fc.bigInt({ min: 1n, max: 2n ** 63n }).map(String),
  title: oddText,
  customerName: oddText,
  phone: oddText,
  remark: oddText,
  assigner: oddText,
  status: fc.constantFrom(...statuses),
  assignedAt: moment,
  others: fc.oneof(fc.constant(0), fc.nat({ max: 20 }), fc.nat()),
})

const types = Object.keys(limits)
const named = ['title', 'customerName', 'assignedAt', 'status', 'phone', 'remark', 'assigner']
const sensible = [
  '待跟进',
  '新线索',
  'VIP',
  '★',
  '1',
  '12.50',
  '￥100元',
  '400-123-4567',
  '粤A8Z888',
  '09:00~18:00',
  '2026年11月',
  '陈小明',
]
const constant = fc
  .oneof(
    fc.constantFrom(...sensible),
    oddText,
    fc.string({ maxLength: 6 }),
    fc.stringMatching(/^[\d:~年月日.¥/-]{1,12}$/),
  )
  .map((text) => `text:${text}`)
const pair = fc.tuple(
  fc.tuple(fc.constantFrom(...types), fc.integer({ min: 1, max: 20 })).map(([type, n]) => `${type}${n}`),
  fc.oneof(fc.constantFrom(...named), constant),
)
/** What the check at start would let through, out of anything a configuration may hold. */
const validMapping = fc
  .array(pair, { minLength: 1, maxLength: 12 })
  .map((pairs) =>
    Object.fromEntries(pairs.filter(([key, fact]) => templateProblems({ [key]: fact }).length === 0)),
  )
  .filter(
    (values): values is Record<string, Fact> =>
      Object.keys(values).length > 0 && Object.values(values).every(isFact),
  )

const templateOf = (values: Record<string, Fact>): MessageTemplate => ({
  templateId: 'T',
  title: '新线索提醒',
  purpose: 'clue-assigned',
  values,
})
const usual = templateOf(defaultValues['clue-assigned'])
const facts = {
  clueId: '7',
  title: '恒泰建材 采购咨询',
  customerName: '陈小明',
  phone: '13800001024',
  remark: '要 200 吨',
  assigner: '林经理',
  status: 'pending' as const,
  assignedAt: new Date('2026-11-23T01:42:00Z'),
  others: 0,
}

describe('the message about an assigned clue', () => {
  it('fills the template it comes with', () => {
    expect(buildMessage(usual, facts).data).toEqual({
      thing1: { value: '恒泰建材 采购咨询' },
      time2: { value: '2026-11-23 09:42' },
      phrase3: { value: '待跟进' },
    })
  })

  it('fills a customer’s own template', () => {
    const values: Record<string, Fact> = {
      thing10: 'remark',
      date3: 'assignedAt',
      name4: 'customerName',
      phone_number5: 'phone',
      thing6: 'assigner',
      thing7: 'text:请尽快联系',
    }
    expect(buildMessage(templateOf(values), facts).data).toEqual({
      thing10: { value: '要 200 吨' },
      date3: { value: '2026-11-23' },
      name4: { value: '陈小明' },
      phone_number5: { value: '138****1024' },
      thing6: { value: '林经理' },
      thing7: { value: '请尽快联系' },
    })
  })

  it.each(statuses)('has words for the status %s', (status) => {
    const { data } = buildMessage(usual, { ...facts, status })
    expect(data.phrase3?.value).toBe(
      { pending: '待跟进', following: '跟进中', won: '已成交', invalid: '无效' }[status],
    )
  })

  it('is never one that WeChat refuses, whatever the lead holds and however the template is mapped', () => {
    fc.assert(
      fc.property(validMapping, lead, (values, odd) => {
        const { data } = buildMessage(templateOf(values), odd)
        expect(Object.keys(data).sort()).toEqual(Object.keys(values).sort())
        expect(refused(data)).toEqual([])
      }),
      { numRuns: 3000 },
    )
  })

  it.each(types)('finds a value within the limit of %s for any text and any moment', (type) => {
    const key = `${type}1`
    const keyType = keyTypeOf(key)
    if (!keyType) throw new Error(`${key} is of no type`)
    const bring = withinLimit[keyType]
    fc.assert(
      fc.property(fc.oneof(oddText, moment), (given) => {
        const value = bring(given)
        expect(refused({ [key]: { value } })).toEqual([])
        expect(bring(value)).toBe(value)
      }),
      { numRuns: 500 },
    )
  })

  it('is refused by the test’s own reading of the limits when it ought to be', () => {
    const wrong = {
      thing1: '线'.repeat(21),
      phrase2: '待跟进1',
      time3: '24:00',
      name4: '陈1',
      amount5: '1'.repeat(11),
    }
    const data = Object.fromEntries(Object.entries(wrong).map(([key, value]) => [key, { value }]))
    expect(refused(data)).toHaveLength(5)
    expect(
      refused({ thing1: { value: ' ' }, thing2: { value: 'a\nb' }, thing3: { value: '半\ud83d' } }),
    ).toHaveLength(3)
  })

  it('never shows a whole phone number', () => {
    const mobile = fc.stringMatching(/^1[3-9]\d{9}$/)
    const written = fc.tuple(
      fc.constantFrom('', '+86 ', '0086', '电话：'),
      mobile,
      fc.constantFrom('', ' 转 2', '/', ' 13900002048'),
    )
    const values: Record<string, Fact> = {
      thing1: 'phone',
      phone_number2: 'phone',
      character_string3: 'phone',
    }
    fc.assert(
      fc.property(written, (parts) => {
        const { data } = buildMessage(templateOf(values), { ...facts, phone: parts.join('') })
        for (const { value } of Object.values(data)) {
          expect(value).toBe(`${parts[1].slice(0, 3)}****${parts[1].slice(7)}`)
        }
      }),
    )
  })

  it('opens the clue, without a leading slash', () => {
    expect(buildMessage(usual, { ...facts, clueId: '7&x=1' }).page).toBe('pages/clue/detail?id=7%26x%3D1')
  })

  it('that stands for several says how many and opens the list', () => {
    const { page, data } = buildMessage(usual, { ...facts, others: 2 })
    expect(page).toBe('pages/clue/clue')
    expect(data.thing1?.value).toBe('恒泰建材 采购咨询等3条')
  })

  it('says how many it stands for, however long the title', () => {
    fc.assert(
      fc.property(lead, ({ others, ...odd }) => {
        const value = buildMessage(usual, { ...odd, others }).data.thing1?.value ?? ''
        if (others === 0) return
        expect(value).toMatch(new RegExp(`.等${others > 998 ? '999\\+' : others + 1}条$`, 'u'))
        expect(value.length).toBeLessThanOrEqual(20)
      }),
      { numRuns: 500 },
    )
  })
})
