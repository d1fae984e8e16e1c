import { currentHost } from './host.ts'

export type LoginCode = { kind: 'code'; code: string } | { kind: 'none' }

const LOGIN_TIMEOUT_MS = 8000

/**
 * A code for the backend to exchange: valid five minutes, usable once, so take it right before it is sent
 * and a new one for every attempt (wechat-platform.md §3). Never rejects: login works without.
 */
export function loginCode(host = currentHost()): Promise<LoginCode> {
  return new Promise((resolve) => {
    if (!host.login) return resolve({ kind: 'none' })
    host.login({
      timeout: LOGIN_TIMEOUT_MS,
      success: ({ code }) => resolve(code ? { kind: 'code', code } : { kind: 'none' }),
      fail: () => resolve({ kind: 'none' }),
    })
  })
}
