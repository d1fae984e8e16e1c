// @vitest-environment jsdom
import { expect, test } from 'vitest'
import { onePage, startPhone } from '../testing/launch.ts'

const logging = 'on(e) { log.push([e.type, e.detail]) }'
const field = (element: HTMLElement) =>
  element.querySelector('input, textarea') as HTMLInputElement | HTMLTextAreaElement
const enter = (element: HTMLElement) => {
  const event = new KeyboardEvent('keydown', { key: 'Enter', bubbles: true, cancelable: true })
  field(element).dispatchEvent(event)
  return event.defaultPrevented
}

test.each([
  ['text', 'text', null],
  ['number', 'text', 'numeric'],
  ['digit', 'text', 'decimal'],
  ['idcard', 'text', 'text'],
  ['nickname', 'text', null],
  ['safe-password', 'password', null],
])('input type="%s" is the browser’s %s with the keyboard %s', (type, own, keyboard) => {
  const phone = startPhone(onePage('', `<input id="i" type="${type}"/>`))
  const input = field(phone.byId('i')) as HTMLInputElement
  expect([input.type, input.getAttribute('inputmode')]).toEqual([own, keyboard])
})

test('confirm names the key, tells the value and takes the focus away, unless it is held', () => {
  const phone = startPhone(
    onePage(
      `data: { hold: true }, drop() { this.setData({ hold: false }) }, ${logging}`,
      '<input id="i" value="泰" confirm-type="search" confirm-hold="{{hold}}" bindconfirm="on"/><view id="d" bindtap="drop"/>',
    ),
  )
  const input = field(phone.byId('i'))
  expect(input.getAttribute('enterkeyhint')).toBe('search')
  input.focus()
  enter(phone.byId('i'))
  expect(document.activeElement).toBe(input)
  phone.tapId('d')
  enter(phone.byId('i'))
  expect(document.activeElement).not.toBe(input)
  expect(phone.log()).toEqual([
    ['confirm', { value: '泰' }],
    ['confirm', { value: '泰' }],
  ])
})

test('focus: the page sets it, the user takes it away, the page can set it again', () => {
  const phone = startPhone(
    onePage(
      `data: { focus: false }, ask() { this.setData({ focus: true }) }, leave() { this.setData({ focus: false }) }, ${logging}`,
      '<input id="i" focus="{{focus}}" bindfocus="on" bindblur="on"/><view id="ask" bindtap="ask"/><view id="leave" bindtap="leave"/>',
    ),
  )
  const input = field(phone.byId('i'))
  phone.tapId('ask')
  expect(document.activeElement).toBe(input)
  input.blur()
  phone.tapId('ask')
  expect(document.activeElement).toBe(input)
  phone.tapId('leave')
  expect(document.activeElement).not.toBe(input)
  expect(phone.log().map((line) => (line as [string])[0])).toEqual(['focus', 'blur', 'focus', 'blur'])
})

test('textarea: limit, placeholder, value, focus, and what has no meaning here is taken without complaint', () => {
  const phone = startPhone(
    onePage(
      `data: { v: '甲' }, set() { this.setData({ v: '乙' }) }, ${logging}`,
      `<textarea id="t" value="{{v}}" maxlength="{{500}}" placeholder="写点什么" focus auto-height bindinput="on" bindconfirm="on"
        cursor-spacing="{{20}}" disable-default-padding show-confirm-bar="{{false}}" adjust-position="{{false}}"/><view id="s" bindtap="set"/>`,
    ),
  )
  const area = field(phone.byId('t'))
  expect([area.localName, area.maxLength, area.placeholder, area.value]).toEqual([
    'textarea',
    500,
    '写点什么',
    '甲',
  ])
  expect(document.activeElement).toBe(area)
  area.value = '甲乙'
  area.dispatchEvent(new Event('input', { bubbles: true }))
  expect(phone.log()).toEqual([['input', { value: '甲乙', cursor: 2, keyCode: 0 }]])
  phone.tapId('s')
  expect(area.value).toBe('乙')
  expect([phone.inspection.errors, phone.inspection.warnings]).toEqual([[], []])
})

test('in a textarea the key breaks the line, and with a confirm-type it confirms', () => {
  const phone = startPhone(
    onePage(
      logging,
      '<textarea id="line" bindconfirm="on"/><textarea id="send" value="好" confirm-type="send" bindconfirm="on"/>',
    ),
  )
  expect(enter(phone.byId('line'))).toBe(false)
  expect(enter(phone.byId('send'))).toBe(true)
  expect(phone.log()).toEqual([['confirm', { value: '好' }]])
})

test('auto-height follows the text, and without it the height is the page’s', () => {
  const phone = startPhone(
    onePage(
      "data: { v: '', auto: true }, fix() { this.setData({ auto: false }) }",
      '<textarea id="t" value="{{v}}" auto-height="{{auto}}"/><view id="f" bindtap="fix"/>',
    ),
  )
  const area = field(phone.byId('t'))
  Object.defineProperty(area, 'scrollHeight', { value: 72 })
  area.dispatchEvent(new Event('input', { bubbles: true }))
  expect(area.style.height).toBe('72px')
  phone.tapId('f')
  expect(area.style.height).toBe('')
})
