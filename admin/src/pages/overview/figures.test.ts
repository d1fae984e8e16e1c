import { describe, expect, it } from 'vitest'
import { daysSentence, percentText, statesInUse, statesSentence, unassignedText } from './figures.ts'

it.each([
  [null, '—'],
  [0, '0%'],
  [0.0001, '0.1%'],
  [0.9321, '93.2%'],
  [0.99999, '99.9%'],
  [1, '100%'],
])('a rate of %d is %s', (rate, text) => expect(percentText(rate)).toBe(text))

it.each([
  [0, '0'],
  [9999, '9999'],
  [10_000, '10000+'],
])('%d unassigned leads are %s', (count, text) => expect(unassignedText(count)).toBe(text))

describe('the sentence of a chart', () => {
  const day = (name: string, assigned: number, sent: number) => ({
    day: name,
    assigned,
    sent,
    medianSecondsToRing: null,
  })

  it('says of the days how many, how many rang, and which was the busiest', () => {
    expect(daysSentence([day('2026-11-01', 3, 3), day('2026-11-02', 9, 7), day('2026-11-03', 0, 0)])).toBe(
      '11/1 到 11/3 共 12 条提醒，已送达 10 条，最多的一天是 11/2，9 条',
    )
  })

  it('says of the states those that something is in', () => {
    expect(statesSentence({ dead: 1, sent: 20, waiting: 0 })).toBe(
      '提醒现在的状态：已送达 20 条，不再发送 1 条',
    )
    expect(statesInUse({ waiting: 0 })).toEqual([])
  })

  it('says when there was nothing', () => {
    expect(daysSentence([day('2026-11-01', 0, 0)])).toBe('这段时间没有提醒')
    expect(daysSentence([])).toBe('这段时间没有提醒')
    expect(statesSentence({})).toBe('这段时间没有提醒')
  })
})
