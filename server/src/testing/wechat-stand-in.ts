import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

/** What the stand-in does with a call: an answer's fields, or no answer. */
export type Reply =
  | Record<string, unknown>
  /** Takes the request, acts, and says nothing for as long as the test runs. */
  | 'hang'
  /** Takes the request and cuts the connection. */
  | 'drop'
  /** A gateway's page instead of WeChat's answer. */
  | 'html'

export interface SentMessage {
  touser: string
  template_id: string
  page: string
  miniprogram_state: string
  lang: string
  data: Record<string, { value: string }>
}

/** The template the server's tests are configured with, as `gettemplate` lists it. */
const listedTemplate = {
  priTmplId: 'TPL_CLUE_ASSIGNED',
  title: '新线索提醒',
  content: '线索名称:{{thing1.DATA}}\n分配时间:{{time2.DATA}}\n线索状态:{{phrase3.DATA}}\n',
  example: '线索名称:恒泰建材 采购咨询\n分配时间:2026-11-23 09:42\n线索状态:待跟进\n',
  type: 2,
}

const MSGID = 2097683633284153000n

/**
 * Plays the calls of api.weixin.qq.com we make, as documented (wechat-platform.md §4–7): HTTP 200 and
 * text/plain always, msgid an unquoted integer above 2^53, quotas counted. The code `code-of-X` is X's.
 */
export class WechatStandIn {
  baseUrl = ''
  /** Messages that WeChat took, delivered or not known to the caller. */
  readonly taken: SentMessage[] = []
  readonly tokenCalls: { force_refresh: boolean }[] = []
  sendCalls = 0
  /** The one token that is good. */
  token = 'token-1'
  readonly #quota = new Map<string, number>()
  #messages = 0
  readonly #usedCodes = new Set<string>()
  /** Set to play something else than the usual; undefined plays the usual. */
  onCode: ((code: string) => Reply | undefined) | undefined
  onToken: ((force: boolean) => Reply | undefined) | undefined
  onSend: ((message: SentMessage, call: number) => Reply | undefined) | undefined
  onTemplates: (() => Reply | undefined) | undefined
  readonly #server = createServer((request, response) => void this.#serve(request, response))

  async start(): Promise<this> {
    await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve))
    this.baseUrl = `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`
    return this
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections()
    await new Promise((resolve) => this.#server.close(resolve))
  }

  /** A panel was accepted: WeChat allows one more message. */
  allow(openid: string, count = 1): void {
    this.#quota.set(openid, this.#left(openid) + count)
  }

  #left(openid: string): number {
    return this.#quota.get(openid) ?? 0
  }

  /** Back to the usual, with nothing remembered but the token. */
  reset(): void {
    this.onCode = this.onToken = this.onSend = this.onTemplates = undefined
    this.taken.length = this.tokenCalls.length = this.sendCalls = 0
    this.#quota.clear()
    this.#usedCodes.clear()
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk as Buffer)
    const text = Buffer.concat(chunks).toString()
    const url = new URL(request.url ?? '/', this.baseUrl)
    const reply = this.#reply(url, text)
    if (reply === 'hang') return
    if (reply === 'drop') return void request.socket.destroy()
    if (reply === 'html') {
      response.writeHead(502, { 'content-type': 'text/html' }).end('<html>Bad Gateway</html>')
      return
    }
    response.writeHead(200, { 'content-type': 'text/plain' }).end(unquoteMsgid(JSON.stringify(reply)))
  }

  #reply(url: URL, body: string): Reply {
    switch (url.pathname) {
      case '/sns/jscode2session':
        return this.#code2Session(url.searchParams.get('js_code') ?? '')
      case '/cgi-bin/stable_token': {
        const { force_refresh } = JSON.parse(body) as { force_refresh: boolean }
        this.tokenCalls.push({ force_refresh })
        const special = this.onToken?.(force_refresh)
        if (special) return special
        if (force_refresh) this.token = `${this.token}+`
        return { access_token: this.token, expires_in: 7200 }
      }
      case '/cgi-bin/message/subscribe/send':
        return this.#send(url.searchParams.get('access_token'), JSON.parse(body) as SentMessage)
      case '/wxaapi/newtmpl/gettemplate':
        return this.#templates(url.searchParams.get('access_token'))
      default:
        return 'html'
    }
  }

  #code2Session(code: string): Reply {
    const special = this.onCode?.(code)
    if (special) return special
    if (this.#usedCodes.has(code)) return { errcode: 40163, errmsg: 'code been used, rid: 1-2-3' }
    this.#usedCodes.add(code)
    const [, openid] = /^code-of-([^#]+)/.exec(code) ?? []
    return openid
      ? { openid, session_key: 'c2Vzc2lvbiBrZXk=' }
      : { errcode: 40029, errmsg: 'invalid code, rid: 1-2-3' }
  }

  #send(token: string | null, message: SentMessage): Reply {
    this.sendCalls++
    const special = this.onSend?.(message, this.sendCalls)
    if (special === 'hang' || special === 'drop') this.#take(message)
    if (special) return special
    if (token !== this.token) return staleToken
    if (this.#left(message.touser) <= 0)
      return { errcode: 43101, errmsg: 'user refuse to accept the msg rid: 1-2-3' }
    this.#take(message)
    return { errcode: 0, errmsg: 'ok', msgid: String(MSGID + BigInt(++this.#messages)) }
  }

  #templates(token: string | null): Reply {
    const special = this.onTemplates?.()
    if (special) return special
    return token === this.token ? { errcode: 0, errmsg: 'ok', data: [listedTemplate] } : staleToken
  }

  #take(message: SentMessage): void {
    this.taken.push(message)
    this.#quota.set(message.touser, this.#left(message.touser) - 1)
  }
}

const staleToken = { errcode: 40001, errmsg: 'invalid credential rid: 1-2-3' }

const unquoteMsgid = (json: string) => json.replace(/"msgid":"(\d+)"/, '"msgid":$1')
