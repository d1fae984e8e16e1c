import { fork, spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Envelope, LoginResult } from '@leadbell/contract'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { signBody } from '../src/domain/webhook-signing.ts'
import { createPostgresDatabase, engine, makePGliteFolder } from '../src/testing/database.ts'
import { readCaptcha } from '../src/testing/read-captcha.ts'
import { WechatStandIn } from '../src/testing/wechat-stand-in.ts'
import { createReceiver } from './receive-webhook.ts'

const at = (path: string) => fileURLToPath(new URL(path, import.meta.url))
const INTEGRATION_SECRET = 'an integration secret of 32 or more characters'
const WEBHOOK_SECRET = 'a webhook secret of 32 or more characters'
const TEMPLATE = 'TPL_CLUE_ASSIGNED'

describe('the examples of docs/integration.zh-CN.md', () => {
  const wechat = new WechatStandIn()
  const running: ChildProcess[] = []
  const dir = mkdtempSync(join(tmpdir(), 'leadbell-integration-'))
  let place: NodeJS.ProcessEnv
  let drop: () => Promise<void> = async () => undefined

  beforeAll(async () => {
    await wechat.start()
    if (engine === 'postgres') {
      const made = await createPostgresDatabase()
      place = { DATABASE_URL: made.url }
      drop = made.drop
    } else {
      place = { DATA_DIR: join(dir, 'pglite') }
      await makePGliteFolder(join(dir, 'pglite'))
    }
  })
  afterAll(async () => {
    for (const child of running) {
      if (child.exitCode !== null || child.signalCode !== null) continue
      const gone = once(child, 'close')
      child.kill('SIGKILL')
      await gone
    }
    await wechat.stop()
    await drop()
    rmSync(dir, { recursive: true, force: true })
  })

  function run(example: string, args: string[], env: NodeJS.ProcessEnv) {
    const child = spawn(process.execPath, ['--import', 'tsx', at(example), ...args], {
      env: { PATH: process.env.PATH, ...env },
    })
    running.push(child)
    let output = ''
    for (const stream of [child.stdout, child.stderr])
      stream.on('data', (chunk: Buffer) => (output += chunk.toString()))
    return { child, output: () => output }
  }

  async function startServer(webhookUrl: string): Promise<string> {
    const child = fork(at('../src/main.ts'), {
      execArgv: ['--import', 'tsx'],
      silent: true,
      env: {
        PATH: process.env.PATH,
        ...place,
        PORT: '0',
        TRIAL: '1',
        WECHAT_API_BASE: wechat.baseUrl,
        WECHAT_TEMPLATES: JSON.stringify([
          { templateId: TEMPLATE, title: '新线索提醒', purpose: 'clue-assigned' },
        ]),
        INTEGRATION_SECRET,
        WEBHOOK_URL: webhookUrl,
        WEBHOOK_SECRET,
      },
    })
    running.push(child)
    let output = ''
    for (const stream of [child.stdout, child.stderr])
      stream?.on('data', (chunk: Buffer) => (output += chunk.toString()))
    const port = await new Promise<number>((resolve, reject) => {
      child.once('message', (message: { port: number }) => resolve(message.port))
      child.once('exit', () => reject(new Error(`the server ended: ${output}`)))
    })
    return `http://127.0.0.1:${port}`
  }

  async function call<T>(
    url: string,
    method: string,
    path: string,
    body?: unknown,
    token?: string,
  ): Promise<T> {
    const response = await fetch(`${url}${path}`, {
      method,
      headers: token === undefined ? {} : { 'x-access-token': token },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    })
    return ((await response.json()) as Envelope<T>).result
  }

  async function login(url: string, username: string): Promise<string> {
    const checkKey = 'check-key-of-the-example'
    const captcha = readCaptcha(await call<string>(url, 'GET', `/sys/randomImage/${checkKey}`))
    const typed = {
      username,
      password: 'leadbell-demo',
      captcha,
      checkKey,
      code: `code-of-openid-${username}`,
    }
    return (await call<LoginResult>(url, 'POST', '/sys/login', typed)).token
  }

  it('a CRM assigns, WeChat rings, and the CRM hears of it', { timeout: 60_000 }, async () => {
    const receiver = run('receive-webhook.ts', [], { WEBHOOK_SECRET, PORT: '0' })
    const webhookUrl = await vi.waitFor(() => {
      const [, url] = /等待通知：(\S+)/.exec(receiver.output()) ?? []
      if (!url) throw new Error(`the receiver does not listen: ${receiver.output()}`)
      return url
    }, 20_000)
    const url = await startServer(webhookUrl)
    const token = await login(url, 'chen')
    wechat.allow('openid-chen')
    const grant = { attemptId: 'attempt-1', at: new Date().toISOString(), results: { [TEMPLATE]: 'accept' } }
    await call(url, 'POST', '/notify/grants', grant, token)

    const crm = run('assign-from-crm.ts', ['CRM-1001', 'chen'], { LEADBELL_URL: url, INTEGRATION_SECRET })
    expect(await once(crm.child, 'close'), crm.output()).toEqual([0, null])
    expect(crm.output()).toMatch(/^已分配：CRM-1001 → 线索 \d+，提醒 \d+ ready/)
    await vi.waitFor(() => expect(receiver.output()).toContain('delivery.sent CRM-1001 chen\n'), 20_000)
    expect(wechat.taken.map(({ touser }) => touser)).toEqual(['openid-chen'])

    const nobody = run('assign-from-crm.ts', ['CRM-1002', 'nobody'], {
      LEADBELL_URL: url,
      INTEGRATION_SECRET,
    })
    expect(await once(nobody.child, 'close')).toEqual([1, null])
    expect(nobody.output()).toContain('没有分配成功：422 没有用户名为 nobody 的员工账号')
  })
})

describe('the receiver of the example', () => {
  it('takes what is signed, once, and again after its own failure', async () => {
    const taken: string[] = []
    let failures = 1
    const server = createReceiver(WEBHOOK_SECRET, async ({ id }) => {
      if (failures-- > 0) throw new Error('their database is away')
      taken.push(id)
    })
    server.listen(0, '127.0.0.1')
    await once(server, 'listening')
    const { port } = server.address() as AddressInfo
    const post = async (body: string, seconds: number, secret = WEBHOOK_SECRET) => {
      const timestamp = String(Math.floor(Date.now() / 1000) + seconds)
      const headers = {
        'x-leadbell-timestamp': timestamp,
        'x-leadbell-signature': signBody(secret, timestamp, body),
      }
      return (await fetch(`http://127.0.0.1:${port}/`, { method: 'POST', headers, body })).status
    }
    const statuses = [
      await post('{"id":"7"}', 0, 'somebody else’s secret'),
      await post('{"id":"7"}', -400),
      await post('{"id":"7"}', 0),
      await post('{"id":"7"}', 0),
      await post('{"id":"7"}', 0),
    ]
    server.closeAllConnections()
    server.close()
    expect(statuses).toEqual([401, 401, 500, 204, 204])
    expect(taken).toEqual(['7'])
  })
})
