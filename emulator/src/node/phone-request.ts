import { causeOf, isLoopback } from '../network.ts'
import type { HostFailure, NetworkType, RequestAnswer, RequestBody } from '../protocol.ts'

export interface PhoneRequestOptions {
  appid: string
  /** Whether `wx.request` may go there (H47). */
  isAllowed: (url: URL) => boolean
  /** @default 10 MiB */
  maxAnswerBytes?: number
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
  { url, method, header, data, timeout }: Omit<RequestBody, 'openid'>,
  network: NetworkType,
  { appid, isAllowed, maxAnswerBytes = MAX_ANSWER_BYTES }: PhoneRequestOptions,
  signal: AbortSignal,
): Promise<RequestAnswer> {
  const target = URL.canParse(url) ? new URL(url) : undefined
  if (!target || !/^https?:$/.test(target.protocol)) return fail(`invalid url "${url}"`, { errno: 600009 })
  if (!isAllowed(target)) return fail('url not in domain list', { errno: 600002 })
  if (network === 'none') return unreachable()

  const headers = new Headers()
  const deadline = AbortSignal.timeout(timeout)
  try {
    for (const [name, value] of Object.entries(header)) if (!ownHeaders.test(name)) headers.set(name, value)
    headers.set('referer', `https://servicewechat.com/${appid}/devtools/page-frame.html`)
    const response = await fetch(target, {
      method,
      headers,
      signal: AbortSignal.any([signal, deadline]),
      ...(data === undefined || method === 'GET' || method === 'HEAD' ? {} : { body: data }),
    })
    const body = await readText(response, maxAnswerBytes)
    if (body === undefined) return unreachable('response data exceed max size')
    return {
      kind: 'response',
      statusCode: response.status,
      header: Object.fromEntries(response.headers),
      data: body,
    }
  } catch (error) {
    if (deadline.aborted) return timedOut
    if (signal.aborted) return fail('abort', {})
    return unreachable(causeOf(error))
  }
}

/** Undefined when it is longer than `max` bytes. */
async function readText(response: Response, max: number): Promise<string | undefined> {
  const reader = response.body?.getReader()
  const chunks: Uint8Array[] = []
  let size = 0
  for (;;) {
    const part = await reader?.read()
    if (part?.value === undefined) return new TextDecoder().decode(Buffer.concat(chunks))
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
