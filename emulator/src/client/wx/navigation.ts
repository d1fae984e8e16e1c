import { asyncApi, attempt, beginCall, fail, ok, textOption, type ApiDefinition } from './api.ts'
import { parsePageUrl } from '../paths.ts'
import type { WxHost } from './host.ts'

type Options = Record<string, unknown>
type Events = Record<string, (...args: unknown[]) => void>

const blackOrWhite = (color: string) => (/^#0{3}(0{3})?$/.test(color) ? 'black' : 'white')

export function navigationApis(host: WxHost) {
  const later = (name: string, perform: ApiDefinition['perform']) =>
    asyncApi(host, { name, tap: 'none', perform })
  /** The new page's own lifecycle runs in a task of its own: it has no tap state. */
  const navigation = (name: string, go: (options: Options) => object | undefined | Promise<void>) =>
    later(name, async (options) => {
      await new Promise((resolve) => setTimeout(resolve, 0))
      if (!host.alive()) return new Promise(() => undefined)
      await subpackageOf(options.url)
      if (!host.alive()) return new Promise(() => undefined)
      try {
        return ok((await host.tap.withoutPress(() => go(options))) ?? {})
      } catch (thrown) {
        // onPageNotFound led nowhere: WeChat shows its own page and does not ask again
        if (!host.pages.top) host.showMissing(parsePageUrl(String(options.url)).path)
        throw thrown
      }
    })
  /** The page may be in a subpackage that is not on the phone yet. */
  async function subpackageOf(url: unknown): Promise<void> {
    if (typeof url !== 'string' || !host.pages.has(url)) return
    const path = host.pages.pathOf(url)
    if (host.downloads.has(path)) return
    try {
      await host.downloads.fetchFor(path)
    } catch (error) {
      throw new Error(`load subpackage of "${path}" failed: ${(error as Error).message}`)
    }
  }
  const to = (go: (url: string) => void) => (options: Options) => {
    // a url that is no string is refused by the stack, in WeChat's words
    go(options.url as string)
    return undefined
  }

  /** A task, and like every task without a Promise of its own. */
  function preDownloadSubpackage(given?: unknown) {
    const options = (given ?? {}) as Options
    const settle = beginCall(host, 'preDownloadSubpackage', 'none', options)
    const listeners = new Set<(progress: object) => void>()
    attempt(async () => {
      const name = textOption(options, 'name') || textOption(options, 'root')
      const root = host.downloads.rootNamed(name)
      if (root === undefined) return fail(`no subpackage "${name}"`)
      await host.downloads.fetch(root)
      listeners.forEach((listener) => listener({ progress: 100 }))
      return ok()
    }, settle)
    return {
      onProgressUpdate: (listener: (progress: object) => void) => void listeners.add(listener),
      offProgressUpdate: (listener: (progress: object) => void) => void listeners.delete(listener),
    }
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
    navigateBack: navigation('navigateBack', async ({ delta }) => {
      if (!(await host.pages.leave(Number(delta ?? 1)))) throw new Error('cancel')
    }),
    enableAlertBeforeUnload: later('enableAlertBeforeUnload', (options) => {
      const message = textOption(options, 'message')
      if (message === '') return fail('parameter error: parameter.message should be String')
      if (host.pages.top) host.pages.top.alert = message
      return ok()
    }),
    disableAlertBeforeUnload: later('disableAlertBeforeUnload', () => {
      if (host.pages.top) host.pages.top.alert = undefined
      return ok()
    }),

    setNavigationBarTitle: later('setNavigationBarTitle', (options) => {
      host.pages.changeWindow({ title: textOption(options, 'title') })
      return ok()
    }),
    showNavigationBarLoading: later('showNavigationBarLoading', () => {
      host.pages.changeWindow({ loading: true })
      return ok()
    }),
    hideNavigationBarLoading: later('hideNavigationBarLoading', () => {
      host.pages.changeWindow({ loading: false })
      return ok()
    }),
    setBackgroundTextStyle: later('setBackgroundTextStyle', (options) => {
      const textStyle = textOption(options, 'textStyle')
      if (textStyle !== 'dark' && textStyle !== 'light') return fail('invalid textStyle: only dark and light')
      host.pages.changeWindow({ backgroundTextStyle: textStyle })
      return ok()
    }),
    preDownloadSubpackage,
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
      // the drawn phone has no bounce to show backgroundColorTop and backgroundColorBottom behind
      const pageBackground = textOption(options, 'backgroundColor')
      if (pageBackground) host.pages.changeWindow({ pageBackground })
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
