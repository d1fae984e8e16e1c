import { describe, expect, it } from 'vitest'
import { ringOf, ringText, ringTone, whatToAsk } from './ring.ts'
import { aMember } from './testing/made-up.ts'

describe('a person', () => {
  it('rings as often as all templates together have left', () => {
    const ring = ringOf(aMember({ quota: { A: 2, B: 3 } }))
    expect(ring).toEqual({ kind: 'rings', left: 5 })
    expect(ringText(ring)).toBe('能收到，还剩 5 条')
    expect(ringTone(ring)).toBe('success')
    expect(whatToAsk(ring)).toBeNull()
  })

  it.each([{}, { TPL: 0 }])('with nothing left (%j) is asked to allow again', (quota) => {
    const ring = ringOf(aMember({ quota }))
    expect(ring).toEqual({ kind: 'unpaid' })
    expect(whatToAsk(ring)).toContain('再允许一次')
    expect(ringTone(ring)).toBe('warning')
  })

  it('without a WeChat is asked to log in there, whatever was left', () => {
    const ring = ringOf(aMember({ bound: false, quota: { TPL: 9 } }))
    expect(ring).toEqual({ kind: 'unbound' })
    expect(whatToAsk(ring)).toContain('登录一次')
    expect(ringText(ring)).toContain('未绑定微信')
  })

  it('who is disabled is asked nothing', () => {
    const ring = ringOf(aMember({ disabled: true, bound: false }))
    expect(ring).toEqual({ kind: 'disabled' })
    expect(whatToAsk(ring)).toBeNull()
    expect(ringTone(ring)).toBe('info')
  })
})
