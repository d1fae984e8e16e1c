/** Bytes as the strings that cross a JSON channel, and back. */
export function toBase64(bytes: Uint8Array): string {
  let text = ''
  const STEP = 0x8000
  for (let at = 0; at < bytes.length; at += STEP)
    text += String.fromCharCode(...bytes.subarray(at, at + STEP))
  return btoa(text)
}

/** @throws when it is no base64 */
export function fromBase64(text: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(atob(text), (sign) => sign.charCodeAt(0))
}

/** Bytes that app code handed over, as its own view of them. */
export const isBytes = (value: unknown): value is ArrayBuffer =>
  // a buffer of another realm, as in a test, is no instance of ours
  Object.prototype.toString.call(value) === '[object ArrayBuffer]'

/** An ArrayBuffer of its own, as WeChat hands bytes to app code. */
export const bufferOf = (bytes: Uint8Array): ArrayBuffer => new Uint8Array(bytes).buffer
