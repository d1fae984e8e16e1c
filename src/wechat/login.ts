import { currentHost, settleOnce } from './host.ts'

export type LoginCode = { kind: 'code'; code: string } | { kind: 'none' }

const LOGIN_TIMEOUT_MS = 8000

/**
 * A code for the backend to exchange: valid five minutes, usable once, so take it right before it is sent
 * and a new one for every attempt (wechat-platform.md §3). Never rejects and never hangs: login works without.
 */
export function loginCode(host = currentHost()): Promise<LoginCode> {
  return new Promise((resolve) => {
    settleOnce<LoginCode>(
      resolve,
      { kind: 'none' },
      (settle) => {
        if (!host.login) return settle({ kind: 'none' })
        host.login({
          timeout: LOGIN_TIMEOUT_MS,
          success: ({ code }) => settle(code ? { kind: 'code', code } : { kind: 'none' }),
          fail: () => settle({ kind: 'none' }),
        })
      },
      // The host's own timeout is a promise of the documentation; this one is ours.
      { ms: LOGIN_TIMEOUT_MS + 1000, outcome: { kind: 'none' } },
    )
  })
}
