import { describe, expect, it } from 'vitest'
import { configWarnings, readConfig, readDatabaseSource, type Config } from './config.ts'

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

const configOf = (environment: NodeJS.ProcessEnv): Config => {
  const outcome = readConfig({ ...good, ...environment })
  if (!outcome.ok) throw new Error(outcome.errors.join('\n'))
  return outcome.config
}
const secret = (letter: string) => letter.repeat(32)

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
        migrateOnStart: true,
        auth: { kind: 'local' },
        wechat: {
          baseUrl: 'https://api.weixin.qq.com',
          miniprogramState: 'formal',
          templates: [
            {
              ...template,
              values: { thing1: 'title', time2: 'assignedAt', phrase3: 'status' },
              inDoubt: 'give-up',
              waiting: 'each',
            },
          ],
        },
        push: undefined,
        integrationSecret: undefined,
        webhook: undefined,
        delivery: {
          inDoubtGraceMs: 120_000,
          leaseMs: 45_000,
          waitingExpiresMs: undefined,
          concurrency: 64,
        },
        retentionDays: 400,
        shutdownMs: 20_000,
        logLevel: 'info',
      },
    })
    expect(outcome.ok && outcome.config.adminDir).toMatch(/[/\\]admin[/\\]dist$/)
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
      config: { database: { url, poolSize: 10 } },
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
      AUTH: 'ldap',
      JEECGBOOT_URL: 'http://root:hunter2@oa.example.com/jeecg-boot?x=hunter2#hunter2',
      WECHAT_PUSH_TOKEN: 'hunter2!',
      WECHAT_PUSH_AES_KEY: 'hunter2',
      INTEGRATION_SECRET: 'hunter2',
      WEBHOOK_URL: 'http://hooks.example.com/hunter2',
      WEBHOOK_SECRET: 'hunter2',
      WAITING_EXPIRES_HOURS: '9000',
      DELIVERY_CONCURRENCY: '0',
      DATABASE_POOL_SIZE: '1',
      MIGRATE_ON_START: 'later',
      RETENTION_DAYS: '1',
      SHUTDOWN_MS: '10',
      LOG_LEVEL: 'loud',
    }
    const errors = errorsOf(bad)
    const names = errors.map((line) => line.split(':')[0] ?? '')
    expect([...new Set(names)].sort()).toEqual(
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

  it('says that a number is wrong in words that hold its bounds', () => {
    expect(errorsOf({ ...good, DELIVERY_CONCURRENCY: '501' })).toEqual([
      'DELIVERY_CONCURRENCY: 要是 1 到 500 之间的整数 (must be a whole number from 1 to 500)',
    ])
  })

  it('reads what has a default when it is set', () => {
    expect(
      configOf({
        PORT: '0',
        HOST: '0.0.0.0',
        TRUST_PROXY: '1',
        DATABASE_URL: 'postgresql://db/leadbell',
        DATABASE_POOL_SIZE: '25',
        MIGRATE_ON_START: '0',
        ADMIN_DIR: '/srv/leadbell/admin',
        WECHAT_MINIPROGRAM_STATE: 'trial',
        WAITING_EXPIRES_HOURS: '48',
        DELIVERY_CONCURRENCY: '64',
        IN_DOUBT_GRACE_MS: '30000',
        LEASE_MS: '60000',
        RETENTION_DAYS: '90',
        SHUTDOWN_MS: '5000',
        LOG_LEVEL: 'debug',
      }),
    ).toMatchObject({
      port: 0,
      host: '0.0.0.0',
      trustProxy: true,
      database: { url: 'postgresql://db/leadbell', poolSize: 25 },
      migrateOnStart: false,
      adminDir: '/srv/leadbell/admin',
      wechat: { miniprogramState: 'trial' },
      delivery: {
        waitingExpiresMs: 48 * 3600_000,
        concurrency: 64,
        inDoubtGraceMs: 30_000,
        leaseMs: 60_000,
      },
      retentionDays: 90,
      shutdownMs: 5000,
      logLevel: 'debug',
    })
  })

  it('tells a command where the data is, whatever else is missing', () => {
    expect(readDatabaseSource({ DATABASE_URL: 'postgres://db/x', DATABASE_POOL_SIZE: '3' })).toEqual({
      ok: true,
      source: { url: 'postgres://db/x', poolSize: 3 },
    })
    expect(readDatabaseSource({ DATABASE_URL: 'mysql://hunter2' })).toEqual({
      ok: false,
      errors: ['DATABASE_URL: 要以 postgres:// 开头 (must start with postgres://)'],
    })
  })
})

describe('who checks passwords', () => {
  const jeecg = (JEECGBOOT_URL: string) => ({ ...good, AUTH: 'jeecgboot', JEECGBOOT_URL })

  it.each([
    'https://oa.example.com/jeecg-boot',
    'http://127.0.0.1:8080/jeecg-boot',
    'http://[::1]:8080',
    'http://localhost:8080',
    'http://10.1.2.3:8080/jeecg-boot',
    'http://172.16.0.9',
    'http://172.31.255.255',
    'http://192.168.1.20:8080',
    'http://jeecg:8080/jeecg-boot',
  ])('may be the JeecgBoot at %s', (url) => {
    expect(configOf(jeecg(url)).auth).toEqual({ kind: 'jeecgboot', baseUrl: url })
  })

  it.each([
    ['http://oa.example.com/jeecg-boot', 'https'],
    ['http://11.0.0.1', 'https'],
    ['http://172.32.0.1', 'https'],
    ['http://172.15.0.1', 'https'],
    ['http://192.169.0.1', 'https'],
    ['http://10.example.com', 'https'],
    ['http://[fd00::1]', 'https'],
    ['ftp://jeecg/jeecg-boot', 'https://'],
    ['https://root:hunter2@oa.example.com', 'user:password'],
    ['https://oa.example.com/?tenant=hunter2', 'query'],
    ['https://oa.example.com/jeecg-boot?', 'query'],
    ['https://oa.example.com/#/user/login', 'fragment'],
    ['oa.example.com', 'URL'],
  ])('is not %s, and the line says %s', (url, word) => {
    const errors = errorsOf(jeecg(url))
    expect(errors).toEqual([expect.stringContaining(word)])
    expect(errors[0]).toMatch(/^JEECGBOOT_URL: /)
    expect(errors[0]).not.toContain('hunter2')
  })

  it('must be named when it is JeecgBoot, and AUTH must say so when it is named', () => {
    expect(errorsOf({ ...good, AUTH: 'jeecgboot' })).toEqual([
      'JEECGBOOT_URL: 未设置，AUTH=jeecgboot 时必填 (required with AUTH=jeecgboot)',
    ])
    for (const AUTH of [undefined, 'local'])
      expect(errorsOf({ ...good, AUTH, JEECGBOOT_URL: 'https://oa.example.com' })).toEqual([
        expect.stringContaining('without AUTH=jeecgboot'),
      ])
  })

  it('is warned about when passwords leave this machine in plain text', () => {
    expect(configWarnings(configOf(jeecg('http://192.168.1.20:8080')))).toEqual([
      expect.stringMatching(/^JEECGBOOT_URL: .*plain text/),
    ])
    for (const url of ['http://127.0.0.1:8080', 'http://localhost', 'https://oa.example.com'])
      expect(configWarnings(configOf(jeecg(url)))).toEqual([])
  })
})

describe('secrets', () => {
  it('come with what they are for', () => {
    expect(errorsOf({ ...good, WECHAT_PUSH_AES_KEY: 'k'.repeat(43) })).toEqual([
      'WECHAT_PUSH_TOKEN: 未设置，但已设置 WECHAT_PUSH_AES_KEY (required with WECHAT_PUSH_AES_KEY)',
    ])
    expect(errorsOf({ ...good, WEBHOOK_URL: 'https://crm.example.com/hook' })).toEqual([
      expect.stringMatching(/^WEBHOOK_SECRET: /),
    ])
    expect(errorsOf({ ...good, WEBHOOK_SECRET: secret('w') })).toEqual([
      expect.stringMatching(/^WEBHOOK_URL: /),
    ])
  })

  it('are read when they are long enough', () => {
    expect(
      configOf({
        WECHAT_PUSH_TOKEN: 'abc123',
        WECHAT_PUSH_AES_KEY: 'k'.repeat(43),
        INTEGRATION_SECRET: secret('i'),
        WEBHOOK_URL: 'https://crm.example.com/hook?source=leadbell',
        WEBHOOK_SECRET: secret('w'),
      }),
    ).toMatchObject({
      push: { token: 'abc123', aesKey: 'k'.repeat(43) },
      integrationSecret: secret('i'),
      webhook: { url: 'https://crm.example.com/hook?source=leadbell', secret: secret('w') },
    })
  })

  it('are each in one place only, since each is known to somebody else', () => {
    const shared = secret('s')
    const errors = errorsOf({
      ...good,
      ADMIN_TOKEN: shared,
      INTEGRATION_SECRET: shared,
      WEBHOOK_URL: 'https://crm.example.com/hook',
      WEBHOOK_SECRET: shared,
    })
    expect(errors).toEqual([
      'INTEGRATION_SECRET: 不能和 ADMIN_TOKEN 相同 (must differ from ADMIN_TOKEN)',
      'WEBHOOK_SECRET: 不能和 ADMIN_TOKEN 相同 (must differ from ADMIN_TOKEN)',
    ])
    expect(errors.join()).not.toContain(shared)
  })

  it('never stand in the address of the webhook', () => {
    expect(
      errorsOf({ ...good, WEBHOOK_URL: 'https://me:hunter2@crm.example.com/', WEBHOOK_SECRET: secret('w') }),
    ).toEqual([expect.stringMatching(/^WEBHOOK_URL: .*user:password/)])
  })
})

describe('a template', () => {
  const withTemplate = (more: object, environment: NodeJS.ProcessEnv = {}) => ({
    ...environment,
    WECHAT_TEMPLATES: JSON.stringify([{ ...template, ...more }]),
  })
  const [first] = configOf({}).wechat.templates

  it('says how its keys are filled, what becomes of doubts and of what waited', () => {
    const values = { thing10: 'title', date3: 'assignedAt', thing4: 'text:请尽快联系' }
    expect(configOf(withTemplate({ values, inDoubt: 'resend', waiting: 'merge' })).wechat.templates).toEqual([
      { ...template, values, inDoubt: 'resend', waiting: 'merge' },
    ])
  })

  it('is sent again when in doubt where WeChat’s events arrive, and given up where they do not', () => {
    expect(configOf({}).wechat.templates).toEqual([{ ...first, inDoubt: 'give-up' }])
    expect(configOf({ WECHAT_PUSH_TOKEN: 'token' }).wechat.templates).toEqual([
      { ...first, inDoubt: 'resend' },
    ])
  })

  it('follows IN_DOUBT_POLICY unless it has a policy of its own', () => {
    const policy = { IN_DOUBT_POLICY: 'resend' }
    expect(configOf(policy).wechat.templates).toEqual([{ ...first, inDoubt: 'resend' }])
    expect(configOf(withTemplate({ inDoubt: 'give-up' }, policy)).wechat.templates).toEqual([
      { ...first, inDoubt: 'give-up' },
    ])
  })

  it.each([
    ['a key of no type', { values: { title: 'title' } }, 'title:'],
    ['a fact that there is not', { values: { thing1: 'birthday' } }, 'thing1:'],
    ['a fact that does not fit the key', { values: { phrase3: 'title' } }, 'phrase3:'],
    ['no key at all', { values: {} }, 'values:'],
    ['another policy', { inDoubt: 'perhaps' }, 'inDoubt'],
    ['another way to wait', { waiting: 'never' }, 'waiting'],
  ])('is refused with %s', (_what, more, word) => {
    expect(errorsOf({ ...good, ...withTemplate(more) })).toEqual([
      expect.stringMatching(new RegExp(`^WECHAT_TEMPLATES: .*${word}`)),
    ])
  })
})
