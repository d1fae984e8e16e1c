import { createHash, timingSafeEqual } from 'node:crypto'

const HEX_SHA1 = /^[0-9a-f]{40}$/

/**
 * Whether `signature` is the lower-case hex SHA-1 of the sorted and joined `parts`, the token among them
 * (wechat-platform.md §8.1). Takes the same time wherever the two differ.
 */
export function signatureMatches(signature: string | undefined, parts: readonly string[]): boolean {
  if (signature === undefined || !HEX_SHA1.test(signature)) return false
  const expected = createHash('sha1')
    .update([...parts].sort().join(''))
    .digest()
  return timingSafeEqual(expected, Buffer.from(signature, 'hex'))
}
