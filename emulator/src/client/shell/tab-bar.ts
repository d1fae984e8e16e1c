import { normalizePath } from '../paths.ts'
import type { TabBarView, TabView } from '../tab-bar.ts'
import { h } from './dom.ts'

/** A picture of the package; app code may set one of its own files or an address. */
const pictureUrl = (path: string) => (/^(https?|data):/.test(path) ? path : `/app/${normalizePath('', path)}`)

/** WeChat's tab bar, drawn into `place`; undefined takes it away. */
export function drawTabBar(
  place: HTMLElement,
  view: TabBarView | undefined,
  press: (index: number) => void,
): void {
  place.hidden = view === undefined
  place.replaceChildren()
  if (!view) return
  place.dataset.border = view.borderStyle
  place.style.background = view.backgroundColor
  place.append(...view.tabs.map((tab, index) => drawTab(tab, view, () => press(index))))
}

function drawTab(tab: TabView, { color, selectedColor }: TabBarView, onclick: () => void): HTMLElement {
  const mark = tab.badge
    ? h('b', { class: 'we-tab-badge', 'data-test': 'tab-badge' }, tab.badge)
    : tab.redDot
      ? h('b', { class: 'we-tab-dot', 'data-test': 'tab-dot', 'aria-label': '有新内容' })
      : null
  const button = h(
    'button',
    { type: 'button', role: 'tab', 'aria-selected': String(tab.selected), 'data-test': 'tab', onclick },
    h(
      'span',
      { class: 'we-tab-picture' },
      tab.icon ? h('img', { src: pictureUrl(tab.icon), alt: '' }) : null,
      mark,
    ),
    h('span', { class: 'we-tab-text' }, tab.text),
  )
  button.style.color = tab.selected ? selectedColor : color
  button.toggleAttribute('data-plain', tab.icon === '')
  return button
}
