import { generateKeyPairSync } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import type { ReadOutput } from '../../build/output-checks.ts'
import {
  checkPrivateKey,
  checkUploadFolder,
  checkUploadSettings,
  robotOf,
} from '../../build/upload-checks.ts'

const APP_ID = 'wx0123456789abcdef'
const API = 'https://api.example.com'
const settings = {
  VITE_API_BASE_URL: API,
  WECHAT_APPID: APP_ID,
  VITE_ASK_BELOW: '3',
  VITE_ASK_PAUSE_MINUTES: '240',
}
const key = generateKeyPairSync('rsa', { modulusLength: 1024 })
  .privateKey.export({ type: 'pkcs1', format: 'pem' })
  .toString()
const texts = (findings: { text: string }[]) => findings.map(({ text }) => text)

describe('before the build', () => {
  it('release settings pass', () => {
    expect(checkUploadSettings('upload', settings)).toEqual([])
  })

  it.each(['http://127.0.0.1:5301', 'https://localhost', 'http://api.example.com', ''])(
    'an upload with the address %j is refused with one sentence',
    (address) => {
      const findings = checkUploadSettings('upload', { ...settings, VITE_API_BASE_URL: address })
      expect(findings).toEqual([
        { level: 'error', text: expect.stringMatching(/^接口地址 VITE_API_BASE_URL.*https.*。$/) },
      ])
    },
  )

  it('a preview may have this machine’s address, with a word about it', () => {
    const findings = checkUploadSettings('preview', {
      ...settings,
      VITE_API_BASE_URL: 'http://127.0.0.1:5301',
    })
    expect(findings).toMatchObject([{ level: 'warning' }])
  })

  const read = (file: string) =>
    ({ 'k.key': key, 'a.json': '{}', [`private.${APP_ID}.key`]: key })[file] ?? null

  it('a private key passes, under its own name or another', () => {
    expect(checkPrivateKey('k.key', APP_ID, read)).toEqual([])
    expect(checkPrivateKey(`private.${APP_ID}.key`, APP_ID, read)).toEqual([])
  })

  it('without a key: where to get it, and the list of addresses', () => {
    for (const none of [undefined, '']) {
      expect(texts(checkPrivateKey(none, APP_ID, read))).toEqual([
        expect.stringMatching(/WECHAT_PRIVATE_KEY_PATH.*小程序代码上传.*下载上传密钥.*IP 加入白名单/),
      ])
    }
  })

  it('a key that is not there, is none, or is another app’s is refused without a word of its content', () => {
    expect(texts(checkPrivateKey('gone.key', APP_ID, read))).toEqual([
      expect.stringContaining('gone.key 不存在'),
    ])
    expect(texts(checkPrivateKey('a.json', APP_ID, read))).toEqual([
      expect.stringContaining('a.json 不是上传密钥'),
    ])
    const foreign = checkPrivateKey(`private.${APP_ID}.key`, 'wx00000000000000ff', read)
    expect(texts(foreign)).toEqual([expect.stringContaining(`是 ${APP_ID} 的`)])
  })

  it('the robot is 1 unless told, and one of thirty', () => {
    expect([undefined, '', '1', '30'].map(robotOf)).toEqual([1, 1, 1, 30])
    for (const wrong of ['0', '31', '-1', 'x', '1.5', '300']) {
      expect(robotOf(wrong)).toEqual({ level: 'error', text: expect.stringContaining('WECHAT_CI_ROBOT') })
    }
  })
})

describe('after the build', () => {
  const complete: Record<string, string> = {
    'app.json': '{"pages":[]}',
    'app.js': `const base = "${API}"`,
    'project.config.json': JSON.stringify({ appid: APP_ID, setting: { urlCheck: true } }),
  }
  function check(kind: 'upload' | 'preview', change: Record<string, string | null>) {
    const all = { ...complete, ...change }
    const files = Object.keys(all).filter((file) => all[file] !== null)
    const read: ReadOutput = (file) => all[file] ?? null
    return texts(checkUploadFolder(kind, { files, read, address: API }))
  }

  it('a complete folder passes', () => {
    expect(check('upload', {})).toEqual([])
  })

  it.each(['app.json', 'app.js', 'project.config.json'])('a folder without %s is refused', (file) => {
    expect(check('upload', { [file]: null })).toEqual([expect.stringContaining(`缺少 ${file}`)])
  })

  it.each([
    'project.private.config.json',
    'app.js.map',
    'pages/.DS_Store',
    'node_modules/a/index.js',
    '.env',
  ])('a folder with %s in it is refused', (file) => {
    expect(check('upload', { [file]: '' })).toEqual([expect.stringContaining(`混进了 ${file}`)])
  })

  it('a folder of another build, with another address, is refused', () => {
    expect(check('upload', { 'app.js': 'const base = "https://old.example.com"' })).toEqual([
      expect.stringContaining(`找不到接口地址 ${API}`),
    ])
  })

  it('the demo’s app id is refused, for a preview too', () => {
    const demo = {
      'project.config.json': JSON.stringify({ appid: 'wx1ead0be110000001', setting: { urlCheck: true } }),
    }
    for (const kind of ['upload', 'preview'] as const) {
      expect(check(kind, demo)).toEqual([expect.stringContaining('WECHAT_APPID')])
    }
  })

  it('an upload without the check of domains is refused, a preview is not', () => {
    const loose = { 'project.config.json': JSON.stringify({ appid: APP_ID, setting: { urlCheck: false } }) }
    expect(check('upload', loose)).toEqual([expect.stringContaining('urlCheck 改成 true')])
    expect(check('preview', loose)).toEqual([])
  })
})
