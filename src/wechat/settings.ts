import { currentHost, settleOnce } from './host.ts'

/**
 * What the settings page shows. `kept` lists only templates with 总是保持以上选择: a main switch that is on and an
 * empty `kept` say nothing about grants (wechat-platform.md §2.1).
 */
export type SubscribeSettings =
  { kind: 'known'; mainSwitch: boolean; kept: Record<string, string> } | { kind: 'unknown' }

const READ_PATIENCE_MS = 3000

/** Needs no tap. WeChat allows four calls a second for one user. */
export function readSubscribeSettings(
  done: (settings: SubscribeSettings) => void,
  host = currentHost(),
): void {
  settleOnce<SubscribeSettings>(
    done,
    { kind: 'unknown' },
    (settle) => {
      if (!host.getSetting) return settle({ kind: 'unknown' })
      host.getSetting({
        withSubscriptions: true,
        success: ({ subscriptionsSetting: settings }) =>
          settle(
            typeof settings?.mainSwitch === 'boolean'
              ? { kind: 'known', mainSwitch: settings.mainSwitch, kept: settings.itemSettings ?? {} }
              : { kind: 'unknown' },
          ),
        fail: () => settle({ kind: 'unknown' }),
      })
    },
    { ms: READ_PATIENCE_MS, outcome: { kind: 'unknown' } },
  )
}

/**
 * Opens WeChat's settings page; needs the tap state of its caller. `done` tells whether the page was shown:
 * what was changed there is read afterwards, because the payload can be stale (§2.2).
 */
export function openSubscribeSettings(done: (shown: boolean) => void, host = currentHost()): void {
  settleOnce<boolean>(done, false, (settle) => {
    if (!host.openSetting) return settle(false)
    host.openSetting({ withSubscriptions: true, success: () => settle(true), fail: () => settle(false) })
  })
}

/** Whether the phone lets WeChat show notifications at all; it neither allows nor forbids a message (§2.4). */
export function systemNotifications(host = currentHost()): 'on' | 'off' | 'unknown' {
  try {
    const { notificationAuthorized } = host.getAppAuthorizeSetting?.() ?? {}
    if (notificationAuthorized === 'authorized') return 'on'
    return notificationAuthorized === 'denied' ? 'off' : 'unknown'
  } catch {
    return 'unknown'
  }
}

/** Opens the phone's own page about WeChat's permissions; needs the tap state of its caller (§2.4). */
export function openSystemSettings(done: (shown: boolean) => void, host = currentHost()): void {
  settleOnce<boolean>(done, false, (settle) => {
    if (!host.openAppAuthorizeSetting) return settle(false)
    host.openAppAuthorizeSetting({ success: () => settle(true), fail: () => settle(false) })
  })
}
