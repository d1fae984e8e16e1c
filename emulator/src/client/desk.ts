import './desk.css'
import type { CallRecord, DeskAction, DeskActionAnswer, PhoneState } from '../protocol.ts'
import { deskLink } from './desk/desk-link.ts'
import { choice, section, type Choice } from './desk/controls.ts'
import { callList, quotaList } from './desk/lists.ts'
import type { PhoneHandle } from './phone.ts'
import { h } from './shell/dom.ts'

const POLL_MS = 1000
const DEMO_OPENID = 'oLeadbellDemoPhone000000001'

const openid = new URLSearchParams(location.search).get('openid') || DEMO_OPENID
const link = deskLink(openid)

const frame = h('iframe', { src: `/phone${location.search || `?openid=${openid}`}`, title: '模拟的手机' })
const who = h('p', { class: 'who' })
const answer = h('output', { class: 'answer', 'data-test': 'desk-answer' })
const actions = h('div', { class: 'actions' })
const quota = h('div', { class: 'quota', 'data-test': 'desk-quota' })
const hostCalls = h('ol', { class: 'calls', 'data-test': 'host-calls' })
const serverCalls = h('ol', { class: 'calls', 'data-test': 'server-calls' })

const turn = (change: Partial<PhoneState> & { mainSwitch?: boolean }) => link.turn(change).then(refresh, say)

const switches = {
  mainSwitch: choice<'on' | 'off'>('订阅消息总开关', { on: '开', off: '关' }, (value) =>
    turn({ mainSwitch: value === 'on' }),
  ),
  notifications: choice<PhoneState['notifications']>(
    '系统通知',
    { authorized: '开', denied: '关' },
    (notifications) => turn({ notifications }),
  ),
  privacyConsent: choice<'no' | 'yes'>('隐私协议', { no: '未同意', yes: '已同意' }, (value) =>
    turn({ privacyConsent: value === 'yes' }),
  ),
  network: choice<PhoneState['network']>(
    '网络',
    { wifi: 'Wi-Fi', '4g': '4G', '3g': '3G', '2g': '2G', none: '断网' },
    (network) => turn({ network }),
  ),
  weakNetwork: choice<'off' | 'on'>('弱网', { off: '否', on: '是' }, (value) =>
    turn({ weakNetwork: value === 'on' }),
  ),
  theme: choice<PhoneState['theme']>('外观', { light: '浅色', dark: '深色' }, (theme) => turn({ theme })),
  fontSize: choice<'16' | '19' | '23'>('字体大小', { '16': '标准', '19': '大', '23': '特大' }, (size) =>
    turn({ fontSize: Number(size) }),
  ),
}

/** What the owner of the mini-program, and the owner of the phone, may do with it. */
const program = h(
  'div',
  { class: 'pair' },
  h(
    'button',
    {
      type: 'button',
      class: 'quiet',
      'data-test': 'publish-update',
      onclick: () =>
        void link
          .publish()
          .then(() => showAnswer({ ok: true, message: '已发布新版本，手机收到更新提示' }), say),
    },
    '发布新版本',
  ),
  h(
    'button',
    {
      type: 'button',
      class: 'quiet',
      'data-test': 'remove-program',
      onclick: () =>
        void phoneHandle()
          ?.remove()
          .then(() => showAnswer({ ok: true, message: '已从手机上删除小程序，缓存和隐私同意一并清除' }), say),
    },
    '删除小程序',
  ),
)

document.body.append(
  h(
    'main',
    {},
    h(
      'section',
      { class: 'stage' },
      h('div', { class: 'phone' }, h('div', { class: 'glass' }, frame)),
      h('p', { class: 'caption' }, '这台手机里跑的是真正的小程序构建产物，微信由模拟器扮演'),
    ),
    h(
      'aside',
      {},
      h(
        'header',
        {},
        h('h1', {}, '线索铃', h('small', {}, '模拟台')),
        who,
        h(
          'button',
          { type: 'button', class: 'quiet restart', onclick: () => frame.contentWindow?.location.reload() },
          '重启手机',
        ),
      ),
      section('后台', actions, answer),
      section('手机', ...Object.values(switches).map(({ element }) => element), program),
      section('微信记着的订阅次数', quota),
      section('小程序调用', hostCalls),
      section('服务器调用微信', serverCalls),
    ),
  ),
)

function say(thrown: unknown): void {
  answer.dataset.ok = 'false'
  answer.textContent = thrown instanceof Error ? thrown.message : String(thrown)
}

function showActions(list: readonly DeskAction[]): void {
  actions.replaceChildren(
    ...(list.length > 0
      ? list.map(({ name, label }) => {
          const button = h(
            'button',
            { type: 'button', class: 'action', 'data-test': `action-${name}`, onclick: () => void run() },
            label,
          )
          const run = async () => {
            button.disabled = true
            await link.act(name).then(showAnswer, say)
            button.disabled = false
            await refresh()
          }
          return button
        })
      : [h('p', { class: 'empty' }, '没有连接后台')]),
  )
}

function showAnswer({ ok, message }: DeskActionAnswer): void {
  answer.dataset.ok = String(ok)
  answer.textContent = message
}

function phoneHandle(): PhoneHandle | undefined {
  return (frame.contentWindow as (Window & { __phone?: PhoneHandle }) | null)?.__phone
}

function show<T extends string>(control: Choice<T>, value: T): void {
  control.select(value)
}

async function refresh(): Promise<void> {
  const [phones, settings, left, calls] = await Promise.all([
    link.phones(),
    link.settings(),
    link.quota(),
    link.calls(),
  ])
  const state = phones.find((phone) => phone.openid === openid)
  who.textContent = state ? `${state.nickname} · ${openid}` : openid
  if (state) {
    show(switches.notifications, state.notifications)
    show(switches.privacyConsent, state.privacyConsent ? 'yes' : 'no')
    show(switches.network, state.network)
    show(switches.weakNetwork, state.weakNetwork ? 'on' : 'off')
    show(switches.theme, state.theme)
    show(switches.fontSize, String(state.fontSize) as '16')
  }
  show(switches.mainSwitch, settings.mainSwitch ? 'on' : 'off')
  quotaList(quota, left)
  callList(serverCalls, calls.slice(-12).reverse().map(serverLine))
  const host = phoneHandle()?.calls.filter(({ name }) => !quietCalls.test(name)) ?? []
  callList(
    hostCalls,
    host
      .slice(-14)
      .reverse()
      .map(({ name, tap, at }) => ({ at, text: name, mark: tap ? '点击态' : '', bad: false })),
  )
}

/** Asked for all the time and telling nothing. */
const quietCalls =
  /^get(SystemInfo|WindowInfo|DeviceInfo|AppBaseInfo|AccountInfo|LaunchOptions|EnterOptions)|StorageSync$/

const serverLine = ({ at, call, errcode }: CallRecord) => ({
  at,
  text: call,
  mark: errcode === 0 ? '' : String(errcode),
  bad: errcode !== 0,
})

async function poll(): Promise<void> {
  try {
    await refresh()
  } catch (thrown) {
    say(thrown)
  }
  window.setTimeout(() => void poll(), POLL_MS)
}

link.actions().then(showActions, say)
void poll()
