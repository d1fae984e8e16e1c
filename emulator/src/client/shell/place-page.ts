import type { ShellUi } from '../wx/shell-ui.ts'
import { h, icon } from './dom.ts'
import type { Overlay } from './overlay.ts'

/** `wx.openLocation`'s page: the place in words, where WeChat draws a map. */
export function showPlacePage(
  overlay: Overlay,
  ...[{ name, address, latitude, longitude }, closed]: Parameters<ShellUi['openPlace']>
): void {
  const close = () => {
    remove()
    closed()
  }
  const page = h(
    'div',
    { class: 'we-settings-page we-place-page', 'data-test': 'place-page' },
    h(
      'header',
      { class: 'we-native-bar' },
      h(
        'button',
        { type: 'button', 'aria-label': '返回', 'data-test': 'place-back', onclick: close },
        icon('back'),
      ),
      h('h1', {}, '位置'),
    ),
    h('div', { class: 'we-place-map', 'aria-hidden': 'true' }, icon('target')),
    h(
      'div',
      { class: 'we-place-words' },
      h('strong', {}, name || '位置'),
      h('p', {}, address),
      h('small', {}, `${latitude}, ${longitude}`),
    ),
  )
  const remove = overlay.add(page, closed)
}
