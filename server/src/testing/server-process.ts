import { fork, spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Envelope, LoginResult } from '@leadbell/contract'
import { afterAll, afterEach, beforeAll, beforeEach } from 'vitest'
import { openDatabase, type Database } from '../db/database.ts'
import { createPostgresDatabase, engine, makePGliteFolder } from './database.ts'
import { readCaptcha } from './read-captcha.ts'
import { WechatStandIn } from './wechat-stand-in.ts'

const main = fileURLToPath(new URL('../main.ts', import.meta.url))
const command = (name: string) => fileURLToPath(new URL(`../${name}.ts`, import.meta.url))
export const ADMIN_TOKEN = 'admin-token-of-the-tests'
export const TEMPLATE = 'TPL_CLUE_ASSIGNED'

export let dir: string
let data: NodeJS.ProcessEnv
let dropData: () => Promise<void> | void = () => {}
export const wechat = new WechatStandIn()
const running: ChildProcess[] = []

/** For a test file: WeChat's stand-in and an empty database around all its tests, and no process left behind one. */
export function setUpProcesses(): void {
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
}

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

export interface Running {
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
export async function startServer(more: NodeJS.ProcessEnv = {}): Promise<Running> {
  const { child, output } = launch(more)
  const port = await new Promise<number>((resolve, reject) => {
    child.once('message', (message: { kind: string; port: number }) => resolve(message.port))
    child.once('exit', () => reject(new Error(`the server ended: ${output()}`)))
  })
  return { child, output, url: `http://127.0.0.1:${port}` }
}

/** Starts the server and waits for it to end by itself. */
export async function startAndFail(
  more: NodeJS.ProcessEnv,
): Promise<{ code: number | null; lines: string[] }> {
  const { child, output } = launch(more)
  const [code] = (await once(child, 'close')) as [number | null]
  return { code, lines: output().trim().split('\n') }
}

export async function kill(child: ChildProcess, signal: NodeJS.Signals): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const gone = once(child, 'close')
  child.kill(signal)
  await gone
}

export async function call<T>(
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

export async function login(server: Running, username: string, password: string): Promise<LoginResult> {
  const checkKey = `check-key-${username}`
  const { result: image } = await call<string>(server, 'GET', `/sys/randomImage/${checkKey}`)
  const code = `code-of-openid-${username}#${Date.now()}`
  const body = { username, password, captcha: readCaptcha(image), checkKey, code }
  return (await call<LoginResult>(server, 'POST', '/sys/login', { body })).result
}

export const runAddAccount = (args: string[], password: string) =>
  runCommand('add-account', { args, input: `${password}\n` })

export async function runCommand(
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
export async function ownPlace({ migrated = true } = {}): Promise<{
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
