import type { PanelRow } from '../../protocol.ts'
import type { PanelAnswer, ShellUi } from '../wx/shell-ui.ts'
import { avatar } from './avatar.ts'
import { h, icon, sheet } from './dom.ts'
import type { Overlay } from './overlay.ts'

type Ask = Parameters<ShellUi['askSubscribe']>

/**
 * The panel WeChat slides up for `requestSubscribeMessage` (wechat-platform.md §1.5, §1.6): the app that asks, a row
 * for each message with a preview of it, and a box to untick one where there are several.
 */
export function showSubscribePanel(overlay: Overlay, appName: string, ...[request, answer]: Ask): void {
  const { rows, simulated } = request
  const ticked = new Set(rows.map(({ templateId }) => templateId))
  let keep = false

  const finish = (allowed: boolean) => () => {
    close()
    const choice = (templateId: string) =>
      allowed && ticked.has(templateId) ? ('accept' as const) : ('reject' as const)
    const decisions = Object.fromEntries(rows.map(({ templateId }) => [templateId, choice(templateId)]))
    const decided: PanelAnswer = { decisions, keep }
    answer(decided)
  }
  const allow = h(
    'button',
    { type: 'button', class: 'we-panel-allow', 'data-test': 'subscribe-allow', onclick: finish(true) },
    '允许',
  )
  const tick = (templateId: string, on: boolean) => {
    if (on) ticked.add(templateId)
    else ticked.delete(templateId)
    allow.disabled = ticked.size === 0
  }
  const row = (item: PanelRow) => panelRow(item, rows.length > 1, (on) => tick(item.templateId, on))
  const { veil } = sheet(
    'we-subscribe-panel',
    {
      'data-test': 'subscribe-panel',
      'aria-modal': 'true',
      'aria-label': `${appName} 申请发送一次以下消息`,
      ...(simulated && { 'data-simulated': true }),
    },
    simulated
      ? h('p', { class: 'we-simulated', 'data-test': 'simulated' }, '开发者工具模拟的授权弹窗')
      : null,
    h(
      'header',
      {},
      avatar(appName, 'small'),
      h('span', { class: 'we-asker' }, appName),
      h('span', { class: 'we-asks' }, '申请'),
    ),
    h('h2', {}, '发送一次以下消息'),
    h('ul', { class: 'we-panel-rows' }, ...rows.map(row)),
    checkbox('we-keep', 'subscribe-keep', '总是保持以上选择，不再询问', (on) => (keep = on)),
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

/** The words of a single message need no box: to refuse it there is 取消. */
function panelRow({ templateId, title, example }: PanelRow, several: boolean, tick: (on: boolean) => void) {
  const preview = h(
    'div',
    { class: 'we-panel-preview', 'data-test': 'subscribe-preview', hidden: true },
    h('strong', {}, title),
    h('dl', {}, ...exampleLines(example)),
    h('small', {}, '消息内容为示例'),
  )
  const look = h(
    'button',
    {
      type: 'button',
      class: 'we-panel-look',
      'aria-label': `查看「${title}」的示例`,
      'aria-expanded': 'false',
      'data-test': 'subscribe-look',
      onclick: () => {
        preview.hidden = !preview.hidden
        look.setAttribute('aria-expanded', String(!preview.hidden))
      },
    },
    icon('info'),
  )
  const name = h('span', { class: 'we-panel-name' }, title)
  const box = several ? [tickBox(templateId, title, tick)] : []
  return h(
    'li',
    { 'data-test': 'subscribe-item' },
    h('div', { class: 'we-panel-row' }, ...box, name, look),
    preview,
  )
}

function tickBox(templateId: string, title: string, tick: (on: boolean) => void): HTMLElement {
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
        const on = box.getAttribute('aria-checked') !== 'true'
        box.setAttribute('aria-checked', String(on))
        tick(on)
      },
    },
    h('span', { class: 'we-tick' }, icon('tick')),
  )
  return box
}

function checkbox(className: string, test: string, words: string, change: (on: boolean) => void) {
  const box = h(
    'button',
    {
      type: 'button',
      class: className,
      role: 'checkbox',
      'aria-checked': 'false',
      'data-test': test,
      onclick: () => {
        const on = box.getAttribute('aria-checked') !== 'true'
        box.setAttribute('aria-checked', String(on))
        change(on)
      },
    },
    h('span', { class: 'we-tick' }, icon('tick')),
    h('span', {}, words),
  )
  return box
}

/** `线索名称:恒泰建材`, line by line, as label and value. */
function exampleLines(example: string): HTMLElement[] {
  return example
    .split('\n')
    .filter(Boolean)
    .flatMap((line) => {
      const [, label = '', value = ''] = /^([^:：]*)[:：](.*)$/.exec(line) ?? ['', line]
      return [h('dt', {}, label), h('dd', {}, value)]
    })
}
