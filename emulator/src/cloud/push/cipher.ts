import { createCipheriv, createHash } from 'node:crypto'

/** Of what a push is signed with, in whatever order (wechat-platform.md §8.1). Hexadecimal. */
export const signatureOf = (...parts: readonly string[]): string =>
  createHash('sha1')
    .update([...parts].sort().join(''))
    .digest('hex')

const BLOCK_BYTES = 32
export const SALT_BYTES = 16

/**
 * wechat-platform.md §8.1: AES-256-CBC over salt, length, text and app id, padded to 32 bytes; the key's first half is
 * the IV. `aesKey` is the 43 characters of the console, `salt` 16 random bytes. Base64.
 */
export function encrypt(text: string, it: { aesKey: string; appid: string; salt: Uint8Array }): string {
  const key = Buffer.from(`${it.aesKey}=`, 'base64')
  const message = Buffer.from(text)
  const length = Buffer.alloc(4)
  length.writeUInt32BE(message.length)
  const plain = Buffer.concat([it.salt, length, message, Buffer.from(it.appid)])
  const missing = BLOCK_BYTES - (plain.length % BLOCK_BYTES)
  const cipher = createCipheriv('aes-256-cbc', key, key.subarray(0, 16)).setAutoPadding(false)
  return Buffer.concat([
    cipher.update(plain),
    cipher.update(Buffer.alloc(missing, missing)),
    cipher.final(),
  ]).toString('base64')
}
