import { fork, type ChildProcess } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Envelope, LoginResult } from '@leadbell/contract'
import { JeecgBootStandIn } from '../src/testing/jeecgboot-stand-in.ts'
import { readCaptcha } from '../src/testing/read-captcha.ts'
import { WechatStandIn } from '../src/testing/wechat-stand-in.ts'

/*
 * docs/jeecgboot.zh-CN.md, run: `npx tsx server/examples/jeecgboot.ts`. JeecgBoot and WeChat are played on this
 * machine; the backend between them is the real one, configured by its environment as in production.
 */

const chen = { id: '1790000000000000001', username: 'chen', realname: '陈小舟', password: 'Jeecg@2026' }
const main = fileURLToPath(new URL('../src/main.ts', import.meta.url))

function say(line: string): void {
  process.stdout.write(`${line}\n`)
}

const dir = mkdtempSync(join(tmpdir(), 'leadbell-example-'))
const jeecgBoot = await new JeecgBootStandIn({ users: [chen] }).start()
const wechat = await new WechatStandIn().start()
// and nothing of the shell's: a DATABASE_URL there may be of a real server
const environment = {
  PATH: process.env.PATH,
  AUTH: 'jeecgboot',
  JEECGBOOT_URL: jeecgBoot.baseUrl,
  WECHAT_API_BASE: wechat.baseUrl,
  WECHAT_APPID: 'wx1ead0be110000001',
  WECHAT_SECRET: 'the-app-secret',
  WECHAT_TEMPLATES: JSON.stringify([
    { templateId: 'TPL_CLUE_ASSIGNED', title: '新线索提醒', purpose: 'clue-assigned' },
  ]),
  ADMIN_TOKEN: randomUUID(),
  DATA_DIR: join(dir, 'pglite'),
  PORT: '0',
}
const backend = fork(main, {
  execArgv: ['--import', 'tsx'],
  env: environment,
  silent: true,
})
try {
  await tell(`http://127.0.0.1:${await portOf(backend)}`)
} finally {
  if (backend.exitCode === null && backend.signalCode === null) {
    const gone = once(backend, 'close')
    backend.kill('SIGTERM')
    await gone
  }
  await Promise.all([jeecgBoot.stop(), wechat.stop()])
  rmSync(dir, { recursive: true, force: true })
}

/** What happens between phone, backend and JeecgBoot, step by step. */
async function tell(url: string): Promise<void> {
  say(`后台已启动：AUTH=jeecgboot JEECGBOOT_URL=${jeecgBoot.baseUrl}`)

  say('\n1. 密码输错：JeecgBoot 说了算')
  await login(url, { password: 'wrong' })

  say('\n2. 用 JeecgBoot 的密码登录：本后台自动建账号并绑定微信')
  await login(url)
  say('   手机拿到的是本后台的令牌；JeecgBoot 的令牌随即退还')

  say('\n3. 第二天打开小程序：微信静默登录，不再经过 JeecgBoot')
  await call<LoginResult>(url, 'POST', '/notify/login', { code: codeOf(chen.username) })

  say('\n4. 在 JeecgBoot 里改了姓名，下次用密码登录时跟着改')
  jeecgBoot.setUser({ ...chen, realname: '陈舟' })
  await login(url)

  say('\n5. 在 JeecgBoot 里冻结用户')
  jeecgBoot.setUser({ ...chen, frozen: true })
  await login(url)

  say('\n6. JeecgBoot 停机')
  await jeecgBoot.stop()
  await call(url, 'GET', `/sys/randomImage/${randomUUID()}`)
}

async function login(url: string, more: { password?: string } = {}): Promise<Envelope<LoginResult>> {
  const checkKey = randomUUID()
  const picture = await call<string>(url, 'GET', `/sys/randomImage/${checkKey}`)
  return call<LoginResult>(url, 'POST', '/sys/login', {
    username: chen.username,
    password: chen.password,
    captcha: readCaptcha(picture.result),
    checkKey,
    code: codeOf(chen.username),
    ...more,
  })
}

/** What uni.login gives on the phone of that person; one code is good once. */
function codeOf(username: string): string {
  return `code-of-openid-${username}#${randomUUID()}`
}

async function call<T>(url: string, method: string, path: string, body?: unknown): Promise<Envelope<T>> {
  const response = await fetch(`${url}${path}`, {
    method,
    ...(body !== undefined && { body: JSON.stringify(body) }),
  })
  const envelope = (await response.json()) as Envelope<T>
  say(
    `   ${method} ${path.replace(/[0-9a-f-]{36}/, '{checkKey}')} → ${wordAnswer(response.status, envelope)}`,
  )
  return envelope
}

function wordAnswer(status: number, { code, message, result }: Envelope<unknown>): string {
  const answer = `HTTP ${status} code ${code} ${message}`
  if (typeof result !== 'object' || result === null || !('userInfo' in result)) return answer
  const { username, realname } = result.userInfo as LoginResult['userInfo']
  return `${answer}：${realname}（${username}）`
}

function portOf(child: ChildProcess): Promise<number> {
  let output = ''
  for (const stream of [child.stdout, child.stderr])
    stream?.on('data', (chunk: Buffer) => (output += chunk.toString()))
  return new Promise((resolve, reject) => {
    child.once('message', ({ port }: { port: number }) => resolve(port))
    child.once('exit', () => reject(new Error(`the backend did not start:\n${output}`)))
  })
}
