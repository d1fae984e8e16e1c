import { createHmac, timingSafeEqual } from 'node:crypto'

/** How far the sender's clock may be from ours, either way. docs/integration.zh-CN.md publishes it. */
const SIGNATURE_WINDOW_SECONDS = 300

export interface SignedBody {
  /** Unix seconds as the header has them, which is what is signed. */
  timestamp: string
  /** `v1=` and the HMAC in lower-case hex. */
  signature: string
  body: Uint8Array
}

/**
 * `v1=<hex hmac-sha256(secret, timestamp + '.' + body)>`, for both directions (docs/integration.zh-CN.md). The body is
 * the bytes on the wire: the same JSON written otherwise has another signature.
 */
export function signBody(secret: string, timestamp: string, body: Uint8Array | string): string {
  return `v1=${createHmac('sha256', secret).update(`${timestamp}.`).update(body).digest('hex')}`
}

/** `stale` is only said of a signature that is right. Takes the same time however much of a wrong one fits. */
export function verifyBody(
  secret: string,
  { timestamp, signature, body }: SignedBody,
  now: Date,
): 'good' | 'wrong' | 'stale' {
  if (!/^\d{1,12}$/.test(timestamp)) return 'wrong'
  const expected = Buffer.from(signBody(secret, timestamp, body))
  const given = Buffer.from(signature)
  if (given.length !== expected.length || !timingSafeEqual(given, expected)) return 'wrong'
  const offSeconds = Math.abs(now.getTime() / 1000 - Number(timestamp))
  return offSeconds <= SIGNATURE_WINDOW_SECONDS ? 'good' : 'stale'
}
