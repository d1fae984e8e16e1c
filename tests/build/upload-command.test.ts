import { spawnSync } from 'node:child_process'
import { generateKeyPairSync } from 'node:crypto'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { MiniProgramCi } from '../../build/miniprogram-ci.ts'
import { cleanEnvironment } from '../../build/uni-cli.ts'
import { uploadCommand, type UploadTools } from '../../scripts/upload.ts'
import { Stop } from '../../scripts/say.ts'

const APP_ID = 'wx0123456789abcdef'
const key = generateKeyPairSync('rsa', { modulusLength: 1024 })
  .privateKey.export({ type: 'pkcs1', format: 'pem' })
  .toString()

let root = ''
let lines: string[] = []
let sent: { name: string; options: Record<string, unknown> }[] = []
/** What WeChat answers an upload; null is a success. */
let refusal: Error | null = null

const put = (file: string, text: string) => {
  mkdirSync(dirname(join(root, file)), { recursive: true })
  writeFileSync(join(root, file), text)
}

const ci: MiniProgramCi = {
  Project: class {
    constructor(readonly options: object) {}
  },
  upload: (options) => answer('upload', { ...options }),
  preview: (options) => {
    writeFileSync(options.qrcodeOutputDest, 'a picture')
    return answer('preview', { ...options })
  },
}
function answer(name: string, options: Record<string, unknown>) {
  sent.push({ name, options })
  return refusal
    ? Promise.reject(refusal)
    : Promise.resolve({ subPackageInfo: [{ name: '__FULL__', size: 102_400 }] })
}

/** The outside, with a compiler that writes the least there can be. */
const tools = (change: Partial<UploadTools> = {}): UploadTools => ({
  root,
  say: (line) => lines.push(line),
  build({ outDir, apiBaseUrl, mode }) {
    put(join('dist/upload/mp-weixin', 'app.js'), `"${apiBaseUrl}" // ${mode}`)
    put('dist/upload/mp-weixin/app.json', '{}')
    put(
      'dist/upload/mp-weixin/project.config.json',
      JSON.stringify({ appid: APP_ID, setting: { urlCheck: true } }),
    )
    expect(outDir).toBe(join(root, 'dist/upload/mp-weixin'))
    return Promise.resolve({ ok: true, ms: 1, files: [], output: '' })
  },
  validate: () => ({ errors: [], skipped: [], checked: { wxml: 0, wxss: 0 } }),
  loadCi: () => ci,
  drawQrcode: (picture) => `drawn ${picture.toString()}`,
  ...change,
})

async function stopOf(args: string[], change: Partial<UploadTools> = {}): Promise<string> {
  const thrown: unknown = await uploadCommand(args, tools(change)).catch((error: unknown) => error)
  expect(thrown).toBeInstanceOf(Stop)
  return (thrown as Stop).message
}

const SETTINGS = ['VITE_API_BASE_URL', 'VITE_TEMPLATE_PURPOSES', 'VITE_ASK_BELOW', 'VITE_ASK_PAUSE_MINUTES']
const OURS = [...SETTINGS, 'WECHAT_APPID', 'WECHAT_PRIVATE_KEY_PATH', 'WECHAT_CI_ROBOT']

beforeEach(() => {
  // Vitest has put this project's .env into the environment, which would win.
  for (const name of OURS) vi.stubEnv(name, undefined)
  root = mkdtempSync(join(tmpdir(), 'leadbell-upload-command-'))
  lines = []
  sent = []
  refusal = null
  put('.env', readFileSync('.env', 'utf8'))
  put('manifest.json', JSON.stringify({ 'mp-weixin': { appid: 'wx1ead0be110000001' } }))
  put('package.json', JSON.stringify({ version: '4.5.6' }))
  put('keys/upload.key', key)
  const own = `WECHAT_APPID=${APP_ID}\nWECHAT_PRIVATE_KEY_PATH=keys/upload.key\n`
  put('.env.production.local', `VITE_API_BASE_URL=https://api.example.com\n${own}`)
  put('.env.trial.local', `VITE_API_BASE_URL=https://trial.example.com\n${own}`)
})
afterEach(() => {
  vi.unstubAllEnvs()
  rmSync(root, { recursive: true, force: true })
})

describe('npm run upload', () => {
  it('builds a release, uploads it as package.json’s version by robot 1, and says what to do next', async () => {
    await uploadCommand(['upload'], tools())
    expect(sent).toMatchObject([
      {
        name: 'upload',
        options: {
          version: '4.5.6',
          robot: 1,
          desc: '没有版本记录',
          project: { options: { appid: APP_ID, privateKeyPath: join(root, 'keys/upload.key') } },
        },
      },
    ])
    expect(readFileSync(join(root, 'dist/upload/mp-weixin/app.js'), 'utf8')).toBe(
      '"https://api.example.com" // production',
    )
    expect(lines.join('\n')).toContain('总大小 100 KB')
    expect(lines.at(-1)).toMatch(/^✓ 已上传.*4\.5\.6.*体验版或提交审核/)
  })

  it('builds what --mode trial says, with the robot of the environment', async () => {
    vi.stubEnv('WECHAT_CI_ROBOT', '12')
    await uploadCommand(['upload', '--mode', 'trial'], tools())
    expect(sent).toMatchObject([{ options: { robot: 12 } }])
    expect(readFileSync(join(root, 'dist/upload/mp-weixin/app.js'), 'utf8')).toBe(
      '"https://trial.example.com" // trial',
    )
  })

  it('never takes a file that an earlier build or the DevTools left', async () => {
    put('dist/upload/mp-weixin/project.private.config.json', '{"setting":{"urlCheck":false}}')
    await uploadCommand(['upload'], tools())
    expect(sent).toHaveLength(1)
  })

  it('all that is wrong with settings and key is told at once, before anything is built', async () => {
    put('.env.production.local', '')
    const build = vi.fn<UploadTools['build']>()
    const stop = await stopOf(['upload'], { build })
    expect(stop.split('\n')).toEqual([
      expect.stringContaining('VITE_API_BASE_URL'),
      expect.stringContaining('appid wx1ead0be110000001 是演示用的'),
      expect.stringContaining('WECHAT_PRIVATE_KEY_PATH'),
    ])
    expect(build).not.toHaveBeenCalled()
  })

  it('a failed build, a folder with a fault and an objection of WeChat’s validators upload nothing', async () => {
    const failed = () => Promise.resolve({ ok: false as const, output: '缺了一个文件' })
    expect(await stopOf(['upload'], { build: failed })).toBe('编译失败，没有上传：\n缺了一个文件')
    const empty = () => Promise.resolve({ ok: true as const, ms: 1, files: [], output: '' })
    expect(await stopOf(['upload'], { build: empty })).toContain('编译结果里缺少 app.json')
    const objection = { errors: ['wcc: bad wxml'], skipped: [], checked: { wxml: 1, wxss: 0 } }
    expect(await stopOf(['upload'], { validate: () => objection })).toContain('wcc: bad wxml')
    expect(sent).toEqual([])
  })

  it('what WeChat refuses is one sentence', async () => {
    refusal = new Error('{"errCode":-10008,"errMsg":"invalid ip: 203.0.113.9"}')
    expect(await stopOf(['upload'])).toMatch(/^这台机器的 IP 203\.0\.113\.9 不在上传白名单里[^\n]*$/)
    expect(lines.join('\n')).not.toContain('✓')
  })

  it('prints nothing of the key', async () => {
    await uploadCommand(['upload'], tools())
    for (const line of key.split('\n').slice(1, -2)) expect(lines.join('\n')).not.toContain(line)
  })

  it.each([[['--mode', 'tiral']], [['--mode', 'development']], [['--speed']], [['--mode']]])(
    '%j is refused with the modes there are',
    async (args) => {
      expect(await stopOf(['upload', ...args])).toMatch(/--mode.*trial.*production/)
    },
  )
})

describe('npm run preview', () => {
  it('writes the QR code to a file and draws it, and says where it is', async () => {
    await uploadCommand(['preview'], tools())
    expect(sent).toMatchObject([
      { name: 'preview', options: { qrcodeOutputDest: join(root, 'dist/preview.jpg') } },
    ])
    expect(lines).toContain('drawn a picture')
    expect(lines.at(-1)).toContain(join('dist', 'preview.jpg'))
  })

  it('without a drawing, the file is enough', async () => {
    await uploadCommand(['preview'], tools({ drawQrcode: () => null }))
    expect(lines.at(-1)).toContain('preview.jpg')
  })

  it('of a backend on this machine works, with a word about it', async () => {
    vi.stubEnv('VITE_API_BASE_URL', 'http://127.0.0.1:5301')
    await uploadCommand(['preview'], tools())
    expect(lines[0]).toMatch(/^提醒：接口地址/)
    expect(sent).toHaveLength(1)
  })
})

it.each(['upload', 'preview'])(
  'npm run %s without a key: one sentence on stderr, no stack, exit code 1',
  (kind) => {
    const { status, stdout, stderr } = spawnSync(
      process.execPath,
      ['--import', 'tsx', 'scripts/upload.ts', kind],
      {
        cwd: resolve(import.meta.dirname, '../..'),
        encoding: 'utf8',
        env: {
          ...cleanEnvironment(),
          VITE_API_BASE_URL: 'https://api.example.com',
          WECHAT_PRIVATE_KEY_PATH: '',
          WECHAT_APPID: APP_ID,
        },
      },
    )
    expect({ status, stdout }).toEqual({ status: 1, stdout: '' })
    expect(stderr.trim()).toMatch(/^✗ 没有设置 WECHAT_PRIVATE_KEY_PATH[^\n]*IP 加入白名单[^\n]*。$/)
  },
)
