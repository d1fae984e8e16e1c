import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { WechatStandIn } from './wechat-stand-in.ts'

const SEND = '/cgi-bin/message/subscribe/send'

/** Stands before WeChat and holds every send back until it is opened; the rest goes through. */
export class SendGate {
  baseUrl = ''
  readonly #waiting: (() => void)[] = []
  #isOpen = false
  readonly #server = createServer((request, response) => void this.#pass(request, response))

  constructor(private readonly wechat: WechatStandIn) {}

  async start(): Promise<void> {
    await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve))
    this.baseUrl = `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections()
    await new Promise((resolve) => this.#server.close(resolve))
  }

  /** Sends that wait for their answer. */
  get held(): number {
    return this.#waiting.length
  }

  open(): void {
    this.#isOpen = true
    for (const pass of this.#waiting.splice(0)) pass()
  }

  /** Who waited until now never gets an answer. */
  shut(): void {
    this.#isOpen = false
    this.#waiting.length = 0
  }

  async #pass(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk as Buffer)
    if (request.url?.startsWith(SEND) && !this.#isOpen)
      await new Promise<void>((resolve) => this.#waiting.push(resolve))
    const { method = 'GET', url = '/' } = request
    const answer = await fetch(`${this.wechat.baseUrl}${url}`, {
      method,
      ...(method !== 'GET' && { body: Buffer.concat(chunks) }),
    })
    response.writeHead(answer.status, { 'content-type': 'text/plain' }).end(await answer.text())
  }
}
