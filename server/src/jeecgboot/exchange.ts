/** What one call came to: an answer in JSON, an answer that no JeecgBoot gives, or none. */
export type Exchange =
  | { kind: 'answered'; status: number; json: unknown }
  | { kind: 'notJeecgBoot'; why: string }
  | { kind: 'unreachable'; why: string }

export interface Call {
  fetch: typeof fetch
  method: 'GET' | 'POST'
  url: URL
  headers?: Record<string, string>
  body?: unknown
  /** For connection, request and the whole answer together. */
  timeoutMs: number
}

// a JeecgBoot older than 2024 does not know X-Version and sends its dictionary along
const MAX_ANSWER_BYTES = 4 * 1024 * 1024

/**
 * One call. Never throws, and what it says of a failure holds nothing of the request. No redirect is followed: the
 * password would go along, or be lost on the way.
 */
export async function exchange(call: Call): Promise<Exchange> {
  const signal = AbortSignal.timeout(call.timeoutMs)
  try {
    const response = await call.fetch(call.url, {
      method: call.method,
      headers: {
        accept: 'application/json',
        ...(call.body !== undefined && { 'content-type': 'application/json;charset=UTF-8' }),
        ...call.headers,
      },
      ...(call.body !== undefined && { body: JSON.stringify(call.body) }),
      redirect: 'manual',
      signal,
    })
    return await read(response)
  } catch (error) {
    return {
      kind: 'unreachable',
      why: signal.aborted ? `no answer in ${call.timeoutMs} ms` : reasonOf(error),
    }
  }
}

async function read(response: Response): Promise<Exchange> {
  const { status } = response
  const refuse = async (why: string): Promise<Exchange> => {
    await response.body?.cancel()
    return { kind: 'notJeecgBoot', why }
  }
  if (status >= 300 && status < 400) return refuse(`HTTP ${status}: redirects to ${targetOf(response)}`)
  const type = response.headers.get('content-type') ?? ''
  if (!/^application\/(.+\+)?json\b/i.test(type)) return refuse(`HTTP ${status} of type ${type || 'unknown'}`)
  const text = await readText(response)
  if (text === undefined) return { kind: 'notJeecgBoot', why: `longer than ${MAX_ANSWER_BYTES} bytes` }
  const json = tryJson(text)
  if (json === undefined) return { kind: 'notJeecgBoot', why: `HTTP ${status}, broken JSON` }
  return { kind: 'answered', status, json }
}

/** Undefined when it is too long; the rest is not fetched then. */
async function readText(response: Response): Promise<string | undefined> {
  const chunks: Uint8Array[] = []
  let size = 0
  const reader = response.body?.getReader()
  for (let read = await reader?.read(); read?.value; read = await reader?.read()) {
    size += read.value.length
    if (size > MAX_ANSWER_BYTES) {
      await reader?.cancel()
      return undefined
    }
    chunks.push(read.value)
  }
  return Buffer.concat(chunks).toString('utf8')
}

// the host only: a path or a query may hold what somebody typed
function targetOf(response: Response): string {
  const location = response.headers.get('location') ?? ''
  return URL.canParse(location, response.url || undefined)
    ? new URL(location, response.url || undefined).host
    : 'somewhere'
}

/** fetch says "fetch failed" and hides the reason in the cause. */
function reasonOf(error: unknown): string {
  const cause = error instanceof Error ? (error.cause ?? error) : error
  if (!(cause instanceof Error)) return 'the call failed'
  return 'code' in cause && typeof cause.code === 'string' ? cause.code : cause.message
}

function tryJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
