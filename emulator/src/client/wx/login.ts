import { asyncApi, fail, ok } from './api.ts'
import type { WxHost } from './host.ts'

const MOST_A_SECOND = 4

/**
 * Notes a rate that WeChat complains about (wechat-platform.md §3, H29): more than four calls of one API a second and
 * user. Nothing fails; the count outlives a launch, as the user does.
 */
export function rateWatch({ device, inspection }: WxHost, name: string): () => void {
  return () => {
    const now = Date.now()
    const recent = [...(device.recentCalls.get(name) ?? []).filter((at) => now - at < 1000), now]
    device.recentCalls.set(name, recent)
    if (recent.length > MOST_A_SECOND)
      inspection.violations.push(`${name}: ${recent.length} calls within a second`)
  }
}

const offline = fail('network error', { errno: 108 })

/** wechat-platform.md §3: a login needs no tap and no consent (H31). */
export function loginApis(host: WxHost) {
  const watchLogin = rateWatch(host, 'login')
  const watchSession = rateWatch(host, 'checkSession')
  return {
    login: asyncApi(host, {
      name: 'login',
      tap: 'none',
      perform: async () => {
        watchLogin()
        if (host.device.network === 'none') return offline
        const { code } = await host.link.login()
        return ok({ code })
      },
    }),
    // of the last code this user got, in whichever launch (H33)
    checkSession: asyncApi(host, {
      name: 'checkSession',
      tap: 'none',
      perform: async () => {
        watchSession()
        if (host.device.network === 'none') return offline
        const { valid } = await host.link.checkSession()
        return valid ? ok() : fail('session time out, need relogin')
      },
    }),
  }
}
