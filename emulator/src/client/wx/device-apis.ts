import { asyncApi, fail, ok, textOption, type ApiDefinition } from './api.ts'
import type { WxHost } from './host.ts'

/** Calls and clipboard. The privacy agreement counts as consented to (H51's refusals are not played yet). */
export function deviceApis(host: WxHost) {
  const later = (name: string, perform: ApiDefinition['perform']) =>
    asyncApi(host, { name, tap: 'none', perform })
  let clipboard = ''
  return {
    makePhoneCall: later('makePhoneCall', (options) => {
      const phoneNumber = textOption(options, 'phoneNumber')
      if (phoneNumber === '') return fail('parameter error: parameter.phoneNumber should not be empty')
      return new Promise((resolve) =>
        host.shell.showDialSheet(phoneNumber, (called) => resolve(called ? ok() : fail('cancel'))),
      )
    }),
    // WeChat itself says so to the user
    setClipboardData: later('setClipboardData', (options) => {
      clipboard = textOption(options, 'data')
      host.shell.showToast({ title: '内容已复制', icon: 'success', image: undefined, mask: false })
      window.setTimeout(() => host.shell.hideToast(), 1500)
      return ok()
    }),
    getClipboardData: later('getClipboardData', () => ok({ data: clipboard })),
    vibrateShort: later('vibrateShort', () => ok()),
    vibrateLong: later('vibrateLong', () => ok()),
    // fetching early changes nothing that anybody sees; uni-app's runtime calls it some time after launch
    preloadAssets: later('preloadAssets', () => ok()),
  }
}
