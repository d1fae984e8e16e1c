import { fork, spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { createServer, type AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type {
  AssignResult,
  Clue,
  CluePage,
  DeliveryPage,
  Envelope,
  LoginResult,
  StaffMember,
} from '@leadbell/contract'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import { openDatabase, type Database } from './db/database.ts'
import { createPostgresDatabase, engine, makePGliteFolder } from './testing/database.ts'
import { readCaptcha } from './testing/read-captcha.ts'
import { SendGate } from './testing/send-gate.ts'
import { WechatStandIn } from './testing/wechat-stand-in.ts'

const main = fileURLToPath(new URL('main.ts', import.meta.url))
const command = (name: string) => fileURLToPath(new URL(`${name}.ts`, import.meta.url))
const ADMIN_TOKEN = 'admin-token-of-the-tests'
const TEMPLATE = 'TPL_CLUE_ASSIGNED'

let dir: string
let data: NodeJS.ProcessEnv
let dropData: () => Promise<void> | void = () => {}
const wechat = new WechatStandIn()
const running: ChildProcess[] = []

beforeAll(async () => {
  await wechat.start()
  dir = mkdtempSync(join(tmpdir(), 'leadbell-main-'))
  data = { DATA_DIR: join(dir, 'pglite') }
  if (engine === 'postgres') {
    const { url, drop } = await createPostgresDatabase()
    data = { DATABASE_URL: url }
    dropData = drop
  }
})
beforeEach(() => wechat.reset())
afterEach(async () => {
  for (const child of running.splice(0)) await kill(child, 'SIGKILL')
})
afterAll(async () => {
  await wechat.stop()
  await dropData()
  rmSync(dir, { recursive: true, force: true })
})

const environment = (more: NodeJS.ProcessEnv): NodeJS.ProcessEnv => ({
  PATH: process.env.PATH,
  PORT: '0',
  ADMIN_TOKEN,
  WECHAT_API_BASE: wechat.baseUrl,
  WECHAT_APPID: 'wx1ead0be110000001',
  WECHAT_SECRET: 'the-app-secret',
  WECHAT_TEMPLATES: JSON.stringify([{ templateId: TEMPLATE, title: '新线索提醒', purpose: 'clue-assigned' }]),
  ...data,
  ...more,
})

interface Running {
  child: ChildProcess
  output: () => string
  url: string
}

function launch(more: NodeJS.ProcessEnv = {}) {
  const child = fork(main, { execArgv: ['--import', 'tsx'], env: environment(more), silent: true })
  running.push(child)
  let output = ''
  for (const stream of [child.stdout, child.stderr])
    stream?.on('data', (chunk: Buffer) => (output += chunk.toString()))
  return { child, output: () => output }
}

/** Starts the server as `npm start` does and waits until it says that it is ready. */
async function startServer(more: NodeJS.ProcessEnv = {}): Promise<Running> {
  const { child, output } = launch(more)
  const port = await new Promise<number>((resolve, reject) => {
    child.once('message', (message: { kind: string; port: number }) => resolve(message.port))
    child.once('exit', () => reject(new Error(`the server ended: ${output()}`)))
  })
  return { child, output, url: `http://127.0.0.1:${port}` }
}

/** Starts the server and waits for it to end by itself. */
async function startAndFail(more: NodeJS.ProcessEnv): Promise<{ code: number | null; lines: string[] }> {
  const { child, output } = launch(more)
  const [code] = (await once(child, 'close')) as [number | null]
  return { code, lines: output().trim().split('\n') }
}

async function kill(child: ChildProcess, signal: NodeJS.Signals): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const gone = once(child, 'close')
  child.kill(signal)
  await gone
}

async function call<T>(
  { url }: Running,
  method: string,
  path: string,
  more: { token?: string; admin?: boolean; body?: unknown } = {},
): Promise<Envelope<T>> {
  const response = await fetch(`${url}${path}`, {
    method,
    headers: {
      ...(more.token && { 'x-access-token': more.token }),
      ...(more.admin && { authorization: `Bearer ${ADMIN_TOKEN}` }),
    },
    ...(more.body !== undefined && { body: JSON.stringify(more.body) }),
  })
  return (await response.json()) as Envelope<T>
}

async function login(server: Running, username: string, password: string): Promise<LoginResult> {
  const checkKey = `check-key-${username}`
  const { result: image } = await call<string>(server, 'GET', `/sys/randomImage/${checkKey}`)
  const code = `code-of-openid-${username}#${Date.now()}`
  const body = { username, password, captcha: readCaptcha(image), checkKey, code }
  return (await call<LoginResult>(server, 'POST', '/sys/login', { body })).result
}

const runAddAccount = (args: string[], password: string) =>
  runCommand('add-account', { args, input: `${password}\n` })

async function runCommand(
  name: string,
  { args = [], env = {}, input = '' }: { args?: string[]; env?: NodeJS.ProcessEnv; input?: string } = {},
) {
  const child = spawn(process.execPath, ['--import', 'tsx', command(name), ...args], {
    env: environment(env),
  })
  let output = ''
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (chunk: Buffer) => (output += chunk.toString()))
  child.stdin.end(input)
  const [code] = (await once(child, 'close')) as [number | null]
  return { code, output }
}

/** A database of its own for one test, migrated or empty. */
async function ownPlace({ migrated = true } = {}): Promise<{
  env: NodeJS.ProcessEnv
  open: () => Promise<Database>
  drop: () => Promise<void> | void
}> {
  if (engine === 'postgres') {
    const { url, drop } = await createPostgresDatabase()
    const env = { DATABASE_URL: url }
    if (migrated) await runCommand('migrate-command', { env })
    return { env, open: () => openDatabase({ url }), drop }
  }
  const folder = join(mkdtempSync(join(dir, 'place-')), 'pglite')
  if (migrated) await makePGliteFolder(folder)
  return { env: { DATA_DIR: folder }, open: () => openDatabase({ dir: folder }), drop: () => undefined }
}

describe('the server process', () => {
  it(
    'a kill -9 between assignment and send loses no message and sends none twice',
    { timeout: 60_000 },
    async () => {
      expect(await runAddAccount(['lin', '林可'], 'a good password')).toMatchObject({
        code: 0,
        output: expect.stringContaining('已创建账号 lin（林可）'),
      })

      const first = await startServer()
      const { token, userInfo } = await login(first, 'lin', 'a good password')
      wechat.allow('openid-lin')
      await call(first, 'POST', '/notify/grants', {
        token,
        body: { attemptId: 'attempt-1', at: new Date().toISOString(), results: { [TEMPLATE]: 'accept' } },
      })
      wechat.onToken = () => 'hang'
      const draft = { title: '恒泰建材 采购咨询', customerName: '王建国', phone: '138-0000-1024' }
      const { result: clue } = await call<Clue>(first, 'POST', '/admin/clues', { admin: true, body: draft })
      const { result: assigned } = await call<AssignResult>(first, 'POST', `/admin/clues/${clue.id}/assign`, {
        admin: true,
        body: { assigneeId: userInfo.id, version: clue.version },
      })
      expect(assigned.delivery.state).toBe('ready')
      await vi.waitFor(() => expect(wechat.tokenCalls.length).toBeGreaterThan(0), { timeout: 5000 })
      await kill(first.child, 'SIGKILL')
      expect(wechat.sendCalls).toBe(0)

      wechat.onToken = undefined
      const second = await startServer()
      await vi.waitFor(() => expect(wechat.taken).toHaveLength(1), { timeout: 20_000, interval: 20 })
      expect(wechat.taken[0]).toMatchObject({ touser: 'openid-lin', page: `pages/clue/detail?id=${clue.id}` })
      // the session, the lead and the ledger survived too
      const page = await call<CluePage>(second, 'GET', '/clues', { token })
      expect(page.result.items.map(({ id }) => id)).toEqual([clue.id])
      await vi.waitFor(async () =>
        expect(await call(second, 'GET', '/notify/quota', { token })).toMatchObject({
          result: { quota: { [TEMPLATE]: 0 } },
        }),
      )
      await kill(second.child, 'SIGTERM')

      const third = await startServer()
      await vi.waitFor(() => expect(third.output()).toContain('server ready'))
      await kill(third.child, 'SIGTERM')
      expect(wechat.sendCalls).toBe(1)
      expect(second.output() + first.output()).not.toContain('a good password')
    },
  )

  it('seeds a trial once, warns about it, and stops cleanly', { timeout: 60_000 }, async () => {
    const own = await ownPlace()
    const counts: number[] = []
    for (let start = 0; start < 2; start++) {
      const server = await startServer({ ...own.env, TRIAL: '1' })
      const { token, userInfo } = await login(server, 'chen', 'leadbell-demo')
      expect(userInfo.realname).toBe('陈小舟')
      counts.push((await call<CluePage>(server, 'GET', '/clues?limit=50', { token })).result.items.length)
      expect(
        await call(server, 'POST', '/trial/assign', { admin: true, body: { openid: 'openid-chen' } }),
      ).toMatchObject({ code: 200, result: { assignment: { assigneeId: userInfo.id } } })
      const ended = once(server.child, 'close')
      server.child.kill('SIGTERM')
      expect(await ended).toEqual([0, null])
      expect(server.output()).toContain('TRIAL mode')
      expect(server.output()).not.toContain('leadbell-demo')
      expect(server.output().includes('never calls fsync')).toBe(engine === 'pglite')
    }
    expect(counts[0]).toBeGreaterThan(3)
    expect(counts[1]).toBe((counts[0] ?? 0) + 1)
    await own.drop()
  })

  it('says every mistake in the configuration at once, without a stack', async () => {
    const { code, lines } = await startAndFail({ PORT: 'x', WECHAT_APPID: 'y', ADMIN_TOKEN: '' })
    expect(code).toBe(1)
    expect(lines.map((line) => line.split(':')[0])).toEqual(['PORT', 'WECHAT_APPID', 'ADMIN_TOKEN'])
  })

  it('says in one line that its port is in use', { timeout: 60_000 }, async () => {
    const taken = createServer().listen(0, '127.0.0.1')
    await once(taken, 'listening')
    const { port } = taken.address() as AddressInfo
    const { code, lines } = await startAndFail({ PORT: String(port), LOG_LEVEL: 'error' })
    taken.close()
    expect(code).toBe(1)
    expect(lines).toEqual([
      `PORT: 端口 ${port} 已被占用，请停掉占用它的程序或换一个 PORT (port ${port} is in use)`,
    ])
  })

  it('says in one line that its database does not answer', async () => {
    const { code, lines } = await startAndFail({
      DATABASE_URL: 'postgres://leadbell:hunter2@127.0.0.1:1/leadbell',
    })
    expect(code).toBe(1)
    expect(lines).toHaveLength(1)
    expect(lines[0]).toMatch(/^DATABASE_URL: 连不上数据库/)
    expect(lines[0]).not.toContain('hunter2')
  })

  if (engine === 'pglite')
    it('refuses a data folder that another process has open', { timeout: 60_000 }, async () => {
      const owner = await startServer()
      const { code, lines } = await startAndFail({})
      expect(code).toBe(1)
      expect(lines).toHaveLength(1)
      expect(lines[0]).toContain(`数据目录正被进程 ${owner.child.pid} 使用`)
      expect(await call(owner, 'GET', '/healthz')).toMatchObject({ code: 200 })
    })
})

describe('a stop', () => {
  const gate = new SendGate(wechat)
  let place: Awaited<ReturnType<typeof ownPlace>>
  beforeAll(() => gate.start())
  afterAll(() => gate.stop())
  beforeEach(async () => {
    gate.shut()
    place = await ownPlace()
  })
  afterEach(() => place.drop())

  const start = (more: NodeJS.ProcessEnv = {}) =>
    startServer({ ...place.env, WECHAT_API_BASE: gate.baseUrl, ...more })

  /** Somebody with two grants and two messages about to be sent. */
  async function ring(server: Running, username: string): Promise<void> {
    const draft = { username, realname: username, password: 'a good password' }
    const { result: person } = await call<StaffMember>(server, 'POST', '/admin/staff', {
      admin: true,
      body: draft,
    })
    const { token } = await login(server, username, 'a good password')
    wechat.allow(`openid-${username}`, 2)
    for (const n of [1, 2]) {
      const results = { [TEMPLATE]: 'accept' }
      const report = { attemptId: `attempt-${n}`, at: new Date().toISOString(), results }
      await call(server, 'POST', '/notify/grants', { token, body: report })
    }
    for (const title of ['第一条', '第二条']) {
      const body = { title, customerName: '王', phone: '13800001024' }
      const { result: clue } = await call<Clue>(server, 'POST', '/admin/clues', { admin: true, body })
      const assign = { assigneeId: person.id, version: clue.version }
      await call(server, 'POST', `/admin/clues/${clue.id}/assign`, { admin: true, body: assign })
    }
  }

  const states = async (): Promise<Record<string, number>> => {
    const database = await place.open()
    const { rows } = await database.pool.query<{ state: string; n: number }>(
      'select state, count(*)::int as n from deliveries group by 1',
    )
    await database.close()
    return Object.fromEntries(rows.map(({ state, n }) => [state, n]))
  }

  it(
    'finishes the sends in the air and leaves the rest to the next process',
    { timeout: 60_000 },
    async () => {
      const first = await start()
      for (const username of ['lin', 'chen', 'zhao']) await ring(first, username)
      // one in flight for each person, whatever else is due
      await vi.waitFor(() => expect(gate.held).toBe(3), { timeout: 10_000, interval: 20 })
      const ended = once(first.child, 'close')
      first.child.kill('SIGTERM')
      await vi.waitFor(() => expect(first.output()).toContain('stopping'), { timeout: 10_000, interval: 20 })
      gate.open()
      expect(await ended).toEqual([0, null])
      expect(await states()).toEqual({ sent: 3, ready: 3 })

      const second = await start()
      await vi.waitFor(() => expect(wechat.taken).toHaveLength(6), { timeout: 10_000, interval: 20 })
      await kill(second.child, 'SIGTERM')
      expect(await states()).toEqual({ sent: 6 })
      expect(wechat.sendCalls).toBe(6)
    },
  )

  it('ends after SHUTDOWN_MS all the same, and says what it left', { timeout: 60_000 }, async () => {
    const server = await start({ SHUTDOWN_MS: '1000' })
    await ring(server, 'lin')
    await vi.waitFor(() => expect(gate.held).toBe(1), { timeout: 10_000, interval: 20 })
    const ended = once(server.child, 'close')
    server.child.kill('SIGTERM')
    expect(await ended).toEqual([1, null])
    expect(server.output()).toMatch(/"left":\["deliveries","database"\]/)
  })

  it('ends at once at a second signal', { timeout: 60_000 }, async () => {
    const server = await start()
    await ring(server, 'lin')
    await vi.waitFor(() => expect(gate.held).toBe(1), { timeout: 10_000, interval: 20 })
    const ended = once(server.child, 'close')
    server.child.kill('SIGTERM')
    // somebody who leans on Ctrl-C
    await vi.waitFor(
      () => {
        server.child.kill('SIGTERM')
        expect(server.child.exitCode).toBe(1)
      },
      { timeout: 10_000, interval: 50 },
    )
    await ended
    expect(server.output()).toContain('second signal')
  })
})

describe('readiness', () => {
  it('is there when everything runs, with what should be mended', { timeout: 60_000 }, async () => {
    const place = await ownPlace()
    wechat.onTemplates = () => ({ errcode: 0, errmsg: 'ok', data: [] })
    const server = await startServer(place.env)
    await vi.waitFor(
      async () => {
        const { code, result } = await call<{ warnings: string[] }>(server, 'GET', '/readyz')
        expect(code).toBe(200)
        expect(result.warnings).toEqual([expect.stringMatching(/^TPL_CLUE_ASSIGNED: /)])
      },
      { timeout: 10_000, interval: 20 },
    )
    const metrics = await fetch(`${server.url}/metrics`, {
      headers: { authorization: `Bearer ${ADMIN_TOKEN}` },
    })
    expect(await metrics.text()).toContain('leadbell_alarms_total{alarm="template-mismatch"} 1')
    await kill(server.child, 'SIGTERM')
    await place.drop()
  })
})

describe('the schema', () => {
  it(
    'is brought up by the command, and a start that may not do it refuses',
    { timeout: 60_000 },
    async () => {
      const place = await ownPlace({ migrated: false })
      const env = { ...place.env, MIGRATE_ON_START: '0' }
      const refused = await startAndFail(env)
      expect(refused).toEqual({
        code: 1,
        lines: [expect.stringMatching(/^MIGRATE_ON_START: .*npm run migrate/)],
      })
      for (let time = 0; time < 2; time++)
        expect(await runCommand('migrate-command', { env })).toEqual({
          code: 0,
          output: '数据库的结构已是最新 (the schema is current)\n',
        })
      const server = await startServer(env)
      expect(await call(server, 'GET', '/readyz')).toMatchObject({ code: 200 })
      await kill(server.child, 'SIGTERM')
      await place.drop()
    },
  )

  it('of a newer program is left alone', { timeout: 60_000 }, async () => {
    const place = await ownPlace()
    const database = await place.open()
    await database.pool.query(
      "insert into drizzle.__drizzle_migrations (hash, created_at) values ('of tomorrow', 9999999999999)",
    )
    await database.close()
    for (const MIGRATE_ON_START of ['0', '1']) {
      const { code, lines } = await startAndFail({ ...place.env, MIGRATE_ON_START })
      expect({ code, lines }).toEqual({ code: 1, lines: [expect.stringMatching(/^DATABASE_URL: .*newer/)] })
    }
    expect(await runCommand('migrate-command', { env: place.env })).toMatchObject({
      code: 1,
      output: expect.stringMatching(/newer/),
    })
    await place.drop()
  })
})

describe('check-config', () => {
  it('says OK, or every mistake, and opens nothing', { timeout: 60_000 }, async () => {
    const unreachable = { DATABASE_URL: 'postgres://leadbell@127.0.0.1:1/leadbell' }
    expect(await runCommand('check-config', { env: unreachable })).toEqual({ code: 0, output: 'OK\n' })
    expect(
      await runCommand('check-config', { env: { ...unreachable, TRUST_PROXY: '1', HOST: '0.0.0.0' } }),
    ).toEqual({
      code: 0,
      output: expect.stringMatching(/^注意 TRUST_PROXY: .*\nOK\n$/),
    })
    const { code, output } = await runCommand('check-config', {
      env: { PORT: 'x', WEBHOOK_SECRET: 'hunter2' },
    })
    expect(code).toBe(1)
    expect(
      output
        .trim()
        .split('\n')
        .map((line) => line.split(':')[0]),
    ).toEqual(['PORT', 'WEBHOOK_SECRET', 'WEBHOOK_URL'])
    expect(output).not.toContain('hunter2')
  })
})

describe('add-account', () => {
  it('refuses a name that is taken, a short password and a missing name', { timeout: 60_000 }, async () => {
    await runAddAccount(['wang', '王'], 'a good password')
    expect(await runAddAccount(['wang', '王'], 'a good password')).toMatchObject({
      code: 1,
      output: expect.stringContaining('用户名 wang 已存在'),
    })
    expect(await runAddAccount(['other', '王'], 'short')).toMatchObject({
      code: 1,
      output: expect.stringContaining('至少 8'),
    })
    expect(await runAddAccount(['other'], 'a good password')).toMatchObject({
      code: 1,
      output: expect.stringContaining('用法'),
    })
  })

  it('makes the first admin', { timeout: 60_000 }, async () => {
    expect(await runAddAccount(['--role', 'admin', 'boss', '老板'], 'a good password')).toMatchObject({
      code: 0,
      output: expect.stringContaining('角色 admin'),
    })
    for (const wrong of [
      ['--role', 'king', 'boss2', '老板'],
      ['--rolle', 'admin', 'boss2', '老板'],
    ])
      expect(await runAddAccount(wrong, 'a good password')).toMatchObject({
        code: 1,
        output: expect.stringContaining('用法'),
      })
    const server = await startServer()
    const { token, userInfo } = await login(server, 'boss', 'a good password')
    expect(userInfo.role).toBe('admin')
    expect(await call<DeliveryPage>(server, 'GET', '/admin/deliveries', { token })).toMatchObject({
      code: 200,
    })
    await kill(server.child, 'SIGTERM')
  })
})
