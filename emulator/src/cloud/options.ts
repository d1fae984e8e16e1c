import type { ClientProfile, Platform } from '../profiles.ts'
import type { PrivateTemplate } from '../protocol.ts'
import type { Delay } from './delay.ts'
import type { CloudProfile } from './profile.ts'
import type { PushTarget } from './push/target.ts'
import type { PushTransport } from './push/transport.ts'
import type { Timers } from './timers.ts'

export type { CloudProfile } from './profile.ts'

/** Somebody's WeChat, signed in on a phone of the emulator. */
export interface Account {
  openid: string
  nickname: string
  /** Only when the mini-program is bound to an open-platform account (wechat-platform.md §4). */
  unionid?: string
  /** Whose WeChat the phone runs at first. @default 'strict' */
  platform?: Platform
  /** What a getPhoneNumber button gives the backend, such as 13800000000. @default none: the button fails */
  phoneNumber?: string
}

export interface CloudOptions {
  appid: string
  secret: string
  templates: readonly PrivateTemplate[]
  /** At least one. */
  accounts: readonly Account[]
  /** Whether the released mini-program has this page; no leading slash, no query. */
  hasPage: (path: string) => boolean
  profile?: Partial<CloudProfile>
  /** What every phone's WeChat answers otherwise than its platform does. @default nothing */
  clientProfile?: Partial<ClientProfile>
  /** Where events are pushed from the start. @default nowhere, until `setPush` */
  push?: PushTarget
  /** From the deed to the answer of every public call. @default 0 */
  latencyMs?: Delay
  /** Remembers every accepted send for `ledger()`, in memory. @default false */
  keepSends?: boolean
  /** Milliseconds since 1970. @default Date.now */
  now?: () => number
  /** What an earlier cloud's `save()` returned. */
  state?: unknown
  /** Addresses that may fetch tokens; others are answered 40164 (H35). @default everybody */
  ipWhitelist?: readonly string[]
  /** Hears of a path that was called and is not played, once each. @default nobody */
  onProblem?: (line: string) => void
  /** Hears every line of the log, for a person to read. @default nobody */
  onLogLine?: ((line: string) => void) | undefined
  /** @default the machine's */
  timers?: Timers
  /** 0–1. @default Math.random */
  random?: () => number
  /** What carries the pushes. @default HTTP */
  pushTransport?: PushTransport
}
