import { endpoints, type EndpointName, type Endpoints } from '@leadbell/contract'
import { vi } from 'vitest'

export interface PlayedCall {
  name: EndpointName
  path: Record<string, string>
  query: Record<string, string>
  body: unknown
  headers: Headers
}

type Reply<N extends EndpointName> = Endpoints[N]['result'] | Refusal
type Handler<N extends EndpointName> = (call: PlayedCall) => Reply<N> | Promise<Reply<N>>

/** What the backend says no with. */
export class Refusal {
  constructor(
    readonly code: number,
    readonly message: string,
    readonly result: unknown = null,
    readonly status = code >= 400 && code < 600 && code !== 412 && code !== 500 ? code : 200,
  ) {}
}

/** Plays the backend behind `fetch`: each endpoint of the contract as a test says, everything else is an error. */
export class Backend {
  readonly calls: PlayedCall[] = []
  /** While true, nothing is answered and each call fails as without a network. */
  offline = false
  private readonly handlers = new Map<EndpointName, Handler<EndpointName>>()

  constructor() {
    vi.stubGlobal('fetch', (input: string | URL | Request, init: RequestInit = {}) =>
      this.fetch(String(input), init),
    )
  }

  on<N extends EndpointName>(name: N, handler: Handler<N>): this {
    this.handlers.set(name, handler as Handler<EndpointName>)
    return this
  }

  of(name: EndpointName): PlayedCall[] {
    return this.calls.filter((call) => call.name === name)
  }

  private async fetch(address: string, init: RequestInit): Promise<Response> {
    const { pathname, searchParams } = new URL(address, 'http://backend.test')
    const [name, path] = find(init.method ?? 'GET', pathname)
    const call: PlayedCall = {
      name,
      path,
      query: Object.fromEntries(searchParams),
      body: typeof init.body === 'string' ? JSON.parse(init.body) : undefined,
      headers: new Headers(init.headers),
    }
    this.calls.push(call)
    if (this.offline) throw new TypeError('Failed to fetch')
    const handler = this.handlers.get(name)
    if (!handler) throw new Error(`nobody plays ${name}`)
    const replied = await handler(call)
    init.signal?.throwIfAborted()
    const refusal = replied instanceof Refusal ? replied : undefined
    const envelope = {
      success: !refusal,
      code: refusal?.code ?? 200,
      message: refusal?.message ?? '',
      result: refusal ? refusal.result : replied,
      timestamp: Date.now(),
    }
    return new Response(JSON.stringify(envelope), {
      status: refusal?.status ?? 200,
      headers: { 'content-type': 'application/json', 'x-request-id': 'rid-of-the-test' },
    })
  }
}

function find(method: string, pathname: string): [EndpointName, Record<string, string>] {
  for (const name of Object.keys(endpoints) as EndpointName[]) {
    const [itsMethod, template = ''] = name.split(' ')
    const parts = [...template.matchAll(/\{(\w+)\}/g)].map(([, part]) => part ?? '')
    const found = new RegExp(`^${template.replace(/\{\w+\}/g, '([^/]+)')}$`).exec(pathname)
    // a fixed path such as /admin/clues/import comes before /admin/clues/{id} in the table
    if (found && itsMethod === method)
      return [
        name,
        Object.fromEntries(parts.map((part, n) => [part, decodeURIComponent(found[n + 1] ?? '')])),
      ]
  }
  throw new Error(`no endpoint ${method} ${pathname}`)
}
