import { bufferOf, fromBase64, isBytes, toBase64 } from '../bytes.ts'
import { beginCall, fail, failed, ok, textOption, type Outcome } from './api.ts'
import type { Flights } from './flights.ts'
import type { WxHost } from './host.ts'

const DEFAULT_TIMEOUT = 60_000
/** wechat-platform.md §9.2 */
const NOT_IN_DOMAIN_LIST = 600002
const methods = new Set(['OPTIONS', 'GET', 'HEAD', 'POST', 'PUT', 'DELETE', 'TRACE', 'CONNECT'])

type Options = Record<string, unknown>

/** Header names as app code wrote them, without those WeChat sets itself. */
function headersOf(given: unknown): Record<string, string> {
  const header: Record<string, string> = {}
  for (const [name, value] of Object.entries((given ?? {}) as Record<string, unknown>))
    if (!/^(referer|user-agent|content-length)$/i.test(name)) header[name] = String(value)
  if (!Object.keys(header).some((name) => name.toLowerCase() === 'content-type'))
    header['content-type'] = 'application/json'
  return header
}

const queryString = (data: object): string =>
  Object.entries(data)
    .map(([name, value]) => {
      const text = typeof value === 'object' && value !== null ? JSON.stringify(value) : String(value)
      return `${encodeURIComponent(name)}=${encodeURIComponent(text)}`
    })
    .join('&')

/** What goes over the wire, by the rules of `wx.request`. */
export function encodeRequest(options: Options): {
  url: string
  method: string
  header: Record<string, string>
  data?: string
  bytes?: string
} {
  const method = textOption(options, 'method', 'GET').toUpperCase()
  if (!methods.has(method)) throw new Error(`method "${method}" is not one of ${[...methods].join(', ')}`)
  const url = textOption(options, 'url')
  if (!/^https?:\/\//.test(url)) throw new Error(`invalid url "${url}"`)
  const header = headersOf(options.header)
  const { data } = options
  if (data === undefined || data === null) return { url, method, header }
  if (isBytes(data))
    return method === 'GET'
      ? { url, method, header }
      : { url, method, header, bytes: toBase64(new Uint8Array(data)) }
  if (typeof data === 'string')
    return method === 'GET' ? { url, method, header } : { url, method, header, data }
  if (method === 'GET') {
    const query = queryString(data)
    return { url: query ? `${url}${url.includes('?') ? '&' : '?'}${query}` : url, method, header }
  }
  const type = Object.entries(header).find(([name]) => name.toLowerCase() === 'content-type')?.[1] ?? ''
  const isForm = type.includes('application/x-www-form-urlencoded')
  return { url, method, header, data: isForm ? queryString(data) : JSON.stringify(data) }
}

/** `dataType: 'json'` (the default) parses what can be parsed and leaves the rest as text. */
function decode(data: string, dataType: string): unknown {
  if (dataType !== 'json') return data
  try {
    return JSON.parse(data) as unknown
  } catch {
    return data
  }
}

/** Milliseconds: the call's own, app.json's for that kind of call, or a minute. */
export function timeoutOf(
  host: WxHost,
  kind: 'request' | 'uploadFile' | 'downloadFile',
  options: Options,
): number {
  const configured = (host.program.app.networkTimeout as Partial<Record<typeof kind, number>> | undefined)?.[
    kind
  ]
  return Number(options.timeout ?? configured ?? DEFAULT_TIMEOUT)
}

export function requestApis(host: WxHost, flights: Flights) {
  async function send(options: Options, signal: AbortSignal): Promise<Outcome> {
    if (options.enableChunked === true) {
      const words = 'request enableChunked is not part of this emulator'
      host.inspection.note('request', new Error(words))
      return fail(words)
    }
    const binary = textOption(options, 'responseType', 'text') === 'arraybuffer'
    const body = { ...encodeRequest(options), timeout: timeoutOf(host, 'request', options) }
    const answer = await host.link.request(binary ? { ...body, binary } : body, signal)
    if (answer.kind === 'fail') {
      if (answer.failure.errno === NOT_IN_DOMAIN_LIST)
        host.inspection.remark(`request: ${body.url}: its origin is not among requestDomains (--config)`)
      return failed(answer.failure)
    }
    return ok({
      data: binary
        ? bufferOf(fromBase64(answer.data))
        : decode(answer.data, textOption(options, 'dataType', 'json')),
      statusCode: answer.statusCode,
      header: answer.header,
      cookies: answer.cookies ?? [],
    })
  }

  /** Returns a RequestTask, callbacks or not: wx.request has no Promise of its own. */
  function request(given?: unknown) {
    const options = (given ?? {}) as Options
    const settle = beginCall(host, 'request', 'passes', options)
    const headerListeners = new Set<(detail: object) => void>()
    const { abort } = flights.start(
      (signal) => send(options, signal),
      (outcome) => {
        if (outcome.kind === 'ok' && outcome.result && 'header' in outcome.result) {
          const { header, statusCode, cookies } = outcome.result as Record<string, unknown>
          for (const listener of headerListeners) listener({ header, statusCode, cookies })
        }
        settle(outcome)
      },
    )
    return {
      abort,
      onHeadersReceived: (listener: (detail: object) => void) => void headerListeners.add(listener),
      offHeadersReceived: (listener: (detail: object) => void) => void headerListeners.delete(listener),
      onChunkReceived: () => {
        host.inspection.note('request', new Error('RequestTask.onChunkReceived is not part of this emulator'))
      },
      offChunkReceived: () => undefined,
    }
  }

  return { request }
}
