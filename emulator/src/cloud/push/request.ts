import { encrypt, signatureOf } from './cipher.ts'
import type { PushEvent } from './event.ts'
import { payloadOf, write, writeSealed, type PayloadStyle } from './payload.ts'
import type { PushTarget } from './target.ts'

/** One HTTP call to the backend. */
export interface PushRequest {
  method: 'GET' | 'POST'
  url: string
  contentType?: string
  body?: string
}

/** What must not repeat, so that no two pushes are alike. */
export interface Uniqueness {
  /** Seconds since 1970, decimal. */
  timestamp: string
  /** Digits. */
  nonce: string
  /** 16 bytes. */
  salt: Uint8Array
}

export interface Sender {
  appid: string
  style: PayloadStyle
}

function withQuery(url: string, query: Readonly<Record<string, string>>): string {
  const whole = new URL(url)
  for (const [name, value] of Object.entries(query)) whole.searchParams.set(name, value)
  return whole.href
}

type Signing = Pick<Uniqueness, 'timestamp' | 'nonce'>

const signed = ({ token }: PushTarget, { timestamp, nonce }: Signing) => ({
  signature: signatureOf(token, timestamp, nonce),
  timestamp,
  nonce,
})

/** The GET that the console makes when the target is entered. */
export const verificationRequest = (target: PushTarget, it: Signing & { echostr: string }): PushRequest => ({
  method: 'GET',
  url: withQuery(target.url, { ...signed(target, it), echostr: it.echostr }),
})

/** The POST of an event in the target's mode and format (wechat-platform.md §8.1, §8.2). */
export function eventRequest(
  target: PushTarget,
  event: PushEvent,
  { appid, style }: Sender,
  unique: Uniqueness,
): PushRequest {
  const { format, mode, token, aesKey = '' } = target
  const payload = payloadOf(event, style)
  const plain = write(format, payload)
  const common = { method: 'POST', contentType: format === 'json' ? 'application/json' : 'text/xml' } as const
  const query = signed(target, unique)
  if (mode === 'plain') return { ...common, url: withQuery(target.url, query), body: plain }

  const sealed = encrypt(plain, { aesKey, appid, salt: unique.salt })
  return {
    ...common,
    url: withQuery(target.url, {
      ...query,
      openid: event.openid,
      encrypt_type: 'aes',
      msg_signature: signatureOf(token, unique.timestamp, unique.nonce, sealed),
    }),
    body:
      mode === 'compatible'
        ? write(format, payload, { Encrypt: sealed })
        : writeSealed(format, { ToUserName: style.originalId, Encrypt: sealed }),
  }
}
