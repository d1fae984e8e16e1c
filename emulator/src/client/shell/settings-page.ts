import type { SubscribeSettings } from '../../protocol.ts'
import type { SettingsPermission, ShellUi } from '../wx/shell-ui.ts'
import { h, icon } from './dom.ts'
import { nativeBar } from './native-bar.ts'
import type { Overlay } from './overlay.ts'
import { switchRow } from './switch-row.ts'

type Request = Parameters<ShellUi['openSettings']>[0]
type Item = SubscribeSettings['items'][number]

/** What the page shows now: 设置, 订阅消息 behind it, or the choice for one message behind that. */
type Place = { kind: 'settings' } | { kind: 'subscriptions' } | { kind: 'message'; templateId: string }

/**
 * WeChat's settings of one mini-program. 订阅消息 holds the main switch and a row for each kept choice, and nothing
 * else (H27).
 */
export function showSettingsPage(
  overlay: Overlay,
  appName: string,
  request: Request,
): { redraw(settings: SubscribeSettings): void } {
  let { settings, permissions } = request
  let place: Place = { kind: 'settings' }
  const title = h('h1', {})
  const list = h('div', { class: 'we-settings-list' })
  const page = h(
    'div',
    { class: 'we-settings-page', 'data-test': 'settings-page' },
    nativeBar(title, 'settings-back', back),
    list,
  )

  function back(): void {
    switch (place.kind) {
      case 'settings':
        remove()
        return request.closed()
      case 'subscriptions':
        return go({ kind: 'settings' })
      case 'message':
        return go({ kind: 'subscriptions' })
    }
  }
  function go(next: Place): void {
    place = next
    draw()
  }
  function redraw(now: SubscribeSettings): void {
    settings = now
    draw()
  }
  const write = (change: Parameters<Request['write']>[0]) => {
    void request.write(change).then(redraw, (error: Error) => {
      list.prepend(h('p', { class: 'we-settings-error' }, `没有保存：${error.message}`))
    })
  }

  function draw(): void {
    const shown = place
    const item =
      shown.kind === 'message' && settings.items.find(({ templateId }) => templateId === shown.templateId)
    if (shown.kind === 'settings') {
      title.textContent = '设置'
      list.replaceChildren(...settingsRows())
    } else if (item) {
      title.textContent = item.title
      list.replaceChildren(...messageRows(item))
    } else {
      title.textContent = '订阅消息'
      list.replaceChildren(...subscriptionRows())
    }
  }

  function settingsRows(): HTMLElement[] {
    const rows = [
      ...permissions.map(permissionRow),
      ...(request.withSubscriptions ? [subscriptionsRow()] : []),
    ]
    if (rows.length === 0) return [group({}, h('p', { class: 'we-settings-empty' }, '暂无可设置的权限'))]
    return [note(`允许「${appName}」使用以下功能`), group({}, ...rows)]
  }

  const subscriptionsRow = () =>
    linkRow('订阅消息', settings.mainSwitch ? '' : '已关闭', 'settings-subscriptions', () =>
      go({ kind: 'subscriptions' }),
    )

  const permissionRow = (permission: SettingsPermission): HTMLElement =>
    switchRow({
      label: permission.label,
      on: permission.allowed,
      test: `settings-${permission.scope}`,
      change(on) {
        permission.set(on)
        permissions = permissions.map((one) => (one === permission ? { ...one, allowed: on } : one))
        draw()
      },
    })

  function subscriptionRows(): HTMLElement[] {
    const { mainSwitch, items } = settings
    return [
      group(
        {},
        switchRow({
          label: '接收订阅消息',
          on: mainSwitch,
          test: 'settings-main-switch',
          change: (on) => write({ mainSwitch: on }),
        }),
      ),
      note(mainSwitch ? '开启后，可在下面管理单条消息' : '关闭后，将不再接收此小程序的任何订阅消息'),
      group(
        { hidden: !mainSwitch || items.length === 0 },
        ...items.map((item) => {
          const { templateId, title: name } = item
          const row = linkRow(name, stateOf(item), 'settings-row', () => go({ kind: 'message', templateId }))
          row.dataset.template = templateId
          return row
        }),
      ),
      ...(mainSwitch && items.length === 0
        ? [h('p', { class: 'we-settings-empty' }, '暂无消息：选择“总是保持”的消息会出现在这里')]
        : []),
    ]
  }

  function messageRows(item: Item): HTMLElement[] {
    const { templateId, value } = item
    if (value === 'ban') return [note('这条消息已被微信封禁，不能设置')]
    const choice = (words: string, test: string, chosen: 'accept' | 'reject') =>
      choiceRow(words, test, value.startsWith(chosen), () => write({ items: { [templateId]: chosen } }))
    return [
      note('小程序发来这条消息时'),
      group(
        { role: 'radiogroup', 'aria-label': item.title },
        choice('接收', 'settings-accept', 'accept'),
        choice('不接收', 'settings-reject', 'reject'),
      ),
    ]
  }

  draw()
  const remove = overlay.add(page, request.closed)
  return { redraw }
}

const note = (words: string) => h('p', { class: 'we-settings-note' }, words)
const group = (attributes: Parameters<typeof h>[1], ...rows: HTMLElement[]) =>
  h('div', { class: 'we-settings-group', ...attributes }, ...rows)

const stateOf = ({ value }: Item): string => {
  if (value === 'ban') return '已封禁'
  return value.startsWith('accept') ? '接收' : '不接收'
}

/** A row that leads on; `state` is what stands at its end. */
function linkRow(label: string, state: string, test: string, onclick: () => void): HTMLElement {
  return h(
    'button',
    { type: 'button', class: 'we-settings-row', 'data-test': test, onclick },
    h('span', { class: 'we-settings-label' }, label),
    h('span', { class: 'we-settings-state' }, state),
    icon('chevron'),
  )
}

function choiceRow(label: string, test: string, chosen: boolean, onclick: () => void): HTMLElement {
  return h(
    'button',
    {
      type: 'button',
      class: 'we-settings-row we-settings-choice',
      role: 'radio',
      'aria-checked': String(chosen),
      'data-test': test,
      onclick,
    },
    h('span', { class: 'we-settings-label' }, label),
    icon('tick'),
  )
}
