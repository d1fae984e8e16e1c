import { attempt, beginCall, fail, failed, ok, textOption, type Outcome } from './api.ts'
import type { WxHost } from './host.ts'

/** wechat-platform.md §9.2, §14 H47. */
const MOST_IN_FLIGHT = 10
const DEFAULT_TIMEOUT = 60_000
const BACKGROUND_GRACE = 5_000
const methods = new Set(['OPTIONS', 'GET', 'HEAD', 'POST', 'PUT', 'DELETE', 'TRACE', 'CONNECT'])

type Options = Record<string, unknown>

interface Flight {
  /** Ends it with this outcome; the answer that may still come is dropped. */
  end(outcome: Outcome): void
}

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
} {
  const method = textOption(options, 'method', 'GET').toUpperCase()
  if (!methods.has(method)) throw new Error(`method "${method}" is not one of ${[...methods].join(', ')}`)
  const url = textOption(options, 'url')
  if (!/^https?:\/\//.test(url)) throw new Error(`invalid url "${url}"`)
  const header = headersOf(options.header)
  const { data } = options
  if (data === undefined || data === null) return { url, method, header }
  if (data instanceof ArrayBuffer) throw new Error('ArrayBuffer bodies are not part of this emulator')
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

export function requestApis(host: WxHost) {
  const flights = new Set<Flight>()
  let graceTimer: number | undefined

  const interrupt = () => {
    for (const flight of [...flights]) flight.end(fail('interrupted', { errno: 600003 }))
  }
  host.lifecycle.listen('hide', () => {
    graceTimer = window.setTimeout(interrupt, BACKGROUND_GRACE)
  })
  host.lifecycle.listen('show', () => window.clearTimeout(graceTimer))

  const inBackground = () => {
    const { hiddenSince } = host.lifecycle
    return hiddenSince !== undefined && Date.now() - hiddenSince > BACKGROUND_GRACE
  }

  const timeoutOf = (options: Options): number => {
    const configured = (host.program.app.networkTimeout as { request?: number } | undefined)?.request
    return Number(options.timeout ?? configured ?? DEFAULT_TIMEOUT)
  }

  async function send(options: Options, signal: AbortSignal): Promise<Outcome> {
    if (inBackground()) return fail('interrupted', { errno: 600003 })
    if (textOption(options, 'responseType', 'text') !== 'text')
      return fail('responseType "arraybuffer" is not part of this emulator')
    const timeout = timeoutOf(options)
    const answer = await host.link.request({ ...encodeRequest(options), timeout }, signal)
    if (answer.kind === 'fail') return failed(answer.failure)
    return ok({
      data: decode(answer.data, textOption(options, 'dataType', 'json')),
      statusCode: answer.statusCode,
      header: answer.header,
      cookies: [],
    })
  }

  /** Returns a RequestTask, callbacks or not: wx.request has no Promise of its own. */
  function request(given?: unknown) {
    const options = (given ?? {}) as Options
    const settle = beginCall(host, 'request', 'passes', options)
    const cancel = new AbortController()
    const headerListeners = new Set<(detail: object) => void>()
    const finish = (outcome: Outcome) => {
      if (outcome.kind === 'ok' && outcome.result && 'header' in outcome.result)
        for (const listener of headerListeners) listener({ header: outcome.result.header, cookies: [] })
      settle(outcome)
    }
    const flight: Flight = {
      end(outcome) {
        if (!flights.delete(flight)) return
        finish(outcome)
        cancel.abort()
      },
    }
    if (flights.size >= MOST_IN_FLIGHT) {
      settle(fail('network exceed max task count', { errno: 600007 }))
    } else {
      flights.add(flight)
      attempt(() => send(options, cancel.signal), flight.end)
    }
    return {
      abort: () => flight.end(fail('abort')),
      onHeadersReceived: (listener: (detail: object) => void) => void headerListeners.add(listener),
      offHeadersReceived: (listener: (detail: object) => void) => void headerListeners.delete(listener),
    }
  }

  return { request }
}
