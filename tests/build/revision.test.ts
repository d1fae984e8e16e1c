import { describe, expect, it } from 'vitest'
import { describeRevision } from '../../build/revision.ts'

describe('the description', () => {
  const git =
    (log: string | null, status = '') =>
    (args: string[]) =>
      args[0] === 'log' ? log : status

  it('is the commit’s short hash and subject', () => {
    expect(describeRevision(git('abc1234 fix: a bug'))).toBe('abc1234 fix: a bug')
  })
  it('says when files differ from the commit', () => {
    expect(describeRevision(git('abc1234 fix', ' M a.ts'))).toBe('abc1234 fix（另有未提交的修改）')
  })
  it('does without git', () => {
    expect(describeRevision(() => null)).toBe('没有版本记录')
  })
  it('is at most a hundred characters', () => {
    const long = describeRevision(git(`abc1234 ${'长'.repeat(200)}`, ' M a.ts'))
    expect(long).toHaveLength(100)
    expect(long).toMatch(/…（另有未提交的修改）$/)
  })
})
