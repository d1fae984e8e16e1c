import { fork, type ChildProcess } from 'node:child_process'
import { createServer, request, type IncomingMessage, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { build } from 'esbuild'
import { accountNumber, startCloud, type RunningCloud } from '../../emulator/src/index.ts'
import { openDatabase, type Database } from '../../server/src/db/database.ts'
import { migrate } from '../../server/src/db/migrate.ts'
import { createPostgresDatabase } from '../../server/src/testing/database.ts'
import { defaultValues } from '../../server/src/wechat/templates.ts'
import type { StormBackendOptions } from './backend.ts'

export const TEMPLATE = 'TPL_CLUE_ASSIGNED_0000000000000000000000001'
const wechat = { appid: 'wx1ead0be110000001', secret: 'emulated-secret' }
const push = { token: 'stormToken', aesKey: 'stormEncodingAESKey000000000000000000000001' }
const ADMIN_TOKEN = 'storm-admin-token-0123456789'

export type Engine = 'PGlite' | 'PostgreSQL'

interface StormOptions {
  engine: Engine
  people: number
  /** Grants that each has in WeChat and in our book. */
  grants: number
  /** Processes of the backend side by side; PGlite takes one. */
  backends: number
  inDoubt: 'give-up' | 'resend'
  sendTimeoutMs: number
  leaseMs: number
  graceMs: number
}

/** WeChat, a database, backends that come and go, and a proxy before them as nginx would be. */
export class Storm {
  readonly #children = new Map<ChildProcess, number>()
  #next = 0
  #isOver = false
  kills = 0

  private constructor(
    readonly cloud: RunningCloud,
    readonly options: StormOptions,
    readonly backend: StormBackendOptions,
    readonly proxy: Server,
    /** Opened by the test: on PGlite only while no backend runs. */
    readonly openBook: () => Promise<Database>,
    readonly removeDatabase: () => Promise<void>,
    readonly program: string,
  ) {}

  static async start(options: StormOptions): Promise<Storm> {
    const cloud = await startCloud({
      port: 0,
      accounts: options.people,
      keepSends: true,
      // the answer is slow: this is when a kill hurts
      latencyMs: [20, 200],
    })
    const { source, remove } = await createSource(options.engine)
    const openBook = () => openDatabase(source)
    const book = await openBook()
    await migrate(book)
    await hire(book, options)
    await book.close()
    for (let n = 1; n <= options.people; n++)
      cloud.cloud.grant(accountNumber(n).openid, TEMPLATE, options.grants)
    const backend: StormBackendOptions = {
      database: source,
      wechat: { baseUrl: cloud.url, ...wechat },
      template: {
        templateId: TEMPLATE,
        title: '新线索提醒',
        purpose: 'clue-assigned',
        values: defaultValues['clue-assigned'],
        inDoubt: options.inDoubt,
        waiting: 'each',
      },
      push,
      adminToken: ADMIN_TOKEN,
      sendTimeoutMs: options.sendTimeoutMs,
      leaseMs: options.leaseMs,
      graceMs: options.graceMs,
    }
    const proxy = createServer()
    const storm = new Storm(cloud, options, backend, proxy, openBook, remove, await bundleBackend())
    proxy.on('request', (incoming, outgoing) => {
      storm.#forward(incoming).then(
        ({ status, text }) => outgoing.writeHead(status).end(text),
        () => outgoing.writeHead(502).end(),
      )
    })
    await new Promise<void>((listening) => proxy.listen(0, '127.0.0.1', listening))
    await Promise.all(Array.from({ length: options.backends }, () => storm.#spawn()))
    return storm
  }

  get url(): string {
    return `http://127.0.0.1:${(this.proxy.address() as AddressInfo).port}`
  }

  /** From now on WeChat pushes its events to whichever backend lives; `lost` of them never arrive. */
  async pushEvents(lost = 0): Promise<void> {
    await this.cloud.cloud.setPush({
      url: `${this.url}/wechat/events`,
      ...push,
      mode: 'encrypted',
      format: 'json',
      latencyMs: [20, 300],
    })
    if (lost > 0) this.cloud.cloud.addPushFault({ kind: 'lose', probability: lost })
  }

  async call<T>(method: string, path: string, body?: object): Promise<T> {
    const text = body && JSON.stringify(body)
    const answer = await this.#send(method, path, { authorization: `Bearer ${ADMIN_TOKEN}` }, text)
    const envelope = JSON.parse(answer.text) as { code: number; message: string; result: T }
    if (envelope.code !== 200) throw new Error(`${method} ${path}: ${envelope.message}`)
    return envelope.result
  }

  /** One of the backends dies on the spot, and another takes its place. */
  async killOne(): Promise<void> {
    const living = [...this.#children.keys()]
    const victim = living[Math.floor(Math.random() * living.length)]
    if (!victim) return
    this.kills++
    const gone = new Promise((exited) => victim.once('exit', exited))
    victim.kill('SIGKILL')
    // PGlite's folder is its own until then
    if (this.options.engine === 'PGlite') await gone
    await this.#spawn()
  }

  /** Ends every backend, so that the books can be compared. */
  async calm(): Promise<void> {
    this.#isOver = true
    for (const child of this.#children.keys()) {
      const gone = new Promise((exited) => child.once('exit', exited))
      child.kill('SIGKILL')
      await gone
    }
  }

  async stop(): Promise<void> {
    await this.calm()
    await this.cloud.close()
    this.proxy.closeAllConnections()
    await new Promise((closed) => this.proxy.close(closed))
    await this.removeDatabase()
  }

  async #spawn(): Promise<void> {
    const child = fork(this.program, [], {
      env: { ...process.env, LEADBELL_STORM: JSON.stringify(this.backend) },
      execArgv: [],
    })
    child.once('exit', () => this.#children.delete(child))
    const port = await new Promise<number | undefined>((ready) => {
      child.once('message', (message: { port: number }) => ready(message.port))
      child.once('exit', () => ready(undefined))
    })
    if (port === undefined && !this.#isOver) throw new Error('a backend did not start')
    if (port !== undefined) this.#children.set(child, port)
  }

  async #forward(incoming: IncomingMessage): Promise<{ status: number; text: string }> {
    const chunks: Buffer[] = []
    for await (const chunk of incoming) chunks.push(chunk as Buffer)
    const { 'content-type': type = '', authorization = '' } = incoming.headers
    const headers = { 'content-type': type, ...(authorization && { authorization }) }
    return this.#send(
      incoming.method ?? 'GET',
      incoming.url ?? '/',
      headers,
      Buffer.concat(chunks).toString(),
    )
  }

  /** To a backend that lives; to the next one when it dies over it. */
  async #send(method: string, path: string, headers: Record<string, string>, body = '') {
    for (let tried = 0; ; tried++) {
      const ports = [...this.#children.values()]
      const port = ports[this.#next++ % Math.max(1, ports.length)]
      if (port !== undefined) {
        const answer = await exchange(port, method, path, headers, body).catch(() => undefined)
        if (answer && answer.status !== 502) return answer
      }
      if (tried > 200) throw new Error('no backend answers')
      await new Promise((later) => setTimeout(later, 50))
    }
  }
}

function exchange(
  port: number,
  method: string,
  path: string,
  headers: Record<string, string>,
  body: string,
): Promise<{ status: number; text: string }> {
  return new Promise((done, failed) => {
    const sent = request({ port, host: '127.0.0.1', method, path, headers, agent: false }, (answer) => {
      let text = ''
      answer.on('data', (chunk: Buffer) => (text += chunk.toString()))
      answer.on('end', () => done({ status: answer.statusCode ?? 502, text }))
      answer.on('error', failed)
    })
    sent.on('error', failed)
    sent.end(body)
  })
}

async function createSource(engine: Engine) {
  if (engine === 'PostgreSQL') {
    const { url, drop } = await createPostgresDatabase()
    return { source: { url }, remove: drop }
  }
  const dir = mkdtempSync(join(tmpdir(), 'leadbell-storm-'))
  return {
    source: { dir: join(dir, 'data') },
    remove: async () => rmSync(dir, { recursive: true, force: true }),
  }
}

async function hire(book: Database, { people, grants }: StormOptions): Promise<void> {
  await book.pool.query(
    `insert into accounts (username, realname, created_at) select 'p' || n, '员工' || n, now() from generate_series(1, $1::int) n`,
    [people],
  )
  for (let n = 1; n <= people; n++)
    await book.pool.query(
      `insert into wechat_bindings (openid, account_id, bound_at) select $1, id, now() from accounts where username = $2`,
      [accountNumber(n).openid, `p${n}`],
    )
  await book.pool.query(
    `insert into ledger (kind, source, openid, template_id, delta, key, at, booked_at)
     select 'grant', 'report', openid, $1, 1, openid || ':' || g, now(), now() from wechat_bindings, generate_series(1, $2::int) g`,
    [TEMPLATE, grants],
  )
  await book.pool.query(
    `insert into quotas (openid, template_id, quota, latest_at) select openid, $1, $2, now() from wechat_bindings`,
    [TEMPLATE, grants],
  )
}

/** As one file: a process that is killed every second must start in less. */
async function bundleBackend(): Promise<string> {
  const folder = resolve(import.meta.dirname, '../../server/node_modules/.cache')
  mkdirSync(folder, { recursive: true })
  const outfile = join(folder, 'storm-backend.mjs')
  await build({
    entryPoints: [resolve(import.meta.dirname, 'backend.ts')],
    outfile,
    bundle: true,
    platform: 'node',
    format: 'esm',
    packages: 'external',
    alias: { '@leadbell/contract': resolve(import.meta.dirname, '../../contract/src/index.ts') },
    logLevel: 'error',
  })
  return outfile
}
