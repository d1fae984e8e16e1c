import { describe, expect, it } from 'vitest'
import { hashPassword, passwordMatches } from './passwords.ts'

describe('a password', () => {
  it('matches its hash and nothing else', async () => {
    const stored = await hashPassword('a good password')
    expect(stored).toMatch(/^\$argon2id\$/)
    expect(await passwordMatches(stored, 'a good password')).toBe(true)
    expect(await passwordMatches(stored, 'A good password')).toBe(false)
    expect(await hashPassword('a good password')).not.toBe(stored)
  })

  it('of an unknown account is wrong after the same work as any other', async () => {
    const stored = await hashPassword('a good password')
    const fastestOf = async (hash: string | undefined) => {
      let fastest = Infinity
      for (let n = 0; n < 7; n++) {
        const started = performance.now()
        expect(await passwordMatches(hash, 'a guess')).toBe(false)
        fastest = Math.min(fastest, performance.now() - started)
      }
      return fastest
    }
    expect(await fastestOf(undefined)).toBeGreaterThan((await fastestOf(stored)) / 2)
  })

  it('that happens to be the decoy’s opens no unknown account', async () => {
    expect(await passwordMatches(undefined, 'nobody’s password')).toBe(false)
  })
})
