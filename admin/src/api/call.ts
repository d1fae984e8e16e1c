import type { EndpointName, Endpoints } from '@leadbell/contract'
import { UNAUTHORIZED, type Outcome } from './outcome.ts'

type Parts = Partial<Record<'path' | 'query' | 'body', object>>

interface CallOptions {
  /** Sent as Idempotency-Key: the same call again answers what the first one did, and does nothing. */
  key?: string
  signal?: AbortSignal
  /** @default the session's */
  token?: string
}

/** What a call sends: of `path`, `query` and `body` those that its endpoint has. */
type CallInput<N extends EndpointName> = CallOptions & {
  [K in 'path' | 'query' | 'body' as Endpoints[N][K] extends undefined ? never : K]: Endpoints[N][K]
}

/** What the calls need to know of the session; its store provides it. */
interface SessionLink {
  token(): string
  /** The session of this token is over. */
  onUnauthorized(token: string, message: string): void
}

let session: SessionLink = { token: () => '', onUnauthorized: () => undefined }

/** Stores know this folder and not the other way round, so the session introduces itself. */
export function linkSession(link: SessionLink): void {
  session = link
}

const TIMEOUT_MS = 30_000

/** Where the backend is: a level above the page, which lies at /admin/. */
export const apiBase = (page = location.href) =>
  new URL('..', page.replace(/[?#].*$/, '')).href.replace(/\/$/, '')

/** Calls an endpoint of the contract. Answers a result or an error, and throws only for an aborted `signal`. */
export async function call<N extends EndpointName>(
  name: N,
  input: CallInput<N>,
): Promise<Outcome<Endpoints[N]['result']>> {
  const { path, query, body, key, signal, token = session.token() }: Parts & CallOptions = input
  let response: Response
  let text: string
  try {
    response = await fetch(addressOf(name, path, query), {
      method: name.slice(0, name.indexOf(' ')),
      headers: {
        ...(token && { 'x-access-token': token }),
        ...(body && { 'content-type': 'application/json' }),
        ...(key && { 'idempotency-key': key }),
      },
      ...(body && { body: JSON.stringify(body) }),
      signal: signal
        ? AbortSignal.any([signal, AbortSignal.timeout(TIMEOUT_MS)])
        : AbortSignal.timeout(TIMEOUT_MS),
    })
    text = await response.text()
  } catch (error) {
    if (signal?.aborted) throw error
    return { ok: false, error: { kind: 'unreachable' } }
  }
  return read(response, text, token)
}

function addressOf(name: EndpointName, path: object = {}, query: object = {}): string {
  const values = new Map(Object.entries(path).map(([part, value]) => [part, String(value)]))
  const filled = name
    .slice(name.indexOf(' ') + 1)
    .replace(/\{(\w+)\}/g, (_whole, part: string) => encodeURIComponent(values.get(part) ?? ''))
  const asked = new URLSearchParams(
    Object.entries(query).flatMap(([part, value]) =>
      value === undefined || value === '' ? [] : [[part, String(value)]],
    ),
  ).toString()
  return `${apiBase()}${filled}${asked && `?${asked}`}`
}

function read<T>(response: Response, text: string, token: string): Outcome<T> {
  const rid = response.headers.get('x-request-id') ?? ''
  const answer = parse(text)
  if (!answer) return { ok: false, error: { kind: 'broken', status: response.status, rid } }
  const { code, message, result } = answer
  // JeecgBoot's rule: success is 0 or 200 and nothing else
  if (code === 0 || code === 200) return { ok: true, value: result as T }
  if (response.status === UNAUTHORIZED) {
    session.onUnauthorized(token, message)
    return { ok: false, error: { kind: 'unauthorized', message } }
  }
  const replayed = response.headers.get('idempotent-replayed') === 'true' && { replayed: true as const }
  return { ok: false, error: { kind: 'refused', code, message, result, rid, ...replayed } }
}

function parse(text: string): { code: number; message: string; result: unknown } | undefined {
  try {
    const answer: unknown = JSON.parse(text)
    if (typeof answer !== 'object' || answer === null || !('code' in answer)) return undefined
    const { code } = answer
    const message = 'message' in answer && typeof answer.message === 'string' ? answer.message : ''
    return typeof code === 'number'
      ? { code, message, result: 'result' in answer ? answer.result : null }
      : undefined
  } catch {
    return undefined
  }
}
