import { currentHost } from './host.ts'

/**
 * What the settings page shows. `kept` lists only templates with 总是保持以上选择: a main switch that is on and an
 * empty `kept` say nothing about grants (wechat-platform.md §2.1).
 */
export type SubscribeSettings =
  { kind: 'known'; mainSwitch: boolean; kept: Record<string, string> } | { kind: 'unknown' }

/** Needs no tap. WeChat allows four calls a second for one user. */
export function readSubscribeSettings(
  done: (settings: SubscribeSettings) => void,
  host = currentHost(),
): void {
  if (!host.getSetting) return done({ kind: 'unknown' })
  host.getSetting({
    withSubscriptions: true,
    success: ({ subscriptionsSetting: settings }) =>
      done(
        typeof settings?.mainSwitch === 'boolean'
          ? { kind: 'known', mainSwitch: settings.mainSwitch, kept: settings.itemSettings ?? {} }
          : { kind: 'unknown' },
      ),
    fail: () => done({ kind: 'unknown' }),
  })
}

/**
 * Opens WeChat's settings page; needs the tap state of its caller. `done` tells whether the page was shown:
 * what was changed there is read afterwards, because the payload can be stale (§2.2).
 */
export function openSubscribeSettings(done: (shown: boolean) => void, host = currentHost()): void {
  if (!host.openSetting) return done(false)
  host.openSetting({ withSubscriptions: true, success: () => done(true), fail: () => done(false) })
}
