/** 32 hexadecimal digits. `crypto.randomUUID` is not there on a page that came over plain http, as in an office. */
export const randomId = (): string =>
  Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, '0')).join(
    '',
  )
