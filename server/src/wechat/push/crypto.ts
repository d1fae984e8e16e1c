import { createDecipheriv } from 'node:crypto'

export type Decryption =
  | { kind: 'message'; text: string }
  /** Not made with this key, or cut, or not what WeChat makes. */
  | { kind: 'undecryptable' }
  /** Made with this key, but for another appid. */
  | { kind: 'appid' }

const BLOCK = 32
const RANDOM = 16
const HEADER = RANDOM + 4
const BASE64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/
const ENCODING_AES_KEY = /^[A-Za-z0-9+/]{43}$/

const undecryptable: Decryption = { kind: 'undecryptable' }

/**
 * Opens the `Encrypt` field of a push: AES-256-CBC, the first half of the key as IV, PKCS#7 to blocks of 32 bytes,
 * within it random(16) + length(4, big-endian) + message + appid (wechat-platform.md §8.1). Never throws. CBC carries
 * no proof of origin: check `msg_signature` first.
 */
export function decrypt(encrypted: string, { aesKey, appid }: { aesKey: string; appid: string }): Decryption {
  if (!ENCODING_AES_KEY.test(aesKey) || !BASE64.test(encrypted)) return undecryptable
  const ciphertext = Buffer.from(encrypted, 'base64')
  if (ciphertext.length === 0 || ciphertext.length % BLOCK !== 0) return undecryptable
  const key = Buffer.from(`${aesKey}=`, 'base64')
  const decipher = createDecipheriv('aes-256-cbc', key, key.subarray(0, 16)).setAutoPadding(false)
  const plain = unpad(Buffer.concat([decipher.update(ciphertext), decipher.final()]))
  return plain ? unpack(plain, appid) : undecryptable
}

/** Undefined unless the last byte counts the padding and every byte of it says the same. */
function unpad(padded: Buffer): Buffer | undefined {
  const count = padded.at(-1) ?? 0
  if (count < 1 || count > BLOCK) return undefined
  const end = padded.length - count
  return padded.subarray(end).every((byte) => byte === count) ? padded.subarray(0, end) : undefined
}

function unpack(plain: Buffer, appid: string): Decryption {
  if (plain.length < HEADER) return undecryptable
  const end = HEADER + plain.readUInt32BE(RANDOM)
  if (end > plain.length) return undecryptable
  const text = utf8(plain.subarray(HEADER, end))
  if (text === undefined) return undecryptable
  return plain.subarray(end).equals(Buffer.from(appid)) ? { kind: 'message', text } : { kind: 'appid' }
}

function utf8(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch {
    return undefined
  }
}
