import { describe, expect, it } from 'vitest'
import type { AttemptRow } from '../db/admin-deliveries.ts'
import type { DeliveryRow } from '../db/deliveries.ts'
import { historyOf } from './delivery-history.ts'

const at = (second: number) => new Date(Date.UTC(2026, 10, 23, 1, 42, second))

const delivery = (more: Partial<DeliveryRow>): DeliveryRow => ({
  id: 7,
  assignmentId: 5,
  clueId: 3,
  accountId: 2,
  templateId: 'T',
  state: 'ready',
  reason: null,
  attempts: 0,
  runAt: at(0),
  openid: null,
  attemptId: null,
  leasedUntil: null,
  supersededAt: null,
  supersededReason: null,
  mergedInto: null,
  createdAt: at(0),
  settledAt: null,
  ...more,
})

const attempt = (more: Partial<AttemptRow>): AttemptRow => ({
  id: 1,
  deliveryId: 7,
  openid: 'o',
  templateId: 'T',
  mergedIds: null,
  startedAt: at(1),
  endedAt: at(2),
  outcome: 'sent',
  errcode: null,
  errmsg: null,
  msgid: null,
  ...more,
})

const told = (row: DeliveryRow, attempts: AttemptRow[] = []) =>
  historyOf(row, attempts).map(({ what }) => what)

describe('the history of a delivery', () => {
  it('begins when it was queued', () => {
    expect(historyOf(delivery({}), [])).toEqual([
      { at: at(0).toISOString(), what: '已排队，等待发送', errcode: null, errmsg: null, msgid: null },
    ])
  })

  it('says what WeChat took, under which number, and how many others it stood for', () => {
    const sent = attempt({ msgid: '2097683633284153344', mergedIds: [8, 9] })
    expect(historyOf(delivery({ state: 'sent', settledAt: at(2) }), [sent])).toEqual([
      expect.objectContaining({ what: '已排队，等待发送' }),
      {
        at: at(2).toISOString(),
        what: '第 1 次发送：微信已接收，同时代表另外 2 条等待的提醒',
        errcode: null,
        errmsg: null,
        msgid: '2097683633284153344',
      },
    ])
  })

  it('counts the sends, and repeats WeChat’s own words', () => {
    const busy = attempt({ outcome: 'retryLater', errcode: -1, errmsg: 'system error' })
    const none = attempt({ id: 2, startedAt: at(5), endedAt: at(6), outcome: 'noGrant', errcode: 43101 })
    const history = historyOf(delivery({ state: 'waiting' }), [busy, none])
    expect(history.slice(1)).toMatchObject([
      { what: '第 1 次发送：微信暂时没有受理，稍后重试', errcode: -1, errmsg: 'system error' },
      { what: '第 2 次发送：微信答复没有剩余次数，等员工下次允许订阅后再发', errcode: 43101 },
    ])
  })

  it('says that a send is on its way', () => {
    const flying = attempt({ outcome: null, endedAt: null })
    expect(historyOf(delivery({ state: 'leased' }), [flying])[1]).toMatchObject({
      at: at(1).toISOString(),
      what: '第 1 次发送：正在等待微信答复',
    })
  })

  it('names an outcome that it does not know', () => {
    expect(told(delivery({}), [attempt({ outcome: 'later' })])[1]).toBe('第 1 次发送：结果为 later')
  })

  it('puts a reassignment where it belongs, though the message in the air came back after it', () => {
    const row = delivery({
      state: 'sent',
      supersededAt: at(3),
      supersededReason: 'reassigned',
      settledAt: at(4),
    })
    expect(told(row, [attempt({ endedAt: at(4) })])).toEqual([
      '已排队，等待发送',
      '线索已改派他人，不再提醒',
      '第 1 次发送：微信已接收',
    ])
  })

  it('says once that an unsent message was stopped by its lead', () => {
    const row = delivery({
      state: 'dead',
      reason: 'recalled',
      supersededAt: at(3),
      supersededReason: 'recalled',
      settledAt: at(3),
    })
    expect(told(row)).toEqual(['已排队，等待发送', '线索已收回，不再提醒'])
  })

  it('says once that WeChat refused it', () => {
    const refused = attempt({ outcome: 'badOpenid', errcode: 40003 })
    expect(told(delivery({ state: 'refused', reason: 'badOpenid', settledAt: at(2) }), [refused])).toEqual([
      '已排队，等待发送',
      '第 1 次发送：微信不认识该员工的身份标识',
    ])
  })

  it.each([
    ['exhausted', 'retryLater', '微信多次没有受理，已停止重试，请直接联系员工或重新发送'],
    ['gaveUp', 'lost', '微信没有答复，可能已经送达；为免重复打扰不再发送'],
  ])('ends with why nothing more was tried: %s', (reason, outcome, sentence) => {
    const row = delivery({ state: 'dead', reason, settledAt: at(9) })
    expect(told(row, [attempt({ outcome })]).at(-1)).toBe(sentence)
  })

  it('says with which other message it went out', () => {
    const row = delivery({ state: 'sent', reason: 'merged', mergedInto: 4, settledAt: at(9) })
    expect(told(row)).toEqual(['已排队，等待发送', '与同时等待的其他线索合并成一条消息送达（提醒编号 4）'])
  })

  it('knows that one was sent of which no attempt is told', () => {
    expect(told(delivery({ state: 'sent', settledAt: at(9) }))).toEqual(['已排队，等待发送', '提醒已送达'])
  })
})
