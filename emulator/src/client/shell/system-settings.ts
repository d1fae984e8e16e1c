import type { PhoneState } from '../../protocol.ts'
import { h } from './dom.ts'
import { nativeBar } from './native-bar.ts'
import { switchRow } from './switch-row.ts'

interface Actions {
  back(): void
  allowNotifications(allowed: boolean): void
}

/** The phone's own settings page of WeChat (wechat-platform.md §2.4): a screen that WeChat does not draw. */
export function createSystemSettings(actions: Actions) {
  const group = h('div', { class: 'we-settings-group' })
  const element = h(
    'section',
    { class: 'we-screen we-system-screen', 'data-test': 'system-settings-page', hidden: true },
    nativeBar('微信', 'system-settings-back', actions.back),
    h(
      'div',
      { class: 'we-settings-list' },
      h('p', { class: 'we-settings-note' }, '允许「微信」访问'),
      group,
      h('p', { class: 'we-settings-note' }, '关闭后，消息仍会到达服务通知，但不会弹出横幅'),
    ),
  )
  return {
    element,
    update({ notifications }: PhoneState) {
      group.replaceChildren(
        switchRow({
          label: '通知',
          on: notifications === 'authorized',
          test: 'system-notification-switch',
          change: actions.allowNotifications,
        }),
      )
    },
  }
}
