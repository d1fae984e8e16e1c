import { describe, expect, it } from 'vitest'
import { refusals, wordRefusal } from './refusal.ts'

describe('the table of refusals', () => {
  it.each(Object.entries(refusals))('%s is worded in Chinese, with cause and remedy', (_name, refusal) => {
    expect(refusal.message).toMatch(/\p{Script=Han}/u)
    expect(refusal.cause).not.toBe('')
    expect(refusal.remedy).not.toBe('')
    // the phone takes 0 and 200 for success
    expect([0, 200]).not.toContain(refusal.code)
  })

  it('fills in what a sentence leaves open', () => {
    expect(wordRefusal({ refusal: 'login-locked', values: { minutes: '10' } })).toContain('请 10 分钟后再试')
  })
})
