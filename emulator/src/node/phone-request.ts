import { causeOf, isLoopback } from '../network.ts'
import {
  durationOf,
  isLost,
  networkDelays as usualDelays,
  speedOf,
  type NetworkDelays,
  type NetworkSpeed,
} from '../network-speeds.ts'
import type { PhoneSettings } from '../phone-settings.ts'
import type { HostFailure, RequestAnswer, RequestBody } from '../protocol.ts'

export interface PhoneRequestOptions {
  appid: string
  /** Whether `wx.request` may go there (H47). */
  isAllowed: (url: URL) => boolean
  /** @default 10 MiB */
  maxAnswerBytes?: number
  /** How slow each kind of network is, and how much it loses. @default rough figures; wifi costs nothing */
  networkDelays?: NetworkDelays
  /** What decides between the least and the most of a delay, and about losses: [0, 1). @default Math.random */
  random?: () => number
}

const MAX_ANSWER_BYTES = 10 * 1024 * 1024

/** What the network stack sets itself. */
const ownHeaders = /^(host|connection|content-length|transfer-encoding|upgrade|expect|keep-alive|referer)$/i

const fail = (reason: string, code: Omit<HostFailure, 'errMsg'>): RequestAnswer => ({
  kind: 'fail',
  failure: { errMsg: reason ? `request:fail ${reason}` : 'request:fail', ...code },
})

// wechat-platform.md §9.2
const unreachable = (reason = '') => fail(reason, { errno: 600001 })
const timedOut = fail('timeout', { errno: 5 })

/**
 * Performs `wx.request` as a phone's network would: any HTTP status is a response (H47). Settles always; when the
 * phone gives up (`signal`), the other side sees the connection close.
 */
export async function performRequest(
  { url, method, header, data, bytes, binary = false, timeout }: Omit<RequestBody, 'openid'>,
  phone: Pick<PhoneSettings, 'network' | 'weakNetwork'>,
  options: PhoneRequestOptions,
  signal: AbortSignal,
): Promise<RequestAnswer> {
  const { appid, isAllowed, maxAnswerBytes = MAX_ANSWER_BYTES } = options
  const { networkDelays = usualDelays, random = Math.random } = options
  const target = URL.canParse(url) ? new URL(url) : undefined
  if (!target || !/^https?:$/.test(target.protocol)) return fail(`invalid url "${url}"`, { errno: 600009 })
  if (!isAllowed(target)) return fail('url not in domain list', { errno: 600002 })
  const speed = speedOf(phone, networkDelays)
  if (!speed) return unreachable()

  const headers = new Headers()
  const deadline = AbortSignal.timeout(timeout)
  const given = bytes === undefined ? data : Buffer.from(bytes, 'base64')
  const either = AbortSignal.any([signal, deadline])
  try {
    const lost = isLost(speed, random)
    await wait(durationOf(speed, given?.length ?? 0, random), either)
    if (lost) return unreachable('net::ERR_CONNECTION_RESET')
    for (const [name, value] of Object.entries(header)) if (!ownHeaders.test(name)) headers.set(name, value)
    headers.set('referer', `https://servicewechat.com/${appid}/devtools/page-frame.html`)
    const response = await fetch(target, {
      method,
      headers,
      signal: either,
      ...(given === undefined || method === 'GET' || method === 'HEAD' ? {} : { body: given }),
    })
    const body = await readBytes(response, maxAnswerBytes)
    if (body !== undefined) await wait(transferTime(speed, body.length), either)
    if (body === undefined) return unreachable('response data exceed max size')
    const cookies = response.headers.getSetCookie()
    return {
      kind: 'response',
      statusCode: response.status,
      header: {
        ...Object.fromEntries(response.headers),
        // fromEntries would keep the last one only
        ...(cookies.length > 0 && { 'set-cookie': cookies.join(',') }),
      },
      ...(cookies.length > 0 && { cookies }),
      data: binary ? body.toString('base64') : new TextDecoder().decode(body),
    }
  } catch (error) {
    if (deadline.aborted) return timedOut
    if (signal.aborted) return fail('abort', {})
    return unreachable(causeOf(error))
  }
}

/** Rejects when the signal is aborted first. */
function wait(ms: number, signal: AbortSignal): Promise<void> {
  if (ms <= 0) return Promise.resolve()
  return new Promise((resolve, reject) => {
    const timer = setTimeout(resolve, ms)
    signal.addEventListener('abort', () => {
      clearTimeout(timer)
      reject(signal.reason as Error)
    })
  })
}

/** Without the latency, which the way there took. */
const transferTime = (speed: NetworkSpeed, bytes: number) =>
  durationOf({ ...speed, latencyMs: [0, 0] }, bytes, () => 0)

/** Undefined when it is longer than `max` bytes. */
async function readBytes(response: Response, max: number): Promise<Buffer | undefined> {
  const reader = response.body?.getReader()
  const chunks: Uint8Array[] = []
  let size = 0
  for (;;) {
    const part = await reader?.read()
    if (part?.value === undefined) return Buffer.concat(chunks)
    size += part.value.length
    if (size > max) {
      await reader?.cancel()
      return undefined
    }
    chunks.push(part.value)
  }
}

/**
 * The domain list of this phone: `origins`, and everything on loopback except the emulator itself, which plays
 * api.weixin.qq.com; WeChat refuses that one too (wechat-platform.md §4).
 */
export function domainList(origins: readonly string[], own: () => string): (url: URL) => boolean {
  const ownPort = () => new URL(own()).port
  return (url) => {
    if (isLoopback(url)) return url.port !== ownPort()
    return origins.includes(url.origin)
  }
}
