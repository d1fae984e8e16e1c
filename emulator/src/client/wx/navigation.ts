import { asyncApi, fail, ok, textOption, type ApiDefinition } from './api.ts'
import { parsePageUrl } from '../paths.ts'
import type { WxHost } from './host.ts'

type Events = Record<string, (...args: unknown[]) => void>

const blackOrWhite = (color: string) => (/^#0{3}(0{3})?$/.test(color) ? 'black' : 'white')

export function navigationApis(host: WxHost) {
  const later = (name: string, perform: ApiDefinition['perform']) =>
    asyncApi(host, { name, tap: 'none', perform })
  /** The new page's own lifecycle runs in a task of its own: it has no tap state. */
  const navigation = (name: string, go: (options: Record<string, unknown>) => object | undefined) =>
    later(
      name,
      (options) =>
        new Promise((resolve, reject) => {
          setTimeout(() => {
            if (!host.alive()) return
            try {
              resolve(ok(host.tap.withoutPress(() => go(options)) ?? {}))
            } catch (thrown) {
              // onPageNotFound led nowhere: WeChat shows its own page and does not ask again
              if (!host.pages.top) host.showMissing(parsePageUrl(String(options.url)).path)
              reject(thrown as Error)
            }
          }, 0)
        }),
    )
  const to = (go: (url: string) => void) => (options: Record<string, unknown>) => {
    // a url that is no string is refused by the stack, in WeChat's words
    go(options.url as string)
    return undefined
  }

  return {
    navigateTo: navigation('navigateTo', ({ url, events }) => ({
      eventChannel: host.pages.navigateTo(url as string, (events ?? {}) as Events),
    })),
    redirectTo: navigation(
      'redirectTo',
      to((url) => host.pages.redirectTo(url)),
    ),
    reLaunch: navigation(
      'reLaunch',
      to((url) => host.pages.reLaunch(url)),
    ),
    switchTab: navigation(
      'switchTab',
      to((url) => host.pages.switchTab(url)),
    ),
    navigateBack: navigation('navigateBack', ({ delta }) => {
      host.pages.back(Number(delta ?? 1))
      return undefined
    }),

    setNavigationBarTitle: later('setNavigationBarTitle', (options) => {
      host.pages.changeWindow({ title: textOption(options, 'title') })
      return ok()
    }),
    hideHomeButton: later('hideHomeButton', () => {
      host.pages.changeWindow({ homeHidden: true })
      return ok()
    }),
    setNavigationBarColor: later('setNavigationBarColor', (options) => {
      const front = textOption(options, 'frontColor')
      if (!/^#(0{6}|f{6})$/i.test(front)) return fail('invalid frontColor: only #ffffff and #000000')
      host.pages.changeWindow({
        textStyle: blackOrWhite(front),
        background: textOption(options, 'backgroundColor'),
      })
      return ok()
    }),
    setBackgroundColor: later('setBackgroundColor', (options) => {
      host.pages.changeWindow({ pageBackground: textOption(options, 'backgroundColor') })
      return ok()
    }),

    startPullDownRefresh: later('startPullDownRefresh', () => {
      host.pages.top?.refreshing(true)
      host.pages.callTop('onPullDownRefresh')
      return ok()
    }),
    stopPullDownRefresh: later('stopPullDownRefresh', () => {
      host.pages.top?.refreshing(false)
      return ok()
    }),
    pageScrollTo: later('pageScrollTo', ({ scrollTop, selector, offsetTop, duration }) => {
      const scroller = host.pages.top?.scroller
      if (!scroller) return fail('no page is open')
      const behavior = duration === 0 ? 'auto' : 'smooth'
      if (typeof selector === 'string' && scrollTop === undefined) {
        const wanted = selector.replace(/#([\w-]+)/g, '[exparser\\:info-attr-id="$1"]')
        const target = scroller.querySelector(wanted)
        if (!target) return fail(`selector "${selector}" is not found`)
        const top = target.getBoundingClientRect().top - scroller.getBoundingClientRect().top
        scroller.scrollTo({ top: scroller.scrollTop + top + Number(offsetTop ?? 0), behavior })
      } else scroller.scrollTo({ top: Number(scrollTop ?? 0), behavior })
      return ok()
    }),

    nextTick: (run: () => void) => void host.timers.setTimeout(run, 0),
  }
}
