import { readFields, type Fields } from './body.ts'
import { decrypt } from './crypto.ts'
import { readEvents, type PushEvent } from './events.ts'
import { signatureMatches } from './signature.ts'

export type { PushEvent } from './events.ts'

/** What is entered under 消息推送 in the mini-program's administration. */
export interface PushSettings {
  token: string
  appid: string
  /** EncodingAESKey, 43 characters. When set, only what is encrypted counts. */
  aesKey: string | undefined
  /** How far WeChat's clock may be from ours before a push counts as replayed. @default 300_000 */
  windowMs?: number
}

/** The query of a push; everything else in it is of no matter. */
export interface PushQuery {
  signature?: string | undefined
  timestamp?: string | undefined
  nonce?: string | undefined
  echostr?: string | undefined
  encrypt_type?: string | undefined
  msg_signature?: string | undefined
}

export type PushRefusal =
  /** Not signed with our token. */
  | 'signature'
  /** Signed too long ago, too far in the future, or at no time at all. */
  | 'timestamp'
  /** Encrypted for another mini-program. */
  | 'appid'
  /** We hold an aesKey and the body carries nothing encrypted: nothing in it is proven to be WeChat's. */
  | 'not-encrypted'
  /** The body is encrypted and we hold no aesKey. */
  | 'no-key'
  | 'undecryptable'
  | 'malformed'

export type EchoReading = { kind: 'echo'; echostr: string } | { kind: 'refused'; why: PushRefusal }

export type PushReading =
  | { kind: 'events'; events: PushEvent[] }
  /** Genuine and about something else. Answer success, or WeChat sends it twice more; `what` is for the log. */
  | { kind: 'ignored'; what: string }
  | { kind: 'refused'; why: PushRefusal }

const DEFAULT_WINDOW_MS = 300_000
// The signed text has no separators. Strict shapes leave nothing to move from one part into its neighbour.
const UNIX_SECONDS = /^\d{10}$/
const NONCE = /^[\w-]{1,64}$/
// no signature covers it: what we send back must not be markup
const ECHOSTR = /^[\w+/=.-]{1,256}$/

/**
 * Reads the GET by which WeChat verifies the address (wechat-platform.md §8.1). Answer `echostr` as text/plain with
 * status 200, a refusal with 403.
 */
export function readEcho(settings: PushSettings, query: PushQuery, now: Date): EchoReading {
  const signed = signedParts(settings, query, now)
  if ('why' in signed) return refused(signed.why)
  if (!signatureMatches(query.signature, signed.parts)) return refused('signature')
  const { echostr } = query
  return echostr !== undefined && ECHOSTR.test(echostr) ? { kind: 'echo', echostr } : refused('malformed')
}

/**
 * Reads one push (wechat-platform.md §8). Whatever arrives, it answers and does not throw. Without an aesKey the
 * signature covers the query only, so a body is as trustworthy as the way it came. A push repeated within the window
 * reads as events again: tell them apart by `key`.
 */
export function readPush(settings: PushSettings, query: PushQuery, body: string, now: Date): PushReading {
  const signed = signedParts(settings, query, now)
  if ('why' in signed) return refused(signed.why)
  if (settings.aesKey === undefined) {
    return signatureMatches(query.signature, signed.parts) ? readPlain(body) : refused('signature')
  }
  const fields = readFields(body)
  if (!fields) return refused('malformed')
  const encrypted = fields.Encrypt
  if (typeof encrypted !== 'string' || encrypted === '') return refused('not-encrypted')
  if (!signatureMatches(query.msg_signature, [...signed.parts, encrypted])) return refused('signature')
  const decryption = decrypt(encrypted, { aesKey: settings.aesKey, appid: settings.appid })
  return decryption.kind === 'message' ? eventsOf(readFields(decryption.text)) : refused(decryption.kind)
}

function readPlain(body: string): PushReading {
  const fields = readFields(body)
  const onlyEncrypted = fields && fields.Encrypt !== undefined && !fields.MsgType
  return onlyEncrypted ? refused('no-key') : eventsOf(fields)
}

function eventsOf(fields: Fields | undefined): PushReading {
  const reading = fields && readEvents(fields)
  return !reading || reading.kind === 'malformed' ? refused('malformed') : reading
}

/** What both signatures cover, when it was signed within the window. */
function signedParts(
  { token, windowMs = DEFAULT_WINDOW_MS }: PushSettings,
  { timestamp, nonce }: PushQuery,
  now: Date,
): { parts: string[] } | { why: PushRefusal } {
  if (timestamp === undefined || !UNIX_SECONDS.test(timestamp)) return { why: 'timestamp' }
  if (Math.abs(now.getTime() - Number(timestamp) * 1000) > windowMs) return { why: 'timestamp' }
  if (nonce === undefined || !NONCE.test(nonce)) return { why: 'signature' }
  return { parts: [token, timestamp, nonce] }
}

const refused = (why: PushRefusal): { kind: 'refused'; why: PushRefusal } => ({ kind: 'refused', why })
