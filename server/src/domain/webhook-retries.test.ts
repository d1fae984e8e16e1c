import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { nextWebhookCall, webhookRetryDelays } from './webhook-retries.ts'
import { signBody } from './webhook-signing.ts'

const published = readFileSync(new URL('../../../docs/integration.zh-CN.md', import.meta.url), 'utf8')

/** The cells of the one row that begins with `name`. */
function rowOf(name: string): string[] {
  const rows = published.split('\n').map((line) => line.split('|').map((cell) => cell.trim()))
  const [row = [], ...others] = rows.filter(([, first]) => first === name)
  expect(others).toEqual([])
  return row.slice(2, -1)
}

const units = { 秒: 1000, 分钟: 60_000, 小时: 3_600_000 }
const msOf = (words: string): number => {
  const [, count = '', unit = ''] = /^(\d+) (秒|分钟|小时)$/.exec(words) ?? []
  return Number(count) * units[unit as keyof typeof units]
}

describe('docs/integration.zh-CN.md', () => {
  it('publishes the schedule of retries', () => {
    const pauses = rowOf('间隔')
    expect(pauses.at(-1)).toBe('放弃')
    expect(pauses.slice(0, -1).map(msOf)).toEqual(webhookRetryDelays)
    expect(rowOf('第几次失败后')).toEqual(pauses.map((_, n) => String(n + 1)))
  })

  it('has values to check an implementation with, and they are right', () => {
    const [secret = '', timestamp = ''] = [rowOf('密钥'), rowOf('时间')].map(([cell = '']) =>
      cell.slice(1, -1),
    )
    const [, body = '', bytes] = /^`(.+)`（UTF-8，(\d+) 字节）$/.exec(rowOf('请求体')[0] ?? '') ?? []
    expect(Buffer.byteLength(body)).toBe(Number(bytes))
    expect(rowOf('签名')).toEqual([`\`${signBody(secret, timestamp, body)}\``])
  })
})

describe('the next call', () => {
  it('is after the delay of that failure, and after the ninth there is none', () => {
    const now = new Date('2026-11-23T01:42:00Z')
    const delays = [1, 2, 8].map((failures) => Number(nextWebhookCall(failures, now)) - now.getTime())
    expect(delays).toEqual([5000, 30_000, 86_400_000])
    expect(nextWebhookCall(9, now)).toBeUndefined()
  })
})
