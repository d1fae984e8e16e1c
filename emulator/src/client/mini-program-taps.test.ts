// @vitest-environment jsdom
import { expect, test, vi } from 'vitest'
import { platforms } from '../profiles.ts'
import { onePage, startPhone, type TestPhone } from './testing/launch.ts'
import { situationPage, tapSituations } from './testing/tap-situations.ts'

const NO_TAP = 'requestSubscribeMessage:fail can only be invoked by user TAP gesture.'
const wxml = '<button id="go" bindtap="go">go</button>'

/** A page whose tap handler is `body`; `ask()` calls requestSubscribeMessage and logs how it failed. */
const tapPage = (body: string, more = '') =>
  onePage(
    `go(e) { const ask = () => wx.requestSubscribeMessage({ tmplIds: ['T1'], success: () => log.push('ok'), fail: (f) => log.push(f) }); ${body} }, ${more}`,
    wxml,
  )

const tapOf = (phone: TestPhone, name: string) =>
  phone.inspection.calls.filter((call) => call.name === name).map(({ tap }) => tap)

async function expectPanel(phone: TestPhone): Promise<void> {
  await vi.waitFor(() => expect(phone.part('subscribe-panel')).not.toBeNull())
}

async function expectRefused(phone: TestPhone): Promise<void> {
  await vi.waitFor(() => expect(phone.log()).toEqual([{ errMsg: NO_TAP }]))
  expect(phone.part('subscribe-panel')).toBeNull()
  expect(phone.link.opened).toEqual([])
}

test('H1 a call inside the tap handler shows the panel', async () => {
  const phone = startPhone(tapPage('ask()'))
  phone.tapId('go')
  await expectPanel(phone)
  expect(tapOf(phone, 'requestSubscribeMessage')).toEqual([true])
})

test('H2 without a tap it fails without errCode, shows nothing and asks nobody', async () => {
  const phone = startPhone(
    onePage(
      "onLoad() { wx.requestSubscribeMessage({ tmplIds: ['T1'], fail: (f) => log.push(f) }) }",
      '<view/>',
    ),
  )
  await expectRefused(phone)
})

test('H2 openSetting without a tap fails the same way and opens nothing', async () => {
  const phone = startPhone(
    onePage('onLoad() { wx.openSetting({ fail: (f) => log.push(f.errMsg) }) }', '<view/>'),
  )
  await vi.waitFor(() =>
    expect(phone.log()).toEqual(['openSetting:fail can only be invoked by user TAP gesture.']),
  )
  expect(phone.part('settings-page')).toBeNull()
})

test('H2 neither onLoad nor onShow of a page that a tap led to has it, on any platform', async () => {
  for (const platform of platforms) {
    const phone = startPhone(
      {
        ...onePage("go() { wx.navigateTo({ url: '/pages/b' }) }", wxml),
        'app.json': JSON.stringify({ pages: ['pages/a', 'pages/b'] }),
        'pages/b.js': `const ask = () => wx.requestSubscribeMessage({ tmplIds: ['T1'], fail: (f) => globalThis.testLog.push(f.errMsg) });
          Page({ onLoad: ask, onShow: ask })`,
        'pages/b.wxml': '<view/>',
      },
      { platform },
    )
    phone.tapId('go')
    await vi.waitFor(() => expect(phone.log(), platform).toEqual([NO_TAP, NO_TAP]))
  }
})

test('H2 without callbacks the Promise rejects with the same words, later', async () => {
  const phone = startPhone(
    onePage(
      "onLoad() { wx.openAppAuthorizeSetting().catch((f) => log.push(f)); log.push('after') }",
      '<view/>',
    ),
  )
  await vi.waitFor(() =>
    expect(phone.log()).toEqual([
      'after',
      { errMsg: 'openAppAuthorizeSetting:fail can only be invoked by user TAP gesture.' },
    ]),
  )
})

test('H1 only a tap counts: the change of a checkbox and a tap that app code triggers have none', async () => {
  const asking =
    "const ask = () => wx.requestSubscribeMessage({ tmplIds: ['T1'], fail: (f) => globalThis.testLog.push(f.errMsg) });"
  const change = startPhone(
    onePage(
      `change() { ${asking} ask() }`,
      '<checkbox-group bindchange="change"><checkbox id="box" value="1"/></checkbox-group>',
    ),
  )
  change.tapId('box')
  await vi.waitFor(() => expect(change.log()).toEqual([NO_TAP]))

  const triggered = startPhone(
    onePage(`tapped() { ${asking} ask() }`, '<child bind:tap="tapped"/>', {
      'pages/a.json': JSON.stringify({ usingComponents: { child: '/parts/child' } }),
      'parts/child.js':
        "Component({ lifetimes: { attached() { setTimeout(() => this.triggerEvent('tap'), 0) } } })",
      'parts/child.wxml': '<view/>',
    }),
  )
  await vi.waitFor(() => expect(triggered.log()).toEqual([NO_TAP]))
})

test('H1 what a component triggers while it hears the tap is a part of the tap', async () => {
  const phone = startPhone(
    onePage("login() { wx.requestSubscribeMessage({ tmplIds: ['T1'] }) }", '<child bind:login="login"/>', {
      'pages/a.json': JSON.stringify({ usingComponents: { child: '/parts/child' } }),
      'parts/child.js': "Component({ methods: { go() { this.triggerEvent('login') } } })",
      'parts/child.wxml': '<button id="go" bindtap="go">go</button>',
    }),
  )
  phone.tapId('go')
  await expectPanel(phone)
})

test('H3 a setTimeout in the handler has lost it', async () => {
  const phone = startPhone(tapPage('setTimeout(ask, 0)'))
  phone.tapId('go')
  await expectRefused(phone)
})

test('H3 the timer of globalThis is the same one', async () => {
  const phone = startPhone(tapPage('globalThis.setTimeout(ask, 0)'), { platform: 'android' })
  phone.tapId('go')
  await expectRefused(phone)
})

test('H4 after an await it is lost by default and kept on Android', async () => {
  const strict = startPhone(tapPage('Promise.resolve().then(ask)'))
  strict.tapId('go')
  await expectRefused(strict)

  const android = startPhone(tapPage('Promise.resolve().then(ask)'), { platform: 'android' })
  android.tapId('go')
  await expectPanel(android)
})

test('H5 showModal hands it to success after a press, not to complete; real platforms say complete has it too', async () => {
  const phone = startPhone(
    tapPage("wx.showModal({ content: '?', success: ask, complete: () => wx.getSetting({ success() {} }) })"),
  )
  phone.tapId('go')
  await vi.waitFor(() => expect(phone.part('modal')).not.toBeNull())
  phone.press('modal-confirm')
  await expectPanel(phone)
  expect(tapOf(phone, 'getSetting')).toEqual([false])
})

test.each([
  ['strict', 'lost', 'success', [true]],
  ['strict', 'lost', 'complete', [false]],
  ['strict', 'held', 'complete', [true]],
  ['ios', 'lost', 'complete', [false]],
  ['ios', 'held', 'complete', [true]],
] as const)(
  'H5 on %s with completeAfterPress %s, %s of a modal has %j, pressed either way',
  async (platform, completeAfterPress, callback, seen) => {
    for (const button of ['modal-confirm', 'modal-cancel']) {
      const phone = startPhone(tapPage(`wx.showModal({ content: '?', ${callback}: ask })`), {
        platform,
        profile: { completeAfterPress },
      })
      phone.tapId('go')
      await vi.waitFor(() => expect(phone.part('modal')).not.toBeNull())
      phone.press(button)
      await vi.waitFor(() => expect(tapOf(phone, 'requestSubscribeMessage')).toEqual(seen))
    }
  },
)

test('H5 where microtasks keep the state, the Promise of a pressed modal does too', async () => {
  const phone = startPhone(tapPage("wx.showModal({ content: '?' }).then(ask)"), { platform: 'android' })
  phone.tapId('go')
  await vi.waitFor(() => expect(phone.part('modal')).not.toBeNull())
  phone.press('modal-confirm')
  await expectPanel(phone)
})

test('H5 the Promise of showModal has lost it', async () => {
  const phone = startPhone(tapPage("wx.showModal({ content: '?' }).then(ask)"))
  phone.tapId('go')
  await vi.waitFor(() => expect(phone.part('modal')).not.toBeNull())
  phone.press('modal-confirm')
  await expectRefused(phone)
})

test('H5 showActionSheet hands it to success after a row was pressed, and a refusal has none', async () => {
  const body =
    "wx.showActionSheet({ itemList: ['甲', '乙'], success: (r) => { log.push(r.tapIndex); ask() }, fail: ask })"
  const phone = startPhone(tapPage(body))
  phone.tapId('go')
  const rows = () => [...(phone.part('action-sheet')?.querySelectorAll('button') ?? [])]
  await vi.waitFor(() => expect(rows()).toHaveLength(3))
  rows()[1]?.click()
  await expectPanel(phone)
  expect(phone.log()).toEqual([1])

  const refused = startPhone(tapPage(body))
  refused.tapId('go')
  await vi.waitFor(() => expect(rows()).toHaveLength(3))
  rows()[2]?.click()
  await expectRefused(refused)
})

test.each(['success', 'complete'])('H6 request hands it to %s', async (callback) => {
  const phone = startPhone(tapPage(`wx.request({ url: 'https://a.b/', ${callback}: ask })`))
  phone.tapId('go')
  await expectPanel(phone)
})

test('H6 request hands it to fail, and on through getSetting', async () => {
  const phone = startPhone(
    tapPage("wx.request({ url: 'https://a.b/', fail: () => wx.getSetting({ success: ask }) })"),
  )
  phone.link.onRequest = async () => ({ kind: 'fail', failure: { errMsg: 'request:fail', errno: 600001 } })
  phone.tapId('go')
  await expectPanel(phone)
})

test('H6 a request made without the tap state gives none', async () => {
  const phone = startPhone(
    onePage(
      "onLoad() { wx.request({ url: 'https://a.b/', success: () => wx.requestSubscribeMessage({ tmplIds: ['T1'], fail: (f) => log.push(f) }) }) }",
      '<view/>',
    ),
  )
  await expectRefused(phone)
})

test('H7 a request after a sensitive call hands nothing on', async () => {
  const body =
    "wx.openSetting({}); wx.request({ url: 'https://a.b/', success: () => wx.login({ success() {} }), complete: () => log.push('done') })"
  const strict = startPhone(tapPage(body))
  strict.tapId('go')
  await vi.waitFor(() => expect(strict.log()).toEqual(['done']))
  expect(tapOf(strict, 'login')).toEqual([false])

  const other = startPhone(tapPage(body), { profile: { passesOnAfterSensitiveCall: true } })
  other.tapId('go')
  await vi.waitFor(() => expect(other.log()).toEqual(['done']))
  expect(tapOf(other, 'login')).toEqual([true])
})

test.each([
  ['login', 'wx.login({ success: ask })'],
  ['storage', "wx.setStorage({ key: 'k', data: 1, success: ask })"],
  ['showToast', "wx.showToast({ title: 't', success: ask })"],
])('H8 the callback of %s has none', async (_, body) => {
  const phone = startPhone(tapPage(body))
  phone.tapId('go')
  await expectRefused(phone)
})

test('H8 the callbacks of requestSubscribeMessage and openSetting have none', async () => {
  const phone = startPhone(
    tapPage(
      "wx.requestSubscribeMessage({ tmplIds: ['T1'], success: () => wx.openSetting({ fail: (f) => log.push(f.errMsg) }) })",
    ),
  )
  phone.tapId('go')
  await expectPanel(phone)
  phone.press('subscribe-allow')
  await vi.waitFor(() =>
    expect(phone.log()).toEqual(['openSetting:fail can only be invoked by user TAP gesture.']),
  )
})

test('H7 the second synchronous sensitive call works all the same, under either reading', async () => {
  for (const passesOnAfterSensitiveCall of [true, false]) {
    const phone = startPhone(tapPage('wx.openSetting({}); ask()'), {
      profile: { passesOnAfterSensitiveCall },
    })
    phone.tapId('go')
    await expectPanel(phone)
    expect(tapOf(phone, 'requestSubscribeMessage')).toEqual([true])
  }
})

test('H9 a submit that app code triggers by itself is no press', async () => {
  const phone = startPhone(
    onePage(
      "sent() { wx.requestSubscribeMessage({ tmplIds: ['T1'], fail: (f) => log.push(f) }) }",
      '<child bind:submit="sent"/>',
      {
        'pages/a.json': JSON.stringify({ usingComponents: { child: '/parts/child' } }),
        'parts/child.js':
          "Component({ lifetimes: { attached() { setTimeout(() => this.triggerEvent('submit'), 0) } } })",
        'parts/child.wxml': '<view/>',
      },
    ),
  )
  await expectRefused(phone)
})

test('H9 a form submit carries it, and does not before base library 2.21.3', async () => {
  const files = onePage(
    "submit(e) { log.push(e.detail.value); wx.requestSubscribeMessage({ tmplIds: ['T1'], fail: (f) => log.push(f) }) }",
    '<form bindsubmit="submit"><input name="q" value="abc"/><button id="go" form-type="submit">go</button></form>',
  )
  const now = startPhone(files)
  now.tapId('go')
  await expectPanel(now)
  expect(now.log()).toEqual([{ q: 'abc' }])

  const before = startPhone(files, { profile: { formSubmit: false } })
  before.tapId('go')
  await vi.waitFor(() => expect(before.log()).toContainEqual({ errMsg: NO_TAP }))
})

test('H11 the target of a tap on a child is the child', () => {
  const phone = startPhone(
    onePage(
      'tapped(e) { log.push([e.target.dataset, e.currentTarget.dataset, e.target.id]) }',
      '<view id="outer" data-eventsync="true" bindtap="tapped"><text id="inner">x</text></view>',
    ),
  )
  phone.tapId('inner')
  expect(phone.log()).toEqual([[{}, { eventsync: 'true' }, 'inner']])
})

test('a disabled button swallows the tap', () => {
  const phone = startPhone(
    onePage("tapped() { log.push('tap') }", '<button id="go" disabled bindtap="tapped">go</button>'),
  )
  phone.tapId('go')
  expect(phone.log()).toEqual([])
})

test('<button open-type="openSetting"> needs no code, and tells how it came out', async () => {
  const phone = startPhone(
    onePage(
      'back(e) { log.push(e.detail.errMsg) }',
      '<button id="go" open-type="openSetting" bindopensetting="back">go</button>',
    ),
  )
  phone.tapId('go')
  await vi.waitFor(() => expect(phone.part('settings-page')).not.toBeNull())
  phone.press('settings-back')
  await vi.waitFor(() => expect(phone.log()).toEqual(['openSetting:ok']))
})

test.each(platforms)('H4 H5 H6 H7 H8 H9 H52 in each situation on %s', async (platform) => {
  const phone = startPhone(onePage(situationPage.members, situationPage.wxml), { platform })
  phone.link.onRequest = async () => ({ kind: 'fail', failure: { errMsg: 'request:fail', errno: 600001 } })
  const looked = () => tapOf(phone, 'getStorageSync')
  for (const [at, { name, press }] of tapSituations.entries()) {
    phone.tapId(`s${at}`)
    if (press) {
      await vi.waitFor(() => expect(phone.part(press), name).not.toBeNull())
      phone.press(press)
    }
    await vi.waitFor(() => expect(looked(), name).toHaveLength(at + 1))
  }
  const seen = Object.fromEntries(tapSituations.map(({ name }, at) => [name, looked()[at]]))
  expect(seen).toEqual(Object.fromEntries(tapSituations.map(({ name, held }) => [name, held[platform]])))
})
