// @vitest-environment jsdom
import { afterEach, beforeEach, describe, expect, it, test, vi } from 'vitest'
import type { ServiceMessage } from '../../protocol.ts'
import { onePage, startPhone } from '../testing/launch.ts'
import { avatar } from './avatar.ts'
import { wechatClock, whenWord } from './wechat-clock.ts'

const message = (id: string, more: Partial<ServiceMessage> = {}): ServiceMessage => ({
  id,
  templateId: 'T1',
  title: '新线索提醒',
  page: 'pages/a',
  lines: [{ label: '线索名称', value: '恒泰建材' }],
  at: Date.now(),
  read: false,
  ...more,
})
const start = (messages: ServiceMessage[]) => {
  const phone = startPhone(onePage('', '<view/>'))
  phone.shell.updateMessages(messages)
  return phone
}
const press = (text: string) =>
  [...document.querySelectorAll<HTMLElement>('.we-action-sheet button')]
    .find((button) => button.textContent?.includes(text))
    ?.click()

describe('a card in 服务通知', () => {
  it('H43 is refused over its ⋯, and says so', async () => {
    const phone = start([message('1')])
    phone.press('message-more')
    press('拒收「新线索提醒」')
    expect(phone.link.refused).toEqual(['T1'])
    await vi.waitFor(() => expect(phone.part('toast')?.textContent).toBe('已拒收'))
  })

  it('is refused over a long press; 取消 refuses nothing', () => {
    const phone = start([message('1')])
    const longPress = () =>
      phone
        .part('message-card')
        ?.dispatchEvent(new MouseEvent('contextmenu', { bubbles: true, cancelable: true }))
    longPress()
    phone.press('sheet-cancel')
    expect(phone.link.refused).toEqual([])
    longPress()
    press('拒收')
    expect(phone.link.refused).toEqual(['T1'])
  })

  it('that could not be refused says so', async () => {
    const phone = start([message('1')])
    phone.link.refuse = () => Promise.reject(new Error('offline'))
    phone.press('message-more')
    press('拒收')
    await vi.waitFor(() => expect(phone.part('toast')?.textContent).toContain('没有保存'))
  })

  it('of an older state file, without a template, has no ⋯', () => {
    const { templateId: _, ...old } = message('1')
    const phone = start([old])
    expect(phone.part('message-more')).toBeNull()
    expect(phone.part('message-card')).not.toBeNull()
  })
})

test('a mini-program’s picture is the first character of its name, on a colour of its own', () => {
  const look = (name: string) => {
    const { dataset, style } = avatar(name)
    return { initial: dataset.initial, hue: style.getPropertyValue('--we-app-hue') }
  }
  expect(look('线索铃').initial).toBe('线')
  expect(look('🍵茶铺').initial).toBe('🍵')
  expect(look('小店')).toEqual(look('小店'))
  expect(look('小店').hue).not.toBe(look('小铺').hue)
})

describe('the chats', () => {
  it('count what is unread on the entry, in the title and on the tab; the last message is named', () => {
    const phone = start([message('1', { read: true }), message('2'), message('3', { title: '跟进提醒' })])
    expect(phone.part('unread-badge')?.textContent).toBe('2')
    expect(phone.part('chats')?.querySelector('h1')?.textContent).toBe('微信(2)')
    expect(phone.part('chats')?.querySelector('.we-tabs .we-badge')?.textContent).toBe('2')
    expect(phone.part('service-entry')?.textContent).toContain('[线索铃] 跟进提醒')
    phone.shell.updateMessages([])
    expect(phone.part('chats')?.querySelector('h1')?.textContent).toBe('微信')
  })

  it('pulled down they show the mini-programs used last; a press opens it', () => {
    const phone = start([])
    phone.shell.ui.exit()
    const list = document.querySelector('.we-chat-list')
    const finger = (type: string, clientY: number) =>
      list?.dispatchEvent(Object.assign(new MouseEvent(type, { clientY, buttons: 1, bubbles: true })))
    const pull = (to: number) => {
      finger('pointerdown', 100)
      finger('pointermove', to)
      finger('pointerup', to)
    }
    pull(150)
    expect(phone.part('recent-apps')?.hidden).toBe(true)
    pull(220)
    expect(phone.part('recent-apps')?.hidden).toBe(false)
    // the finger that pulled lies on an entry: it does not press it
    phone.press('service-entry')
    expect(phone.shell.screen).toBe('chats')
    phone.press('recent-app')
    expect(phone.part('recent-apps')?.hidden).toBe(true)
    expect(phone.shell.screen).toBe('app')
  })

  it('the drawer opens and closes without a finger', () => {
    const phone = start([])
    phone.press('recent-open')
    expect(phone.part('recent-apps')?.hidden).toBe(false)
    phone.press('recent-close')
    expect(phone.part('recent-apps')?.hidden).toBe(true)
  })
})

test('the banner goes when it is pushed up, unopened', () => {
  const phone = start([])
  phone.shell.dropBanner(message('1'))
  const banner = phone.part('message-banner')
  banner?.dispatchEvent(new MouseEvent('pointerdown', { clientY: 60 }))
  banner?.dispatchEvent(new MouseEvent('pointermove', { clientY: 50, buttons: 1 }))
  expect(phone.part('message-banner')).not.toBeNull()
  banner?.dispatchEvent(new MouseEvent('pointermove', { clientY: 30, buttons: 1 }))
  expect(phone.part('message-banner')).toBeNull()
})

test('the status bar tells a weak network', () => {
  const phone = start([])
  phone.shell.updateState({ ...phone.device.state, network: '4g', weakNetwork: true })
  expect(document.querySelector('.we-status-network')?.textContent).toBe('微信移动 4G弱')
})

describe('WeChat’s clock on a phone', () => {
  beforeEach(() => void vi.useFakeTimers({ now: 1_000_000 }))
  afterEach(() => void vi.useRealTimers())

  it('is the machine’s until it is put forward, and says so once', () => {
    const clock = wechatClock()
    const heard = vi.fn()
    clock.onChange(heard)
    expect(clock.now()).toBe(1_000_000)
    clock.putAhead(7_200_000)
    clock.putAhead(7_200_000)
    vi.advanceTimersByTime(15_000)
    expect(clock.now()).toBe(1_015_000 + 7_200_000)
    expect(heard).toHaveBeenCalledOnce()
  })
})

test.each([
  ['today', '2026-11-23T09:42:00', '09:42'],
  ['yesterday', '2026-11-22T23:59:00', '昨天 23:59'],
  ['earlier', '2026-11-01T08:05:00', '11月1日 08:05'],
  ['last year', '2025-12-31T08:05:00', '2025年12月31日 08:05'],
])('when a message came, %s', (_, at, expected) => {
  expect(whenWord(new Date(at).getTime(), new Date('2026-11-23T18:00:00').getTime())).toBe(expected)
})
