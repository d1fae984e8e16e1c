import { describe, expect, it } from 'vitest'
import { decrypt } from './crypto.ts'
import { readEcho, readPush, type PushSettings } from './read-push.ts'

// The examples of WeChat's page on message pushes, to the letter (wechat-platform.md §8.1).
const withoutKey: PushSettings = { token: 'AAAAA', appid: 'wxba5fad812f8e6fb9', aesKey: undefined }
const withKey: PushSettings = { ...withoutKey, aesKey: 'A'.repeat(43) }
const at = (timestamp: string) => new Date(Number(timestamp) * 1000)

const ENCRYPT =
  '+qdx1OKCy+5JPCBFWw70tm0fJGb2Jmeia4FCB7kao+/Q5c/ohsOzQHi8khUOb05JCpj0JB4RvQMkUyus8TPxLKJGQqcvZqzDpVzazhZv6JsX' +
  'UnnR8XGT740XgXZUXQ7vJVnAG+tE8NUd4yFyjPy7GgiaviNrlCTj+l5kdfMuFUPpRSrfMZuMcp3Fn2Pede2IuQrKEYwKSqFIZoNqJ4M8EajA' +
  'sjLY2km32IIjdf8YL/P50F7mStwntrA2cPDrM1kb6mOcfBgRtWygb3VIYnSeOBrebufAlr7F9mFUPAJGj04='
const MESSAGE =
  '{"ToUserName":"gh_97417a04a28d","FromUserName":"o9AgO5Kd5ggOC-bXrbNODIiE3bGY","CreateTime":1714112445,' +
  '"MsgType":"event","Event":"debug_demo","debug_str":"hello world"}'

describe('the examples WeChat publishes', () => {
  const echo = {
    signature: 'f464b24fc39322e44b38aa78f5edd27bd1441696',
    echostr: '4375120948345356249',
    timestamp: '1714036504',
    nonce: '1514711492',
  }
  const plain = {
    signature: '899cf89e464efb63f54ddac96b0a0a235f53aa78',
    timestamp: '1714037059',
    nonce: '486452656',
  }
  const encrypted = {
    signature: '6c5c811b55cc85e0e1b54100749188c20beb3f5d',
    timestamp: '1714112445',
    nonce: '415670741',
    openid: 'o9AgO5Kd5ggOC-bXrbNODIiE3bGY',
    encrypt_type: 'aes',
    msg_signature: '046e02f8204d34f8ba5fa3b1db94908f3df2e9b3',
  }
  const body = JSON.stringify({ ToUserName: 'gh_97417a04a28d', Encrypt: ENCRYPT })

  it('verify the address, with and without a key', () => {
    for (const settings of [withoutKey, withKey])
      expect(readEcho(settings, echo, at(echo.timestamp))).toEqual({
        kind: 'echo',
        echostr: '4375120948345356249',
      })
  })

  it('sign a plain push', () => {
    const ignored = { kind: 'ignored', what: 'event debug_demo' }
    expect(readPush(withoutKey, plain, MESSAGE, at(plain.timestamp))).toEqual(ignored)
  })

  it('sign and encrypt a push', () => {
    const ignored = { kind: 'ignored', what: 'event debug_demo' }
    expect(readPush(withKey, encrypted, body, at(encrypted.timestamp))).toEqual(ignored)
  })

  it('decrypt to 167 bytes of message', () => {
    expect(Buffer.byteLength(MESSAGE)).toBe(167)
    expect(decrypt(ENCRYPT, { aesKey: 'A'.repeat(43), appid: 'wxba5fad812f8e6fb9' })).toEqual({
      kind: 'message',
      text: MESSAGE,
    })
  })

  it('are another mini-program’s under another appid', () => {
    const settings = { ...withKey, appid: 'wxba5fad812f8e6fb8' }
    expect(readPush(settings, encrypted, body, at(encrypted.timestamp))).toEqual({
      kind: 'refused',
      why: 'appid',
    })
  })

  it('are not taken by the plain signature when encrypted', () => {
    const query = { ...encrypted, msg_signature: encrypted.signature }
    expect(readPush(withKey, query, body, at(encrypted.timestamp))).toEqual({
      kind: 'refused',
      why: 'signature',
    })
  })
})
