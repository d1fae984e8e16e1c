import { statSync } from 'node:fs'
import { demoAccounts, demoSecret, demoTemplates } from '../cloud/demo.ts'
import type { Account, CloudProfile } from '../cloud/options.ts'
import { templateKeys } from '../cloud/templates.ts'
import type { PrivateTemplate } from '../protocol.ts'
import { demoRelease, envVersions, privacyApis, type PrivacyAgreement, type Release } from '../release.ts'
import type { DeskActionConfig } from './desk-actions.ts'

export interface EmulatorOptions {
  /** The folder of the built mini-program: dist/build/mp-weixin. */
  dist: string
  /** On 127.0.0.1; 0 takes any free one. @default 5300 */
  port?: number
  /** @default the built mini-program's own, or the demo's when it names none */
  appid?: string
  /** @default the demo's, which works here only */
  secret?: string
  /** @default the demo's template */
  templates?: readonly PrivateTemplate[]
  /** The first one is the phone that opens. @default two demo phones */
  accounts?: readonly Account[]
  /** Where the sources conflict or are silent (cloud/options.ts). */
  profile?: Partial<CloudProfile>
  /** Origins that `wx.request` may reach besides loopback, such as https://api.example.com. @default none */
  requestDomains?: readonly string[]
  /** Buttons of the desk. @default none */
  deskActions?: readonly DeskActionConfig[]
  /** What `getAccountInfoSync` calls this mini-program. @default 'develop' */
  envVersion?: Release['envVersion']
  /** Told to app code when `envVersion` is 'release'. @default '1.0.0' */
  version?: string
  /** The 用户隐私保护指引 (wechat-platform.md §9.1). @default every gated API declared, consent needed */
  privacy?: Partial<PrivacyAgreement>
  /** Where WeChat's memory survives a restart; it holds session keys and tokens. @default in memory only */
  stateFile?: string
  /** Milliseconds since 1970. @default Date.now */
  now?: () => number
  /** Hears every line that is wrong with the built mini-program, each time it is compiled. @default nobody */
  onProblem?: (line: string) => void
}

type Optional = 'stateFile' | 'appid'
export type CheckedOptions = Required<Omit<EmulatorOptions, Optional | keyof Release>> &
  Record<Optional, string | undefined> & { release: Release }

export const isAppid = (text: string): boolean => /^wx[0-9a-f]{16}$/.test(text)

/** The emulator cannot start; the message is one line that says what to do, in Chinese and English. */
export class StartError extends Error {}

const stop = (message: string): never => {
  throw new StartError(message)
}

/** @throws StartError */
export function checkOptions(options: EmulatorOptions): CheckedOptions {
  const {
    dist,
    port = 5300,
    appid,
    secret = demoSecret,
    templates = demoTemplates,
    accounts = demoAccounts,
    profile = {},
    requestDomains = [],
    deskActions = [],
    envVersion = demoRelease.envVersion,
    version = demoRelease.version,
    privacy = {},
    stateFile,
    now = Date.now,
    onProblem = () => undefined,
  } = options
  if (typeof dist !== 'string' || !statSync(dist, { throwIfNoEntry: false })?.isDirectory())
    stop(`没有文件夹 ${dist}：先运行 npm run build:mp-weixin (no such folder, build the mini-program first)`)
  if (!Number.isInteger(port) || port < 0 || port > 65535)
    stop(`port ${port} 不是端口号，请用 0–65535 的整数 (not a port)`)
  if (appid !== undefined && !isAppid(appid))
    stop(`appid ${appid} 应当是 wx 加 16 位小写十六进制 (malformed appid)`)
  if (typeof secret !== 'string' || secret === '') stop('secret 不能为空 (secret is empty)')
  for (const [name, list] of Object.entries({ templates, accounts, deskActions }))
    if (!isListOf(list, isObject)) stop(`${name} 应当是对象的列表 (must be a list of objects)`)
  if (!isListOf(requestDomains, isText)) stop('requestDomains 应当是文字的列表 (must be a list of texts)')
  if (stateFile !== undefined && !isText(stateFile)) stop('stateFile 应当是文件名 (must be a file name)')
  checkProfile(profile)
  if (!envVersions.includes(envVersion))
    stop(`envVersion ${envVersion} 应当是 ${envVersions.join('、')} 之一 (must be one of them)`)
  if (!isText(version)) stop('version 应当是非空文字 (must be a text)')
  checkPrivacy(privacy)
  checkTemplates(templates)
  if (accounts.length === 0) stop('accounts 至少要有一个 (at least one account)')
  for (const { openid } of accounts)
    if (!isText(openid) || !/^[\w-]{8,64}$/.test(openid))
      stop(`openid ${openid} 应当是 8–64 位字母、数字、_ 或 - (malformed openid)`)
  unique(
    'accounts',
    accounts.map(({ openid }) => openid),
  )
  for (const origin of requestDomains)
    if (!URL.canParse(origin) || new URL(origin).origin !== origin)
      stop(`requestDomains 里的 ${origin} 应当像 https://api.example.com，不带路径 (must be an origin)`)
  for (const { name, url } of deskActions) {
    if (!isText(name) || !/^[\w-]+$/.test(name))
      stop(`deskActions 的 name ${name} 只能用字母、数字、_ 和 - (malformed name)`)
    if (!isText(url) || !URL.canParse(url)) stop(`deskActions 的 ${name} 的 url 不对：${url} (malformed url)`)
  }
  unique(
    'deskActions',
    deskActions.map(({ name }) => name),
  )
  return {
    ...{ dist, port, appid, secret, templates, accounts, profile },
    ...{ requestDomains, deskActions, stateFile, now, onProblem },
    release: { envVersion, version, privacy: { ...demoRelease.privacy, ...privacy } },
  }
}

// options come from a JSON file too, where types are a promise
const isText = (value: unknown): value is string => typeof value === 'string' && value !== ''
const isObject = (value: unknown): boolean => typeof value === 'object' && value !== null
const isListOf = (value: unknown, isItem: (item: unknown) => boolean) =>
  Array.isArray(value) && value.every(isItem)

const profileChecks: Record<keyof CloudProfile, (value: unknown) => boolean> = {
  maxTemplates: (value) => value === 3 || value === 5,
  leadingSlash: (value) => value === 'accepted' || value === 'refused',
  sensitiveWords: (value) => isListOf(value, isText),
  banned: (value) => typeof value === 'boolean',
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

function checkPrivacy(privacy: Partial<PrivacyAgreement>): void {
  if (!isObject(privacy)) stop('privacy 应当是对象 (must be an object)')
  const { declares = [], needsConsent = true, ...unknown } = privacy
  const [strange] = Object.keys(unknown)
  if (strange !== undefined) stop(`privacy 里的 ${strange} 不认识 (unknown)，可用：declares、needsConsent`)
  if (typeof needsConsent !== 'boolean')
    stop('privacy 的 needsConsent 应当是 true 或 false (must be a boolean)')
  if (!isListOf(declares, (api) => privacyApis.some((known) => known === api)))
    stop(`privacy 的 declares 只能有 ${privacyApis.join('、')} (must be a list of them)`)
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

function unique(name: string, keys: readonly string[]): void {
  const twice = keys.find((key, index) => keys.indexOf(key) !== index)
  if (twice !== undefined) stop(`${name} 里 ${twice} 出现了两次 (listed twice)`)
}
