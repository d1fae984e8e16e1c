import type { Plugin } from 'vite'

/** uni-app's wrapper around `wx`, which `uni` stands for in a mini-program's code. */
const UNI_API = /[\\/]uni-mp-weixin[\\/]dist[\\/]uni\.api\.esm\.js/
const UNI_MP = /[\\/]uni-mp-weixin[\\/]dist[\\/]uni\.mp\.esm\.js/
const UNI_VUE = /[\\/]uni-mp-vue[\\/]dist[\\/]vue\.runtime\.esm\.js/

/** What production builds leave out of uni-app's runtime, by the words that call it. */
const CUTS = [
  {
    // Fetches an image from DCloud's CDN three seconds after every launch, with the app id in its path. Nobody asked
    // the users of this app.
    file: UNI_MP,
    from: 'isFunction(wx.preloadAssets)',
    to: 'false',
  },
  {
    // Tells those who registered with uni.onCreateVueApp, one of UNI_ONLY.
    file: UNI_VUE,
    from: 'uni.invokeCreateVueAppHook(app);',
    to: '',
  },
  {
    // uniCloud's questions about a user's rights, with a base64 decoder for its token. There is no uniCloud here.
    file: UNI_VUE,
    from: 'uniIdMixin(globalProperties);',
    to: '',
  },
]

/**
 * In production builds `uni` is WeChat's `wx` itself. The wrapper adds promises, interceptors, an event bus and fields
 * of other platforms, a fifth of all code; this app passes callbacks and uses none of it. Before the first page shows,
 * the wrapper also asks the phone five things nobody here reads. Development builds keep it, for HBuilderX's console.
 */
export function leanRuntime(): Plugin {
  let production = false
  return {
    name: 'leadbell:lean-runtime',
    enforce: 'pre',
    configResolved(config) {
      production = config.isProduction
    },
    load(id) {
      return production && UNI_API.test(id) ? 'const api = wx\nexport { api as default, api as wx }' : null
    },
    transform(code, id) {
      const cuts = CUTS.filter(({ file }) => production && file.test(id))
      if (!cuts.length) return null
      const lost = cuts.find(({ from }) => code.split(from).length !== 2)
      if (lost) this.error(`uni-app 的运行时里认不出 ${lost.from}：升级之后请核对 build/uni-runtime.ts。`)
      return { code: cuts.reduce((text, { from, to }) => text.replace(from, to), code), map: null }
    },
  }
}

/**
 * Names of `uni` that WeChat lacks or answers otherwise. Not here: what the wrapper only adds fields to, showActionSheet
 * (its title is WeChat's alertText), onError and offError, which WeChat has as well, and $emit, which components have
 * too and which is nothing without $on.
 */
export const UNI_ONLY = [
  '$on',
  '$off',
  '$once',
  'upx2px',
  'rpx2px',
  'interceptors',
  'addInterceptor',
  'removeInterceptor',
  'onCreateVueApp',
  'invokeCreateVueAppHook',
  'getLocale',
  'setLocale',
  'onLocaleChange',
  'getPushClientId',
  'onPushMessage',
  'offPushMessage',
  'invokePushCallback',
  'getProvider',
  'createSelectorQuery',
  'compressImage',
  'previewImage',
]

/** The names of UNI_ONLY that this project's own modules use, of whatever object. */
export function uniOnlyNames(modules: { id: string; code: string }[]): string[] {
  const members = modules
    .filter(({ id }) => !/[\\/]node_modules[\\/]/.test(id))
    .flatMap(({ code }) => [...code.matchAll(/\.\s*(\$?[a-zA-Z]\w*)/g)].map(([, name]) => name))
  return UNI_ONLY.filter((name) => members.includes(name))
}
