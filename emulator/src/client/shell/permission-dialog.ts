import type { ShellUi } from '../wx/shell-ui.ts'
import { avatar } from './avatar.ts'
import { h, sheet } from './dom.ts'
import type { Overlay } from './overlay.ts'

/** WeChat's question before a mini-program may use what its user keeps to himself. */
export function showPermissionDialog(
  overlay: Overlay,
  appName: string,
  ...[{ what, why }, answer]: Parameters<ShellUi['askPermission']>
): void {
  const finish = (allowed: boolean) => () => {
    close()
    answer(allowed)
  }
  const { veil } = sheet(
    'we-privacy-dialog we-permission-dialog',
    { 'data-test': 'permission-dialog', 'aria-modal': 'true' },
    h('header', {}, avatar(appName, 'small'), h('span', {}, `${appName} 申请`)),
    h('h2', {}, what),
    h('p', {}, why),
    h(
      'div',
      { class: 'we-panel-buttons' },
      h(
        'button',
        { type: 'button', class: 'we-panel-cancel', 'data-test': 'permission-deny', onclick: finish(false) },
        '拒绝',
      ),
      h(
        'button',
        { type: 'button', class: 'we-panel-allow', 'data-test': 'permission-allow', onclick: finish(true) },
        '允许',
      ),
    ),
  )
  const close = overlay.add(veil, () => answer(null))
}
