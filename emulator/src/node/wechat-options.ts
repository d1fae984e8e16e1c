import { isDelay, type Delay } from '../cloud/delay.ts'
import { demoAccounts, demoSecret, demoTemplates } from '../cloud/demo.ts'
import type { Account, CloudProfile } from '../cloud/options.ts'
import { BadPushTarget, readPushTarget, type PushTarget } from '../cloud/push/target.ts'
import { templateKeys } from '../cloud/templates.ts'
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
  /** From the deed to the answer of every public call, milliseconds or a range of them. @default 0 */
  latencyMs?: Delay
  /** Remembers every accepted send for `cloud.ledger()`, in memory. @default false */
  keepSends?: boolean
  /** Milliseconds since 1970. @default Date.now */
  now?: () => number
}

type Optional = 'appid' | 'push'
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
    now = Date.now,
  } = options
  if (!Number.isInteger(port) || port < 0 || port > 65535)
    stop(`port ${port} 不是端口号，请用 0–65535 的整数 (not a port)`)
  if (appid !== undefined && !isAppid(appid))
    stop(`appid ${appid} 应当是 wx 加 16 位小写十六进制 (malformed appid)`)
  if (typeof secret !== 'string' || secret === '') stop('secret 不能为空 (secret is empty)')
  for (const [name, list] of Object.entries({ templates, accounts }))
    if (!isListOf(list, isObject)) stop(`${name} 应当是对象的列表 (must be a list of objects)`)
  if (!isDelay(latencyMs)) stop('latencyMs 应当是毫秒数或 [最小, 最大] (milliseconds or [least, most])')
  if (typeof keepSends !== 'boolean') stop('keepSends 应当是 true 或 false (must be a boolean)')
  checkProfile(profile)
  checkTemplates(templates)
  checkAccounts(accounts)
  return {
    ...{ port, secret, templates, accounts, profile, latencyMs, keepSends, now },
    ...(appid === undefined ? {} : { appid }),
    ...(push === undefined ? {} : { push: checkPush(push) }),
  }
}

function checkPush(push: PushTarget): PushTarget {
  try {
    return readPushTarget(push)
  } catch (error) {
    if (error instanceof BadPushTarget) return stop(error.message)
    throw error
  }
}

function checkAccounts(accounts: readonly Account[]): void {
  if (accounts.length === 0) stop('accounts 至少要有一个 (at least one account)')
  for (const { openid } of accounts)
    if (!isText(openid) || !/^[\w-]{8,64}$/.test(openid))
      stop(`openid ${openid} 应当是 8–64 位字母、数字、_ 或 - (malformed openid)`)
  unique(
    'accounts',
    accounts.map(({ openid }) => openid),
  )
}

const oneOf =
  (...choices: unknown[]) =>
  (value: unknown) =>
    choices.includes(value)

const profileChecks: Record<keyof CloudProfile, (value: unknown) => boolean> = {
  maxTemplates: oneOf(3, 5),
  leadingSlash: oneOf('accepted', 'refused'),
  sensitiveWords: (value) => isListOf(value, isText),
  banned: oneOf(true, false),
  silentPopupEvent: oneOf('none', 'pushed'),
  createTime: oneOf('number', 'string'),
  concurrentSends: oneOf('allowed', 'refused'),
}

function checkProfile(profile: Partial<CloudProfile>): void {
  if (!isObject(profile)) stop('profile 应当是对象 (must be an object)')
  for (const [name, value] of Object.entries(profile)) {
    const isValid = Object.entries(profileChecks).find(([known]) => known === name)?.[1]
    if (!isValid)
      stop(`profile 里的 ${name} 不认识 (unknown)，可用：${Object.keys(profileChecks).join('、')}`)
    else if (!isValid(value)) stop(`profile 里的 ${name} 不能是 ${JSON.stringify(value)} (not a value of it)`)
  }
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
