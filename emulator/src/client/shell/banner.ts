import type { ServiceMessage } from '../../protocol.ts'
import { avatar } from './avatar.ts'
import { h } from './dom.ts'

const STAYS_MS = 6000
/** How far up a finger pushes it before it goes, in px. */
const PUSH_PX = 20

/** Drops a message from the top for a few seconds; a tap opens it, a push upwards sends it away. */
export function dropBanner(
  layer: HTMLElement,
  appName: string,
  message: ServiceMessage,
  open: () => void,
): void {
  layer.querySelector('.we-banner')?.remove()
  let from: number | undefined
  const banner = h(
    'button',
    {
      type: 'button',
      class: 'we-banner',
      'data-test': 'message-banner',
      onpointerdown: (event) => {
        from = (event as PointerEvent).clientY
      },
      onpointermove: (event) => {
        const { clientY, buttons } = event as PointerEvent
        if (from !== undefined && buttons !== 0 && from - clientY > PUSH_PX) banner.remove()
      },
      onclick: () => {
        banner.remove()
        open()
      },
    },
    avatar(appName, 'small'),
    h(
      'span',
      { class: 'we-banner-body' },
      h('span', { class: 'we-banner-head' }, h('strong', {}, '服务通知'), h('time', {}, '现在')),
      h('span', {}, `${message.title}：${message.lines[0]?.value ?? appName}`),
    ),
  )
  layer.append(banner)
  window.setTimeout(() => banner.remove(), STAYS_MS)
}
