import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { describe, expect, it } from 'vitest'
import { findCode, wechatCodes, type CodeAction, type WechatCall } from './codes.ts'

const docs = resolve(import.meta.dirname, '../../../docs')
const read = (name: string) => readFileSync(resolve(docs, name), 'utf8')
const cellsOf = (line: string) =>
  line
    .split(/(?<!\\)\|/)
    .slice(1, -1)
    .map((cell) => cell.trim())

const calls = Object.keys(wechatCodes) as WechatCall[]
const rows = calls.flatMap((call) => wechatCodes[call].map((row) => ({ call, ...row })))

/** The codes in the first column of the table headed `errcode` between a heading and the next. */
function documentedCodes(heading: string): number[] {
  const [, ...rest] = read('wechat-platform.md').split(`\n${heading}`)
  const section = (rest[0] ?? '').split(/\n#{2,3} /)[0] ?? ''
  const table = section.split('\n').filter((line) => line.startsWith('|'))
  const start = table.findIndex((line) => cellsOf(line)[0] === 'errcode')
  return table
    .slice(start + 2)
    .flatMap((line) => (cellsOf(line)[0] ?? '').match(/-?\d+/g) ?? [])
    .map(Number)
}

describe('the table of WeChat’s codes', () => {
  it.each<[heading: string, atLeast: number, calls: WechatCall[]]>([
    ['## 4. code2Session', 10, ['code2Session']],
    // §5 lists what a bad token gets as well, which a call with a token is answered
    ['## 5. access_token', 12, ['token', 'send']],
    ['### 6.2 Error codes', 15, ['send']],
  ])('has a row for every code of wechat-platform.md under “%s”', (heading, atLeast, where) => {
    const codes = documentedCodes(heading).filter((code) => code !== 0)
    expect(codes.length).toBeGreaterThanOrEqual(atLeast)
    const known = new Set(where.flatMap((call) => wechatCodes[call].map(({ errcode }) => errcode)))
    expect(codes.filter((code) => !known.has(code))).toEqual([])
  })

  it('has the codes that gettemplate lists as its own', () => {
    const line = read('wechat-platform.md')
      .split('\n')
      .find((one) => one.includes('/wxaapi/newtmpl/gettemplate') && one.startsWith('|'))
    const own = (cellsOf(line ?? '').at(-1) ?? '').match(/\d+/g)?.map(Number) ?? []
    expect(own).toHaveLength(3)
    for (const code of own) expect(wechatCodes.gettemplate.map(({ errcode }) => errcode)).toContain(code)
  })

  it.each(calls)('names no code of %s twice', (call) => {
    const codes = wechatCodes[call].map(({ errcode }) => errcode)
    expect(new Set(codes).size).toBe(codes.length)
  })

  it('alarms for what only a person can mend, and for nothing else', () => {
    for (const { call, errcode, action, outcome } of rows)
      expect(action === 'alarm', `${call} ${errcode}`).toBe(outcome === 'configBroken')
  })

  it.each(calls)('takes a code of %s that nobody documented for ours to mend', (call) => {
    expect(findCode(call, 987_654)).toMatchObject({ action: 'alarm', outcome: 'configBroken' })
  })

  it('is docs/wechat-codes.zh-CN.md, row by row', () => {
    const words: Record<CodeAction, string> = { retry: '重试', wait: '等待', stop: '停止', alarm: '报警' }
    const page = read('wechat-codes.zh-CN.md')
      .split('\n')
      .filter((line) => /^\| -?\d/.test(line))
      .map(cellsOf)
    expect(page).toEqual(
      rows.map(({ errcode, call, text, action, handling }) => [
        String(errcode),
        call,
        text,
        words[action],
        handling,
      ]),
    )
    for (const [, , , , handling] of page) expect(handling).toMatch(/[\u4e00-\u9fff]/)
  })
})
