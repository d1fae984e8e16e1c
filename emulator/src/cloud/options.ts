import type { PrivateTemplate } from '../protocol.ts'
import type { Delay } from './delay.ts'
import type { PushTarget } from './push/target.ts'
import type { PushTransport } from './push/transport.ts'
import type { Timers } from './timers.ts'

/** Somebody's WeChat, signed in on a phone of the emulator. */
export interface Account {
  openid: string
  nickname: string
  /** Only when the mini-program is bound to an open-platform account (wechat-platform.md §4). */
  unionid?: string
}

/** Where the sources conflict or are silent, the emulator has a switch (wechat-platform.md §12, ⚙ in §14). */
export interface CloudProfile {
  /** Ids per subscribe call: 5, or 3 as clients before December 2025. @default 5 */
  maxTemplates: 3 | 5
  /** Whether `send` takes '/pages/…' like 'pages/…', or answers 41030. @default 'refused' */
  leadingSlash: 'accepted' | 'refused'
  /** Words that make `send` answer 45168. @default none */
  sensitiveWords: readonly string[]
  /** The whole app was banned from subscribe messages: 20005. @default false */
  banned: boolean
  /** Whether a silently kept accept pushes a popup event as a panel does (H46). @default 'none' */
  silentPopupEvent: 'none' | 'pushed'
  /** What `CreateTime` is in JSON pushes (H44). @default 'number' */
  createTime: 'number' | 'string'
  /** Whether a second send to one openid while the first is not answered yet is 43108 (H38). @default 'allowed' */
  concurrentSends: 'allowed' | 'refused'
}

export const defaultProfile: CloudProfile = {
  maxTemplates: 5,
  leadingSlash: 'refused',
  sensitiveWords: [],
  banned: false,
  silentPopupEvent: 'none',
  createTime: 'number',
  concurrentSends: 'allowed',
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
  /** Where events are pushed from the start. @default nowhere, until `setPush` */
  push?: PushTarget
  /** From the deed to the answer of every public call. @default 0 */
  latencyMs?: Delay
  /** Remembers every accepted send for `ledger()`, in memory. @default false */
  keepSends?: boolean
  /** Milliseconds since 1970. @default Date.now */
  now?: () => number
  /** What an earlier cloud's `snapshot()` returned, parsed. */
  state?: unknown
  /** @default the machine's */
  timers?: Timers
  /** 0–1. @default Math.random */
  random?: () => number
  /** What carries the pushes. @default HTTP */
  pushTransport?: PushTransport
}
