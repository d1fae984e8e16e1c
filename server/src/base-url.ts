import { isIPv4 } from 'node:net'

/** What is wrong with an address that we call; a line for the operator each. */
export type UrlProblem = 'userinfo' | 'query' | 'hash' | 'scheme' | 'plain'

const LOOPBACK = new Set(['localhost', '127.0.0.1', '[::1]'])

/** This machine. */
export const isLoopback = (hostname: string): boolean => LOOPBACK.has(hostname)

/**
 * This machine, a private network (RFC 1918), or a name without a dot, which only a network of one's own resolves,
 * such as that of a compose file.
 */
export function isNearby(hostname: string): boolean {
  if (isLoopback(hostname)) return true
  if (!isIPv4(hostname)) return !hostname.includes('.') && !hostname.includes(':')
  const [a = 0, b = 0] = hostname.split('.').map(Number)
  return a === 10 || (a === 172 && b >= 16 && b <= 31) || (a === 192 && b === 168)
}

/** `plainFor` says which hosts may be called without TLS; a text that is no URL at all has no problem of these. */
export function urlProblems(text: string, plainFor: (hostname: string) => boolean): UrlProblem[] {
  if (!URL.canParse(text)) return []
  const { protocol, hostname, username, password, search, hash } = new URL(text)
  const problems: UrlProblem[] = []
  if (username || password) problems.push('userinfo')
  if (search || text.includes('?')) problems.push('query')
  if (hash || text.includes('#')) problems.push('hash')
  if (protocol === 'http:') {
    if (!plainFor(hostname)) problems.push('plain')
  } else if (protocol !== 'https:') problems.push('scheme')
  return problems
}

/** Called without TLS although it leaves this machine. */
export function isPlainOverNetwork(text: string): boolean {
  const { protocol, hostname } = new URL(text)
  return protocol === 'http:' && !isLoopback(hostname)
}
