import type { ShellUi } from '../wx/shell-ui.ts'
import { avatar } from './avatar.ts'
import { h, icon, sheet } from './dom.ts'
import type { Overlay } from './overlay.ts'

export interface MenuItem {
  name: string
  label: string
  icon: Parameters<typeof icon>[0]
  /** Absent: greyed, as 转发 is where the page has no onShareAppMessage. */
  choose?: () => void
}

/** The sheet behind the capsule's ⋯: who this is, and two rows of what can be done. */
export function showCapsuleMenu(overlay: Overlay, appName: string, rows: readonly MenuItem[][]): void {
  const button = ({ name, label, icon: picture, choose }: MenuItem) =>
    h(
      'button',
      {
        ...{ type: 'button', 'data-test': `menu-${name}`, disabled: choose === undefined },
        onclick() {
          close()
          choose?.()
        },
      },
      h('span', { class: 'we-menu-tile' }, icon(picture)),
      h('span', {}, label),
    )
  const { veil, body } = sheet(
    'we-capsule-menu',
    { 'data-test': 'capsule-sheet', 'aria-label': '更多' },
    h('header', {}, avatar(appName, 'small'), h('span', {}, appName)),
    ...rows.map((row) => h('div', { class: 'we-menu-row' }, ...row.map(button))),
    h(
      'button',
      { type: 'button', class: 'we-sheet-cancel', 'data-test': 'sheet-cancel', onclick: () => close() },
      '取消',
    ),
  )
  body.addEventListener('click', (event) => event.stopPropagation())
  veil.addEventListener('click', () => close())
  const close = overlay.add(veil, () => undefined)
}

/** The card that goes to a chat, before it goes. */
export function showShareDialog(
  overlay: Overlay,
  appName: string,
  ...[{ title, imageUrl }, answer]: Parameters<ShellUi['askShare']>
): void {
  const finish = (sent: boolean) => () => {
    close()
    answer(sent)
  }
  const button = (text: string, test: string, sent: boolean) =>
    h(
      'button',
      {
        type: 'button',
        class: `we-modal-${sent ? 'confirm' : 'cancel'}`,
        'data-test': test,
        onclick: finish(sent),
      },
      text,
    )
  const veil = h(
    'div',
    { class: 'we-veil we-veil-middle' },
    h(
      'div',
      { class: 'we-modal we-share', 'data-test': 'share-dialog', role: 'dialog', 'aria-modal': 'true' },
      h('h2', {}, '发送给朋友'),
      h(
        'div',
        { class: 'we-share-card' },
        h('span', { class: 'we-card-head' }, avatar(appName, 'small'), appName),
        h('strong', { 'data-test': 'share-title' }, title),
        imageUrl
          ? h('img', { src: imageUrl, alt: '' })
          : h('span', { class: 'we-share-picture' }, avatar(appName)),
      ),
      h(
        'div',
        { class: 'we-modal-buttons' },
        button('取消', 'share-cancel', false),
        button('发送', 'share-send', true),
      ),
    ),
  )
  const close = overlay.add(veil, () => answer(false))
}
