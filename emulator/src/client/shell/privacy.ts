import type { ShellUi } from '../wx/shell-ui.ts'
import { avatar } from './avatar.ts'
import { h, sheet } from './dom.ts'
import { nativeBar } from './native-bar.ts'
import type { Overlay } from './overlay.ts'

type Ask = Parameters<ShellUi['askPrivacy']>
type Contract = Parameters<ShellUi['openPrivacyContract']>[0]

/** WeChat's own dialog before the first gated call (wechat-platform.md §9.1). */
export function showPrivacyDialog(overlay: Overlay, appName: string, ...[request, answer]: Ask): void {
  const finish = (agreed: boolean) => () => {
    close()
    answer(agreed)
  }
  const { veil } = sheet(
    'we-privacy-dialog',
    { 'data-test': 'privacy-dialog', 'aria-modal': 'true' },
    h('header', {}, avatar(appName, 'small'), h('span', {}, appName)),
    h('h2', {}, '用户隐私保护提示'),
    h(
      'p',
      {},
      '在使用当前小程序服务之前，请仔细阅读',
      h(
        'button',
        { type: 'button', 'data-test': 'privacy-contract-link', onclick: () => request.openContract() },
        request.contractName,
      ),
      '。如你同意该指引，请点击“同意”开始使用。',
    ),
    h(
      'div',
      { class: 'we-panel-buttons' },
      h(
        'button',
        {
          type: 'button',
          class: 'we-panel-cancel',
          'data-test': 'privacy-decline',
          onclick: finish(false),
        },
        '拒绝',
      ),
      h(
        'button',
        { type: 'button', class: 'we-panel-allow', 'data-test': 'privacy-agree', onclick: finish(true) },
        '同意',
      ),
    ),
  )
  const close = overlay.add(veil, () => answer(null))
}

/** The 用户隐私保护指引 as WeChat shows it: what the owner declared, and nothing else. */
export function showPrivacyContract(
  overlay: Overlay,
  appName: string,
  { contractName, uses, closed }: Contract,
): void {
  const close = () => {
    remove()
    closed()
  }
  const page = h(
    'div',
    { class: 'we-settings-page', 'data-test': 'privacy-contract-page' },
    nativeBar('用户隐私保护指引', 'privacy-contract-back', close),
    h(
      'div',
      { class: 'we-settings-list we-contract' },
      h('h2', {}, contractName),
      ...(uses.length > 0
        ? [
            h('p', {}, `本指引由「${appName}」的开发者声明。开发者会在以下情况处理你的信息：`),
            h('ol', {}, ...uses.map((use) => h('li', {}, use))),
          ]
        : [h('p', {}, `「${appName}」的开发者没有声明会处理你的信息。`)]),
    ),
  )
  const remove = overlay.add(page, closed)
}
