import { isScope, type Scope } from '../permissions.ts'
import { asyncApi, fail, ok, textOption, type Outcome } from './api.ts'
import type { WxHost } from './host.ts'

/** 用户未授权 in WeChat's list of common errno. */
const denied = fail('auth deny', { errno: 103 })

/** `permission` of app.json: the mini-program's own reason. */
function reasonFor(host: WxHost, scope: Scope): string {
  const permission = host.program.app.permission as Record<string, { desc?: unknown }> | undefined
  const desc = permission?.[scope]?.desc
  return typeof desc === 'string' ? desc : ''
}

/** Runs `perform` once the user allowed the scope; a refusal fails without asking again. */
export async function withScope(
  host: WxHost,
  scope: Scope,
  perform: () => Outcome | Promise<Outcome>,
): Promise<Outcome> {
  const allowed = await host.permissions.ask(scope, reasonFor(host, scope))
  return allowed ? perform() : denied
}

export function authorizeApis(host: WxHost) {
  return {
    authorize: asyncApi(host, {
      name: 'authorize',
      tap: 'none',
      perform(options) {
        const scope = textOption(options, 'scope')
        // WeChat gives the user's profile to nobody who asks this way any more
        if (scope === 'scope.userInfo') return denied
        if (!isScope(scope)) return fail(`invalid scope "${scope}"`)
        return withScope(host, scope, () => ok())
      },
    }),
  }
}
