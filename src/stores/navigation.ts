import { hideHomeButton } from '@/wechat/home-button.ts'

const HOME = '/pages/clue/clue'
const LOGIN = '/pages/login/login'

/** Pages a login may lead back to; anything else in `to` is somebody's own invention. */
const isPageOfOurs = (url: string) => url.startsWith('/pages/') && !url.startsWith(LOGIN)

/** To the page the user was on the way to, else to the list. Nothing stays behind to go back to. */
export function afterLogin(to: string): void {
  const url = queryValue(to)
  uni.reLaunch({ url: isPageOfOurs(url) ? url : HOME })
}

/** A page's query value as it was meant: WeChat hands it over still encoded, other hosts may not. */
export function queryValue(raw = ''): string {
  if (raw.startsWith('/')) return raw
  try {
    return decodeURIComponent(raw)
  } catch {
    return raw
  }
}

export function goHome(): void {
  uni.reLaunch({ url: HOME })
}

/** The list is home. WeChat knows the login page as such and offers a way there. */
export const hideWayHome = () => hideHomeButton()

/** To the login page, which leads back to where the user is now. */
export function goToLogin(): void {
  const here = currentUrl()
  if (here?.startsWith(LOGIN)) return
  const query = here && here !== HOME ? `?to=${encodeURIComponent(here)}` : ''
  uni.reLaunch({ url: LOGIN + query })
}

/** After 退出登录: whoever comes next starts at the list, not at somebody's lead. */
export function leaveToLogin(): void {
  uni.reLaunch({ url: LOGIN })
}

/** The shown page with its query, such as `/pages/clue/detail?id=7`. */
function currentUrl(): string | null {
  const page = getCurrentPages().at(-1) as { route?: string; options?: Record<string, string> } | undefined
  if (!page?.route) return null
  const query = Object.entries(page.options ?? {})
    .map(([name, value]) => `${name}=${encodeURIComponent(queryValue(value))}`)
    .join('&')
  return `/${page.route}${query ? `?${query}` : ''}`
}
