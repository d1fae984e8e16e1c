import { createServer, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { WebhookEvent } from '../domain/webhook-event.ts'

/** What the stand-in does with a call: a status, or no answer. */
export type HookReply =
  | number
  /** Takes the request and says nothing for as long as the test runs. */
  | 'hang'
  /** Takes the request and cuts the connection. */
  | 'drop'
  /** 200, and then an answer that never ends. */
  | 'flood'

export interface HookRequest {
  method: string
  path: string
  headers: IncomingHttpHeaders
  raw: string
  event: WebhookEvent
}

/** Plays the customer's system: takes what is posted and remembers it, refused or not. */
export class WebhookStandIn {
  url = ''
  readonly requests: HookRequest[] = []
  /** Set to play something else than 204. */
  onCall: ((event: WebhookEvent) => HookReply | Promise<HookReply>) | undefined
  readonly #server = createServer((request, response) => void this.#serve(request, response))

  async start(): Promise<this> {
    await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve))
    this.url = `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}/hooks/leadbell`
    return this
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections()
    await new Promise((resolve) => this.#server.close(resolve))
  }

  reset(): void {
    this.requests.length = 0
    this.onCall = undefined
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk as Buffer)
    const raw = Buffer.concat(chunks).toString('utf8')
    const event = (raw === '' ? {} : JSON.parse(raw)) as WebhookEvent
    const { method = '', url: path = '', headers } = request
    this.requests.push({ method, path, headers, raw, event })
    const reply = (await this.onCall?.(event)) ?? 204
    if (reply === 'hang') return
    if (reply === 'drop') return void request.socket.destroy()
    if (reply === 'flood') return flood(response)
    response.writeHead(reply, reply >= 300 && reply < 400 ? { location: '/elsewhere' } : {}).end()
  }
}

function flood(response: ServerResponse): void {
  response.writeHead(200)
  const pour = () => {
    while (!response.destroyed && response.write(Buffer.alloc(16 * 1024)));
    if (!response.destroyed) response.once('drain', pour)
  }
  pour()
}
