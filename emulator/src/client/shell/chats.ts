import type { ServiceMessage } from '../../protocol.ts'
import { avatar } from './avatar.ts'
import { h, icon } from './dom.ts'
import { createRecentApps } from './recent-apps.ts'
import { whenWord, type WeChatClock } from './wechat-clock.ts'

interface Actions {
  openService(): void
  openApp(): void
}

/** WeChat's list of chats with the two entries that matter here; pulled down, the mini-programs used last. */
export function createChats(appName: string, clock: WeChatClock, actions: Actions) {
  const title = h('h1', {}, '微信')
  const badge = h('b', { class: 'we-badge', 'data-test': 'unread-badge', hidden: true })
  const tabBadge = h('b', { class: 'we-badge', hidden: true })
  const last = h('p')
  const when = h('time')
  let shown: readonly ServiceMessage[] = []
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
  const list = h(
    'div',
    { class: 'we-chat-list' },
    h('div', { class: 'we-search' }, icon('search'), '搜索'),
    entry(
      'service-entry',
      h('span', { class: 'we-avatar we-avatar-large we-avatar-service' }, icon('bell')),
      '服务通知',
      last,
      when,
      actions.openService,
    ),
    entry('app-entry', avatar(appName), appName, h('p', {}, '小程序'), null, actions.openApp),
  )
  const recent = createRecentApps(appName, list, actions.openApp)
  const element = h(
    'section',
    { class: 'we-screen we-chats-screen', 'data-test': 'chats', hidden: true },
    h('header', { class: 'we-native-bar' }, title, recent.opener),
    list,
    // drawn as WeChat has it; only the chats are played
    h(
      'footer',
      { class: 'we-tabs', 'aria-hidden': 'true' },
      h('span', { class: 'we-tab-on' }, icon('chat'), tabBadge, '微信'),
      h('span', {}, icon('people'), '通讯录'),
      h('span', {}, icon('compass'), '发现'),
      h('span', {}, icon('person'), '我'),
    ),
    recent.element,
  )
  const drawTime = () => {
    const newest = shown.at(-1)
    when.textContent = newest ? whenWord(newest.at, clock.now()) : ''
  }
  clock.onChange(drawTime)
  return {
    element,
    update(messages: readonly ServiceMessage[]) {
      shown = messages
      const unread = messages.filter(({ read }) => !read).length
      const word = unread > 99 ? '99+' : String(unread)
      for (const mark of [badge, tabBadge]) {
        mark.textContent = word
        mark.hidden = unread === 0
      }
      title.textContent = unread === 0 ? '微信' : `微信(${word})`
      const newest = messages.at(-1)
      last.textContent = newest ? `[${appName}] ${newest.title}` : '暂无消息'
      drawTime()
    },
  }
}
