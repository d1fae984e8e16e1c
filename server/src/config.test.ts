import { describe, expect, it } from 'vitest'
import { readConfig } from './config.ts'

const template = { templateId: 'TPL', title: '新线索提醒', purpose: 'clue-assigned' }
const good = {
  ADMIN_TOKEN: 'sixteen-characters',
  WECHAT_APPID: 'wx0123456789abcdef',
  WECHAT_SECRET: 'secret',
  WECHAT_TEMPLATES: JSON.stringify([template]),
}
const errorsOf = (environment: NodeJS.ProcessEnv) => {
  const outcome = readConfig(environment)
  return outcome.ok ? [] : outcome.errors
}

describe('the configuration', () => {
  it('needs four values and fills in the rest', () => {
    const outcome = readConfig({ ...good, PORT: ' ', PATH: '/bin' })
    expect(outcome).toMatchObject({
      ok: true,
      config: {
        port: 5301,
        host: '127.0.0.1',
        trial: false,
        trustProxy: false,
        inDoubtPolicy: 'give-up',
        wechat: { baseUrl: 'https://api.weixin.qq.com', miniprogramState: 'formal', templates: [template] },
      },
    })
    expect(outcome.ok && outcome.config.database).toHaveProperty(
      'dir',
      expect.stringMatching(/\.data.pglite$/),
    )
  })

  it('needs nothing in trial mode, and never calls the real WeChat then', () => {
    expect(readConfig({ TRIAL: '1' })).toMatchObject({
      ok: true,
      config: { trial: true, adminToken: undefined, wechat: { baseUrl: 'http://127.0.0.1:5300' } },
    })
  })

  it('prefers DATABASE_URL', () => {
    const url = 'postgres://leadbell@db/leadbell'
    expect(readConfig({ ...good, DATABASE_URL: url, DATA_DIR: '/x' })).toMatchObject({
      config: { database: { url } },
    })
  })

  it('says everything that is missing at once, each in a line with its name', () => {
    const errors = errorsOf({})
    expect(errors.map((line) => line.split(':')[0])).toEqual([
      'WECHAT_APPID',
      'WECHAT_SECRET',
      'WECHAT_TEMPLATES',
      'ADMIN_TOKEN',
    ])
    expect(errors.every((line) => !line.includes('\n'))).toBe(true)
  })

  it('says everything that is wrong at once, and repeats no value', () => {
    const bad = {
      PORT: '70000',
      DATABASE_URL: 'mysql://root:hunter2@db',
      TRUST_PROXY: 'yes',
      ADMIN_TOKEN: 'short-secret',
      WECHAT_API_BASE: 'http://api.weixin.qq.com',
      WECHAT_APPID: 'wx123',
      WECHAT_TEMPLATES: '{"templateId":',
      WECHAT_SECRET: 'secret',
      WECHAT_MINIPROGRAM_STATE: 'beta',
      IN_DOUBT_POLICY: 'maybe',
      IN_DOUBT_GRACE_MS: '1.5',
      LEASE_MS: '5',
      LOG_LEVEL: 'loud',
    }
    const errors = errorsOf(bad)
    const names = errors.map((line) => line.split(':')[0] ?? '')
    expect(names.sort()).toEqual(
      Object.keys(bad)
        .filter((name) => name !== 'WECHAT_SECRET')
        .sort(),
    )
    for (const value of ['hunter2', 'short-secret', 'wx123']) expect(errors.join('\n')).not.toContain(value)
  })

  it.each([
    ['not an array', template],
    ['empty', []],
    ['without an id', [{ ...template, templateId: '' }]],
    ['of an unknown purpose', [{ ...template, purpose: 'birthday' }]],
    ['twice for one purpose', [template, { ...template, title: '另一个' }]],
    ['more than three', [1, 2, 3, 4].map((n) => ({ ...template, title: String(n) }))],
  ])('refuses templates that are %s', (_what, templates) => {
    const errors = errorsOf({ ...good, WECHAT_TEMPLATES: JSON.stringify(templates) })
    expect(errors.length).toBeGreaterThan(0)
    expect(errors.every((line) => line.startsWith('WECHAT_TEMPLATES: '))).toBe(true)
  })
})
