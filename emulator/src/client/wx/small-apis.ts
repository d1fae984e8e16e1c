import { bufferOf, fromBase64, toBase64 } from '../bytes.ts'
import { USER_DATA_PATH } from '../files.ts'
import { createAnimation } from './animation.ts'
import { asyncApi, ok, syncApi, type ApiDefinition } from './api.ts'
import type { WxHost } from './host.ts'

/** A phone that has just been charged. */
const battery = { level: 100, isCharging: false, isLowPowerModeEnabled: false }
/** An address of the documentation's range (RFC 5737). */
const LOCAL_IP = '192.0.2.10'

/** What needs nothing of the phone, or of which the drawn phone has one fixed answer. */
export function smallApis(host: WxHost) {
  const later = (name: string, perform: ApiDefinition['perform']) =>
    asyncApi(host, { name, tap: 'none', perform })
  /** Books it: WeChat's own servers are not here to take it. */
  const reported = (name: string) => syncApi(host, name, () => undefined)

  return {
    env: { USER_DATA_PATH },
    createAnimation,
    base64ToArrayBuffer: (text: string) => bufferOf(fromBase64(text)),
    arrayBufferToBase64: (buffer: ArrayBuffer) => toBase64(new Uint8Array(buffer)),
    getBatteryInfoSync: syncApi(host, 'getBatteryInfoSync', () => ({ ...battery })),
    getBatteryInfo: later('getBatteryInfo', () => ok({ ...battery })),
    getLocalIPAddress: later('getLocalIPAddress', () => ok({ localip: LOCAL_IP, netmask: '255.255.255.0' })),
    setKeepScreenOn: later('setKeepScreenOn', () => ok()),
    getScreenBrightness: later('getScreenBrightness', () => ok({ value: 0.6 })),
    setScreenBrightness: later('setScreenBrightness', () => ok()),
    hideKeyboard: later('hideKeyboard', () => {
      const { activeElement } = document
      if (activeElement instanceof HTMLElement) activeElement.blur()
      return ok()
    }),
    getExtConfigSync: syncApi(host, 'getExtConfigSync', () => ({})),
    getExtConfig: later('getExtConfig', () => ok({ extConfig: {} })),
    getRandomValues: later('getRandomValues', ({ length }) => {
      const bytes = crypto.getRandomValues(new Uint8Array(Number(length)))
      return ok({ randomValues: bufferOf(bytes) })
    }),
    reportEvent: reported('reportEvent'),
    reportAnalytics: reported('reportAnalytics'),
    reportMonitor: reported('reportMonitor'),
    reportPerformance: reported('reportPerformance'),
    setEnableDebug: later('setEnableDebug', () => ok()),
  }
}
