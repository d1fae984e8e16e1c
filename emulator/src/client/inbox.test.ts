// @vitest-environment jsdom
import { expect, test } from 'vitest'
import type { ServiceMessage } from '../protocol.ts'
import { Inbox } from './inbox.ts'
import { onePage, startPhone } from './testing/launch.ts'

const message = (id: string): ServiceMessage => ({
  id,
  title: '新线索提醒',
  page: 'pages/a',
  lines: [{ label: '线索名称', value: '恒泰建材' }],
  at: 0,
  read: false,
})

function start() {
  const phone = startPhone(onePage('', '<view/>'))
  return { phone, inbox: new Inbox(phone.shell, phone.device, phone.link) }
}
const cards = () => document.querySelectorAll('[data-test="message-card"]').length

test('a message lands in 服务通知 and drops a banner', () => {
  const { phone, inbox } = start()
  inbox.receive(message('1'))
  expect(cards()).toBe(1)
  expect(phone.part('unread-badge')?.textContent).toBe('1')
  expect(phone.part('message-banner')?.textContent).toContain('恒泰建材')
})

test('with notifications denied it still lands in 服务通知, but no banner drops', () => {
  const { phone, inbox } = start()
  phone.device.update({ ...phone.device.state, notifications: 'denied' })
  inbox.receive(message('1'))
  expect(cards()).toBe(1)
  expect(phone.part('unread-badge')?.textContent).toBe('1')
  expect(phone.part('message-banner')).toBeNull()
})

test('whoever looks at 服务通知 has read it, without a banner', () => {
  const { phone, inbox } = start()
  phone.shell.show('service')
  inbox.receive(message('1'))
  expect(phone.part('unread-badge')?.hidden).toBe(true)
  expect(phone.part('message-banner')).toBeNull()
})

test('a message that comes twice is one card', () => {
  const { inbox } = start()
  inbox.receive(message('1'))
  inbox.receive(message('1'))
  expect(cards()).toBe(1)
})
