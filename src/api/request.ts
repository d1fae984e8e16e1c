import type { EndpointName, Endpoints } from '@leadbell/contract'
import { requestFailure } from '@/wechat/request-failure.ts'
import { settleOnce, type HostFailure } from '@/wechat/host.ts'
import type { ApiError, Outcome } from './outcome.ts'

/** The one host call of this folder, as WeChat really answers it: any HTTP status is a success. */
export interface RequestHost {
  request(options: {
    url: string
    /** WeChat knows no PATCH. */
    method: 'GET' | 'POST' | 'PUT' | 'DELETE'
    header: Record<string, string>
    data?: object
    timeout: number
    success(answer: { statusCode: number; data: unknown }): void
    fail(failure: HostFailure): void
  }): { abort(): void }
}

export interface RequestOptions {
  host(): RequestHost
  /** Without a slash at the end. */
  baseUrl: string
  /** The session's token, or an empty string. */
  token(): string
  /** Called for every answer that says this token's session is over, before the outcome is handed out. */
  onUnauthorized(token: string): void
  /** @default 15000 */
  timeoutMs?: number
}

const PATIENCE_MS = 2000

/** Only what an endpoint has: `{}` for one without path, query and body. */
type Input<E extends EndpointName> = {
  [K in 'path' | 'query' | 'body' as Endpoints[E][K] extends undefined ? never : K]: Endpoints[E][K]
}

export type Result<E extends EndpointName> = Endpoints[E]['result']

/** Settles with an outcome and never rejects. `abort` settles it as `abort`. */
export type Call<T> = Promise<Outcome<T>> & { abort(): void }

export interface CallOptions<E extends EndpointName> {
  header?: Record<string, string>
  /** Checks what the page could not live without; the rest of the contract is taken on trust. */
  accepts?(result: Result<E>): boolean
}

/**
 * Makes the typed `request(endpoint, input)`. Path, body and result come from the contract's table; the
 * envelope is unwrapped; nothing is retried and nothing is shown: that is the caller's business.
 *
 * @example
 * const outcome = await request('GET /clues/{id}', { path: { id: '7' } })
 * if (outcome.ok) show(outcome.result.title)
 */
export function createRequest({ host, baseUrl, token, onUnauthorized, timeoutMs = 15_000 }: RequestOptions) {
  return function request<E extends EndpointName>(
    endpoint: E,
    input: Input<E>,
    { header = {}, accepts = () => true }: CallOptions<E> = {},
  ): Call<Result<E>> {
    const { path, query, body }: { path?: object; query?: object; body?: object } = input
    const [method, template] = endpoint.split(' ') as ['GET' | 'POST' | 'PUT' | 'DELETE', string]
    const task: { abort?: () => void } = {}
    const sentToken = token()

    const outcome = new Promise<Outcome<Result<E>>>((resolve) => {
      const finish = (answer: Outcome<Result<E>>) => {
        if (!answer.ok && answer.error.kind === 'unauthorized') onUnauthorized(sentToken)
        resolve(answer)
      }
      settleOnce(
        finish,
        { ok: false, error: { kind: 'network' } },
        (settle) => {
          const sent = host().request({
            url: baseUrl + fill(template, path) + toQuery(query),
            method,
            header: { ...(sentToken && { 'X-Access-Token': sentToken }), ...header },
            data: body,
            timeout: timeoutMs,
            success: ({ statusCode, data }) => settle(readAnswer(statusCode, data, accepts)),
            fail: (failure) => settle({ ok: false, error: { kind: requestFailure(failure) } }),
          })
          task.abort = () => sent.abort()
        },
        // The host's timeout should come first. If it never does, nobody waits for ever.
        { ms: timeoutMs + PATIENCE_MS, outcome: { ok: false, error: { kind: 'timeout' } } },
      )
    })
    return Object.assign(outcome, { abort: () => task.abort?.() })
  }
}

const fill = (template: string, path: object = {}) =>
  Object.entries(path).reduce(
    (url, [name, value]) => url.replace(`{${name}}`, encodeURIComponent(String(value))),
    template,
  )

function toQuery(query: object = {}): string {
  const pairs = Object.entries(query)
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => `${name}=${encodeURIComponent(String(value))}`)
  return pairs.length ? `?${pairs.join('&')}` : ''
}

function readAnswer<T>(status: number, data: unknown, accepts: (result: T) => boolean): Outcome<T> {
  const failure = (error: ApiError): Outcome<T> => ({ ok: false, error })
  const isOk = status >= 200 && status < 300
  if (!isEnvelope(data)) {
    if (status === 401) return failure({ kind: 'unauthorized', message: '' })
    return failure(isOk ? { kind: 'contract' } : { kind: 'http', status })
  }
  const { code, message, result } = data
  // One 401 of JeecgBoot says `success: true`: the status and the code decide, never `success`.
  if (status === 401 || code === 401) return failure({ kind: 'unauthorized', message })
  if (!isOk || (code !== 0 && code !== 200)) return failure({ kind: 'business', code, message, result })
  return accepts(result as T) ? { ok: true, result: result as T } : failure({ kind: 'contract' })
}

const isEnvelope = (data: unknown): data is { code: number; message: string; result: unknown } =>
  typeof data === 'object' &&
  data !== null &&
  typeof (data as { code?: unknown }).code === 'number' &&
  typeof (data as { message?: unknown }).message === 'string'
