import { isIP } from 'node:net'
import { isDelay, type Delay } from '../cloud/delay.ts'
import { demoAccounts, demoSecret, demoTemplates } from '../cloud/demo.ts'
import type { Account } from '../cloud/options.ts'
import { profileProblem, type CloudProfile } from '../cloud/profile.ts'
import { BadPushTarget, readPushTarget, type PushTarget } from '../cloud/push/target.ts'
import { templateKeys } from '../cloud/templates.ts'
import { platforms } from '../profiles.ts'
import type { PrivateTemplate } from '../protocol.ts'
import { isListOf, isObject, isText, stop, unique } from './start-error.ts'

/** What the emulated WeChat needs, with a phone in front of it or without. */
export interface WeChatOptions {
  /** On 127.0.0.1; 0 takes any free one. @default 5300 */
  port?: number
  appid?: string
  /** @default the demo's, which works here only */
  secret?: string
  /** @default the demo's template */
  templates?: readonly PrivateTemplate[]
  /** The first one is the phone that opens. @default two demo phones */
  accounts?: readonly Account[]
  /** Where the sources conflict or are silent (cloud/options.ts). */
  profile?: Partial<CloudProfile>
  /** Where events are pushed from the start. @default nowhere, until `setPush` */
  push?: PushTarget
  /** From the deed to the answer of every public call: milliseconds, a range of them, or a name (cloud/delay.ts). @default 0 */
  latencyMs?: Delay
  /** Remembers every accepted send for `cloud.ledger()`, in memory. @default false */
  keepSends?: boolean
  /** Addresses that may fetch tokens; others are answered 40164 (H35). @default everybody */
  ipWhitelist?: readonly string[]
  /** A file that a line for every call is appended to, for a person to read. @default none */
  logFile?: string
  /** Milliseconds since 1970. @default Date.now */
  now?: () => number
}

type Optional = 'appid' | 'push' | 'ipWhitelist' | 'logFile'
export type CheckedWeChat = Required<Omit<WeChatOptions, Optional>> & Partial<Pick<WeChatOptions, Optional>>

export const isAppid = (text: string): boolean => /^wx[0-9a-f]{16}$/.test(text)

/** @throws StartError */
export function checkWeChat(options: WeChatOptions): CheckedWeChat {
  const {
    port = 5300,
    appid,
    secret = demoSecret,
    templates = demoTemplates,
    accounts = demoAccounts,
    profile = {},
    push,
    latencyMs = 0,
    keepSends = false,
    ipWhitelist,
    logFile,
    now = Date.now,
  } = options
  if (!Number.isInteger(port) || port < 0 || port > 65535)
    stop(`port ${port} 不是端口号，请用 0–65535 的整数 (not a port)`)
  if (appid !== undefined && !isAppid(appid))
    stop(`appid ${appid} 应当是 wx 加 16 位小写十六进制 (malformed appid)`)
  if (typeof secret !== 'string' || secret === '') stop('secret 不能为空 (secret is empty)')
  for (const [name, list] of Object.entries({ templates, accounts }))
    if (!isListOf(list, isObject)) stop(`${name} 应当是对象的列表 (must be a list of objects)`)
  if (!isDelay(latencyMs))
    stop(
      'latencyMs 应当是毫秒数、[最小, 最大] 或 none、lan、typical、slow、rush 之一 (milliseconds, [least, most], or one of them)',
    )
  if (typeof keepSends !== 'boolean') stop('keepSends 应当是 true 或 false (must be a boolean)')
  if (ipWhitelist !== undefined && !isListOf(ipWhitelist, isIp))
    stop('ipWhitelist 应当是 IP 地址的列表，如 ["127.0.0.1"] (must be a list of addresses)')
  if (logFile !== undefined && !isText(logFile)) stop('logFile 应当是文件名 (must be a file name)')
  checkProfile(profile)
  checkTemplates(templates)
  checkAccounts(accounts)
  return {
    ...{ port, secret, templates, accounts, profile, latencyMs, keepSends, now },
    ...(appid === undefined ? {} : { appid }),
    ...(push === undefined ? {} : { push: checkPush(push) }),
    ...(ipWhitelist === undefined ? {} : { ipWhitelist }),
    ...(logFile === undefined ? {} : { logFile }),
  }
}

const isIp = (value: unknown) => isText(value) && isIP(value) !== 0

function checkPush(push: PushTarget): PushTarget {
  try {
    return readPushTarget(push)
  } catch (error) {
    if (error instanceof BadPushTarget) return stop(error.message)
    throw error
  }
}

/** What is wrong with somebody's account, as a line; undefined: nothing. */
export function accountProblem({ openid, platform, phoneNumber }: Partial<Account>): string | undefined {
  if (!isText(openid) || !/^[\w-]{8,64}$/.test(openid))
    return `openid ${openid} 应当是 8–64 位字母、数字、_ 或 - (malformed openid)`
  if (platform !== undefined && !platforms.includes(platform))
    return `${openid} 的 platform 应当是 ${platforms.join('、')} 之一 (must be one of them)`
  if (phoneNumber !== undefined && (!isText(phoneNumber) || !/^\d{5,15}$/.test(phoneNumber)))
    return `${openid} 的 phoneNumber 应当是数字 (must be digits)`
  return undefined
}

function checkAccounts(accounts: readonly Account[]): void {
  if (accounts.length === 0) stop('accounts 至少要有一个 (at least one account)')
  for (const account of accounts) {
    const problem = accountProblem(account)
    if (problem !== undefined) stop(problem)
  }
  unique(
    'accounts',
    accounts.map(({ openid }) => openid),
  )
}

function checkProfile(profile: Partial<CloudProfile>): void {
  const problem = profileProblem(profile)
  if (problem !== undefined) stop(problem)
}

function checkTemplates(templates: readonly PrivateTemplate[]): void {
  for (const template of templates) {
    const { priTmplId, title, type } = template
    if (!isText(priTmplId) || !isText(title))
      stop('templates 的每一项都要有 priTmplId 和 title (id and title are needed)')
    if (type !== 2 && type !== 3)
      stop(`模板 ${priTmplId} 的 type 应当是 2（一次性）或 3（长期） (must be 2 or 3)`)
    if (typeof template.content !== 'string' || templateKeys(template).length === 0)
      stop(`模板 ${priTmplId} 的 content 里没有 {{thing1.DATA}} 这样的关键词 (no keys in content)`)
    if (typeof template.example !== 'string') stop(`模板 ${priTmplId} 缺少 example (example is missing)`)
  }
  unique(
    'templates',
    templates.map(({ priTmplId }) => priTmplId),
  )
}
