import { randomUUID } from 'node:crypto'
import type { AssignResult, Clue, Envelope, LoginResult, Quota } from '@leadbell/contract'
import type { Hono } from 'hono'
import { vi } from 'vitest'
import type { DeliveryRow } from '../db/deliveries.ts'
import { findBoundOpenid } from '../db/bindings.ts'
import { findDelivery } from '../db/deliveries.ts'
import { findAttempt } from '../db/delivery-settlements.ts'
import { createAccount } from '../domain/accounts.ts'
import type { ChangeFeed } from '../domain/change-feed.ts'
import type { Context, DeliveryTemplate } from '../domain/context.ts'
import { wordReason } from '../domain/delivery-reasons.ts'
import type { DeliverySettings, DeliveryWorker } from '../domain/delivery-worker.ts'
import type { PushWorker } from '../domain/pushes.ts'
import { defaultLimits, type LimitSettings } from '../domain/limits.ts'
import { createServices, type ServicesOptions } from '../domain/services.ts'
import { createApp } from '../http/app.ts'
import type { HttpEnv } from '../http/env.ts'
import { createLog } from '../log.ts'
import type { PushSettings } from '../wechat/push/read-push.ts'
import { defaultValues } from '../wechat/templates.ts'
import { openTestDatabase, type TestDatabase } from './database.ts'
import { readCaptcha } from './read-captcha.ts'
import { WechatStandIn } from './wechat-stand-in.ts'

export const TEMPLATE = 'TPL_CLUE_ASSIGNED'
export const PASSWORD = 'a good password'
export const ADMIN_TOKEN = 'admin-token-of-the-tests'
export const template: DeliveryTemplate = {
  templateId: TEMPLATE,
  title: '新线索提醒',
  purpose: 'clue-assigned',
  values: defaultValues['clue-assigned'],
  inDoubt: 'give-up',
  waiting: 'each',
}
export const push: PushSettings = { token: 'pushtoken', appid: 'wx1ead0be110000001', aesKey: undefined }

export interface HarnessOptions {
  limits?: Partial<LimitSettings>
  delivery?: Partial<DeliverySettings>
  template?: Partial<DeliveryTemplate>
  push?: Partial<PushSettings>
  jeecgBoot?: ServicesOptions['jeecgBoot']
  tellsCustomer?: boolean
  integrationSecret?: string
}

/** An answer over HTTP: the envelope and what came around it. */
export interface Answer<T> extends Envelope<T> {
  status: number
  headers: Headers
}

export interface Person {
  id: string
  username: string
  openid: string
}

/** The whole server without its socket: app, domain, database, WeChat played by the stand-in, a clock in hand. */
export class Harness {
  readonly logLines: string[] = []
  readonly #workers: (DeliveryWorker | PushWorker)[] = []
  readonly #feeds: ChangeFeed[] = []
  #now = Date.parse('2026-11-23T01:42:00Z')
  #people = 0

  private constructor(
    readonly db: TestDatabase,
    readonly wechat: WechatStandIn,
    readonly options: HarnessOptions,
  ) {
    const services = this.services()
    this.ctx = services.ctx
    this.worker = services.worker
    this.pushWorker = services.pushWorker
    this.changes = services.changes
    this.app = createApp({
      ctx: this.ctx,
      adminToken: ADMIN_TOKEN,
      trial: true,
      integrationSecret: options.integrationSecret,
      push: { ...push, ...options.push },
      addressOf: (c) => c.req.header('x-test-address') ?? '203.0.113.1',
    })
  }

  readonly ctx: Context
  readonly worker: DeliveryWorker
  readonly pushWorker: PushWorker
  readonly changes: ChangeFeed
  readonly app: Hono<HttpEnv>

  static async start(options: HarnessOptions = {}): Promise<Harness> {
    const [db, wechat] = await Promise.all([openTestDatabase(), new WechatStandIn().start()])
    return new Harness(db, wechat, options)
  }

  /** Another process's services on the same database and WeChat. */
  services() {
    const log = createLog('debug', { write: (line) => void this.logLines.push(line) })
    const services = createServices({
      database: this.db.database,
      log,
      config: {
        baseUrl: this.wechat.baseUrl,
        appid: 'wx1ead0be110000001',
        secret: 'the-app-secret',
        templates: [{ ...template, ...this.options.template }],
        miniprogramState: 'formal',
        loginTimeoutMs: 3000,
        tokenTimeoutMs: 2000,
        sendTimeoutMs: 3000,
      },
      delivery: {
        inDoubtGraceMs: 120_000,
        leaseMs: 45_000,
        pollMs: 15,
        ...this.options.delivery,
      },
      limits: {
        ...defaultLimits,
        loginsPerAddress: 10_000,
        captchasPerAddress: 10_000,
        ...this.options.limits,
      },
      jeecgBoot: this.options.jeecgBoot,
      ...(this.options.tellsCustomer && { tellsCustomer: true }),
      changesEveryMs: 1,
      now: () => new Date(this.#now),
    })
    this.#workers.push(services.worker, services.pushWorker)
    this.#feeds.push(services.changes)
    return services
  }

  advance(ms: number): void {
    this.#now += ms
  }

  now(): Date {
    return new Date(this.#now)
  }

  async stop(): Promise<void> {
    for (const feed of this.#feeds) feed.letGo()
    await Promise.all(this.#workers.map((worker) => worker.stop()))
    await Promise.all(this.#feeds.map((feed) => feed.stop()))
    await this.wechat.stop()
    await this.db.close()
  }

  /** Calls the server; `token` is a session's. */
  async call<T = unknown>(
    method: 'GET' | 'POST' | 'PUT' | 'DELETE',
    path: string,
    {
      token,
      admin,
      body,
      raw,
      headers,
    }: {
      token?: string
      admin?: boolean
      body?: unknown
      raw?: string
      headers?: Record<string, string>
    } = {},
  ): Promise<Answer<T>> {
    const response = await this.app.request(`http://localhost${path}`, {
      method,
      headers: {
        ...(token && { 'x-access-token': token }),
        ...(admin && { authorization: `Bearer ${ADMIN_TOKEN}` }),
        ...headers,
      },
      ...(raw !== undefined ? { body: raw } : body !== undefined && { body: JSON.stringify(body) }),
    })
    const envelope = (await response.json()) as Envelope<T>
    return { ...envelope, status: response.status, headers: response.headers }
  }

  /** A new person with an account; nobody has logged in yet. */
  async hire(realname = '陈小舟'): Promise<Person> {
    const username = `person${++this.#people}`
    const account = await createAccount(
      this.db.database.db,
      { username, realname, password: PASSWORD },
      this.now(),
    )
    if (!account) throw new Error('username taken')
    return { id: String(account.id), username, openid: `openid-${username}` }
  }

  /** A picture, read: the key and what it says. */
  async captcha(): Promise<{ checkKey: string; captcha: string }> {
    const checkKey = randomUUID()
    const { result } = await this.call<string>('GET', `/sys/randomImage/${checkKey}`)
    return { checkKey, captcha: readCaptcha(result) }
  }

  /** Types name, password and captcha, and presses 登录. */
  async login(person: Person, more: Record<string, unknown> = {}): Promise<Answer<LoginResult>> {
    const typed = { username: person.username, password: PASSWORD, ...(await this.captcha()) }
    const code = `code-of-${person.openid}#${randomUUID()}`
    return this.call('POST', '/sys/login', { body: { ...typed, code, ...more } })
  }

  async tokenOf(person: Person): Promise<string> {
    return (await this.login(person)).result.token
  }

  /** 允许 on the panel: WeChat counts it and the phone reports it. */
  async accept(person: Person, token: string, attemptId: string = randomUUID()): Promise<Answer<Quota>> {
    this.wechat.allow(person.openid)
    return this.report(token, attemptId, 'accept')
  }

  report(token: string, attemptId: string, value: string): Promise<Answer<Quota>> {
    return this.call('POST', '/notify/grants', {
      token,
      body: { attemptId, at: this.now().toISOString(), results: { [TEMPLATE]: value } },
    })
  }

  async quotaOf(token: string): Promise<number | undefined> {
    return (await this.call<Quota>('GET', '/notify/quota', { token })).result.quota[TEMPLATE]
  }

  async enterClue(title = '恒泰建材 采购咨询'): Promise<Clue> {
    const body = { title, customerName: '王建国', phone: '138-0000-1024', remark: '' }
    return (await this.call<Clue>('POST', '/admin/clues', { admin: true, body })).result
  }

  /** The back office enters a lead and assigns it. */
  async assign(person: Person, title?: string): Promise<AssignResult> {
    const clue = await this.enterClue(title)
    return (await this.reassign(clue, person)).result
  }

  reassign(clue: Clue, person: Person): Promise<Answer<AssignResult>> {
    return this.call('POST', `/admin/clues/${clue.id}/assign`, {
      admin: true,
      body: { assigneeId: person.id, version: clue.version },
    })
  }

  deleteClue(id: string): Promise<Answer<null>> {
    return this.call('DELETE', `/admin/clues/${id}`, { admin: true })
  }

  /** The row, its reason in the clerk's words, and WeChat's msgid of its present attempt. */
  async delivery(id: string): Promise<DeliveryRow & { msgid: string | null }> {
    const { db } = this.db.database
    const row = await findDelivery(db, Number(id))
    if (!row) throw new Error(`no delivery ${id}`)
    const attempt = row.attemptId === null ? undefined : await findAttempt(db, row.attemptId)
    const bound = (await findBoundOpenid(db, row.accountId)) !== undefined
    return { ...row, reason: wordReason({ ...row, bound }), msgid: attempt?.msgid ?? null }
  }

  /** Waits, with a bound, until the delivery is in that state. */
  until(id: string, state: DeliveryRow['state']) {
    return vi.waitFor(
      async () => {
        const row = await this.delivery(id)
        if (row.state !== state) throw new Error(`delivery ${id} is ${row.state}, not ${state}`)
        return row
      },
      { timeout: 10_000, interval: 10 },
    )
  }
}
