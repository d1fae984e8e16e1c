import type { SubscribeSettings } from '../../protocol.ts'
import { asyncApi, ok, syncApi, type Outcome } from './api.ts'
import type { WxHost } from './host.ts'
import { rateWatch } from './login.ts'

/** H24–H26: `itemSettings` is there only once a choice was kept, and lists kept choices only. */
function settingResult(settings: SubscribeSettings, withSubscriptions: boolean): object {
  if (!withSubscriptions) return { authSetting: {} }
  const { mainSwitch, items } = settings
  const itemSettings = Object.fromEntries(items.map(({ templateId, value }) => [templateId, value]))
  return {
    authSetting: {},
    subscriptionsSetting: items.length > 0 ? { mainSwitch, itemSettings } : { mainSwitch },
  }
}

export function settingsApis(host: WxHost) {
  const watch = rateWatch(host, 'getSetting')
  const asked = (options: Record<string, unknown>) => options.withSubscriptions === true

  const getSetting = asyncApi(host, {
    name: 'getSetting',
    tap: 'passes',
    perform: async (options) => {
      watch()
      return ok(settingResult(await host.link.readSettings(), asked(options)))
    },
  })

  /** Settles when the user returns (H28). The page below is covered: hidden, and shown again on return. */
  async function open(options: Record<string, unknown>): Promise<Outcome> {
    const settings = await host.link.readSettings()
    host.pages.hideTop()
    await new Promise<void>((closed) =>
      host.shell.openSettings({
        settings,
        withSubscriptions: asked(options),
        write: (change) => host.link.writeSettings(change),
        closed,
      }),
    )
    if (host.alive()) host.pages.showTop()
    return ok(settingResult(await host.link.readSettings(), asked(options)))
  }

  return {
    getSetting,
    openSetting: asyncApi(host, { name: 'openSetting', tap: 'needs', perform: open }),
    // of the phone and WeChat as a whole, not of this mini-program (wechat-platform.md §2.4)
    getAppAuthorizeSetting: syncApi(host, 'getAppAuthorizeSetting', () => {
      const { notifications } = host.device.state
      return {
        notificationAuthorized: notifications,
        notificationAlertAuthorized: notifications,
        notificationBadgeAuthorized: notifications,
        notificationSoundAuthorized: notifications,
      }
    }),
    openAppAuthorizeSetting: asyncApi(host, {
      name: 'openAppAuthorizeSetting',
      tap: 'needs',
      perform: () => {
        host.shell.openSystemSettings()
        return ok()
      },
    }),
  }
}
