/**
 * What a phone and the WeChat behind it say to each other inside the emulator. A real phone does this over
 * WeChat's private channel; no mini-program ever sees these calls. All are JSON over HTTP below `/__phone`,
 * each a POST with `openid` in its body unless a line says otherwise. The phone's page makes them over one
 * WebSocket, `GET /__phone/socket?openid=…`, which carries its events too.
 */

import type { LatencyProfile } from './cloud/delay.ts'
import type { Firing } from './cloud/fire.ts'
import type { PushFault } from './cloud/push/faults.ts'
import type { PhoneSettings } from './phone-settings.ts'
import type { Platform } from './profiles.ts'

export type { NetworkType } from './phone-settings.ts'

/** One value of `wx.requestSubscribeMessage`'s answer (wechat-platform.md §1.2). */
export type SubscribeValue =
  'accept' | 'reject' | 'ban' | 'filter' | 'acceptWithAudio' | 'acceptWithAlert' | 'acceptWithForcePush'

/** `errCode` is left out where WeChat leaves it out (the tap rule, wechat-platform.md §1.3). */
export interface HostFailure {
  errMsg: string
  errCode?: number
  errno?: number
}

/** A template as WeChat's console holds it; `content` carries the keys as `{{thing1.DATA}}`. */
export interface PrivateTemplate {
  priTmplId: string
  title: string
  content: string
  example: string
  /** 2 = one-time, 3 = long-term. */
  type: 2 | 3
  /** Set for a template of 设备订阅, which `requestSubscribeMessage` refuses (20013, H12). */
  device?: boolean
  /** Set when Tencent banned the template: it answers `ban`. */
  banned?: boolean
  /** What an acceptance is called where it carries a stronger reminder (wechat-platform.md §1.2, H18). */
  acceptedAs?: 'acceptWithAudio' | 'acceptWithAlert' | 'acceptWithForcePush'
}

/**
 * `POST /__phone/login` → a code for `wx.login`, valid five minutes, usable once. A PhoneFault makes this call and
 * `settings/read` answer 503 with PhoneRefusal.
 */
export interface LoginAnswer {
  code: string
}
export interface PhoneRefusal {
  message: string
  failure: HostFailure
}

/** `POST /__phone/session/check` {openid}: whether the session_key of the last login still holds (`wx.checkSession`). */
export interface SessionCheckAnswer {
  valid: boolean
}

/** `POST /__phone/phone-number` {openid} → the code of a getPhoneNumber button; 503 for an account without a number. */
export interface PhoneNumberAnswer {
  code: string
}

/** `POST /__phone/subscribe/open` {openid, tmplIds}: what WeChat decides before it shows anything. */
export type SubscribeOpenAnswer =
  | { kind: 'fail'; failure: HostFailure }
  /** Every id is settled without asking: kept choices, bans, filtered titles. Grants are booked already. */
  | { kind: 'silent'; results: Record<string, SubscribeValue> }
  /** `rows` go on the panel; `settled` are answered without asking. */
  | { kind: 'panel'; rows: PanelRow[]; settled: Record<string, SubscribeValue> }

export interface PanelRow {
  templateId: string
  title: string
  /** The template's example, one line a key, as the panel's preview shows it. */
  example: string
}

/**
 * `POST /__phone/subscribe/close` {openid, settled, decisions, keep} → the results of the whole call. WeChat goes
 * by the `settled` it remembers; a panel that was not opened, or closed before, fails with 10003.
 */
export interface SubscribeCloseBody {
  openid: string
  settled: Record<string, SubscribeValue>
  decisions: Record<string, 'accept' | 'reject'>
  /** 总是保持以上选择，不再询问 was ticked. */
  keep: boolean
}
export type SubscribeCloseAnswer =
  { kind: 'ok'; results: Record<string, SubscribeValue> } | { kind: 'fail'; failure: HostFailure }

/** `POST /__phone/settings/read` {openid}. `items` holds kept choices only (wechat-platform.md §2.1). */
export interface SubscribeSettings {
  mainSwitch: boolean
  items: { templateId: string; title: string; value: SubscribeValue }[]
}

/** `POST /__phone/settings/write` {openid, mainSwitch?, items?} → SubscribeSettings. */
export interface SettingsWriteBody {
  openid: string
  mainSwitch?: boolean
  items?: Record<string, 'accept' | 'reject'>
}

/** `POST /__phone/request`: `wx.request` as the phone's network stack performs it. */
export interface RequestBody {
  openid: string
  url: string
  method: string
  header: Record<string, string>
  /** The body as text, already encoded by the rules of `wx.request`; absent for GET. */
  data?: string
  /** In place of `data`: bytes as base64, such as an upload's. */
  bytes?: string
  /** The answer's `data` comes as base64 of its bytes. */
  binary?: boolean
  /** Milliseconds. */
  timeout: number
}
export type RequestAnswer =
  | {
      kind: 'response'
      statusCode: number
      header: Record<string, string>
      /** Each Set-Cookie by itself; absent without any. */
      cookies?: string[]
      data: string
    }
  | { kind: 'fail'; failure: HostFailure }

/** One card in 服务通知. `POST /__phone/messages` {openid} → ServiceMessage[], newest last. */
export interface ServiceMessage {
  id: string
  /** What 拒收 on the card refuses; absent in a state file of an older emulator. */
  templateId?: string
  title: string
  /** 'pages/clue/detail?id=1'; absent: the card opens nothing. */
  page?: string
  /** Label and value, line by line, as the card shows them. */
  lines: { label: string; value: string }[]
  /** Milliseconds since 1970. */
  at: number
  read: boolean
}

/** `POST /__phone/messages/read` {openid, id}; `POST /__phone/messages/refuse` {openid, templateId}: 拒收. */

/** One phone and how its knobs stand. `POST /__phone/state` {openid} → PhoneState. */
export interface PhoneState extends PhoneSettings {
  openid: string
  nickname: string
}

/** What the phone's owner may turn on the phone itself. `POST /__phone/state/write` → PhoneState. */
export interface StateWriteBody extends Partial<
  Pick<PhoneSettings, 'notifications' | 'privacyConsent' | 'platform'>
> {
  openid: string
}

/** `GET /__phone/events?openid=…`: server-sent events, `data:` one of these as JSON. */
export type PhoneEvent =
  | { kind: 'message'; message: ServiceMessage }
  | { kind: 'state'; state: PhoneState }
  | { kind: 'settings'; settings: SubscribeSettings }
  /** A newer version of the mini-program was published; `/package.js` is that one. */
  | { kind: 'update' }
  /** WeChat's clock is that many ms ahead of the machine's: told first of all, and when it was put forward. */
  | { kind: 'clock'; aheadMs: number }

/**
 * `GET /__phone/app-socket?openid=…&url=…&protocols=a,b&header={…}`, a WebSocket for each of app code's own. Text comes
 * as one of these, bytes as they are; the phone sends `message` and `close` {code, reason}, and bytes as they are.
 */
export type AppSocketFrame =
  | { kind: 'refused'; failure: HostFailure }
  | { kind: 'accepted' }
  | { kind: 'open' }
  | { kind: 'message'; data: string }
  | { kind: 'error'; errMsg: string }
  | { kind: 'close'; code: number; reason: string }

/** What the phone says over its socket: `POST /__phone/{path}` without the openid, or that a call is given up. */
export type PhoneFrame =
  { kind: 'call'; id: number; path: string; body: object } | { kind: 'cancel'; id: number }

/** What it hears: the answer to a call, its body as text, or an event. */
export type WeChatFrame =
  { kind: 'answer'; id: number; status: number; body: string } | { kind: 'event'; event: PhoneEvent }

/**
 * The desk beside the phone, below `/__desk`; `leadbell-emulator/control` has a typed method for each.
 * A refusal is `{ message }`, a Chinese sentence, with 400 (malformed, or a member nobody knows), 404 (no such phone,
 * fault, template) or 403.
 *
 * phones: `GET /__desk/phones` → PhoneState[]; `POST /__desk/phones/{openid}` PhoneChangeBody → PhoneState;
 * `POST /__desk/accounts` NewAccount → PhoneState, a phone more; `POST /__desk/reset` → 204;
 * `POST /__desk/update` → 204: the build on the disk is published as a newer version, to every phone.
 *
 * buttons: `GET /__desk/actions` → DeskAction[]; `POST /__desk/actions/{name}` {openid} → DeskActionAnswer.
 *
 * grants: `GET /__desk/quota/{openid}` → {[templateId]: number}, as WeChat really holds them; the same of everybody
 * without `/{openid}`; `POST` {templateId, n} sets them, {templateId, by} counts from what is held;
 * `POST /__desk/grants` {templateId, n?, openid?} → 204 adds some, for everybody unless an openid is named;
 * `GET /__desk/sends?after=n` → AcceptedSend[] with `keepSends`, the first n left out;
 * `GET /__desk/settings` → {[openid]: SubscribeSettings}, past any fault.
 *
 * templates and switches: `GET /__desk/templates` → PrivateTemplate[]; `POST /__desk/templates/{id}` TemplateChange →
 * PrivateTemplate; `GET /__desk/profile` → CloudProfile; `POST /__desk/profile` Partial<CloudProfile> → CloudProfile.
 *
 * calls: `GET /__desk/calls` → CallRecord[], newest last; `GET /__desk/changes?after=mark` → Changes, the calls and
 * pushes that are new or changed since the answer with that mark; `GET /__desk/log?after=n` → text/plain, a line a
 * call for a person to read, each beginning with its number, those up to n left out.
 *
 * faults: `GET /__desk/faults` → FaultEntry[]; `POST /__desk/faults` Fault | PhoneFault → FaultEntry;
 * `POST /__desk/push/faults` PushFault → FaultEntry; `DELETE /__desk/faults` → 204, all of them;
 * `DELETE /__desk/faults/{id}` → 204.
 *
 * time: `GET /__desk/latency` → LatencyState; `POST /__desk/latency` {profile} | {ms} → 204; `GET /__desk/clock` →
 * ClockState; `POST /__desk/clock` {advanceMs} → ClockState; `POST /__desk/tokens/revoke` → 204.
 *
 * pushes: `GET /__desk/pushes` → PushRecord[]; `GET /__desk/push` → PushTargetState or null; `POST /__desk/push`
 * PushTarget → PushVerification; `DELETE /__desk/push` → 204.
 *
 * memory: `GET /__desk/state` → SavedState, as a file to keep; `POST /__desk/state` SavedState → 204.
 */
export interface DeskAction {
  name: string
  label: string
}
export interface DeskActionAnswer {
  ok: boolean
  /** A Chinese sentence for the desk. */
  message: string
}

export interface PhoneChangeBody extends Partial<PhoneSettings> {
  /** 订阅消息总开关 */
  mainSwitch?: boolean
}

/** Somebody signs in on a phone more. Without an openid WeChat makes one. */
export interface NewAccount {
  nickname: string
  openid?: string
  unionid?: string
  platform?: Platform
}

/** What Tencent does to a template; null takes `acceptedAs` away. */
export interface TemplateChange {
  banned?: boolean
  acceptedAs?: PrivateTemplate['acceptedAs'] | null
}

/** WeChat's clock: codes, tokens, session keys and waiting pushes go by it. */
export interface ClockState {
  /** Milliseconds since 1970. */
  now: number
  /** How far it is ahead of the machine's. */
  aheadMs: number
}

export interface LatencyState {
  /** The name it was set by; absent for numbers. */
  profile?: LatencyProfile
  /** Milliseconds, or evenly between two; absent when a test's function says. */
  ms?: number | readonly [least: number, most: number]
  /** What the names mean. */
  profiles: Readonly<Record<LatencyProfile, number | readonly [least: number, most: number]>>
}

/** All that WeChat remembers, as one file. It holds session keys and tokens. */
export interface SavedState {
  version: 1
  cloud: unknown
  /** What a page saved of the phones' localStorage; the emulator hands it back as it was given. */
  storage?: Record<string, string>
}

/** The server calls at WeChat's own paths (api.weixin.qq.com), by the last of their names. */
export const cloudCalls = [
  'code2Session',
  'checksession',
  'resetusersessionkey',
  'getuserphonenumber',
  'token',
  'stable_token',
  'subscribe/send',
  'gettemplate',
  'addtemplate',
  'deltemplate',
  'getcategory',
  'getpubtemplatetitles',
  'getpubtemplatekeywords',
  'getcallbackip',
  'get_api_domain_ip',
  'clear_quota',
  'quota/get',
] as const
export type CloudCall = (typeof cloudCalls)[number]

/** One call that reached the cloud's public side. Secrets, tokens, session keys and codes in it read '***'. */
export interface CallRecord {
  at: number
  /** 'unknown': a path that WeChat, or the emulator, does not have. */
  call: CloudCall | 'unknown'
  openid?: string
  /** -1 for a call that a fault left hanging. */
  errcode: number
  /** What broke it, when a fault did. */
  fault?: Fault['kind']
  /** Query and body. */
  request: Record<string, unknown>
  /** Absent when nothing was answered. */
  answer?: Record<string, unknown>
  /** A sentence on what was wrong, or looks wrong, where WeChat's own words do not tell; never in an answer. */
  why?: string
  /** What the latency made of it, milliseconds. */
  latencyMs: number
  /** From its arrival to its answer, milliseconds of WeChat's clock; absent while it waits, and for one that hangs. */
  durationMs?: number
}

/** What a test or the desk breaks; `openid`, `probability` and `times` say for whom and how often. */
export type Fault = { call: CloudCall | '*' } & Firing &
  (
    | { kind: 'errcode'; errcode: number; errmsg: string }
    /** Never answered; the connection stays open until the caller gives up. @default nothing is done either */
    | { kind: 'hang'; performed?: boolean }
    /** The connection drops before the answer (wechat-platform.md §14 H40). @default done all the same */
    | { kind: 'drop'; performed?: boolean }
    /** Done at once, answered late. */
    | { kind: 'slow'; ms: number }
  )

export const phoneCalls = ['subscribe/open', 'subscribe/close', 'login', 'settings/read'] as const
export type PhoneCall = (typeof phoneCalls)[number]

/**
 * The phone's private call fails, and with it the `wx` API above it. Without codes: the network was lost (10002 for
 * `subscribe/open`, 10003 for `subscribe/close`, errno 108 for the others). The call does nothing.
 */
export interface PhoneFault extends Firing {
  phone: PhoneCall
  errCode?: number
  /** Behind `requestSubscribeMessage:fail `, `login:fail ` or `getSetting:fail `. */
  errMsg?: string
  errno?: number
}

/** Told apart by their members: `call`, `phone`, and neither for a PushFault. */
export type AnyFault = Fault | PhoneFault | PushFault

export interface FaultEntry {
  id: string
  fault: AnyFault
  /** How often it has fired. */
  fired: number
  /** How often it still will; null: until it is taken away. */
  left: number | null
}

/**
 * The built mini-program, compiled for the client. `GET /package.js` sets `globalThis.__package` to it:
 * templates are functions, so it is a script and not JSON. When the build has errors it sets
 * `globalThis.__packageProblems` instead, an array of lines such as 'pages/a.wxml:3:7: …'.
 */
export interface MiniProgramPackage {
  appid: string
  app: Record<string, unknown>
  /** Every page's path, subpackages included. */
  pages: string[]
  /** Paths of pages and components, each after what it uses. */
  order: string[]
  configs: Record<string, ComponentConfig>
  /** Compiled wxss by file path without extension ('app' is app.wxss); rpx is in vw. */
  styles: Record<string, string>
  /** The same for components, with their class prefix. */
  scopedStyles: Record<string, string>
  /** Class prefix by component path. */
  scopes: Record<string, string>
  /** Source of every .js file by path. */
  sources: Record<string, string>
  /** glass-easel's template generators by path. */
  templates: Record<string, unknown>
  /** theme.json, when app.json names one. */
  theme?: { light: Record<string, string>; dark: Record<string, string> }
}
export interface ComponentConfig {
  isPage: boolean
  usingComponents: Record<string, string>
  [key: string]: unknown
}
