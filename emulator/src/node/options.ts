import { statSync } from 'node:fs'
import { clientProfileProblem, platforms, type ClientProfile, type Platform } from '../profiles.ts'
import { demoRelease, envVersions, privacyApis, type PrivacyAgreement, type Release } from '../release.ts'
import type { Problem } from '../package/problems.ts'
import type { DeskActionConfig } from './desk-actions.ts'
import type { Beside } from './page-routes.ts'
import { isListOf, isObject, isText, stop, unique } from './start-error.ts'
import { checkWeChat, type CheckedWeChat, type WeChatOptions } from './wechat-options.ts'

/** `appid` defaults to the built mini-program's own, or to the demo's when it names none. */
export interface EmulatorOptions extends WeChatOptions {
  /** The folder of the built mini-program: dist/build/mp-weixin. */
  dist: string
  /** Origins that `wx.request` may reach besides loopback, such as https://api.example.com. @default none */
  requestDomains?: readonly string[]
  /** Whether 2G, 3G, 4G and a weak network are slow and lose calls, as src/network-speeds.ts says. @default true */
  networkDelays?: boolean
  /** Buttons of the desk. @default none */
  deskActions?: readonly DeskActionConfig[]
  /** A picture file of the mini-program, as WeChat shows it. @default the first character of its name */
  icon?: string
  /** A page shown at `/` beside the phone; the desk is at `/desk` then. @default the desk alone */
  beside?: Beside
  /** What `getAccountInfoSync` calls this mini-program. @default 'develop' */
  envVersion?: Release['envVersion']
  /** Told to app code when `envVersion` is 'release'. @default '1.0.0' */
  version?: string
  /**
   * Whose WeChat the phones run, except those whose account says otherwise; a `stateFile` that remembers another is
   * overruled. @default 'strict'
   */
  platform?: Platform
  /** What every WeChat answers otherwise than its platform does (profiles.ts). @default nothing */
  clientProfile?: Partial<ClientProfile>
  /** The 用户隐私保护指引 (wechat-platform.md §9.1). @default every gated API declared, consent needed */
  privacy?: Partial<PrivacyAgreement>
  /** Where WeChat's memory survives a restart; it holds session keys and tokens. @default in memory only */
  stateFile?: string
  /**
   * Hears every line that is wrong with the built mini-program, each time it is compiled; what a `warning` is about
   * still runs. @default nobody
   */
  onProblem?: (line: string, level?: Problem['level']) => void
}

export type CheckedOptions = CheckedWeChat &
  Required<
    Pick<EmulatorOptions, 'dist' | 'requestDomains' | 'networkDelays' | 'deskActions' | 'onProblem'>
  > & {
    release: Release
    stateFile: string | undefined
    beside: Beside | undefined
    icon: string | undefined
    platform: Platform | undefined
  }

/** @throws StartError */
export function checkOptions(options: EmulatorOptions): CheckedOptions {
  const {
    dist,
    requestDomains = [],
    networkDelays = true,
    deskActions = [],
    beside,
    icon,
    envVersion = demoRelease.envVersion,
    version = demoRelease.version,
    platform,
    clientProfile = {},
    privacy = {},
    stateFile,
    onProblem = () => undefined,
  } = options
  if (typeof dist !== 'string' || !statSync(dist, { throwIfNoEntry: false })?.isDirectory())
    stop(
      `没有文件夹 ${dist}：uni-app 先运行 npm run build:mp-weixin，原生小程序给 app.json 所在的文件夹 (no such folder: build it first, or name the folder with app.json)`,
    )
  const wechat = checkWeChat(options)
  if (!isListOf(deskActions, isObject)) stop('deskActions 应当是对象的列表 (must be a list of objects)')
  if (!isListOf(requestDomains, isText)) stop('requestDomains 应当是文字的列表 (must be a list of texts)')
  if (typeof networkDelays !== 'boolean') stop('networkDelays 应当是 true 或 false (must be a boolean)')
  if (stateFile !== undefined && !isText(stateFile)) stop('stateFile 应当是文件名 (must be a file name)')
  if (beside !== undefined && (!isObject(beside) || !isText(beside.title) || !isWebPage(beside.url)))
    stop('beside 应当是 { title, url }，url 是网页地址 (must have a title and the url of a page)')
  if (icon !== undefined && (!isText(icon) || !isPicture(icon)))
    stop(`icon ${icon} 应当是一张图片的文件名，png、jpg、svg 等 (must be a picture file)`)
  if (!envVersions.includes(envVersion))
    stop(`envVersion ${envVersion} 应当是 ${envVersions.join('、')} 之一 (must be one of them)`)
  if (!isText(version)) stop('version 应当是非空文字 (must be a text)')
  checkPrivacy(privacy)
  if (platform !== undefined && !platforms.includes(platform))
    stop(`platform ${platform} 应当是 ${platforms.join('、')} 之一 (must be one of them)`)
  const profileProblem = clientProfileProblem(clientProfile)
  if (profileProblem !== undefined) stop(profileProblem)
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
    ...wechat,
    accounts: wechat.accounts.map((account) => ({ ...(platform && { platform }), ...account })),
    ...{ dist, requestDomains, networkDelays, deskActions, beside, icon, platform, stateFile, onProblem },
    release: { envVersion, version, privacy: { ...demoRelease.privacy, ...privacy }, clientProfile },
  }
}

const isPicture = (file: string) =>
  /\.(png|jpe?g|gif|webp|svg)$/i.test(file) && statSync(file, { throwIfNoEntry: false })?.isFile() === true

const isWebPage = (url: unknown) =>
  isText(url) && URL.canParse(url) && /^https?:$/.test(new URL(url).protocol)

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
