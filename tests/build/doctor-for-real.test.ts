import { spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { cleanEnvironment } from '../../build/uni-cli.ts'
import { startEmulator, type Emulator } from '../../emulator/src/index.ts'
import { startBackend, type Backend } from '../../scripts/backend.ts'
import { demo } from '../../scripts/demo.ts'
import { freePort } from '../../scripts/ports.ts'

let folder = ''
let emulator: Emulator
let backend: Backend

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'leadbell-doctor-'))
  // Nobody opens the phone: the mini-program in it may be missing.
  emulator = await startEmulator({ dist: folder, port: 0, ...demo.wechat, onProblem: () => undefined })
  const env = demo.serverEnv({
    port: await freePort(),
    wechatUrl: emulator.url,
    dataDir: join(folder, 'pglite'),
    adminToken: 'doctor-admin-token-0123456789',
  })
  backend = await startBackend(env, join(folder, 'server.log'))
})
afterAll(async () => {
  await backend?.stop()
  await emulator?.close()
  rmSync(folder, { recursive: true, force: true })
})

function doctor(env: Record<string, string>): Promise<{ code: number | null; output: string }> {
  const child = spawn(process.execPath, ['--import', 'tsx', 'scripts/doctor.ts'], {
    cwd: resolve(import.meta.dirname, '../..'),
    env: {
      ...cleanEnvironment(),
      VITE_API_BASE_URL: `http://127.0.0.1:${backend.port}`,
      WECHAT_APPID: demo.wechat.appid,
      WECHAT_API_BASE: emulator.url,
      WECHAT_ACCESS_TOKEN: '',
      ...env,
    },
  })
  let output = ''
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (chunk: Buffer) => (output += chunk.toString()))
  return new Promise((done) => child.once('close', (code) => done({ code, output })))
}

it('finds the server and the emulated WeChat in order', async () => {
  const { code, output } = await doctor({ WECHAT_SECRET: demo.wechat.secret })
  expect(output).not.toContain('错误  ')
  expect(output).toMatch(/正常 {2}后台 http:\/\/127\.0\.0\.1:\d+ 运行正常/)
  expect(output).toContain(`（${demo.templateId}）在微信里，一次性订阅，字段 thing1、time2、phrase3。`)
  expect(code).toBe(0)
})

it('a wrong secret is one error, unprinted, and exit code 1', async () => {
  const { code, output } = await doctor({ WECHAT_SECRET: 'not-the-secret' })
  expect(output.match(/^错误 .*$/gm)).toEqual([expect.stringContaining('AppSecret 不对')])
  expect(output).not.toContain('not-the-secret')
  expect(code).toBe(1)
})
