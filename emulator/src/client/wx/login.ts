import { asyncApi, fail, ok } from './api.ts'
import type { WxHost } from './host.ts'

/** wechat-platform.md §3, H29: four a second and user, over all of them. */
export function rateWatch(host: WxHost, name: string): () => void {
  let recent: number[] = []
  return () => {
    const now = Date.now()
    recent = [...recent.filter((at) => now - at < 1000), now]
    if (recent.length > 4) host.inspection.violations.push(`${name}: ${recent.length} calls within a second`)
  }
}

export function loginApis(host: WxHost) {
  const watchLogin = rateWatch(host, 'login')
  const watchSession = rateWatch(host, 'checkSession')
  let loggedInOnce = false
  return {
    login: asyncApi(host, {
      name: 'login',
      tap: 'none',
      perform: async () => {
        watchLogin()
        if (host.device.network === 'none') return fail('network error', { errno: 108 })
        const { code } = await host.link.login()
        loggedInOnce = true
        return ok({ code })
      },
    }),
    // the session_key of this launch's last code; without a login there is none to check
    checkSession: asyncApi(host, {
      name: 'checkSession',
      tap: 'none',
      perform: () => {
        watchSession()
        return loggedInOnce ? ok() : fail('session time out, need relogin')
      },
    }),
  }
}
