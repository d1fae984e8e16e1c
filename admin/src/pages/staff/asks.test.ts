import { describe, expect, it } from 'vitest'
import { aMember } from '../../testing/made-up.ts'
import { askAll, askOf, quotaText, reach } from './asks.ts'
import { filterOf, queryOf, reachabilityOf } from './staff-filter.ts'

const unpaid = aMember({ quota: { TPL: 0 } })
const few = aMember({ realname: '李闯', username: 'li', quota: { TPL: 2 } })
const unbound = aMember({ realname: '王静', username: 'wang', bound: false, quota: { TPL: 0 } })
const clerk = aMember({ role: 'clerk', bound: false, quota: { TPL: 0 } })

describe('what is left', () => {
  it.each([
    [aMember(), '3'],
    [few, '2（快用完）'],
    [unpaid, '0（已用完）'],
    [unbound, '0（未绑定）'],
  ])('is a number, and few are told in words', (member, text) => expect(quotaText(member)).toBe(text))
})

describe('what to ask', () => {
  it('is nothing of somebody who has enough', () => expect(askOf(aMember())).toBeNull())
  it('is asked before the last message is gone', () => expect(askOf(few)).toContain('再允许一次'))
  it('of somebody unbound is to log in', () => expect(askOf(unbound)).toContain('登录'))
  it('is nothing of somebody disabled', () =>
    expect(askOf(aMember({ disabled: true, bound: false }))).toBeNull())
  it('is nothing of a clerk who has no phone here', () => {
    expect(askOf(clerk)).toBeNull()
    expect(reach(clerk).text).toBe('后台账号，不接提醒')
  })
  it('of many names each of them who has something to do, and nobody else', () => {
    const { people, text } = askAll([aMember(), few, unbound, clerk])
    expect(people).toBe(2)
    expect(text.split('\n')).toEqual([
      expect.stringContaining('请以下同事'),
      `李闯（li）：${askOf(few) ?? ''}`,
      `王静（wang）：${askOf(unbound) ?? ''}`,
    ])
  })
})

describe('the filters of the address', () => {
  it.each(['everybody', 'unreachable', 'few', 'unbound'] as const)('keep %s', (chosen) => {
    const query = Object.fromEntries(
      Object.entries(filterOf(chosen)).flatMap(([key, value]) => (value === undefined ? [] : [[key, value]])),
    )
    expect(reachabilityOf(query)).toBe(chosen)
  })
  it('leave out what the backend would refuse', () => {
    expect(queryOf({ q: '陈', role: 'boss', bound: '7', maxQuota: 'many' })).toEqual({ q: '陈' })
  })
})
