import type { ShellUi } from '../wx/shell-ui.ts'
import { h, icon } from './dom.ts'
import { nativeBar } from './native-bar.ts'
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
    nativeBar('位置', 'place-back', close),
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
