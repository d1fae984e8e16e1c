import { asyncApi, fail } from './api.ts'
import type { WxHost } from './host.ts'

/**
 * APIs that a phone has and this emulator lacks. They are functions, as on a phone (`typeof` and `for…in` tell
 * the truth about WeChat), but a call fails in words and is collected as an error.
 */
const names = [
  ...['uploadFile', 'downloadFile', 'connectSocket', 'getUserProfile', 'getUserInfo', 'authorize'],
  ...[
    'chooseMedia',
    'chooseImage',
    'previewImage',
    'getImageInfo',
    'saveImageToPhotosAlbum',
    'chooseMessageFile',
  ],
  ...['getLocation', 'chooseLocation', 'openLocation', 'scanCode', 'requestPayment', 'addPhoneContact'],
  ...['requestSubscribeDeviceMessage'],
  ...['navigateToMiniProgram', 'navigateBackMiniProgram', 'openEmbeddedMiniProgram'],
  ...['showShareMenu', 'hideShareMenu', 'updateShareMenu', 'openCustomerServiceChat', 'addPhoneCalendar'],
  ...['setTabBarBadge', 'removeTabBarBadge', 'showTabBar', 'hideTabBar', 'setTabBarItem', 'setTabBarStyle'],
  ...['showNavigationBarLoading', 'hideNavigationBarLoading', 'setBackgroundTextStyle'],
  ...['openDocument', 'saveFile', 'startSoterAuthentication', 'setKeepScreenOn', 'setScreenBrightness'],
  ...['getBatteryInfo', 'startAccelerometer', 'getWeRunData', 'chooseAddress'],
] as const

export const missingApiNames: readonly string[] = names

export function missingApis(host: WxHost): Record<string, unknown> {
  return Object.fromEntries(
    names.map((name) => [
      name,
      asyncApi(host, {
        name,
        tap: 'none',
        perform: () => {
          const words = `wx.${name} is not part of this emulator`
          host.inspection.note(name, new Error(words))
          return fail(words)
        },
      }),
    ]),
  )
}
