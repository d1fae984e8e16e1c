import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import svgCaptcha from 'svg-captcha'
import { CHARACTERS } from '../domain/captcha.ts'

/** What JeecgBoot answers instead of the usual: its envelope, or what stands between it and us. */
export type JeecgBootReply =
  | { status?: number; type?: string; text: string; headers?: Record<string, string> }
  /** Takes the request and says nothing for as long as the test runs. */
  | 'hang'
  /** Takes the request and cuts the connection. */
  | 'drop'

export interface JeecgBootUser {
  /** SysUser.id, a snowflake in text. */
  id: string
  username: string
  realname: string | null
  password: string
  /** SysUser.status 2. @default false */
  frozen?: boolean
}

const CAPTCHA_MS = 60_000
const LOCK_MS = 600_000
const LOCK_AFTER = 5
const PREFIX = '/jeecg-boot'

/**
 * Plays `/sys/randomImage`, `/sys/login` and `/sys/logout` as LoginController.java of v3.9 does, in its order: lock,
 * captcha, user, password. Six wrong passwords within ten minutes lock a name, each one slides the ten minutes. A
 * picture dies by a successful login, by a newer one under its key, and after 60 seconds; a wrong answer leaves it
 * alive. Unlike there it is an SVG, which readCaptcha can read.
 */
export class JeecgBootStandIn {
  baseUrl = ''
  /** Tokens that are good now. */
  readonly tokens = new Set<string>()
  /** Bodies of every login, and the X-Version each came with. */
  readonly logins: { body: Record<string, unknown>; version: string | undefined }[] = []
  /** Set to play something else than the usual; undefined plays the usual. */
  onRequest: ((path: string) => JeecgBootReply | undefined) | undefined
  readonly #users = new Map<string, JeecgBootUser>()
  readonly #captchas = new Map<string, { answer: string; until: number }>()
  readonly #failures = new Map<string, { count: number; until: number }>()
  readonly #now: () => number
  #issued = 0
  readonly #server = createServer((request, response) => void this.#serve(request, response))

  constructor({ users = [], now = Date.now }: { users?: JeecgBootUser[]; now?: () => number } = {}) {
    this.#now = now
    for (const user of users) this.setUser(user)
  }

  async start(): Promise<this> {
    await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve))
    this.baseUrl = `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}${PREFIX}`
    return this
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections()
    await new Promise((resolve) => this.#server.close(resolve))
  }

  /** Adds a user, or changes one. */
  setUser(user: JeecgBootUser): void {
    this.#users.set(user.username, user)
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk as Buffer)
    const path = (request.url ?? '').slice(PREFIX.length)
    const special = this.onRequest?.(path)
    if (special === 'hang') return
    if (special === 'drop') return void request.socket.destroy()
    if (special) {
      const { status = 200, type = 'application/json', text, headers } = special
      response.writeHead(status, { 'content-type': type, ...headers }).end(text)
      return
    }
    const envelope = this.#answer(path, request, Buffer.concat(chunks).toString())
    response
      .writeHead(200, { 'content-type': 'application/json' })
      .end(JSON.stringify({ ...envelope, timestamp: this.#now() }))
  }

  #answer(path: string, request: IncomingMessage, body: string) {
    if (path.startsWith('/sys/randomImage/')) return this.#randomImage(path.slice('/sys/randomImage/'.length))
    if (path === '/sys/login' && request.method === 'POST') {
      const typed = JSON.parse(body) as Record<string, unknown>
      const version = request.headers['x-version']
      this.logins.push({ body: typed, version: typeof version === 'string' ? version : undefined })
      return this.#login(typed)
    }
    if (path === '/sys/logout') return this.#logout(request.headers['x-access-token'])
    return envelope(false, 404, '路径不存在，请检查路径是否正确')
  }

  #randomImage(checkKey: string) {
    const { text, data } = svgCaptcha.create({ size: 4, charPreset: CHARACTERS, noise: 2, color: false })
    this.#captchas.set(checkKey, { answer: text.toLowerCase(), until: this.#now() + CAPTCHA_MS })
    return envelope(true, 0, '', `data:image/svg+xml;base64,${Buffer.from(data).toString('base64')}`)
  }

  #login(typed: Record<string, unknown>) {
    const [username, checkKey] = [String(typed.username), String(typed.checkKey)]
    if ((this.#failuresOf(username)?.count ?? 0) > LOCK_AFTER)
      return envelope(false, 500, '该用户登录失败次数过多，请于10分钟后再次登录！')
    if (typeof typed.captcha !== 'string') return envelope(false, 500, '验证码无效')
    const picture = this.#captchas.get(checkKey)
    if (!picture || picture.until <= this.#now() || picture.answer !== typed.captcha.toLowerCase())
      return envelope(false, 412, '验证码错误')
    const user = this.#users.get(username)
    if (!user) return envelope(false, 500, '该用户不存在，请注册')
    if (user.frozen) return envelope(false, 500, '该用户已冻结')
    if (user.password !== typed.password) {
      const count = (this.#failuresOf(username)?.count ?? 0) + 1
      this.#failures.set(username, { count, until: this.#now() + LOCK_MS })
      return envelope(false, 500, '用户名或密码错误')
    }
    const token = `jwt-of-${username}-${++this.#issued}`
    this.tokens.add(token)
    this.#captchas.delete(checkKey)
    this.#failures.delete(username)
    const { id, realname } = user
    const userInfo = { id, username, realname, status: 1, delFlag: 0, orgCode: 'A01', loginTenantId: 0 }
    return envelope(true, 200, '登录成功', { token, tenantList: [], userInfo, departs: [], multi_depart: 0 })
  }

  #failuresOf(username: string) {
    const failures = this.#failures.get(username)
    return failures && failures.until > this.#now() ? failures : undefined
  }

  #logout(token: string | string[] | undefined) {
    if (typeof token !== 'string' || token === '') return envelope(false, 500, '退出登录失败！')
    this.tokens.delete(token)
    return envelope(true, 200, '退出登录成功！', '退出登录成功！')
  }
}

const envelope = (success: boolean, code: number, message: string, result: unknown = null) => ({
  success,
  message,
  code,
  result,
})
