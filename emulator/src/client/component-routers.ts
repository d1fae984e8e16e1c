import type { ComponentCaller } from './queries/nodes.ts'
import { pageCallerOf } from './queries/nodes.ts'
import { normalizePath } from './paths.ts'

type Options = Record<string, unknown>
type CallApi = (name: string, options: object) => unknown

const routes = ['switchTab', 'reLaunch', 'redirectTo', 'navigateTo', 'navigateBack'] as const

/** The five ways to a page, relative to `from` whatever page is on top when they are called. */
function routerFrom(from: () => string, callApi: CallApi): Record<string, (options?: Options) => unknown> {
  const absolute = (url: string) => {
    const [path = '', search] = url.split(/\?(.*)/s)
    return `/${normalizePath(from(), path)}${search === undefined ? '' : `?${search}`}`
  }
  return Object.fromEntries(
    routes.map((name) => [
      name,
      (options: Options = {}) =>
        callApi(name, typeof options.url === 'string' ? { ...options, url: absolute(options.url) } : options),
    ]),
  )
}

/** `this.router` is relative to the component, `this.pageRouter` to the page it is on. */
export function giveRouters(caller: ComponentCaller, callApi: CallApi): void {
  const router = routerFrom(() => caller._$.is, callApi)
  const pageRouter = routerFrom(() => pageCallerOf(caller._$)._$.is, callApi)
  // an app's own members of these names stay
  for (const [name, value] of Object.entries({ router, pageRouter }))
    if (!(name in caller)) Object.defineProperty(caller, name, { value, configurable: true, writable: true })
}
