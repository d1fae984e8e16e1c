import type { PrivateTemplate } from '../protocol.ts'

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
}

export const defaultProfile: CloudProfile = {
  maxTemplates: 5,
  leadingSlash: 'refused',
  sensitiveWords: [],
  banned: false,
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
  /** Milliseconds since 1970. @default Date.now */
  now?: () => number
  /** What an earlier cloud's `snapshot()` returned. */
  state?: unknown
}
