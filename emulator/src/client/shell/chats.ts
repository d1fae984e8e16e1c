import type { ServiceMessage } from '../../protocol.ts'
import { avatar } from './avatar.ts'
import { h, icon } from './dom.ts'

const clock = (at: number) =>
  new Date(at).toLocaleTimeString('zh-CN', { hour: '2-digit', minute: '2-digit', hour12: false })

interface Actions {
  openService(): void
  openApp(): void
  openMessage(message: ServiceMessage): void
  back(): void
}

/** WeChat's list of chats with the two entries that matter here. */
export function createChats(appName: string, actions: Actions) {
  const badge = h('b', { class: 'we-badge', 'data-test': 'unread-badge', hidden: true })
  const last = h('p')
  const when = h('time')
  const entry = (
    test: string,
    picture: HTMLElement,
    name: string,
    under: HTMLElement,
    time: HTMLElement | null,
    open: () => void,
  ) =>
    h(
      'button',
      { type: 'button', class: 'we-chat', 'data-test': test, onclick: open },
      h('span', { class: 'we-chat-picture' }, picture, test === 'service-entry' ? badge : null),
      h(
        'span',
        { class: 'we-chat-body' },
        h('span', { class: 'we-chat-line' }, h('strong', {}, name), time),
        under,
      ),
    )
  const element = h(
    'section',
    { class: 'we-screen we-chats-screen', 'data-test': 'chats', hidden: true },
    h('header', { class: 'we-native-bar' }, h('h1', {}, '微信')),
    h('div', { class: 'we-search' }, icon('search'), '搜索'),
    h(
      'div',
      { class: 'we-chat-list' },
      entry(
        'service-entry',
        h('span', { class: 'we-avatar we-avatar-large we-avatar-service' }, icon('bell')),
        '服务通知',
        last,
        when,
        actions.openService,
      ),
      entry('app-entry', avatar(appName), appName, h('p', {}, '小程序'), null, actions.openApp),
    ),
  )
  return {
    element,
    update(messages: readonly ServiceMessage[]) {
      const unread = messages.filter(({ read }) => !read).length
      badge.textContent = unread > 99 ? '99+' : String(unread)
      badge.hidden = unread === 0
      const newest = messages.at(-1)
      last.textContent = newest ? `[${appName}] ${newest.title}` : '暂无消息'
      when.textContent = newest ? clock(newest.at) : ''
    },
  }
}

/** The 服务通知 conversation: one card a message, newest at the bottom. */
export function createServiceMessages(appName: string, actions: Pick<Actions, 'back' | 'openMessage'>) {
  const list = h('div', { class: 'we-cards' })
  const element = h(
    'section',
    { class: 'we-screen we-service-screen', 'data-test': 'service-messages', hidden: true },
    h(
      'header',
      { class: 'we-native-bar' },
      h(
        'button',
        { type: 'button', 'aria-label': '返回', 'data-test': 'service-back', onclick: actions.back },
        icon('back'),
      ),
      h('h1', {}, '服务通知'),
    ),
    list,
  )
  const card = (message: ServiceMessage) =>
    h(
      'article',
      {},
      h('time', {}, clock(message.at)),
      h(
        'button',
        {
          type: 'button',
          class: 'we-card',
          'data-test': 'message-card',
          'data-message': message.id,
          disabled: message.page === undefined,
          onclick: () => actions.openMessage(message),
        },
        h('span', { class: 'we-card-head' }, avatar(appName, 'small'), appName),
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
    )
  return {
    element,
    update(messages: readonly ServiceMessage[]) {
      list.replaceChildren(
        ...(messages.length > 0 ? messages.map(card) : [h('p', { class: 'we-no-cards' }, '还没有消息')]),
      )
      list.scrollTop = list.scrollHeight
    },
  }
}

/** Drops a message from the top for a few seconds; a tap opens it. */
export function dropBanner(
  layer: HTMLElement,
  appName: string,
  message: ServiceMessage,
  open: () => void,
): void {
  layer.querySelector('.we-banner')?.remove()
  const banner = h(
    'button',
    {
      type: 'button',
      class: 'we-banner',
      'data-test': 'message-banner',
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
  window.setTimeout(() => banner.remove(), 6000)
}
