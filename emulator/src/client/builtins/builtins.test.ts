// @vitest-environment jsdom
import { expect, test, vi } from 'vitest'
import { onePage, startPhone, tap } from '../testing/launch.ts'

const logging = 'on(e) { log.push([e.type, e.detail]) }'
const inner = (element: HTMLElement) => element.querySelector('input') as HTMLInputElement

test('input: type, limit, typing, confirm, and the value the page sets', () => {
  const phone = startPhone(
    onePage(
      `data: { v: 'ab' }, ${logging}, clear() { this.setData({ v: '' }) }`,
      '<input id="i" value="{{v}}" password placeholder="密码" maxlength="8" bindinput="on" bindconfirm="on"/><view id="c" bindtap="clear"/>',
    ),
  )
  const field = inner(phone.byId('i'))
  expect([field.type, field.maxLength, field.placeholder, field.value]).toEqual(['password', 8, '密码', 'ab'])
  field.value = 'abc'
  field.dispatchEvent(new Event('input', { bubbles: true }))
  field.dispatchEvent(new KeyboardEvent('keydown', { key: 'Enter', bubbles: true }))
  expect(phone.log()).toMatchObject([
    ['input', { value: 'abc' }],
    ['confirm', { value: 'abc' }],
  ])
  phone.tapId('c')
  expect(field.value).toBe('')
})

test('without maxlength it is 140, with -1 there is none', () => {
  const phone = startPhone(onePage('', '<input id="a"/><input id="b" maxlength="-1"/>'))
  expect(inner(phone.byId('a')).maxLength).toBe(140)
  expect(inner(phone.byId('b')).hasAttribute('maxlength')).toBe(false)
})

test('checkbox group, radio group, switch and label', () => {
  const phone = startPhone(
    onePage(
      logging,
      `<checkbox-group bindchange="on"><label id="l">x<checkbox id="x" value="x"/></label><checkbox id="y" value="y" checked/></checkbox-group>
       <radio-group bindchange="on"><radio id="a" value="a" checked/><radio id="b" value="b"/></radio-group>
       <switch id="s" bindchange="on"/><label id="ls" for="s">s</label>`,
    ),
  )
  phone.tapId('l')
  inner(phone.byId('b')).click()
  phone.tapId('ls')
  expect(phone.log()).toEqual([
    ['change', { value: ['x', 'y'] }],
    ['change', { value: 'b' }],
    ['change', { value: true }],
  ])
  expect(inner(phone.byId('a')).checked).toBe(false)
})

test('a form collects what has a name, and resets', () => {
  const phone = startPhone(
    onePage(
      logging,
      `<form bindsubmit="on" bindreset="on"><input name="q" value="abc"/><textarea name="t" value="d"/><switch name="s" checked/>
       <checkbox-group name="c"><checkbox value="1" checked/><checkbox value="2"/></checkbox-group>
       <button id="go" form-type="submit"/><button id="re" form-type="reset"/></form>`,
    ),
  )
  phone.tapId('go')
  phone.tapId('re')
  phone.tapId('go')
  expect(phone.log()).toEqual([
    ['submit', { value: { q: 'abc', t: 'd', s: true, c: ['1'] } }],
    ['reset', {}],
    ['submit', { value: { q: '', t: '', s: true, c: ['1'] } }],
  ])
})

test('image: data URLs as they are, files of the package under /app/, load and error', () => {
  const phone = startPhone(
    onePage(
      logging,
      '<image id="d" src="data:image/png;base64,AA" bindload="on" binderror="on"/><image id="f" src="../static/x.png" mode="aspectFit"/>',
    ),
  )
  const img = (id: string) => phone.byId(id).querySelector('img') as HTMLImageElement
  expect(img('d').getAttribute('src')).toBe('data:image/png;base64,AA')
  expect(img('f').getAttribute('src')).toBe('/app/static/x.png')
  expect(img('f').style.objectFit).toBe('contain')
  img('d').dispatchEvent(new Event('error'))
  expect(img('d').style.visibility).toBe('hidden')
  img('d').dispatchEvent(new Event('load'))
  expect(img('d').style.visibility).toBe('')
  expect(phone.log()).toMatchObject([
    ['error', {}],
    ['load', {}],
  ])
})

test('what is not there fails with its name', () => {
  const phone = startPhone(
    onePage(
      '',
      '<map/><picker id="p" mode="planet">选</picker><button id="b" open-type="launchApp"/><movable-view scale/>',
    ),
  )
  phone.tapId('p')
  phone.tapId('b')
  expect(phone.inspection.errors.map(({ message }) => message)).toEqual([
    '<map> is not part of this emulator',
    '<movable-view> must stand in <movable-area>',
    '<movable-view scale> is not part of this emulator',
    '<picker mode="planet"> is not part of this emulator',
    '<button open-type="launchApp"> is not part of this emulator',
  ])
  expect(document.querySelector('wx-missing')?.getAttribute('data-tag')).toBe('map')
})

test('hover-class comes and goes with a press', async () => {
  const phone = startPhone(
    onePage(
      '',
      '<view id="v" hover-class="pressed" hover-start-time="{{0}}" hover-stay-time="{{0}}">x</view>',
    ),
  )
  const view = phone.byId('v')
  view.dispatchEvent(new MouseEvent('mousedown', { bubbles: true }))
  await vi.waitFor(() => expect(view.className).toContain('pressed'))
  view.dispatchEvent(new MouseEvent('mouseup', { bubbles: true }))
  await vi.waitFor(() => expect(view.className).not.toContain('pressed'))
})

test('catchtap stops the tap', () => {
  const phone = startPhone(
    onePage(
      "outer() { log.push('outer') }, inner() { log.push('inner') }",
      '<view bindtap="outer"><view id="in" catchtap="inner">x</view></view>',
    ),
  )
  tap(phone.byId('in'))
  expect(phone.log()).toEqual(['inner'])
})

test('hover-stop-propagation keeps a press from the nodes around', async () => {
  const at = 'hover-start-time="{{0}}"'
  const phone = startPhone(
    onePage(
      '',
      `<view id="card" hover-class="pressed" ${at}><view id="open" hover-class="pressed" ${at}><text id="text">x</text></view>
       <view id="call" hover-class="pressed" hover-stop-propagation ${at}>x</view></view>`,
    ),
  )
  const pressed = () => ['card', 'open', 'call'].filter((id) => phone.byId(id).className.includes('pressed'))
  phone.byId('call').dispatchEvent(new MouseEvent('mousedown', { bubbles: true }))
  await vi.waitFor(() => expect(pressed()).toEqual(['call']))
  phone.byId('text').dispatchEvent(new MouseEvent('mousedown', { bubbles: true }))
  await vi.waitFor(() => expect(pressed()).toEqual(['card', 'open', 'call']))
})

test('aria-checked and its kin are the DOM’s, true and false as words', () => {
  const phone = startPhone(
    onePage(
      `data: { on: false }, turn() { this.setData({ on: true }) }`,
      `<view id="v" aria-role="radio" aria-checked="{{on}}" bindtap="turn"/><view id="w" aria-live="polite"/>`,
    ),
  )
  const checked = () => phone.byId('v').getAttribute('aria-checked')
  expect(checked()).toBe('false')
  phone.tapId('v')
  expect(checked()).toBe('true')
  expect(phone.byId('w').getAttribute('aria-live')).toBe('polite')
  expect(phone.byId('w').hasAttribute('aria-checked')).toBe(false)
})

test('aria-role and aria-label are the DOM’s role and label, on the control where there is one', () => {
  const phone = startPhone(
    onePage(
      "data: { l: '打开' }, rename() { this.setData({ l: '关闭' }) }",
      `<view id="v" aria-role="button" aria-label="{{l}}" bindtap="rename"/><text id="t" role="heading">x</text>
       <input id="i" aria-label="姓名"/><textarea id="a" aria-label="备注"/><switch id="s" aria-label="提醒"/><button id="b" aria-label="拨打"/>`,
    ),
  )
  const named = (element: Element | null) => [
    element?.getAttribute('role'),
    element?.getAttribute('aria-label'),
  ]
  expect(named(phone.byId('v'))).toEqual(['button', '打开'])
  phone.tapId('v')
  expect(named(phone.byId('v'))).toEqual(['button', '关闭'])
  expect(named(phone.byId('t'))).toEqual(['heading', null])
  expect(named(phone.byId('b'))).toEqual(['button', '拨打'])
  for (const [id, label] of [
    ['i', '姓名'],
    ['a', '备注'],
    ['s', '提醒'],
  ] as const) {
    expect(named(phone.byId(id))).toEqual([null, null])
    expect(named(phone.byId(id).querySelector('input, textarea'))).toEqual([null, label])
  }
  expect([phone.inspection.errors, phone.inspection.warnings]).toEqual([[], []])
})

test('text can be selected with user-select; scroll-view scrolls along the axis it is told', () => {
  const phone = startPhone(
    onePage(
      logging,
      '<text id="t" user-select>x</text><text id="n">x</text><scroll-view id="s" scroll-x bindscroll="on"/>',
    ),
  )
  expect([phone.byId('t').hasAttribute('selectable'), phone.byId('n').hasAttribute('selectable')]).toEqual([
    true,
    false,
  ])
  const { overflowX, overflowY } = phone.byId('s').style
  expect([overflowX, overflowY]).toEqual(['auto', 'hidden'])
  phone.byId('s').scrollLeft = 30
  phone.byId('s').dispatchEvent(new Event('scroll'))
  expect(phone.log()).toMatchObject([['scroll', { scrollLeft: 30, deltaX: -30, deltaY: 0 }]])
})

test('setData by path changes one row and one line of a block', () => {
  const phone = startPhone(
    onePage(
      `data: { rows: [{ title: 'a' }, { title: 'b' }, { title: 'c' }, { title: 'd' }], blocks: [{ rows: [] }, { rows: ['x', 'y', 'z'] }] },
       set() { this.setData({ 'rows[3].title': 'D', 'blocks[1].rows[2]': 'Z', 'blocks[0].rows[0]': 'new' }) }`,
      `<view id="rows"><text wx:for="{{rows}}" wx:key="index">{{item.title}}</text></view>
       <view id="blocks"><block wx:for="{{blocks}}" wx:for-item="block" wx:key="index"><text wx:for="{{block.rows}}" wx:key="index">{{item}}</text></block></view>
       <view id="set" bindtap="set"/>`,
    ),
  )
  const first = phone.byId('rows').firstElementChild
  phone.tapId('set')
  expect(phone.byId('rows').textContent).toBe('abcD')
  expect(phone.byId('blocks').textContent).toBe('newxyZ')
  expect(phone.byId('rows').firstElementChild).toBe(first)
})
