import { copyFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { checkApiAddress, checkAppId, checkMode, checkSettings } from '../../build/configuration.ts'
import { readSettings } from '../../build/settings.ts'

describe('the API address', () => {
  it.each([
    'https://api.example.com',
    'https://api.example.com/jeecg-boot',
    'https://api.example.com:8443',
    'https://xn--fiq228c.example',
  ])('%s is fine', (address) => {
    expect(checkApiAddress(address)).toEqual([])
  })

  it.each([
    ['', '没有填写'],
    ['api.example.com', '不是网址'],
    ['/api', '不是网址'],
    ['ftp://api.example.com', '不是网址'],
    ['https:/api.example.com', '不是网址'],
    ['https:\\\\api.example.com', '不是网址'],
    ['https://', '不是网址'],
    ['https：//api.example.com', '全角'],
    ['https://api.example.com ', '空格'],
    ['https://线索.example.com', '中文'],
    ['https://api.example.com/', '末尾多了斜杠'],
    ['https://api.example.com/jeecg-boot/', '末尾多了斜杠'],
    ['https://api.example.com?tenant=1', '带了参数'],
    ['https://api.example.com#a', '带了参数'],
    ['https://api.example.com:443', ':443'],
    ['http://api.example.com', '不是 https'],
    ['http://192.168.1.8:8080', '不是 https'],
    ['http://127.0.0.1.example.com', '不是 https'],
    ['https://api.weixin.qq.com', 'api.weixin.qq.com'],
    ['https://API.weixin.qq.com/cgi-bin', 'api.weixin.qq.com'],
  ])('%j is refused: %s', (address, why) => {
    expect(checkApiAddress(address)).toEqual([{ level: 'error', text: expect.stringContaining(why) }])
  })

  it('refuses a password in the address without printing it', () => {
    const [finding] = checkApiAddress('https://root:hunter2@api.example.com')
    expect(finding?.level).toBe('error')
    expect(finding?.text).not.toContain('hunter2')
  })

  it.each(['http://127.0.0.1:5301', 'http://localhost:5301', 'http://[::1]:5301', 'https://127.0.0.1'])(
    '%s builds, with a word that no phone reaches it',
    (address) => {
      expect(checkApiAddress(address)).toEqual([
        { level: 'warning', text: expect.stringContaining('只能在模拟器和开发者工具里用') },
      ])
    },
  )

  it('a bare IP builds, with a word that WeChat lists names only', () => {
    expect(checkApiAddress('https://203.0.113.7')).toEqual([
      { level: 'warning', text: expect.stringContaining('IP') },
    ])
  })
})

describe('the app id', () => {
  it('is wx and 16 lower-case hexadecimal digits', () => {
    expect(checkAppId('wx1ead0be110000001', 'manifest.json')).toEqual([])
  })

  it.each([
    '',
    'touristappid',
    'wx1ead0be11000000',
    'wx1ead0be1100000011',
    'WX1ead0be110000001',
    'wx1EAD0be110000001',
  ])('%j is refused, naming where it stands', (appid) => {
    expect(checkAppId(appid, 'manifest.json')).toEqual([
      { level: 'error', text: expect.stringMatching(/^manifest\.json 里的 appid「/) },
    ])
  })
})

const right = {
  VITE_API_BASE_URL: 'https://api.example.com',
  WECHAT_APPID: '',
  VITE_TEMPLATE_PURPOSES: '',
  VITE_ASK_BELOW: '3',
  VITE_ASK_PAUSE_MINUTES: '240',
}

it('an empty WECHAT_APPID leaves the id to manifest.json', () => {
  expect(checkSettings(right)).toEqual([])
})

it('every wrong setting is told at once', () => {
  const findings = checkSettings({
    VITE_API_BASE_URL: 'http://api.example.com',
    WECHAT_APPID: 'wx1',
    VITE_TEMPLATE_PURPOSES: 'clue-lost',
    VITE_ASK_BELOW: '0',
    VITE_ASK_PAUSE_MINUTES: '-1',
  })
  expect(findings.map(({ text }) => text)).toEqual(
    Object.keys(right).map((name) => expect.stringContaining(name)),
  )
})

describe('the rules of asking', () => {
  it.each([
    ['VITE_ASK_BELOW', ['1', '3', '20'], ['', '0', '21', '-1', '2.5', '三', '1e1', ' 3', '99999999999']],
    ['VITE_ASK_PAUSE_MINUTES', ['0', '240', '10080'], ['', '10081', '-1', '0.5', '4h', '１']],
  ])('%s takes %j and refuses %j, naming itself and the range', (name, good, bad) => {
    for (const value of good) expect(checkSettings({ ...right, [name]: value })).toEqual([])
    for (const value of bad) {
      expect(checkSettings({ ...right, [name]: value })).toEqual([
        {
          level: 'error',
          text: expect.stringMatching(new RegExp(`^${name} .*：请写 \\d+ 到 \\d+ 的整数，一般用 \\d+。$`)),
        },
      ])
    }
  })

  it('a setting that is not there at all is refused too: the phone would calculate with NaN', () => {
    const { VITE_ASK_BELOW: _, ...without } = right
    expect(checkSettings(without)).toEqual([
      { level: 'error', text: expect.stringContaining('VITE_ASK_BELOW 没有填写') },
    ])
  })
})

describe('the purposes of templates', () => {
  it.each(['', ' ', 'clue-assigned', ' clue-assigned ', 'clue-assigned,'])('%j is fine', (list) => {
    expect(checkSettings({ ...right, VITE_TEMPLATE_PURPOSES: list })).toEqual([])
  })

  it('one the contract does not know is refused by name, with those it knows', () => {
    const [finding, ...more] = checkSettings({ ...right, VITE_TEMPLATE_PURPOSES: 'clue-assigned，clue-lost' })
    expect(more).toEqual([])
    expect(finding).toEqual({
      level: 'error',
      text: expect.stringMatching(
        /VITE_TEMPLATE_PURPOSES 里的「clue-assigned，clue-lost」.*clue-assigned、?.*半角逗号/,
      ),
    })
  })
})

describe('the environments', () => {
  let root = ''
  const put = (file: string, text: string) => writeFileSync(join(root, file), text)
  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), 'leadbell-settings-'))
    copyFileSync('.env', join(root, '.env'))
    // Vitest has put this project's .env into the environment, which would win.
    for (const name of Object.keys(right)) vi.stubEnv(name, undefined)
  })
  afterEach(() => {
    vi.unstubAllEnvs()
    rmSync(root, { recursive: true, force: true })
  })

  it('development, trial and production are known, anything else is a typing error', () => {
    for (const mode of ['development', 'trial', 'production']) expect(checkMode(mode)).toEqual([])
    for (const mode of ['tiral', 'release', '', 'constructor']) {
      expect(checkMode(mode)).toEqual([{ level: 'error', text: expect.stringContaining('trial') }])
    }
  })

  it('the defaults in .env are right as they are', () => {
    const findings = checkSettings(readSettings('production', root))
    expect(findings.filter(({ level }) => level === 'error')).toEqual([])
  })

  it('each reads its own file and none of the others’', () => {
    put('.env.local', 'VITE_ASK_BELOW=5\n')
    put('.env.trial.local', 'VITE_API_BASE_URL=https://trial.example.com\nVITE_ASK_BELOW=7\n')
    put(
      '.env.production.local',
      'VITE_API_BASE_URL=https://api.example.com\nWECHAT_APPID=wx00000000000000ff\n',
    )
    expect(readSettings('trial', root)).toMatchObject({
      VITE_API_BASE_URL: 'https://trial.example.com',
      WECHAT_APPID: '',
      VITE_ASK_BELOW: '7',
    })
    expect(readSettings('production', root)).toMatchObject({
      VITE_API_BASE_URL: 'https://api.example.com',
      WECHAT_APPID: 'wx00000000000000ff',
      VITE_ASK_BELOW: '5',
    })
    expect(readSettings('development', root)).toMatchObject({ VITE_API_BASE_URL: 'http://127.0.0.1:5301' })
  })

  it.each(['production', 'trial'])(
    'the example of %s has names the build reads and values it takes',
    (mode) => {
      copyFileSync(`.env.${mode}.local.example`, join(root, `.env.${mode}.local`))
      const settings = readSettings(mode, root)
      expect(checkSettings(settings)).toEqual([])
      expect(settings).toMatchObject({ WECHAT_APPID: 'wx0123456789abcdef', WECHAT_PRIVATE_KEY_PATH: '' })
    },
  )
})
