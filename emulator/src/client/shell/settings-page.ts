import type { SubscribeSettings } from '../../protocol.ts'
import type { ShellUi } from '../wx/shell-ui.ts'
import { h, icon } from './dom.ts'
import type { Overlay } from './overlay.ts'
import { switchRow } from './switch-row.ts'

type Request = Parameters<ShellUi['openSettings']>[0]

const words: Record<string, string> = { ban: '已被封禁' }

/**
 * WeChat's settings page of one mini-program: 订阅消息 with its main switch, and a row for each kept choice
 * and nothing else (H27).
 */
export function showSettingsPage(
  overlay: Overlay,
  appName: string,
  request: Request,
): { redraw(settings: SubscribeSettings): void } {
  const list = h('div', { class: 'we-settings-list' })
  const page = h(
    'div',
    { class: 'we-settings-page', 'data-test': 'settings-page' },
    h(
      'header',
      { class: 'we-native-bar' },
      h(
        'button',
        { type: 'button', 'aria-label': '返回', 'data-test': 'settings-back', onclick: close },
        icon('back'),
      ),
      h('h1', {}, '设置'),
    ),
    list,
  )
  function close(): void {
    remove()
    request.closed()
  }

  const write = (change: Parameters<Request['write']>[0]) => {
    void request.write(change).then(redraw, (error: Error) => {
      list.prepend(h('p', { class: 'we-settings-error' }, `没有保存：${error.message}`))
    })
  }
  function redraw({ mainSwitch, items }: SubscribeSettings): void {
    list.replaceChildren(
      h('p', { class: 'we-settings-note' }, `允许「${appName}」使用以下功能`),
      ...(request.withSubscriptions
        ? [
            h(
              'div',
              { class: 'we-settings-group' },
              switchRow({
                label: '订阅消息',
                on: mainSwitch,
                test: 'settings-main-switch',
                change: (on) => write({ mainSwitch: on }),
              }),
            ),
            h(
              'p',
              { class: 'we-settings-note' },
              mainSwitch
                ? items.length > 0
                  ? '以下为你选择“总是保持”的消息'
                  : '选择“总是保持”的消息会出现在这里'
                : '关闭后，将不会收到此小程序的任何订阅消息',
            ),
            h(
              'div',
              { class: 'we-settings-group', hidden: !mainSwitch || items.length === 0 },
              ...items.map(({ templateId, title, value }) => {
                const row = switchRow({
                  label: words[value] ? `${title}（${words[value]}）` : title,
                  on: value.startsWith('accept'),
                  test: 'settings-row',
                  disabled: value === 'ban',
                  change: (on) => write({ items: { [templateId]: on ? 'accept' : 'reject' } }),
                })
                row.dataset.template = templateId
                return row
              }),
            ),
          ]
        : [
            h(
              'div',
              { class: 'we-settings-group' },
              h('p', { class: 'we-settings-empty' }, '暂无可设置的权限'),
            ),
          ]),
    )
  }
  redraw(request.settings)
  const remove = overlay.add(page, request.closed)
  return { redraw }
}
