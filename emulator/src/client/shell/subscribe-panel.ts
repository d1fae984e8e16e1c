import type { PanelRow } from '../../protocol.ts'
import type { PanelAnswer } from '../wx/shell-ui.ts'
import { avatar } from './avatar.ts'
import { h, icon, sheet } from './dom.ts'
import type { Overlay } from './overlay.ts'

/** The panel WeChat slides up for `requestSubscribeMessage` (wechat-platform.md §1.5, §1.6). */
export function showSubscribePanel(
  overlay: Overlay,
  appName: string,
  rows: readonly PanelRow[],
  answer: (answer: PanelAnswer) => void,
): void {
  const ticked = new Set(rows.map(({ templateId }) => templateId))
  let keep = false

  const finish = (allowed: boolean) => () => {
    close()
    const decisions = Object.fromEntries(
      rows.map(({ templateId }) => [
        templateId,
        allowed && ticked.has(templateId) ? ('accept' as const) : ('reject' as const),
      ]),
    )
    answer({ decisions, keep })
  }
  const allow = h(
    'button',
    { type: 'button', class: 'we-panel-allow', 'data-test': 'subscribe-allow', onclick: finish(true) },
    '允许',
  )
  const row = ({ templateId, title, example }: PanelRow) => {
    const preview = h(
      'div',
      { class: 'we-panel-preview', hidden: true },
      h('strong', {}, title),
      preLines(example),
    )
    const box = h(
      'button',
      {
        type: 'button',
        class: 'we-tick-box',
        role: 'checkbox',
        'aria-checked': 'true',
        'aria-label': title,
        'data-test': 'subscribe-row',
        'data-template': templateId,
        onclick: () => {
          const on = !ticked.has(templateId)
          if (on) ticked.add(templateId)
          else ticked.delete(templateId)
          box.setAttribute('aria-checked', String(on))
          allow.disabled = ticked.size === 0
        },
      },
      icon('tick'),
    )
    const look = h(
      'button',
      {
        type: 'button',
        class: 'we-panel-look',
        'aria-label': `预览${title}`,
        onclick: () => preview.toggleAttribute('hidden'),
      },
      icon('info'),
    )
    return h('li', {}, h('div', { class: 'we-panel-row' }, box, h('span', {}, title), look), preview)
  }
  const keepBox = h(
    'button',
    {
      type: 'button',
      class: 'we-keep',
      role: 'checkbox',
      'aria-checked': 'false',
      'data-test': 'subscribe-keep',
      onclick: () => {
        keep = !keep
        keepBox.setAttribute('aria-checked', String(keep))
      },
    },
    h('span', { class: 'we-keep-box' }, icon('tick')),
    '总是保持以上选择，不再询问',
  )
  const { veil } = sheet(
    'we-subscribe-panel',
    { 'data-test': 'subscribe-panel', 'aria-modal': 'true' },
    h(
      'header',
      {},
      avatar(appName, 'small'),
      h('span', {}, appName),
      h('span', { class: 'we-asks' }, '申请'),
    ),
    h('h2', {}, '发送以下消息'),
    h('ul', {}, ...rows.map(row)),
    keepBox,
    h(
      'div',
      { class: 'we-panel-buttons' },
      h(
        'button',
        { type: 'button', class: 'we-panel-cancel', 'data-test': 'subscribe-cancel', onclick: finish(false) },
        '取消',
      ),
      allow,
    ),
  )
  const close = overlay.add(veil, () => answer(null))
}

function preLines(text: string): HTMLElement {
  return h(
    'div',
    {},
    ...text
      .split('\n')
      .filter(Boolean)
      .map((line) => h('p', {}, line)),
  )
}
