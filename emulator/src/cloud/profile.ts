import { cloudCalls, type CloudCall } from '../protocol.ts'

/** Where the sources conflict or are silent, the emulator has a switch (wechat-platform.md §12, ⚙ in §14). */
export interface CloudProfile {
  /** Ids per subscribe call: 5, or 3 as clients before December 2025 (H12). @default 5 */
  maxTemplates: 3 | 5
  /** Whether `send` takes '/pages/…' like 'pages/…', or answers 41030 (H38). @default 'refused' */
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
  /** How many unused grants a user can hold of one template; an accept above it adds nothing (H19). @default 'none' */
  grantCeiling: number | 'none'
  /** Whether a send that is refused spends a grant all the same (H39). @default 'free' */
  refusedSends: 'free' | 'spend'
  /**
   * When a user's session_key is replaced (H33): by every `wx.login`, by every exchange of a code, or only when it is
   * over. @default 'login'
   */
  sessionKey: 'login' | 'exchange' | 'kept'
  /** How long a session_key holds; WeChat tells no number. @default three days, in milliseconds */
  sessionLifeMs: number
  /** How often a day a call may be made; above it 45009. @default 10 000 000 each, 500 000 for stable_token */
  dailyQuota: Readonly<Partial<Record<CloudCall, number>>>
}

export const defaultProfile: CloudProfile = {
  maxTemplates: 5,
  leadingSlash: 'refused',
  sensitiveWords: [],
  banned: false,
  silentPopupEvent: 'none',
  createTime: 'number',
  concurrentSends: 'allowed',
  grantCeiling: 'none',
  refusedSends: 'free',
  sessionKey: 'login',
  sessionLifeMs: 3 * 24 * 3600_000,
  dailyQuota: {},
}

const oneOf =
  (...choices: unknown[]) =>
  (value: unknown) =>
    choices.includes(value)
const isCount = (value: unknown) => Number.isInteger(value) && Number(value) >= 0

const checks: Record<keyof CloudProfile, (value: unknown) => boolean> = {
  maxTemplates: oneOf(3, 5),
  leadingSlash: oneOf('accepted', 'refused'),
  sensitiveWords: (value) =>
    Array.isArray(value) && value.every((word) => typeof word === 'string' && word !== ''),
  banned: oneOf(true, false),
  silentPopupEvent: oneOf('none', 'pushed'),
  createTime: oneOf('number', 'string'),
  concurrentSends: oneOf('allowed', 'refused'),
  grantCeiling: (value) => value === 'none' || isCount(value),
  refusedSends: oneOf('free', 'spend'),
  sessionKey: oneOf('login', 'exchange', 'kept'),
  sessionLifeMs: isCount,
  dailyQuota: (value) =>
    typeof value === 'object' &&
    value !== null &&
    Object.entries(value).every(([call, n]) => cloudCalls.some((known) => known === call) && isCount(n)),
}

/** What is wrong with a profile that came as JSON, as a line that names the member; undefined: nothing. */
export function profileProblem(profile: unknown): string | undefined {
  if (typeof profile !== 'object' || profile === null || Array.isArray(profile))
    return 'profile 应当是对象 (must be an object)'
  for (const [name, value] of Object.entries(profile)) {
    const isValid = Object.entries(checks).find(([known]) => known === name)?.[1]
    if (!isValid) return `profile 里的 ${name} 不认识 (unknown)，可用：${Object.keys(checks).join('、')}`
    if (!isValid(value)) return `profile 里的 ${name} 不能是 ${JSON.stringify(value)} (not a value of it)`
  }
  return undefined
}
