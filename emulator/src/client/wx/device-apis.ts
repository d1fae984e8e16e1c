import { asyncApi, fail, ok, textOption, type ApiDefinition } from './api.ts'
import type { WxHost } from './host.ts'
import type { Toast } from './toast.ts'

/** WeChat's own toasts stay as long as an app's (ms). */
const TOAST_MS = 1500

/** Calls and clipboard. The clipboard waits for the privacy agreement (H51), a call does not. */
export function deviceApis(host: WxHost, toast: Toast) {
  const { device, privacy } = host
  const later = (name: string, perform: ApiDefinition['perform']) =>
    asyncApi(host, { name, tap: 'none', perform })

  return {
    makePhoneCall: later('makePhoneCall', (options) => {
      const phoneNumber = textOption(options, 'phoneNumber')
      if (phoneNumber === '') return fail('parameter error: parameter.phoneNumber should not be empty')
      return new Promise((resolve) =>
        host.shell.showDialSheet(phoneNumber, (called) => resolve(called ? ok() : fail('cancel'))),
      )
    }),
    setClipboardData: later(
      'setClipboardData',
      privacy.guarded('setClipboardData', ({ data }) => {
        if (typeof data !== 'string') return fail('parameter error: parameter.data should be String')
        device.clipboard = data
        // WeChat itself says so to the user
        toast.show('Toast', { title: '内容已复制', icon: 'success', image: undefined, mask: false }, TOAST_MS)
        return ok()
      }),
    ),
    getClipboardData: later(
      'getClipboardData',
      privacy.guarded('getClipboardData', () => ok({ data: device.clipboard })),
    ),
    vibrateShort: later('vibrateShort', () => ok()),
    vibrateLong: later('vibrateLong', () => ok()),
    // fetching early changes nothing that anybody sees; uni-app's runtime calls it some time after launch
    preloadAssets: later('preloadAssets', () => ok()),
  }
}
