// @vitest-environment jsdom
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { onePage, startPhone, tap } from './testing/launch.ts'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

const mouse = (element: Element, type: string, at: { x?: number; y?: number } = {}) =>
  element.dispatchEvent(
    new MouseEvent(type, { bubbles: true, cancelable: true, clientX: at.x ?? 5, clientY: at.y ?? 5 }),
  )
const on = 'on(e) { log.push(e.type) }'
const types = ['touchstart', 'touchmove', 'touchend', 'touchcancel', 'tap', 'longpress', 'longtap']
const all = types.map((type) => `bind${type}="on"`).join(' ')

test('a press: touchstart, touchend, tap, in this order', () => {
  const phone = startPhone(onePage(on, `<view id="v" ${all}/>`))
  tap(phone.byId('v'))
  expect(phone.log()).toEqual(['touchstart', 'touchend', 'tap'])
})

test('after 350 ms longpress and longtap; a longpress that is listened to takes the tap', () => {
  const phone = startPhone(onePage(on, `<view id="v" ${all}/><view id="w" bindtap="on" bindlongtap="on"/>`))
  const press = (id: string, ms: number) => {
    mouse(phone.byId(id), 'mousedown')
    vi.advanceTimersByTime(ms)
    mouse(phone.byId(id), 'mouseup')
  }
  press('v', 349)
  press('v', 350)
  press('w', 350)
  expect(phone.log()).toEqual([
    ...['touchstart', 'touchend', 'tap'],
    ...['touchstart', 'longpress', 'longtap', 'touchend'],
    ...['longtap', 'tap'],
  ])
})

test('a finger that moved neither taps nor presses long', () => {
  const phone = startPhone(onePage(on, `<view id="v" ${all}/>`))
  const view = phone.byId('v')
  mouse(view, 'mousedown')
  mouse(view, 'mousemove', { y: 14 })
  mouse(view, 'mousemove', { y: 16 })
  vi.advanceTimersByTime(1000)
  mouse(view, 'mouseup', { y: 5 })
  expect(phone.log()).toEqual(['touchstart', 'touchmove', 'touchmove', 'touchend'])
})

test('what an event carries: detail, touches, mark, dataset, target and currentTarget', () => {
  const phone = startPhone(
    onePage(
      'on(e) { log.push(e) }',
      '<view id="out" mark:from="list" data-user-name="王" data-rowId="7" bindtap="on"><text id="in" mark:row="{{3}}" data-n="{{1}}">x</text></view>',
    ),
  )
  tap(phone.byId('in'))
  const point = { identifier: 0, pageX: 5, pageY: 5, clientX: 5, clientY: 5, force: 1 }
  expect(phone.log()).toEqual([
    {
      type: 'tap',
      timeStamp: expect.any(Number) as number,
      detail: { x: 5, y: 5 },
      target: { id: 'in', dataset: { n: 1 }, offsetLeft: 0, offsetTop: 0 },
      currentTarget: { id: 'out', dataset: { userName: '王', rowid: '7' }, offsetLeft: 0, offsetTop: 0 },
      mark: { from: 'list', row: 3 },
      touches: [point],
      changedTouches: [point],
    },
  ])
})

test('catch stops, mut-bind keeps other mut-binds out, capture comes first', () => {
  const phone = startPhone(
    onePage(
      "on(e) { log.push(e.currentTarget.id + '/' + (e.mark.phase || '')) }, down(e) { log.push('capture ' + e.currentTarget.id) }",
      `<view id="a" bindtap="on"><view id="b" catchtap="on"><view id="c" bindtap="on"/></view></view>
       <view id="d" mut-bind:tap="on" capture-bind:tap="down"><view id="e" bindtap="on" capture-bind:tap="down"><view id="f" mut-bind:tap="on"/></view></view>
       <view id="g" capture-catch:tap="down"><view id="h" bindtap="on"/></view>`,
    ),
  )
  for (const id of ['c', 'f', 'h']) tap(phone.byId(id))
  expect(phone.log()).toEqual(['c/', 'b/', 'capture d', 'capture e', 'f/', 'e/', 'capture g'])
})

test('a WXS listener gets the screen’s side of nodes and can call into the page', () => {
  const phone = startPhone(
    onePage(
      'data: { n: 1 }, add() { this.setData({ n: 2 }) }, told(x) { log.push(x) }',
      `<wxs module="m">
        exports.tap = function (event, owner) {
          event.instance.addClass('on').setStyle({ 'margin-left': '3px' })
          var state = event.instance.getState()
          state.times = (state.times || 0) + 1
          owner.selectComponent('.other').setStyle('margin-top: 4px')
          owner.callMethod('told', { times: state.times, data: event.currentTarget.dataset.k })
        }
        exports.changed = function (now, before, owner, own) { owner.callMethod('told', ['changed', now, own.getDataset().k]) }
      </wxs><view id="v" data-k="key" bindtap="{{m.tap}}" change:hidden="{{m.changed}}" hidden="{{n === 3}}"/>
      <view class="other" id="o"/><view id="add" data-k="a" bindtap="add" change:hidden="{{m.changed}}" hidden="{{n === 2}}"/>`,
    ),
  )
  phone.tapId('v')
  phone.tapId('v')
  expect(phone.log().slice(-2)).toEqual([
    { times: 1, data: 'key' },
    { times: 2, data: 'key' },
  ])
  expect(phone.byId('v').className).toContain('on')
  expect([phone.byId('v').style.marginLeft, phone.byId('o').style.marginTop]).toEqual(['3px', '4px'])
  phone.tapId('add')
  expect(phone.log().at(-1)).toEqual(['changed', true, 'a'])
})

test('the mouse events that follow a touch are no press of their own', () => {
  const phone = startPhone(onePage(on, `<view id="v" ${all}/>`))
  const view = phone.byId('v')
  const contact = { identifier: 3, clientX: 5, clientY: 5, target: view }
  const touch = (type: string, touches: object[]) =>
    view.dispatchEvent(
      Object.assign(new Event(type, { bubbles: true, cancelable: true }), {
        touches,
        changedTouches: [contact],
      }),
    )
  touch('touchstart', [contact])
  touch('touchend', [])
  tap(view)
  expect(phone.log()).toEqual(['touchstart', 'touchend', 'tap'])
})

test('touchcancel ends a press without a tap', () => {
  const phone = startPhone(onePage(on, `<view id="v" ${all}/>`))
  const view = phone.byId('v')
  const contact = { identifier: 0, clientX: 5, clientY: 5 }
  for (const type of ['touchstart', 'touchcancel'])
    view.dispatchEvent(
      Object.assign(new Event(type, { bubbles: true }), { touches: [contact], changedTouches: [contact] }),
    )
  vi.advanceTimersByTime(1000)
  expect(phone.log()).toEqual(['touchstart', 'touchcancel'])
})
