import { generateKeyPairSync } from 'node:crypto'
import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { qrcodeAsText, type MiniProgramCi } from '../../build/miniprogram-ci.ts'
import { uploadMiniProgram, type UploadJob } from '../../build/upload.ts'
import { cleanEnvironment } from '../../build/uni-cli.ts'

const APP_ID = 'wx0123456789abcdef'
const at = (file: string) => resolve(import.meta.dirname, '../..', file)

let folder = ''
let keyFile = ''

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'leadbell-upload-test-'))
  const key = generateKeyPairSync('rsa', { modulusLength: 1024 })
    .privateKey.export({ type: 'pkcs1', format: 'pem' })
    .toString()
  keyFile = join(folder, `private.${APP_ID}.key`)
  writeFileSync(keyFile, key)
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

describe('what is handed to miniprogram-ci', () => {
  const job = (as: UploadJob['as']): UploadJob => ({
    folder: 'dist/upload/mp-weixin',
    appid: APP_ID,
    privateKeyPath: '/keys/private.key',
    description: 'abc1234 a subject',
    robot: 7,
    as,
  })

  /** Records what it is called with and answers as WeChat does. */
  function recordingCi() {
    const calls: { name: string; options: unknown }[] = []
    class Project {
      constructor(readonly options: unknown) {}
    }
    const record = (name: string) => (options: unknown) => {
      calls.push({ name, options })
      return Promise.resolve({ subPackageInfo: [{ name: '__APP__', size: 90_000 }] })
    }
    const ci: MiniProgramCi = { Project, upload: record('upload'), preview: record('preview') }
    return { ci, calls }
  }
  const project = {
    options: {
      appid: APP_ID,
      type: 'miniProgram',
      projectPath: at('dist/upload/mp-weixin'),
      privateKeyPath: '/keys/private.key',
      ignores: ['node_modules/**/*'],
    },
  }
  const common = { project, desc: 'abc1234 a subject', robot: 7, setting: { useProjectConfig: true } }

  it('an upload: the folder, the key’s path, version, description, robot and the folder’s own settings', async () => {
    const { ci, calls } = recordingCi()
    expect(await uploadMiniProgram(ci, job({ kind: 'upload', version: '1.2.3' }))).toEqual({
      ok: true,
      packages: [{ name: '__APP__', bytes: 90_000 }],
    })
    expect(calls).toEqual([
      { name: 'upload', options: expect.objectContaining({ ...common, version: '1.2.3' }) },
    ])
  })

  it('a preview: the same, with the file its QR code goes to', async () => {
    const { ci, calls } = recordingCi()
    await uploadMiniProgram(ci, job({ kind: 'preview', qrcodeFile: 'dist/preview.jpg' }))
    expect(calls).toEqual([
      {
        name: 'preview',
        options: expect.objectContaining({
          ...common,
          qrcodeFormat: 'image',
          qrcodeOutputDest: at('dist/preview.jpg'),
        }),
      },
    ])
  })

  it('what it throws, even while it reads the key, becomes a sentence', async () => {
    const { ci } = recordingCi()
    const failing = {
      ...ci,
      upload: () => Promise.reject(new Error('{"errCode":-10008,"errMsg":"invalid ip: 203.0.113.9"}')),
    }
    expect(await uploadMiniProgram(failing, job({ kind: 'upload', version: '1' }))).toEqual({
      ok: false,
      sentence: expect.stringContaining('IP 203.0.113.9 不在上传白名单里'),
    })
    class Unreadable {
      readonly key = this.readKey()
      private readKey(): string {
        throw new Error('ENOENT: no such file')
      }
    }
    const outcome = await uploadMiniProgram(
      { ...ci, Project: Unreadable },
      job({ kind: 'upload', version: '1' }),
    )
    expect(outcome).toEqual({ ok: false, sentence: expect.stringContaining('ENOENT') })
  })
})

it('a picture that holds no QR code is drawn as nothing', () => {
  expect(qrcodeAsText(Buffer.from('no picture'))).toBeNull()
})

describe('the real miniprogram-ci', () => {
  it('cut off from the network: one Chinese sentence, nothing else, and no trace where it ran', () => {
    const program = join(folder, 'program')
    const here = join(folder, 'here')
    mkdirSync(here)
    for (const [name, text] of Object.entries({
      'app.json': '{"pages":["pages/a"]}',
      'app.js': 'App({})',
      'pages/a.js': 'Page({})',
      'pages/a.wxml': '<view/>',
      'pages/a.json': '{}',
      'project.config.json': JSON.stringify({ appid: APP_ID, setting: {} }),
    })) {
      mkdirSync(dirname(join(program, name)), { recursive: true })
      writeFileSync(join(program, name), text)
    }
    const job: UploadJob = {
      folder: program,
      appid: APP_ID,
      privateKeyPath: keyFile,
      description: 'a',
      robot: 1,
      as: { kind: 'upload', version: '1.0.0' },
    }
    const script = `
      import { loadMiniProgramCi } from ${JSON.stringify(at('build/miniprogram-ci.ts'))}
      import { uploadMiniProgram } from ${JSON.stringify(at('build/upload.ts'))}
      const outcome = await uploadMiniProgram(loadMiniProgramCi(), ${JSON.stringify(job)})
      process.stdout.write(outcome.sentence, () => process.exit(1))`
    const { status, stdout, stderr } = spawnSync(
      process.execPath,
      [
        '--import',
        pathToFileURL(createRequire(import.meta.url).resolve('tsx')).href,
        '--input-type=module',
        '-e',
        script,
      ],
      {
        cwd: here,
        encoding: 'utf8',
        env: { ...cleanEnvironment(), HOME: here, NODE_OPTIONS: `--require "${at('build/no-net.cjs')}"` },
      },
    )
    expect({ status, stdout, stderr }).toEqual({
      status: 1,
      stdout: expect.stringMatching(/^连不上微信的上传服务器[^\n]*servicewechat\.com）$/),
      stderr: '',
    })
    expect(readdirSync(here)).toEqual([])
  })
})
