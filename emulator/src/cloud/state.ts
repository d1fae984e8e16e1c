import { newPhone, type PhoneSettings } from '../phone-settings.ts'
import type {
  CloudCall,
  PrivateTemplate,
  ServiceMessage,
  SubscribeValue,
  TemplateChange,
} from '../protocol.ts'
import type { Account } from './options.ts'
import type { WaitingPush } from './push/waiting.ts'

/** A code of wx.login (H31), or of a getPhoneNumber button. */
export interface LoginCode {
  /** @default a login's */
  kind?: 'phoneNumber'
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
  /** Base64; which login replaces it is a switch (H33). */
  sessionKey?: string
  /** When it was made. */
  sessionAt?: number
}

/** A subscribe panel that is on a screen and has not come back yet. */
export interface OpenPanel {
  asked: string[]
  settled: Record<string, SubscribeValue>
}

/** How the private templates differ from those that the emulator was started with. */
export interface TemplateBook {
  added: PrivateTemplate[]
  deleted: string[]
  changed: Record<string, Required<TemplateChange>>
}

/** All that WeChat remembers: plain JSON. */
export interface CloudState {
  version: 1
  appid: string
  accounts: Account[]
  users: Record<string, User>
  codes: Record<string, LoginCode>
  /** Newest last. */
  tokens: AccessToken[]
  /** When a stable token was refreshed by force, within the last day. */
  forcedAt: number[]
  /** Of the last message, as text: it exceeds 2^53. */
  msgid: string
  templates: TemplateBook
  /** By openid, newest last. */
  panels: Record<string, OpenPanel[]>
  /** How often each call was made on that day (days since 1970 in China), and when the counts were cleared. */
  quota: { day: number; used: Partial<Record<CloudCall, number>>; clearedAt: number[] }
  /** How far WeChat's clock is ahead of the machine's. */
  aheadMs: number
  /** Pushes that are on their way. */
  pushes: WaitingPush[]
}

export const newUser = ({ platform }: Pick<Account, 'platform'> = {}): User => ({
  ...newPhone,
  ...(platform && { platform }),
  mainSwitch: true,
  kept: {},
  grants: {},
  messages: [],
  undelivered: [],
})

/** Above 2^53, as in real answers (wechat-platform.md §6). */
const FIRST_MSGID = '2097683633284153344'

export const newState = (appid: string, accounts: readonly Account[]): CloudState => ({
  version: 1,
  appid,
  accounts: [...accounts],
  users: Object.fromEntries(accounts.map((account) => [account.openid, newUser(account)])),
  codes: {},
  tokens: [],
  forcedAt: [],
  msgid: FIRST_MSGID,
  templates: { added: [], deleted: [], changed: {} },
  panels: {},
  quota: { day: 0, used: {}, clearedAt: [] },
  aheadMs: 0,
  pushes: [],
})
