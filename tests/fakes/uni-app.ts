/** Stands in for @dcloudio/uni-app: a page's hooks are kept, and a test fires them as the host would. */
type Hook = (...args: never[]) => unknown

const hooks = new Map<string, Hook[]>()

const register = (name: string) => (hook: Hook) => {
  hooks.set(name, [...(hooks.get(name) ?? []), hook])
}

export const onError = register('onError')
export const onHide = register('onHide')
export const onLaunch = register('onLaunch')
export const onLoad = register('onLoad')
export const onPageNotFound = register('onPageNotFound')
export const onPullDownRefresh = register('onPullDownRefresh')
export const onReachBottom = register('onReachBottom')
export const onShow = register('onShow')
export const onUnhandledRejection = register('onUnhandledRejection')
export const onUnload = register('onUnload')

export const fire = (name: string, ...args: unknown[]) =>
  Promise.all((hooks.get(name) ?? []).map((hook) => hook(...(args as never[]))))

export const resetHooks = () => hooks.clear()
