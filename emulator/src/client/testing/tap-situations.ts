import { platforms, type Platform } from '../../profiles.ts'

/**
 * What a tap handler may do before it calls something that needs the tap state, and whether each platform's WeChat
 * still has it there (wechat-platform.md §1.4). `body` calls `ask()` where it is looked at.
 */
export interface TapSituation {
  name: string
  body: string
  /** Part of the shell that is pressed after the tap. */
  press?: string
  /** The handler hears a form's submit and not the tap. */
  submit?: boolean
  held: Record<Platform, boolean>
}

/** Sensitive, and over without a panel. */
const sensitive = 'wx.requestSubscribeMessage({ tmplIds: 7, fail() {} })'
const modal = (rest: string) => `wx.showModal({ content: '?'${rest} })`
const request = (rest: string) => `wx.request({ url: 'http://127.0.0.1:1/', ${rest} })`
const confirm = { press: 'modal-confirm' }

/** One sign a platform, in the order of `platforms`: strict, android, ios15, ios, devtools, windows. */
const rows: [name: string, signs: string, body: string, more?: Pick<TapSituation, 'press' | 'submit'>][] = [
  ['sync', '++++++', 'ask()'],
  ['.then', '-+-+--', 'Promise.resolve().then(ask)'],
  ['nested .then', '-+-+--', 'Promise.resolve().then(() => Promise.resolve().then(() => null)).then(ask)'],
  ['await', '-+-+--', '(async () => { await null; await null; ask() })()'],
  ['setTimeout', '------', 'setTimeout(ask, 0)'],
  ['await of a timer', '------', '(async () => { await new Promise((r) => setTimeout(r, 0)); ask() })()'],
  ['modal success', '++++++', modal(', success: ask'), confirm],
  ['modal complete', '-+++++', modal(', complete: ask'), confirm],
  ['await of a modal', '-+-+--', `${modal('')}.then(ask)`, confirm],
  ['request callback', '++++++', request('complete: ask')],
  ['.then in a request callback', '-+-+--', request('complete: () => Promise.resolve().then(ask)')],
  ['setTimeout in a request callback', '------', request('complete: () => setTimeout(ask, 0)')],
  ['request callback after a sensitive call', '------', `${sensitive}; ${request('complete: ask')}`],
  ['second sensitive call', '++++++', `${sensitive}; ask()`],
  ['downloadFile callback', '++++++', "wx.downloadFile({ url: 'http://127.0.0.1:1/', complete: ask })"],
  ['getSetting callback', '++++++', 'wx.getSetting({ success: ask })'],
  [
    'getSetting and request, one in the other',
    '++++++',
    `wx.getSetting({ success: () => ${request('fail: ask')} })`,
  ],
  ['login callback', '------', 'wx.login({ success: ask })'],
  ['subscribe callback', '------', sensitive.replace('fail() {}', 'fail: ask')],
  ['storage callback', '------', "wx.setStorage({ key: 'k', data: 1, success: ask })"],
  ['submit', '++++++', 'ask()', { submit: true }],
]

export const tapSituations: readonly TapSituation[] = rows.map(([name, signs, body, more]) => ({
  name,
  body,
  ...more,
  held: Object.fromEntries(
    platforms.map((platform, at) => [platform, signs[at] === '+']),
  ) as TapSituation['held'],
}))

/** A button a situation, `#s0` and on, each of whose handlers looks once, as a call of `getStorageSync`. */
export const situationPage = {
  members: tapSituations
    .map(({ name, body }, at) => `s${at}() { const ask = () => wx.getStorageSync('${name}'); ${body} }`)
    .join(',\n'),
  wxml: tapSituations
    .map(({ submit }, at) =>
      submit
        ? `<form bindsubmit="s${at}"><button id="s${at}" form-type="submit">${at}</button></form>`
        : `<button id="s${at}" bindtap="s${at}">${at}</button>`,
    )
    .join('\n'),
}
