import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { decrypt } from '../../testing/opened-push.ts'
import { encrypt, signatureOf } from './cipher.ts'

// the vectors of the 消息推送 page, wechat-platform.md §8.1
const token = 'AAAAA'
const published = {
  aesKey: 'A'.repeat(43),
  appid: 'wxba5fad812f8e6fb9',
  salt: Buffer.from('a8eedb185eb2fecf'),
  text: '{"ToUserName":"gh_97417a04a28d","FromUserName":"o9AgO5Kd5ggOC-bXrbNODIiE3bGY","CreateTime":1714112445,"MsgType":"event","Event":"debug_demo","debug_str":"hello world"}',
  encrypted:
    '+qdx1OKCy+5JPCBFWw70tm0fJGb2Jmeia4FCB7kao+/Q5c/ohsOzQHi8khUOb05JCpj0JB4RvQMkUyus8TPxLKJGQqcvZqzDpVzazhZv6JsXUnnR8XGT740XgXZUXQ7vJVnAG+tE8NUd4yFyjPy7GgiaviNrlCTj+l5kdfMuFUPpRSrfMZuMcp3Fn2Pede2IuQrKEYwKSqFIZoNqJ4M8EajAsjLY2km32IIjdf8YL/P50F7mStwntrA2cPDrM1kb6mOcfBgRtWygb3VIYnSeOBrebufAlr7F9mFUPAJGj04=',
}

describe('H42 the published vectors', () => {
  it.each([
    ['verification', '1714036504', '1514711492', 'f464b24fc39322e44b38aa78f5edd27bd1441696'],
    ['a plain push', '1714037059', '486452656', '899cf89e464efb63f54ddac96b0a0a235f53aa78'],
  ])('signature of %s', (_, timestamp, nonce, signature) => {
    expect(signatureOf(token, timestamp, nonce)).toBe(signature)
    expect(signatureOf(nonce, token, timestamp)).toBe(signature)
  })

  it('msg_signature of an encrypted push', () => {
    expect(signatureOf(token, '1714112445', '415670741', published.encrypted)).toBe(
      '046e02f8204d34f8ba5fa3b1db94908f3df2e9b3',
    )
  })

  it('the published text, salted as it was, becomes the published ciphertext', () => {
    expect(encrypt(published.text, published)).toBe(published.encrypted)
  })
})

it('what is encrypted opens again, whatever the text, app id, key and salt', () => {
  const alphanumeric = fc.constantFrom(...'ABCXYZabcxyz0189')
  fc.assert(
    fc.property(
      fc.string({ unit: 'grapheme', maxLength: 200 }),
      fc.string({ unit: alphanumeric, minLength: 1, maxLength: 40 }),
      fc.string({ unit: alphanumeric, minLength: 43, maxLength: 43 }),
      fc.uint8Array({ minLength: 16, maxLength: 16 }),
      (text, appid, aesKey, salt) => {
        expect(decrypt(encrypt(text, { appid, aesKey, salt }), aesKey)).toEqual({ text, appid })
      },
    ),
  )
})
