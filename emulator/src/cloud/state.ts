import { newPhone, type PhoneSettings } from '../phone-settings.ts'
import type { ServiceMessage } from '../protocol.ts'
import type { Account } from './options.ts'

/** A code of wx.login (H31). */
export interface LoginCode {
  openid: string
  issuedAt: number
  used: boolean
}

export interface AccessToken {
  token: string
  kind: 'plain' | 'stable'
  /** Milliseconds since 1970. */
  expiresAt: number
  /** A forced refresh killed it. */
  killed: boolean
}

/** What WeChat knows of one user in this app. */
export interface User extends PhoneSettings {
  mainSwitch: boolean
  /** 总是保持以上选择, by template. */
  kept: Record<string, 'accept' | 'reject'>
  /** Messages that may still be sent, by template. Nothing public ever tells this number (H41). */
  grants: Record<string, number>
  messages: ServiceMessage[]
  /** Ids of messages that wait for the phone to be online. */
  undelivered: string[]
  /** Base64; the newest login replaces it (H33). */
  sessionKey?: string
}

/** All that WeChat remembers: plain JSON. */
export interface CloudState {
  version: 1
  users: Record<string, User>
  codes: Record<string, LoginCode>
  /** Newest last. */
  tokens: AccessToken[]
  /** When a stable token was refreshed by force, within the last day. */
  forcedAt: number[]
  /** Of the last message, as text: it exceeds 2^53. */
  msgid: string
}

const newUser = (): User => ({
  ...newPhone,
  mainSwitch: true,
  kept: {},
  grants: {},
  messages: [],
  undelivered: [],
})

/** Above 2^53, as in real answers (wechat-platform.md §6). */
const FIRST_MSGID = '2097683633284153344'

export const newState = (accounts: readonly Account[]): CloudState => ({
  version: 1,
  users: Object.fromEntries(accounts.map(({ openid }) => [openid, newUser()])),
  codes: {},
  tokens: [],
  forcedAt: [],
  msgid: FIRST_MSGID,
})

/** An earlier state with the accounts of today; anything that is not a state of ours begins anew. */
export function restoredState(saved: unknown, accounts: readonly Account[]): CloudState {
  const fresh = newState(accounts)
  if (typeof saved !== 'object' || saved === null || (saved as CloudState).version !== 1) return fresh
  const state = structuredClone(saved as CloudState)
  // a file of an older emulator knows fewer things of a user
  const known = Object.entries(state.users).map(
    ([openid, user]) => [openid, { ...newUser(), ...user }] as const,
  )
  return { ...fresh, ...state, users: { ...fresh.users, ...Object.fromEntries(known) } }
}
