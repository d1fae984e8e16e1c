import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { signBody, verifyBody } from './webhook-signing.ts'

const secret = 'a shared secret of at least 32 characters'
const now = new Date('2026-11-23T01:42:00Z')
const timestamp = String(now.getTime() / 1000)
const body = new TextEncoder().encode('{"title":"恒泰建材"}')

describe('a signed body', () => {
  it('is signed as openssl does it', () => {
    // printf '1795398120.{"a":1}' | openssl dgst -sha256 -hmac 'k'
    expect(signBody('k', '1795398120', '{"a":1}')).toBe(
      'v1=69a36bdc507452c35da24243e162c81a0ffa79513ef40f54e0606260d11fe023',
    )
  })

  it('is good, five minutes either way', () => {
    const signature = signBody(secret, timestamp, body)
    const at = (seconds: number) =>
      verifyBody(secret, { timestamp, signature, body }, new Date(now.getTime() + seconds * 1000))
    expect([at(0), at(300), at(-300)]).toEqual(['good', 'good', 'good'])
    expect([at(301), at(-301)]).toEqual(['stale', 'stale'])
  })

  it('is wrong with another secret, time or scheme, and in capitals', () => {
    const signature = signBody(secret, timestamp, body)
    const wrong = [
      { timestamp, signature: signBody(`${secret}!`, timestamp, body), body },
      { timestamp: String(Number(timestamp) + 1), signature, body },
      { timestamp, signature: signature.replace('v1=', 'v2='), body },
      { timestamp, signature: signature.replace('v1=', ''), body },
      { timestamp, signature: signature.toUpperCase(), body },
      { timestamp, signature: '', body },
      { timestamp: '', signature: signBody(secret, '', body), body },
      { timestamp: '-1', signature: signBody(secret, '-1', body), body },
      { timestamp: '1e9', signature: signBody(secret, '1e9', body), body },
    ]
    expect(wrong.map((signed) => verifyBody(secret, signed, now))).toEqual(wrong.map(() => 'wrong'))
  })

  it('is wrong after any byte of it was changed', () => {
    fc.assert(
      fc.property(
        fc.uint8Array({ minLength: 1 }),
        fc.nat(),
        fc.integer({ min: 1, max: 255 }),
        (sent, at, flip) => {
          const signature = signBody(secret, timestamp, sent)
          expect(verifyBody(secret, { timestamp, signature, body: sent }, now)).toBe('good')
          const changed = sent.map((byte, index) => (index === at % sent.length ? byte ^ flip : byte))
          expect(verifyBody(secret, { timestamp, signature, body: changed }, now)).toBe('wrong')
        },
      ),
    )
  })
})
