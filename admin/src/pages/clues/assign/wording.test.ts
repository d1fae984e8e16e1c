import { describe, expect, it } from 'vitest'
import { aClue, aMember } from '../../../testing/made-up.ts'
import { distribute } from './distribution.ts'
import { conflictText, requests, shareText } from './wording.ts'

describe('a lead that changed', () => {
  const now = new Date('2026-11-23T10:35:00+08:00')
  const lin = { id: '8', realname: '林可' }
  const seen = aClue({ version: 1 })
  const given = aClue({
    version: 2,
    assigneeId: '8',
    assignee: lin,
    assignedBy: '王主管',
    assignedAt: '2026-11-23T02:32:00.000Z',
  })

  it.each([
    ['just now', given, '王主管 刚刚（10:32）已分配给 林可'],
    ['earlier', { ...given, assignedAt: '2026-11-22T01:05:00.000Z' }, '王主管 11/22 09:05 已分配给 林可'],
    ['by a program', { ...given, assignedBy: null }, '其他系统 刚刚（10:32）已分配给 林可'],
    ['without an owner', { ...seen, version: 2 }, '刚刚被修改过，还没有负责人'],
  ])('says by whom and when: %s', (_which, present, text) =>
    expect(conflictText(seen, present, now)).toBe(text),
  )

  it('that stayed with its owner says so', () =>
    expect(conflictText(given, { ...given, version: 3 }, now)).toBe('刚刚被修改过，仍由 林可 负责'))

  it('that was taken back says so', () =>
    expect(conflictText(given, { ...seen, version: 3 }, now)).toBe('刚刚被收回，现在没有负责人'))
})

describe('a share', () => {
  const clues = Array.from({ length: 10 }, (_, n) => aClue({ id: String(n) }))
  const shareOf = (said: Parameters<typeof aMember>[0], count = 10) =>
    distribute(clues.slice(0, count), [aMember(said)], 'even')

  it.each([
    ['enough left', shareOf({ quota: { TPL: 30 } }), '陈小舟 10 条：10 条会马上提醒'],
    ['some left', shareOf({ quota: { TPL: 3 } }), '陈小舟 10 条：3 条会马上提醒，7 条等再次允许后提醒'],
    ['nothing left', shareOf({ quota: {} }), '陈小舟 10 条：10 条等再次允许后提醒'],
    ['no WeChat', shareOf({ bound: false }), '陈小舟 10 条：10 条等绑定微信后提醒'],
    ['no lead for them', shareOf({}, 0), '陈小舟 0 条：线索比人少，这次分不到'],
  ])('says what rings: %s', (_which, shares, text) => expect(shares.map(shareText)).toEqual([text]))

  it('that waits is asked for together with those that wait for the same', () => {
    const members = [
      aMember({ id: '1', realname: '甲', quota: { TPL: 1 } }),
      aMember({ id: '2', realname: '乙', quota: {} }),
      aMember({ id: '3', realname: '丙', bound: false }),
      aMember({ id: '4', realname: '丁', quota: { TPL: 9 } }),
    ]
    const asked = requests(distribute(clues, members, 'even'))
    expect(asked.map(({ names }) => names)).toEqual(['甲、乙', '丙'])
    expect(asked[0]?.text).toContain('再允许一次')
    expect(asked[1]?.text).toContain('登录一次')
  })
})
