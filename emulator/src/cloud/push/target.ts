import { isLoopback } from '../../network.ts'
import { isDelay, type Delay } from '../delay.ts'
import { pushFormats, type PushFormat } from './payload.ts'

export const pushModes = ['plain', 'compatible', 'encrypted'] as const
/** 明文模式, 兼容模式, 安全模式. */
export type PushMode = (typeof pushModes)[number]

/** Where events go and how, as the console's 消息推送 page has it (wechat-platform.md §8.1). */
export interface PushTarget {
  /** On loopback: the emulator calls nobody else. */
  url: string
  /** 3–32 letters and digits. */
  token: string
  /** 43 letters and digits; needed unless the mode is plain. */
  aesKey?: string
  mode: PushMode
  format: PushFormat
  /** The mini-program's own id in `ToUserName`. @default the demo's */
  originalId?: string
  /** From the event to its first delivery; a range or a function shuffles the events. @default 0 */
  latencyMs?: Delay
  /** How long WeChat waits for an answer, and so when it sends again. @default 5000 */
  timeoutMs?: number
}

/** The target cannot be used; the message is one line that names the member. */
export class BadPushTarget extends Error {}

const names = ['url', 'token', 'aesKey', 'mode', 'format', 'originalId', 'latencyMs', 'timeoutMs']
const fits = (value: unknown, pattern: RegExp) => typeof value === 'string' && pattern.test(value)

/** Checks what a file, a call or a test gave. @throws BadPushTarget */
export function readPushTarget(value: unknown): PushTarget {
  const bad = (message: string): never => {
    throw new BadPushTarget(`push ${message}`)
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    return bad('应当是对象 (must be an object)')
  const target = value as PushTarget
  const unknown = Object.keys(target).find((name) => !names.includes(name))
  if (unknown !== undefined) bad(`里的 ${unknown} 不认识 (unknown)，可用：${names.join('、')}`)
  const { url, token, aesKey, mode, format, originalId, latencyMs, timeoutMs } = target
  const parsed = typeof url === 'string' && URL.canParse(url) ? new URL(url) : undefined
  if (!parsed || !/^https?:$/.test(parsed.protocol) || !isLoopback(parsed))
    bad('的 url 应当是本机的网址，如 http://127.0.0.1:5301/wechat/events (must be on loopback)')
  if (!fits(token, /^[A-Za-z0-9]{3,32}$/)) bad('的 token 应当是 3–32 位字母或数字 (letters and digits)')
  if (!pushModes.includes(mode)) bad(`的 mode 应当是 ${pushModes.join('、')} 之一 (must be one of them)`)
  if (!pushFormats.includes(format))
    bad(`的 format 应当是 ${pushFormats.join('、')} 之一 (must be one of them)`)
  if ((mode !== 'plain' || aesKey !== undefined) && !fits(aesKey, /^[A-Za-z0-9]{43}$/))
    bad('的 aesKey 应当是 43 位字母或数字 (EncodingAESKey, 43 letters and digits)')
  if (originalId !== undefined && !fits(originalId, /^gh_[0-9a-f]{12}$/))
    bad('的 originalId 应当是 gh_ 加 12 位十六进制 (malformed)')
  if (latencyMs !== undefined && !isDelay(latencyMs))
    bad('的 latencyMs 应当是毫秒数或 [最小, 最大] (milliseconds or [least, most])')
  if (timeoutMs !== undefined && !(typeof timeoutMs === 'number' && timeoutMs > 0))
    bad('的 timeoutMs 应当是大于 0 的毫秒数 (milliseconds)')
  return { ...target }
}
