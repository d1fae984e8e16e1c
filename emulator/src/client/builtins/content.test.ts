// @vitest-environment jsdom
import { expect, test, vi } from 'vitest'
import { onePage, startPhone, tap } from '../testing/launch.ts'

const logging = 'on(e) { log.push([e.type, e.detail]) }'

test('rich-text: nodes and HTML, trusted elements only, nothing that runs', () => {
  const phone = startPhone(
    onePage(
      `data: {
        html: '<p class="p" style="width: 100rpx" onclick="x()" id="no">a&amp;b<script>bad()</script><img src="../static/x.png" onerror="x()"><a href="javascript:x()">l</a><iframe src="x"></iframe></p>',
        nodes: [{ name: 'DIV', attrs: { class: 'd', style: 'color: red', onclick: 'x()' }, children: [{ type: 'text', text: 'a&nbsp;&lt;b&gt;' }, { name: 'script', children: [{ type: 'text', text: 'bad' }] }, { name: 'img', attrs: { src: 'javascript:x()' } }] }],
      }`,
      '<rich-text id="h" nodes="{{html}}"/><rich-text id="n" nodes="{{nodes}}"/>',
    ),
  )
  expect(phone.byId('h').innerHTML).toBe(
    '<p class="p" style="width: 13.33334vw;">a&amp;b<img src="/app/static/x.png"><a>l</a></p>',
  )
  expect(phone.byId('n').innerHTML).toBe(
    '<div class="d" style="color: red;">a&nbsp;&lt;b&gt;<img src=""></div>',
  )
})

test('icon: every type is drawn in its colour, an unknown one is named', () => {
  const types = [
    'success',
    'success_no_circle',
    'info',
    'warn',
    'waiting',
    'cancel',
    'download',
    'search',
    'clear',
    'circle',
  ]
  const phone = startPhone(
    onePage(
      '',
      `${types.map((type) => `<icon class="i" type="${type}"/>`).join('')}<icon id="own" type="info" size="40" color="#123456"/><icon type="star"/>`,
    ),
  )
  const icons = [...document.querySelectorAll<HTMLElement>('.i')]
  expect(icons.map((icon) => icon.querySelector('svg') !== null)).toEqual(types.map(() => true))
  expect(new Set(icons.map(({ innerHTML }) => innerHTML)).size).toBe(types.length)
  expect([icons[0]?.style.width, phone.byId('own').style.width, phone.byId('own').style.color]).toEqual([
    '23px',
    '40px',
    'rgb(18, 52, 86)',
  ])
  expect(phone.inspection.errors.map(({ message }) => message)).toEqual([
    '<icon type="star"> is not part of this emulator',
  ])
})

test('progress: its width and words, activeend when it has moved', async () => {
  const phone = startPhone(
    onePage(logging, '<progress id="p" percent="40" show-info active duration="{{0}}" bindactiveend="on"/>'),
  )
  const inner = phone.byId('p').querySelector<HTMLElement>('.wx-progress-inner')
  expect([inner?.style.width, phone.byId('p').querySelector('span')?.textContent]).toEqual(['40%', '40%'])
  await vi.waitFor(() => expect(phone.log()).toEqual([['activeend', { curPercent: 40 }]]))
})

test('text decode, now and when the text changes', async () => {
  const phone = startPhone(
    onePage(
      "data: { t: 'a&nbsp;&lt;' }, go() { this.setData({ t: '&amp;' }) }",
      '<text id="t" decode>{{t}}</text><text id="n">{{t}}</text><view id="go" bindtap="go"/>',
    ),
  )
  expect([phone.byId('t').textContent, phone.byId('n').textContent]).toEqual(['a\u00a0<', 'a&nbsp;&lt;'])
  phone.tapId('go')
  await vi.waitFor(() => expect(phone.byId('t').textContent).toBe('&'))
})

const phoneNumberPage = onePage(
  logging,
  '<button id="b" open-type="getPhoneNumber" bindgetphonenumber="on"/>',
)

test('getPhoneNumber is off: it fails by WeChat’s words', async () => {
  const phone = startPhone(phoneNumberPage)
  phone.tapId('b')
  await vi.waitFor(() =>
    expect(phone.log()).toEqual([
      ['getphonenumber', { errMsg: 'getPhoneNumber:fail no permission', errno: 102 }],
    ]),
  )
})

test('getPhoneNumber of an account with a number asks its owner, and hands out a code or nothing', async () => {
  const phone = startPhone(phoneNumberPage)
  phone.link.phoneCode = 'code-of-a-number'
  const answer = async (button: string) => {
    phone.tapId('b')
    await vi.waitFor(() => expect(phone.part('permission-dialog')?.textContent).toContain('获取你的手机号'))
    phone.press(button)
  }
  await answer('permission-deny')
  await vi.waitFor(() => expect(phone.log()).toHaveLength(1))
  await answer('permission-allow')
  await vi.waitFor(() =>
    expect(phone.log()).toEqual([
      ['getphonenumber', { errMsg: 'getPhoneNumber:fail user deny' }],
      ['getphonenumber', { errMsg: 'getPhoneNumber:ok', code: 'code-of-a-number' }],
    ]),
  )
})

test('a share button hands itself to onShareAppMessage', async () => {
  const phone = startPhone(
    onePage(
      `onShareAppMessage(e) { log.push([e.from, e.target.id, e.target.dataset]); return { title: '来看' } }`,
      '<button id="s" open-type="share" data-lead-id="7"/>',
    ),
  )
  phone.tapId('s')
  await vi.waitFor(() => expect(phone.log()).toEqual([['button', 's', { leadId: '7' }]]))
  expect(phone.inspection.errors).toEqual([])
})

test('a disabled button does nothing; one in a label is pressed by it', () => {
  const phone = startPhone(
    onePage(
      logging,
      '<form bindsubmit="on"><button id="off" disabled form-type="submit" bindtap="on"/><label id="l">go<button form-type="submit"/></label></form>',
    ),
  )
  phone.tapId('off')
  expect(phone.log()).toEqual([])
  phone.tapId('l')
  expect(phone.log()).toEqual([['submit', { value: {} }]])
})

test('navigator: every open-type, its success and failure', async () => {
  const phone = startPhone({
    ...onePage(
      logging,
      `<navigator id="go" url="b?x=1" bindsuccess="on"/><navigator id="no" url="/nowhere" bindfail="on"/>
       <navigator id="mini" target="miniProgram" app-id="x"/><navigator id="re" open-type="reLaunch" url="/pages/b"/>`,
    ),
    'app.json': JSON.stringify({ pages: ['pages/a', 'pages/b'] }),
    'pages/b.js': 'Page({})',
    'pages/b.wxml': '<navigator id="back" open-type="navigateBack" delta="1"/>',
  })
  phone.tapId('no')
  await vi.waitFor(() => expect(phone.log()).toMatchObject([['fail', {}]]))
  phone.tapId('mini')
  expect(phone.inspection.errors.at(-1)?.message).toBe(
    '<navigator open-type="navigate" target="miniProgram"> is not part of this emulator',
  )
  phone.tapId('go')
  await vi.waitFor(() => expect(phone.program.pages.routes).toEqual(['pages/a', 'pages/b']))
  expect(phone.program.pages.top?.query).toEqual({ x: '1' })
  phone.tapId('back')
  await vi.waitFor(() => expect(phone.program.pages.routes).toEqual(['pages/a']))
  phone.tapId('re')
  await vi.waitFor(() => expect(phone.program.pages.routes).toEqual(['pages/b']))
})

test('hover goes when the finger moves away', async () => {
  const phone = startPhone(
    onePage(
      '',
      '<view id="v" hover-class="pressed" hover-start-time="{{0}}" hover-stay-time="{{9000}}">x</view>',
    ),
  )
  const view = phone.byId('v')
  const mouse = (type: string, clientY: number) =>
    view.dispatchEvent(new MouseEvent(type, { bubbles: true, clientY }))
  mouse('mousedown', 0)
  await vi.waitFor(() => expect(view.className).toContain('pressed'))
  mouse('mousemove', 9)
  expect(view.className).toContain('pressed')
  mouse('mousemove', 11)
  expect(view.className).not.toContain('pressed')
})

test('input: what bindinput returns stands in the field; foreign characters of a number keyboard go', () => {
  const phone = startPhone(
    onePage(
      "data: { v: 'x' }, up(e) { return e.detail.value.toUpperCase() }, on(e) { log.push(e.detail) }, same() { this.setData({ v: 'x' }) }",
      '<input id="u" bindinput="up"/><input id="n" type="number" bindinput="on"/><input id="s" value="{{v}}"/><view id="same" bindtap="same"/>',
    ),
  )
  const type = (id: string, value: string) => {
    const field = phone.byId(id).querySelector('input') as HTMLInputElement
    field.value = value
    field.dispatchEvent(new Event('input', { bubbles: true }))
    return field
  }
  expect(type('u', 'abc').value).toBe('ABC')
  type('n', '1a2')
  expect(phone.log()).toEqual([{ value: '12', cursor: 2, keyCode: 0 }])
  const field = type('s', 'typed')
  phone.tapId('same')
  expect(field.value).toBe('x')
})

test('a swiper-item or a picker-view-column outside its frame is named', () => {
  const phone = startPhone(onePage('', '<swiper-item/><picker-view-column/>'))
  expect(phone.inspection.errors.map(({ message }) => message)).toEqual([
    '<swiper-item> must stand in <swiper>',
    '<picker-view-column> must stand in <picker-view>',
  ])
})

test('page-container: its moments in order, closed by its veil', async () => {
  const events = ['beforeenter', 'enter', 'afterenter', 'beforeleave', 'leave', 'afterleave', 'clickoverlay']
  const phone = startPhone(
    onePage(
      'data: { show: false }, on(e) { log.push(e.type) }, open() { this.setData({ show: true }) }',
      `<page-container id="p" show="{{show}}" duration="{{1}}" ${events.map((type) => `bind${type}="on"`).join(' ')}/><view id="open" bindtap="open"/>`,
    ),
  )
  phone.tapId('open')
  await vi.waitFor(() => expect(phone.log()).toEqual(events.slice(0, 3)))
  tap(phone.byId('p').querySelector('.wx-page-container-veil') as Element)
  await vi.waitFor(() =>
    expect(phone.log().slice(3)).toEqual(['clickoverlay', 'beforeleave', 'leave', 'afterleave']),
  )
})

test('match-media shows its children while the window fits', () => {
  const phone = startPhone(
    onePage('', '<match-media id="w" min-width="5000"/><match-media id="n" max-width="5000"/>'),
  )
  expect([phone.byId('w').hasAttribute('data-off'), phone.byId('n').hasAttribute('data-off')]).toEqual([
    true,
    false,
  ])
})
