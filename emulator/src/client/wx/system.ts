import type { PhoneState } from '../../protocol.ts'
import type { AppEvent } from '../app-lifecycle.ts'
import { metrics } from '../device.ts'
import { asyncApi, ok, syncApi } from './api.ts'
import type { WxHost } from './host.ts'

const neverHappens = [
  ...['MemoryWarning', 'WindowResize', 'AudioInterruptionBegin', 'AudioInterruptionEnd', 'UserCaptureScreen'],
  ...['BatteryInfoChange', 'KeyboardHeightChange', 'VoIPChatInterrupted'],
]

const listenersOf = <T>(host: WxHost, name: string) => {
  const listeners = new Set<(detail: T) => void>()
  return {
    on: (listener: (detail: T) => void) => void listeners.add(listener),
    off: (listener?: (detail: T) => void) => {
      if (listener) listeners.delete(listener)
      else listeners.clear()
    },
    fire: (detail: T) => {
      for (const listener of [...listeners])
        try {
          listener(detail)
        } catch (thrown) {
          host.inspection.error(name, thrown)
        }
    },
  }
}

const networkOf = ({ network }: PhoneState) => ({
  isConnected: network !== 'none',
  networkType: network,
})

export function systemApis(host: WxHost, canIUse: (schema: string) => boolean) {
  const { device, program, lifecycle } = host
  const { envVersion, version } = host.release
  const sync = <A extends unknown[], R>(name: string, perform: (...args: A) => R) =>
    syncApi(host, name, perform)

  const windowInfo = () => {
    const { screenWidth, screenHeight, statusBarHeight, navigationBarHeight, tabBarHeight } = metrics
    const top = host.pages?.top
    const above = top?.window.custom ? 0 : statusBarHeight + navigationBarHeight
    const below = top && host.tabBar.isShownWith(top.path) ? tabBarHeight : 0
    const safeArea = { left: 0, right: screenWidth, top: statusBarHeight, bottom: screenHeight }
    return {
      pixelRatio: window.devicePixelRatio,
      screenWidth,
      screenHeight,
      windowWidth: screenWidth,
      windowHeight: screenHeight - above - below,
      statusBarHeight,
      safeArea: { ...safeArea, width: screenWidth, height: screenHeight - statusBarHeight },
      screenTop: above,
    }
  }
  const { brand, model, system, platform, version: weChatVersion, SDKVersion } = host.profile.device
  const deviceInfo = () => ({
    ...{ brand, model, system, platform },
    abi: '',
    benchmarkLevel: -1,
    memorySize: 2048,
    cpuType: '',
  })
  const appBaseInfo = () => ({
    SDKVersion,
    enableDebug: false,
    host: { env: 'WeChat', appId: '', version: 0 },
    language: 'zh_CN',
    version: weChatVersion,
    fontSizeSetting: device.state.fontSize,
    fontSizeScaleFactor: device.state.fontSize / 16,
    // undefined without darkmode, as the documentation has it
    theme: program.app.darkmode === true ? device.state.theme : undefined,
  })
  const systemInfo = () => ({ ...deviceInfo(), ...appBaseInfo(), ...windowInfo() })

  const network = listenersOf<ReturnType<typeof networkOf>>(host, 'onNetworkStatusChange')
  const weakNetwork = listenersOf<{ weakNet: boolean; networkType: string }>(host, 'onNetworkWeakChange')
  host.atEnd(
    device.onChange((now, before) => {
      if (now.network !== before.network) network.fire(networkOf(now))
      if (now.weakNetwork !== before.weakNetwork)
        weakNetwork.fire({ weakNet: now.weakNetwork, networkType: now.network })
    }),
  )
  const app = (event: AppEvent) => ({
    on: (listener: (detail: unknown) => void) => lifecycle.listen(event, listener),
    off: (listener?: (detail: unknown) => void) => lifecycle.unlisten(event, listener),
  })
  const [show, hide, error, rejection, notFound, theme] = [
    app('show'),
    app('hide'),
    app('error'),
    app('unhandledRejection'),
    app('pageNotFound'),
    app('themeChange'),
  ]
  const silent = () => undefined
  const logger = () => ({
    ...{ debug: silent, info: silent, log: silent, warn: silent, error: silent },
    ...{ setFilterMsg: silent, addFilterMsg: silent, in: silent },
  })
  /** Kept as calls, so that a test can read what the app logged. */
  const recorded = (name: string) => () => ({
    ...logger(),
    info: (...args: unknown[]) => void host.inspection.call(`${name}.info`, args, false),
    warn: (...args: unknown[]) => void host.inspection.call(`${name}.warn`, args, false),
    error: (...args: unknown[]) => void host.inspection.call(`${name}.error`, args, false),
  })

  return {
    canIUse,
    getSystemInfoSync: sync('getSystemInfoSync', systemInfo),
    getSystemInfo: asyncApi(host, { name: 'getSystemInfo', tap: 'none', perform: () => ok(systemInfo()) }),
    getSystemInfoAsync: asyncApi(host, {
      name: 'getSystemInfoAsync',
      tap: 'none',
      perform: () => ok(systemInfo()),
    }),
    getWindowInfo: sync('getWindowInfo', windowInfo),
    getDeviceInfo: sync('getDeviceInfo', deviceInfo),
    getAppBaseInfo: sync('getAppBaseInfo', appBaseInfo),
    getSystemSetting: sync('getSystemSetting', () => ({
      bluetoothEnabled: false,
      locationEnabled: true,
      wifiEnabled: device.network === 'wifi',
      deviceOrientation: 'portrait',
    })),
    getAccountInfoSync: sync('getAccountInfoSync', () => ({
      miniProgram: { appId: program.appid, envVersion, version: envVersion === 'release' ? version : '' },
    })),
    getLaunchOptionsSync: sync('getLaunchOptionsSync', () => lifecycle.launchOptions),
    getEnterOptionsSync: sync('getEnterOptionsSync', () => lifecycle.enterOptions),
    getMenuButtonBoundingClientRect: sync('getMenuButtonBoundingClientRect', () => ({ ...metrics.capsule })),
    getNetworkType: asyncApi(host, {
      name: 'getNetworkType',
      tap: 'none',
      perform: () => ok({ networkType: device.network }),
    }),
    onNetworkStatusChange: network.on,
    offNetworkStatusChange: network.off,
    onNetworkWeakChange: weakNetwork.on,
    offNetworkWeakChange: weakNetwork.off,
    exitMiniProgram: asyncApi(host, {
      name: 'exitMiniProgram',
      tap: 'needs',
      perform: () => {
        host.shell.exit()
        return ok()
      },
    }),
    onThemeChange: theme.on,
    offThemeChange: theme.off,
    onAppShow: show.on,
    offAppShow: show.off,
    onAppHide: hide.on,
    offAppHide: hide.off,
    onError: error.on,
    offError: error.off,
    onUnhandledRejection: rejection.on,
    offUnhandledRejection: rejection.off,
    onPageNotFound: notFound.on,
    offPageNotFound: notFound.off,
    // none of it ever happens to the drawn phone
    ...Object.fromEntries(
      neverHappens.flatMap((event) => [`on${event}`, `off${event}`]).map((name) => [name, silent]),
    ),
    getLogManager: recorded('LogManager'),
    getRealtimeLogManager: recorded('RealtimeLogManager'),
  }
}
