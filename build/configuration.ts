import { isIP } from 'node:net'
import { TemplatePurpose } from '../contract/src/notify.ts'

/** What a check found, as one Chinese sentence. An error stops the build, a warning is printed. */
export interface Finding {
  level: 'error' | 'warning'
  text: string
}

const error = (text: string): Finding => ({ level: 'error', text })
const warning = (text: string): Finding => ({ level: 'warning', text })

const APP_ID = /^wx[0-9a-f]{16}$/

/** The app id of manifest.json and of the demo. It exists on the emulator only. */
export const DEMO_APP_ID = 'wx1ead0be110000001'

/** The build's settings as Vite loads them: process environment first, then the .env files. */
export interface BuildSettings {
  VITE_API_BASE_URL?: string
  WECHAT_APPID?: string
  VITE_TEMPLATE_PURPOSES?: string
  VITE_ASK_BELOW?: string
  VITE_ASK_PAUSE_MINUTES?: string
}

/** Vite's modes, one an environment of WeChat's; each reads its own .env files. */
export const MODES = { development: '开发版', trial: '体验版', production: '正式版' } as const
export type Mode = keyof typeof MODES

export const isMode = (mode: string): mode is Mode => Object.hasOwn(MODES, mode)

/** A mistyped mode would read no file of its own and build with the defaults. */
export function checkMode(mode: string): Finding[] {
  if (isMode(mode)) return []
  return [error(`没有 ${mode} 这个环境：--mode 请用 ${Object.keys(MODES).join('、')} 之一。`)]
}

/** Everything wrong with the settings; empty when the build may start. Values are quoted except where they may hold a password. */
export function checkSettings(settings: BuildSettings): Finding[] {
  const findings = checkApiAddress(settings.VITE_API_BASE_URL ?? '')
  if (settings.WECHAT_APPID) findings.push(...checkAppId(settings.WECHAT_APPID, 'WECHAT_APPID'))
  return [
    ...findings,
    ...checkPurposes(settings.VITE_TEMPLATE_PURPOSES ?? ''),
    ...checkWholeNumber('VITE_ASK_BELOW', settings.VITE_ASK_BELOW, { min: 1, max: 20, usual: 3 }),
    ...checkWholeNumber('VITE_ASK_PAUSE_MINUTES', settings.VITE_ASK_PAUSE_MINUTES, {
      min: 0,
      max: 10_080,
      usual: 240,
    }),
  ]
}

/** The purposes a comma-separated list names; empty means all that the backend offers. */
export const purposesOf = (list: string): string[] =>
  list
    .split(',')
    .map((purpose) => purpose.trim())
    .filter(Boolean)

function checkPurposes(list: string): Finding[] {
  const known = TemplatePurpose.options as readonly string[]
  const foreign = purposesOf(list).filter((purpose) => !known.includes(purpose))
  if (!foreign.length) return []
  return [
    error(
      `模板用途 VITE_TEMPLATE_PURPOSES 里的「${foreign.join('、')}」不认识：可写 ${known.join('、')}，用半角逗号分隔，留空表示后台有的都要。`,
    ),
  ]
}

function checkWholeNumber(
  name: string,
  text: string | undefined,
  { min, max, usual }: { min: number; max: number; usual: number },
): Finding[] {
  if (text && /^\d{1,6}$/.test(text) && Number(text) >= min && Number(text) <= max) return []
  return [
    error(
      `${name} ${text ? `「${text}」不对` : '没有填写'}：请写 ${min} 到 ${max} 的整数，一般用 ${usual}。`,
    ),
  ]
}

/** @param where the file or variable the id was written in, for the sentence */
export function checkAppId(appid: string, where: string): Finding[] {
  if (APP_ID.test(appid)) return []
  return [
    error(
      `${where} 里的 appid「${appid}」不对：应是 wx 加 16 位小写字母 a–f 或数字，到微信公众平台「开发管理 → 开发设置」复制。`,
    ),
  ]
}

/** wechat-platform.md §9.2: a phone reaches https hosts of the console's list only, never api.weixin.qq.com. */
export function checkApiAddress(address: string): Finding[] {
  const wrong = (why: string) => [error(`接口地址 VITE_API_BASE_URL ${why}`)]
  const quoted = `「${address}」`
  if (!address) {
    return wrong('没有填写：请在 .env.production.local 里写一行 VITE_API_BASE_URL=https://你的域名。')
  }
  if (/[^\x21-\x7e]/.test(address)) return wrong(`${quoted}里有空格、中文或全角字符：请只用半角的网址。`)
  if (!/^https?:\/\/[^/\\]/.test(address) || !URL.canParse(address)) {
    return wrong(`${quoted}不是网址：应以 https:// 开头，例如 https://api.example.com。`)
  }
  const url = new URL(address)
  if (url.username || url.password) return wrong('里带了用户名或密码：它会进入每个人的手机，请去掉。')
  if (/[?#]/.test(address)) return wrong(`${quoted}带了参数：请去掉 ? 或 # 以及后面的部分。`)
  if (address.endsWith('/')) return wrong(`${quoted}末尾多了斜杠：请去掉。`)
  if (/^https:\/\/[^/]*:443(\/|$)/.test(address)) {
    return wrong(`${quoted}写了 :443：微信后台登记的域名不带端口，请去掉它。`)
  }
  if (url.hostname === 'api.weixin.qq.com') {
    return wrong('不能是 api.weixin.qq.com：微信不允许小程序直接访问它，请填自己的后端地址。')
  }
  if (isLoopback(url.hostname)) {
    return [warning(`接口地址是 ${address}，只能在模拟器和开发者工具里用；上线前请改成 https 的正式域名。`)]
  }
  if (url.protocol === 'http:')
    return wrong(`${quoted}不是 https：手机上的微信只访问 https，请换成 https 地址。`)
  if (isIP(url.hostname.replace(/^\[|\]$/g, ''))) {
    return [
      warning(`接口地址 ${address} 用的是 IP，微信后台的合法域名里填不了 IP；上线前请换成备案过的域名。`),
    ]
  }
  return []
}

export const isLoopback = (hostname: string) =>
  hostname === 'localhost' || hostname === '[::1]' || /^127(\.\d{1,3}){3}$/.test(hostname)
