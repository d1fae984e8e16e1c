import type { SubscribeSettings } from '../../protocol.ts'
import { asyncApi, fail, ok, syncApi, type Outcome } from './api.ts'
import type { WxHost } from './host.ts'
import { rateWatch } from './login.ts'

const noSettingsPage = fail('not supported')

export function settingsApis(host: WxHost) {
  const { settingsPage, openSettingAnswer, keptAtTopLevel } = host.profile
  const watch = rateWatch(host, 'getSetting')
  const asked = (options: Record<string, unknown>) => options.withSubscriptions === true

  /** H24–H26: `itemSettings` is there only once a choice was kept, and lists kept choices only. */
  function told({ mainSwitch, items }: SubscribeSettings, options: Record<string, unknown>): Outcome {
    const { authSetting } = host.permissions
    if (!asked(options)) return ok({ authSetting })
    if (items.length === 0) return ok({ authSetting, subscriptionsSetting: { mainSwitch } })
    const itemSettings = Object.fromEntries(items.map(({ templateId, value }) => [templateId, value]))
    const repeated = keptAtTopLevel ? itemSettings : {}
    return ok({ authSetting, subscriptionsSetting: { mainSwitch, itemSettings, ...repeated } })
  }

  const getSetting = asyncApi(host, {
    name: 'getSetting',
    tap: 'passes',
    perform: async (options) => {
      watch()
      return told(await host.link.readSettings(), options)
    },
  })

  /** Settles when the user returns (H28). The page below is covered: hidden, and shown again on return. */
  async function open(options: Record<string, unknown>): Promise<Outcome> {
    if (settingsPage === 'fails') return noSettingsPage
    const settings = await host.link.readSettings()
    const before = told(settings, options)
    host.pages.hideTop()
    await new Promise<void>((closed) =>
      host.shell.openSettings({
        settings,
        withSubscriptions: asked(options),
        permissions: host.permissions.rows(),
        write: (change) => host.link.writeSettings(change),
        closed,
      }),
    )
    if (host.alive()) host.pages.showTop()
    return openSettingAnswer === 'stale' ? before : told(await host.link.readSettings(), options)
  }

  return {
    getSetting,
    openSetting: asyncApi(host, { name: 'openSetting', tap: 'needs', perform: open }),
    // of the phone and WeChat as a whole, not of this mini-program (wechat-platform.md §2.4)
    getAppAuthorizeSetting: syncApi(host, 'getAppAuthorizeSetting', () => {
      const { notifications } = host.device.state
      const notificationAuthorized = notifications
      if (!/^iOS/.test(host.profile.device.system)) return { notificationAuthorized }
      return {
        notificationAuthorized,
        notificationAlertAuthorized: notifications,
        notificationBadgeAuthorized: notifications,
        notificationSoundAuthorized: notifications,
      }
    }),
    openAppAuthorizeSetting: asyncApi(host, {
      name: 'openAppAuthorizeSetting',
      tap: 'needs',
      perform: () => {
        if (settingsPage === 'fails') return noSettingsPage
        host.shell.openSystemSettings()
        return ok()
      },
    }),
  }
}
