import { describe, expect, it, vi } from 'vitest'
import { durationText, exactTimeText, timeText } from './words.ts'

describe('a time', () => {
  const now = new Date('2026-11-23T10:00:00+08:00')
  it('is Beijing’s, without the year that everybody knows', () => {
    expect(timeText('2026-11-22T23:05:00.000Z', now)).toBe('11/23 07:05')
  })
  it('of another year says which', () => {
    expect(timeText('2025-12-31T15:59:00.000Z', now)).toBe('2025/12/31 23:59')
  })
  it('to the second is what a log says', () => {
    vi.useFakeTimers({ now })
    expect(exactTimeText('2026-11-22T23:05:09.900Z')).toBe('11/23 07:05:09')
  })
  it('that never was is a dash', () => expect(timeText(null, now)).toBe('—'))
})

it.each([
  [0.42, '0.4 秒'],
  [12.3, '12 秒'],
  [240, '4 分钟'],
  [7200, '2 小时'],
  [5 * 86_400, '5 天'],
])('%d seconds are %s', (seconds, text) => expect(durationText(seconds)).toBe(text))
