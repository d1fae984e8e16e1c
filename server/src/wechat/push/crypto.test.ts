import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { encryptBytes, encryptPush, pkcs7 } from '../../testing/push-sender.ts'
import { decrypt } from './crypto.ts'

const aesKey = 'abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG'
const key = { aesKey, appid: 'wx0123456789abcdef' }
const undecryptable = { kind: 'undecryptable' }

/** A message whose declared length is `length`, whatever it has. */
function declaring(length: number, rest: string): string {
  const header = Buffer.alloc(20)
  header.writeUInt32BE(length, 16)
  return encryptBytes(pkcs7(Buffer.concat([header, Buffer.from(rest)])), aesKey)
}

describe('decrypt', () => {
  it('gives back any message that was encrypted', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 200 }), (text) => {
        expect(decrypt(encryptPush(`{${text}`, key), key)).toEqual({ kind: 'message', text: `{${text}` })
      }),
    )
  })

  it('takes a whole block of padding', () => {
    const text = 'x'.repeat(64 - 20 - key.appid.length)
    const encrypted = encryptPush(text, key)
    expect(Buffer.from(encrypted, 'base64')).toHaveLength(96)
    expect(decrypt(encrypted, key)).toEqual({ kind: 'message', text })
  })

  it.each([
    ['no padding', (plain: Buffer) => Buffer.concat([plain, Buffer.alloc(32 - (plain.length % 32))])],
    ['more padding than a block', (plain: Buffer) => Buffer.concat([pkcs7(plain), Buffer.alloc(64, 33)])],
    [
      'padding whose first byte differs',
      (plain: Buffer) => {
        const padded = pkcs7(plain)
        padded[plain.length] = 99
        return padded
      },
    ],
    [
      'padding to 16 bytes',
      (plain: Buffer) => Buffer.concat([plain, Buffer.alloc(48 - plain.length, 48 - plain.length)]),
    ],
  ])('refuses %s', (_what, pad) => {
    expect(decrypt(encryptPush('{"a":1}', { ...key, pad }), key)).toEqual(undecryptable)
  })

  it.each([
    ['longer than what there is', declaring(1000, `{}${key.appid}`)],
    ['of four gigabytes', declaring(0xffffffff, `{}${key.appid}`)],
  ])('refuses a message that says it is %s', (_what, encrypted) => {
    expect(decrypt(encrypted, key)).toEqual(undecryptable)
  })

  it.each([
    ['a length that leaves part of the appid in the message', declaring(4, `{}${key.appid}`)],
    ['a length that leaves part of the message in the appid', declaring(1, `{}${key.appid}`)],
    ['no appid', encryptPush('{}', { ...key, appid: '' })],
    ['an appid that goes on', encryptPush('{}', { ...key, appid: `${key.appid}0` })],
  ])('tells another appid from ours: %s', (_what, encrypted) => {
    expect(decrypt(encrypted, key)).toEqual({ kind: 'appid' })
  })

  it.each([
    ['nothing', ''],
    ['no base64', '!!!!'],
    ['base64 of the web kind', encryptPush('{}', key).replace(/.$/, '_')],
    ['half a block', Buffer.alloc(16).toString('base64')],
    ['padding only', encryptBytes(Buffer.alloc(32, 32), aesKey)],
    ['no room for the length', encryptBytes(pkcs7(Buffer.alloc(19)), aesKey)],
    ['bytes that are not UTF-8', encryptPush(Buffer.from([0x7b, 0xff, 0xfe]), key)],
  ])('refuses %s', (_what, encrypted) => {
    expect(decrypt(encrypted, key)).toEqual(undecryptable)
  })

  it('refuses with a key that is none', () => {
    for (const none of ['', 'short', `${aesKey}=`, `${aesKey}a`])
      expect(decrypt(encryptPush('{}', key), { ...key, aesKey: none })).toEqual(undecryptable)
  })

  it('answers to random blocks and does not throw', () => {
    const blocks = fc.array(fc.uint8Array({ minLength: 32, maxLength: 32 }), { minLength: 1, maxLength: 4 })
    fc.assert(
      fc.property(blocks, (bytes) => {
        const chosen = Buffer.concat(bytes)
        expect(decrypt(chosen.toString('base64'), key).kind).not.toBe('message')
        expect(decrypt(encryptBytes(chosen, aesKey), key).kind).not.toBe('message')
      }),
    )
  })
})
