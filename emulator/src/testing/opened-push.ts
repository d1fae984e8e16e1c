import { createDecipheriv, createHash } from 'node:crypto'

const sha1 = (parts: readonly string[]) =>
  createHash('sha1')
    .update([...parts].sort().join(''))
    .digest('hex')

/** How a backend checks and opens a push: written from wechat-platform.md §8.1, not from the code that seals it. */
export function openPush(
  it: { url: string; body: string },
  secrets: { token: string; aesKey: string },
): { plain: string; sealed?: { text: string; appid: string } } {
  const query = Object.fromEntries(new URL(it.url, 'http://127.0.0.1').searchParams)
  const { signature, timestamp = '', nonce = '', encrypt_type, msg_signature } = query
  if (signature !== sha1([secrets.token, timestamp, nonce])) throw new Error('signature')
  if (encrypt_type === undefined) return { plain: it.body }
  const encrypted =
    /<Encrypt><!\[CDATA\[(.*?)\]\]><\/Encrypt>/.exec(it.body)?.[1] ??
    (JSON.parse(it.body) as { Encrypt: string }).Encrypt
  if (msg_signature !== sha1([secrets.token, timestamp, nonce, encrypted])) throw new Error('msg_signature')
  return { plain: it.body, sealed: decrypt(encrypted, secrets.aesKey) }
}

export function decrypt(encrypted: string, aesKey: string): { text: string; appid: string } {
  const key = Buffer.from(`${aesKey}=`, 'base64')
  const decipher = createDecipheriv('aes-256-cbc', key, key.subarray(0, 16)).setAutoPadding(false)
  const padded = Buffer.concat([decipher.update(encrypted, 'base64'), decipher.final()])
  if (padded.length % 32 !== 0) throw new Error('block')
  const padding = padded.at(-1) ?? 0
  if (padding < 1 || padding > 32 || padded.subarray(-padding).some((byte) => byte !== padding))
    throw new Error('padding')
  const plain = padded.subarray(0, -padding)
  const end = 20 + plain.readUInt32BE(16)
  return { text: plain.subarray(20, end).toString(), appid: plain.subarray(end).toString() }
}
