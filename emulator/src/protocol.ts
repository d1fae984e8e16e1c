/**
 * What a phone and the WeChat behind it say to each other inside the emulator. A real phone does this over
 * WeChat's private channel; no mini-program ever sees these calls. All are JSON over HTTP below `/__phone`,
 * each a POST with `openid` in its body unless a line says otherwise.
 */

import type { Firing } from './cloud/fire.ts'
import type { PhoneSettings } from './phone-settings.ts'

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
  /** Set when Tencent banned the template: it answers `ban`. */
  banned?: boolean
  /** What an acceptance is called where it carries a stronger reminder (wechat-platform.md §1.2, H18). */
  acceptedAs?: 'acceptWithAudio' | 'acceptWithAlert' | 'acceptWithForcePush'
}

/** `POST /__phone/login` → a code for `wx.login`, valid five minutes, usable once. */
export interface LoginAnswer {
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
  /** Milliseconds. */
  timeout: number
}
export type RequestAnswer =
  | { kind: 'response'; statusCode: number; header: Record<string, string>; data: string }
  | { kind: 'fail'; failure: HostFailure }

/** One card in 服务通知. `POST /__phone/messages` {openid} → ServiceMessage[], newest last. */
export interface ServiceMessage {
  id: string
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
export interface StateWriteBody extends Partial<Pick<PhoneSettings, 'notifications' | 'privacyConsent'>> {
  openid: string
}

/** `GET /__phone/events?openid=…`: server-sent events, `data:` one of these as JSON. */
export type PhoneEvent =
  | { kind: 'message'; message: ServiceMessage }
  | { kind: 'state'; state: PhoneState }
  | { kind: 'settings'; settings: SubscribeSettings }
  /** A newer version of the mini-program was published; `/package.js` is that one. */
  | { kind: 'update' }

/**
 * The desk beside the phone, below `/__desk`:
 * `GET /__desk/phones` → PhoneState[]; `POST /__desk/phones/{openid}` Partial<PhoneState> & {mainSwitch?};
 * `GET /__desk/actions` → DeskAction[]; `POST /__desk/actions/{name}` {openid} → DeskActionAnswer;
 * `GET /__desk/quota/{openid}` → {[templateId]: number}: the grants as WeChat really holds them; the same of
 * everybody without `/{openid}`; `POST` {templateId, n} sets them; `POST /__desk/grants` {templateId, n?, openid?}
 * adds some, for everybody unless an openid is named;
 * `GET /__desk/sends?after=n` → AcceptedSend[] with `keepSends`, the first n left out;
 * `POST /__desk/latency` {ms: number | [least, most]} → 204; `POST /__desk/tokens/revoke` → 204;
 * `GET /__desk/calls` → CallRecord[], the server calls, newest last;
 * `POST /__desk/faults` Fault → 204; `DELETE /__desk/faults` → 204, also those of the pushes;
 * `GET /__desk/pushes` → PushRecord[]; `GET /__desk/push` → PushTargetState or null; `POST /__desk/push` PushTarget →
 * PushVerification; `DELETE /__desk/push` → 204; `POST /__desk/push/faults` PushFault → 204;
 * `POST /__desk/reset` → 204;
 * `POST /__desk/update` → 204: the build on the disk is published as a newer version, to every phone.
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

/** One call that reached the cloud's public side (api.weixin.qq.com). No secret and no token is kept in it. */
export interface CallRecord {
  at: number
  call: CloudCall
  openid?: string
  /** -1 for a call that a fault left hanging. */
  errcode: number
  /** What broke it, when a fault did. */
  fault?: Fault['kind']
}

export type CloudCall = 'code2Session' | 'token' | 'stable_token' | 'subscribe/send' | 'gettemplate'

/** What a test or the desk breaks; `openid`, `probability` and `times` say for whom and how often. */
export type Fault = { call: CloudCall } & Firing &
  (
    | { kind: 'errcode'; errcode: number; errmsg: string }
    /** Never answered; the connection stays open until the caller gives up. @default nothing is done either */
    | { kind: 'hang'; performed?: boolean }
    /** The connection drops before the answer (wechat-platform.md §14 H40). @default done all the same */
    | { kind: 'drop'; performed?: boolean }
    /** Done at once, answered late. */
    | { kind: 'slow'; ms: number }
  )

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
