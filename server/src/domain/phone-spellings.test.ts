import { describe, expect, it } from 'vitest'
import { phoneSpellings } from './phone-spellings.ts'

describe('the spellings of a phone number', () => {
  const mobile = ['13800001024', '138-0000-1024', '138 0000 1024', '+8613800001024', '+86 138-0000-1024']

  it('of a mobile are found from each other', () => {
    for (const typed of mobile) {
      expect(phoneSpellings(typed).digits).toBe('13800001024')
      expect(phoneSpellings(typed).spellings).toEqual(expect.arrayContaining(mobile))
    }
  })

  it('include the one that was typed, however odd', () => {
    expect(phoneSpellings('1380 0001024').spellings).toContain('1380 0001024')
  })

  it('of another number are its digits and what was typed', () => {
    expect(phoneSpellings('010-8888 6666')).toEqual({
      digits: '01088886666',
      spellings: ['010-8888 6666', '01088886666'],
    })
    // eleven digits, but no mobile of ours behind an 86
    expect(phoneSpellings('8612345678').digits).toBe('8612345678')
  })
})
