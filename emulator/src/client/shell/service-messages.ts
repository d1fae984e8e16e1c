import type { ServiceMessage } from '../../protocol.ts'
import { avatar } from './avatar.ts'
import { createDialogs } from './dialogs.ts'
import { h, icon } from './dom.ts'
import { nativeBar } from './native-bar.ts'
import { Overlay } from './overlay.ts'
import { whenWord, type WeChatClock } from './wechat-clock.ts'

interface Actions {
  back(): void
  openMessage(message: ServiceMessage): void
  /** 拒收 of all messages of this template. Rejects when it was not saved. */
  refuse(templateId: string): Promise<void>
}

const TOAST_MS = 1500

/** The 服务通知 conversation: one card a message, newest at the bottom. */
export function createServiceMessages(appName: string, clock: WeChatClock, actions: Actions) {
  const list = h('div', { class: 'we-cards' })
  const layer = h('div', { class: 'we-layer' })
  const dialogs = createDialogs(new Overlay(layer))
  const element = h(
    'section',
    { class: 'we-screen we-service-screen', 'data-test': 'service-messages', hidden: true },
    nativeBar('服务通知', 'service-back', actions.back),
    list,
    layer,
  )
  let shown: readonly ServiceMessage[] = []

  function say(title: string, kind: 'success' | 'none'): void {
    dialogs.showToast({ title, icon: kind, image: '', mask: false })
    window.setTimeout(() => dialogs.hideToast(), TOAST_MS)
  }

  /** The card's own menu (wechat-platform.md §8.2): what is refused there is told to the backend. */
  function manage({ title, templateId }: ServiceMessage): void {
    if (templateId === undefined) return
    dialogs.askActionSheet({ items: [`拒收「${title}」`], color: '' }, (row) => {
      if (row === null) return
      void actions.refuse(templateId).then(
        () => say('已拒收', 'success'),
        () => say('没有保存，请检查网络', 'none'),
      )
    })
  }

  const card = (message: ServiceMessage) =>
    h(
      'article',
      {},
      h('time', {}, whenWord(message.at, clock.now())),
      h(
        'div',
        {
          class: 'we-card',
          // a long press, and a mouse's right button
          oncontextmenu: (event) => {
            event.preventDefault()
            manage(message)
          },
        },
        h(
          'header',
          { class: 'we-card-head' },
          avatar(appName, 'small'),
          h('span', {}, appName),
          message.templateId === undefined
            ? null
            : h(
                'button',
                {
                  type: 'button',
                  'aria-label': `管理「${message.title}」`,
                  'data-test': 'message-more',
                  onclick: () => manage(message),
                },
                icon('dots'),
              ),
        ),
        h(
          'button',
          {
            type: 'button',
            class: 'we-card-body',
            'data-test': 'message-card',
            'data-message': message.id,
            disabled: message.page === undefined,
            onclick: () => actions.openMessage(message),
          },
          h('strong', {}, message.title),
          h(
            'span',
            { class: 'we-card-lines' },
            ...message.lines.map(({ label, value }) =>
              h('span', { class: 'we-card-line' }, h('span', {}, label), h('span', {}, value)),
            ),
          ),
          message.page === undefined
            ? null
            : h('span', { class: 'we-card-more' }, '进入小程序查看', icon('chevron')),
        ),
      ),
    )
  const draw = () =>
    list.replaceChildren(
      ...(shown.length > 0 ? shown.map(card) : [h('p', { class: 'we-no-cards' }, '还没有消息')]),
    )
  clock.onChange(draw)
  return {
    element,
    update(messages: readonly ServiceMessage[]) {
      shown = messages
      draw()
      list.scrollTop = list.scrollHeight
    },
    /** To the newest one, when the conversation comes onto the screen: it could not scroll before. */
    settle() {
      list.scrollTop = list.scrollHeight
    },
  }
}
