import { DeliveryState, type AdminDelivery } from '@leadbell/contract'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { anAdminDelivery } from '../../testing/made-up.ts'
import {
  announcementOf,
  follow,
  groupsNeedingSomebody,
  groupsOf,
  isAtRest,
  mayChange,
  notSent,
  peopleText,
  seen,
  sentCount,
  summaryOf,
  type Followed,
} from './just-assigned.ts'

const none: Followed = new Map()
const about = (clueId: string, state: DeliveryState, said: Partial<AdminDelivery> = {}) =>
  anAdminDelivery({ id: `9${clueId}`, clueId, state, ...said })
const followed = (...states: (DeliveryState | null)[]): Followed =>
  seen(
    follow(
      none,
      states.map((_, n) => String(n)),
    ),
    states.flatMap((state, n) => (state === null ? [] : [about(String(n), state)])),
  )
const person = (id: string, realname: string) => ({ assigneeId: id, assignee: { id, realname } })

describe('what was just assigned', () => {
  it('is counted by what became of the messages, in a clerk’s words', () => {
    const all = followed('waiting', 'sent', 'leased', 'sent', 'ready', 'dead', 'refused', 'in_doubt')
    expect(summaryOf(all)).toBe(
      '刚分配的 8 条：已送达 2，正在发送 1，排队中 1，待确认 1，等待中 1，微信拒绝 1，不再发送 1',
    )
  })

  it('says how many were not found yet', () => {
    expect(summaryOf(followed('sent', null, null))).toBe('刚分配的 3 条：已送达 1，还没有查到 2')
  })

  it('counts the newest delivery of a lead, and none of another lead', () => {
    const read = seen(follow(none, ['1']), [
      about('2', 'sent'),
      about('1', 'waiting', { id: '12' }),
      about('1', 'sent', { id: '11' }),
    ])
    expect([...read].map(([id, delivery]) => [id, delivery?.id])).toEqual([['1', '12']])
  })

  it('keeps what a reading did not find', () => {
    expect(seen(followed('sent', 'waiting'), [])).toEqual(followed('sent', 'waiting'))
  })

  it('adds up, and a lead that was assigned again is looked for again', () => {
    const again = follow(followed('sent', 'sent'), ['1', '2'])
    expect([summaryOf(again), notSent(again)]).toEqual(['刚分配的 3 条：已送达 1，还没有查到 2', ['1', '2']])
  })

  it.each<[Followed, { rests: boolean; may: boolean }]>([
    [followed(), { rests: true, may: false }],
    [followed('sent', 'refused', 'dead'), { rests: true, may: false }],
    [followed('sent', 'waiting'), { rests: true, may: true }],
    [followed('sent', 'ready'), { rests: false, may: true }],
    [followed('leased'), { rests: false, may: true }],
    [followed('in_doubt'), { rests: false, may: true }],
    [followed('sent', null), { rests: false, may: true }],
  ])('of states %# rests, or may go on', (states, { rests, may }) => {
    expect({ rests: isAtRest(states), may: mayChange(states) }).toEqual({ rests, may })
  })

  it('names who needs somebody, by reason', () => {
    const unpaid = { reason: '订阅次数已用完' }
    const all = seen(follow(none, ['1', '2', '3', '4', '5', '6']), [
      about('1', 'waiting', { ...unpaid, ...person('7', '林可') }),
      about('2', 'waiting', { ...unpaid, ...person('8', '王芳') }),
      about('3', 'waiting', { ...unpaid, ...person('7', '林可') }),
      about('4', 'waiting', { reason: '还没有登录', ...person('9', '赵六') }),
      about('5', 'refused', { reason: null, ...person('7', '林可') }),
      about('6', 'sent'),
    ])
    expect(groupsNeedingSomebody(all).map((group) => [group.state, peopleText(group)])).toEqual([
      ['waiting', '林可、王芳（订阅次数已用完）；赵六（还没有登录）'],
      ['refused', '林可'],
    ])
  })

  it('names six of many people', () => {
    const many = Array.from({ length: 8 }, (_, n) =>
      about(String(n), 'dead', { reason: '已过期', ...person(String(n), `员工${n}`) }),
    )
    expect(peopleText({ state: 'dead', deliveries: many })).toBe(
      '员工0、员工1、员工2、员工3、员工4、员工5等 8 人（已过期）',
    )
  })

  it('is told as done when all have arrived, and as nothing before anything was seen', () => {
    expect(announcementOf(followed('sent', 'sent'))).toBe('2 条全部送达')
    expect(announcementOf(followed('sent', 'waiting'))).toBe('刚分配的 2 条：已送达 1，等待中 1')
    expect(announcementOf(followed(null, null))).toBe('')
  })

  it('never loses or doubles a lead, however assignments and readings follow one another', () => {
    const id = fc.integer({ min: 0, max: 9 }).map(String)
    const step = fc.oneof(
      fc.array(id).map((ids) => (before: Followed) => follow(before, ids)),
      fc.array(fc.tuple(id, fc.constantFrom(...DeliveryState.options))).map(
        (read) => (before: Followed) =>
          seen(
            before,
            read.map(([clueId, state]) => about(clueId, state)),
          ),
      ),
    )
    fc.assert(
      fc.property(fc.array(step), (steps) => {
        let now = none
        for (const take of steps) {
          const next = take(now)
          expect([...next.keys()]).toEqual(expect.arrayContaining([...now.keys()]))
          now = next
        }
        const counted = groupsOf(now).reduce((sum, { deliveries }) => sum + deliveries.length, 0)
        const unseen = [...now.values()].filter((delivery) => delivery === null).length
        expect(counted + unseen).toBe(now.size)
        expect(sentCount(now) + notSent(now).length).toBe(now.size)
        expect(mayChange(now) || isAtRest(now)).toBe(true)
      }),
    )
  })
})
