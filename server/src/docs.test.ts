import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { Environment } from './config-environment.ts'
import { retryDelays } from './domain/delivery-retries.ts'
import { keptDays } from './domain/housekeeping.ts'
import { createMetrics } from './metrics.ts'

const read = (name: string) => readFileSync(new URL(`../../docs/${name}`, import.meta.url), 'utf8')

/** The rows of every table of a page, cell by cell. */
const rowsOf = (page: string): string[][] =>
  page
    .split('\n')
    .filter((line) => line.startsWith('|'))
    .map((line) =>
      line
        .split('|')
        .slice(1, -1)
        .map((cell) => cell.trim()),
    )

function rowOf(page: string, first: RegExp): string[] {
  const rows = rowsOf(page).filter(([name = '']) => first.test(name))
  expect(rows).toHaveLength(1)
  return rows[0] ?? []
}

const units: Record<string, number> = { 秒: 1000, 分钟: 60_000, 小时: 3_600_000, 天: 86_400_000 }
const msOf = (words: string): number => {
  const [, count = '', unit = ''] = /^(\d+) (秒|分钟|小时|天)/.exec(words) ?? []
  return Number(count) * (units[unit] ?? NaN)
}

describe('docs/server.zh-CN.md', () => {
  it('explains every variable, and none that there is not', () => {
    const known = Object.keys(Environment.entries)
    const explained = rowsOf(read('server.zh-CN.md')).flatMap(([names = '']) =>
      [...names.matchAll(/`([A-Z][A-Z_]+)`/g)].map(([, name = '']) => name),
    )
    expect(explained.sort()).toEqual(known.sort())
  })
})

describe('docs/deliveries.zh-CN.md', () => {
  it.each([
    [/^微信系统繁忙/, retryDelays.busy],
    [/^连不上微信/, retryDelays.later],
    [/^配置有误/, retryDelays.configuration],
  ])('publishes the schedule of retries of %s', (first, delays) => {
    const [, ...cells] = rowOf(read('deliveries.zh-CN.md'), first)
    expect(cells.at(-1)).toBe('`dead`')
    expect(cells.slice(0, -1).filter(Boolean).map(msOf)).toEqual(delays)
  })
})

describe('docs/operations.zh-CN.md', () => {
  const page = read('operations.zh-CN.md')
  const rules = read('deploy/leadbell.rules.yml')

  it.each([
    [/^幂等键/, keptDays.idempotencyKeys],
    [/^处理完的微信推送/, keptDays.pushes],
    [/^送到的对外通知/, keptDays.webhookCalls],
    [/^已删除线索/, keptDays.deletedClues],
  ])('says how long %s are kept', (first, days) => {
    expect(msOf(rowOf(page, first)[1] ?? '')).toBe(days * 86_400_000)
  })

  it('says what to do at every alert, and the alerts ask for numbers that there are', async () => {
    const alerts = [...rules.matchAll(/alert: (\w+)/g)].map(([, name = '']) => name)
    expect(alerts.length).toBeGreaterThan(5)
    const explained = rowsOf(page).flatMap(([cell = '']) => /^`(Leadbell\w+)`$/.exec(cell)?.[1] ?? [])
    expect(explained).toEqual(alerts)

    const metrics = createMetrics()
    const states = { ready: 0, leased: 0, in_doubt: 0, waiting: 0, refused: 0, dead: 0 }
    const exposed = await metrics.expose({
      deliveries: states,
      oldestDueSeconds: 0,
      pushes: 0,
      webhookCalls: 0,
    })
    const sources = readdirSync(new URL('.', import.meta.url), { recursive: true, encoding: 'utf8' })
      .filter((name) => name.endsWith('.ts') && !name.endsWith('.test.ts'))
      .map((name) => readFileSync(new URL(name, import.meta.url), 'utf8'))
      .join('\n')
    for (const [, alarm] of rules.matchAll(/alarm="([\w-]+)"/g))
      expect(sources).toContain(`alarmed('${alarm}')`)
    for (const [name] of rules.matchAll(/leadbell_\w+/g))
      expect(exposed).toContain(`# TYPE ${name.replace(/_count$/, '')} `)
  })
})
