/** Who knows one of these can act as the app or as a user; the log is for everybody's eyes. */
const secret = /^(secret|appsecret|access_token|js_code|code|session_key|signature|token|aesKey)$/i
const HIDDEN = '***'
const MOST_TEXT = 300
const MOST_MEMBERS = 40
const MOST_DEPTH = 6

/** A copy to keep: without secrets, and without what would fill the memory. */
export function redacted(value: unknown, depth = 0): unknown {
  if (typeof value === 'string') return value.length > MOST_TEXT ? `${value.slice(0, MOST_TEXT)}…` : value
  if (typeof value !== 'object' || value === null) return value
  if (depth >= MOST_DEPTH) return '…'
  if (Array.isArray(value)) return value.slice(0, MOST_MEMBERS).map((item) => redacted(item, depth + 1))
  return redactedMembers(value, depth)
}

export const redactedMembers = (value: object, depth = 0): Record<string, unknown> =>
  Object.fromEntries(
    Object.entries(value)
      .slice(0, MOST_MEMBERS)
      .map(([name, member]) => [
        name,
        secret.test(name) && member !== '' && member !== undefined ? HIDDEN : redacted(member, depth + 1),
      ]),
  )
