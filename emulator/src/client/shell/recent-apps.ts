import { avatar } from './avatar.ts'
import { h, icon } from './dom.ts'

/** How far down a finger pulls before the drawer opens, in px. */
const PULL_PX = 70
/** What a finger may move and still tap. */
const TAP_PX = 10

/** 最近使用的小程序, behind the list of chats: pulled down with a finger, or opened with a button. */
export function createRecentApps(appName: string, list: HTMLElement, openApp: () => void) {
  const opener = h(
    'button',
    {
      type: 'button',
      class: 'we-recent-open',
      'aria-label': '最近使用的小程序',
      'data-test': 'recent-open',
      onclick: open,
    },
    icon('grid'),
  )
  const closer = h(
    'button',
    { type: 'button', class: 'we-recent-close', 'data-test': 'recent-close', onclick: close },
    icon('up'),
    '微信',
  )
  const element = h(
    'div',
    { class: 'we-recent', 'data-test': 'recent-apps', hidden: true },
    h('h2', {}, '最近使用的小程序'),
    h(
      'button',
      {
        type: 'button',
        class: 'we-recent-app',
        'data-test': 'recent-app',
        onclick: () => {
          close()
          openApp()
        },
      },
      avatar(appName),
      h('span', {}, appName),
    ),
    closer,
  )
  function open(): void {
    element.hidden = false
    closer.focus({ preventScroll: true })
  }
  function close(): void {
    element.hidden = true
  }

  let from: number | undefined
  let pulled = 0
  /** A finger that pulled did not press what it rests on. */
  let wasPulled = false
  const settle = () => {
    if (from !== undefined && pulled > PULL_PX) open()
    from = undefined
    wasPulled = pulled > TAP_PX
    pulled = 0
    list.style.removeProperty('translate')
  }
  list.addEventListener(
    'click',
    (event) => {
      if (wasPulled) event.stopPropagation()
      wasPulled = false
    },
    { capture: true },
  )
  list.addEventListener('pointerdown', ({ clientY }) => {
    from = list.scrollTop === 0 ? clientY : undefined
  })
  list.addEventListener('pointermove', ({ clientY, buttons }) => {
    if (from === undefined || buttons === 0) return
    pulled = clientY - from
    if (pulled > 0) list.style.translate = `0 ${Math.min(pulled / 2, PULL_PX)}px`
  })
  for (const end of ['pointerup', 'pointercancel', 'pointerleave']) list.addEventListener(end, settle)

  return { element, opener }
}
