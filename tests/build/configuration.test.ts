import { describe, expect, it } from 'vitest'
import { checkApiAddress, checkAppId, checkSettings } from '../../build/configuration.ts'

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

it('an empty WECHAT_APPID leaves the id to manifest.json', () => {
  expect(checkSettings({ VITE_API_BASE_URL: 'https://api.example.com', WECHAT_APPID: '' })).toEqual([])
})

it('every wrong setting is told at once', () => {
  const findings = checkSettings({ VITE_API_BASE_URL: 'http://api.example.com', WECHAT_APPID: 'wx1' })
  expect(findings.map(({ text }) => text)).toEqual([
    expect.stringContaining('VITE_API_BASE_URL'),
    expect.stringContaining('WECHAT_APPID'),
  ])
})
