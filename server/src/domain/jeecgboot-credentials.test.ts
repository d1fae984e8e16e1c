import { randomUUID } from 'node:crypto'
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest'
import { findAccountByUsername } from '../db/accounts.ts'
import { accounts } from '../db/schema.ts'
import { Harness, PASSWORD } from '../testing/harness.ts'
import { JeecgBootStandIn, type JeecgBootReply, type JeecgBootUser } from '../testing/jeecgboot-stand-in.ts'

let server: Harness
let people = 0
const jeecg = new JeecgBootStandIn({ now: () => server.now().getTime() })

beforeAll(async () => {
  await jeecg.start()
  server = await Harness.start({
    limits: { attemptsPerAccount: 3 },
    jeecgBoot: { baseUrl: jeecg.baseUrl, timeoutMs: 300 },
  })
})
afterEach(() => {
  jeecg.onRequest = undefined
})
afterAll(async () => {
  await server.stop()
  await jeecg.stop()
})

/** A user of the customer's JeecgBoot, of whom this server has not heard. */
function enrol(more: Partial<JeecgBootUser> = {}) {
  const username = `jeecg${++people}`
  const user = {
    id: `179000000000000000${people}`,
    username,
    realname: '陈小舟',
    password: PASSWORD,
    ...more,
  }
  jeecg.setUser(user)
  return { ...user, openid: `openid-${username}` }
}

const accountOf = (username: string) => findAccountByUsername(server.db.database.db, username)
const refusing = (fields: { code: number; message: string }): JeecgBootReply => ({
  text: JSON.stringify({ success: false, result: null, timestamp: 1795400000000, ...fields }),
})
/** JeecgBoot answers this to the login; its captchas go on. */
function answerLogin(reply: JeecgBootReply): void {
  jeecg.onRequest = (path) => (path === '/sys/login' ? reply : undefined)
}
const html: JeecgBootReply = { status: 502, type: 'text/html', text: '<html>Bad Gateway</html>' }

describe('a login with the password of JeecgBoot', () => {
  it('makes an account here, without a password, and binds the WeChat', async () => {
    const person = enrol({ realname: '林可' })
    expect(await server.login(person)).toMatchObject({
      code: 200,
      result: { userInfo: { username: person.username, realname: '林可' }, wechat: { bound: true } },
    })
    expect(await accountOf(person.username)).toMatchObject({
      realname: '林可',
      passwordHash: null,
      role: 'staff',
    })
  })

  it('finds the account again, under the name JeecgBoot has now', async () => {
    const person = enrol({ realname: '林可' })
    const first = await server.login(person)
    jeecg.setUser({ ...person, realname: '林可可' })
    const told: string[] = []
    const leave = server.changes.watch({ changed: (topics) => told.push(...topics), over: () => undefined })
    // without a code: a binding would be news as well
    const second = await server.login(person, { code: undefined })
    leave()
    expect(told).toEqual(['clues', 'deliveries', 'staff'])
    expect(second.result.userInfo).toEqual({ ...first.result.userInfo, realname: '林可可' })
    expect(await accountOf(person.username)).toMatchObject({ version: 2 })
    await server.login(person)
    expect(await accountOf(person.username)).toMatchObject({ version: 2 })
  })

  it('makes one account of a person who logs in twice at once', async () => {
    const person = enrol()
    const answers = await Promise.all([1, 2, 3].map(() => server.login(person, { code: undefined })))
    expect(new Set(answers.map(({ result }) => result.userInfo.id)).size).toBe(1)
  })

  it('goes by the username JeecgBoot answers, not by the one typed', async () => {
    const person = enrol()
    const userInfo = { id: '1', username: person.username, realname: person.realname }
    answerLogin({
      text: JSON.stringify({ success: true, code: 200, message: '', result: { token: 't', userInfo } }),
    })
    const { result } = await server.login({ ...person, username: person.username.toUpperCase() })
    expect(result.userInfo.username).toBe(person.username)
  })

  it('gives the token back and keeps it to itself', async () => {
    const person = enrol()
    const { result } = await server.login(person)
    expect(result.token).not.toContain('jwt-of')
    await vi.waitFor(() => expect(jeecg.tokens.size).toBe(0))
    const { rows } = await server.db.database.pool.query('select * from sessions')
    expect(JSON.stringify(rows)).not.toContain('jwt-of')
  })

  it('goes through when JeecgBoot does not take the token back', async () => {
    const person = enrol()
    jeecg.onRequest = (path) => (path === '/sys/logout' ? 'drop' : undefined)
    expect(await server.login(person)).toMatchObject({ code: 200 })
  })

  it('makes the WeChat good for silent logins, which ask nothing of JeecgBoot', async () => {
    const person = enrol()
    await server.login(person)
    jeecg.onRequest = () => 'drop'
    const body = { code: `code-of-${person.openid}#${randomUUID()}` }
    expect(await server.call('POST', '/notify/login', { body })).toMatchObject({ code: 200 })
  })

  it('takes no password of this server’s own', async () => {
    const local = await server.hire()
    jeecg.setUser({ id: '1', username: local.username, realname: '陈小舟', password: 'the one of JeecgBoot' })
    expect(await server.login(local)).toMatchObject({ code: 500, message: '用户名或密码错误' })
    expect(await server.login(local, { password: 'the one of JeecgBoot' })).toMatchObject({
      code: 200,
      result: { userInfo: { id: local.id } },
    })
  })
})

describe('a login that is refused', () => {
  it.each<[string, JeecgBootReply, { status: number; code: number; message: string }]>([
    [
      'a wrong captcha',
      refusing({ code: 412, message: '验证码错误' }),
      { status: 200, code: 412, message: '验证码错误' },
    ],
    [
      'a wrong password',
      refusing({ code: 500, message: '用户名或密码错误' }),
      { status: 200, code: 500, message: '用户名或密码错误' },
    ],
    [
      'an unknown name sounds like a wrong password',
      refusing({ code: 500, message: '该用户不存在，请注册' }),
      { status: 200, code: 500, message: '用户名或密码错误' },
    ],
    [
      'a frozen user is told whom to ask',
      refusing({ code: 500, message: '该用户已冻结' }),
      { status: 200, code: 500, message: '账号已被冻结，请联系管理员' },
    ],
    [
      'a lock is told in its words',
      refusing({ code: 500, message: '该用户登录失败次数过多，请于10分钟后再次登录！' }),
      {
        status: 429,
        code: 429,
        message: '登录没有成功：该用户登录失败次数过多，请于10分钟后再次登录！',
      },
    ],
    [
      'a missing permission is told in its words',
      refusing({ code: 510, message: '没有权限，请联系管理员分配权限！' }),
      { status: 200, code: 500, message: '登录没有成功：没有权限，请联系管理员分配权限！' },
    ],
    [
      'a frozen tenant is told in its words',
      refusing({ code: 500, message: '与该用户关联的租户均已被冻结，无法登录！' }),
      { status: 200, code: 500, message: '登录没有成功：与该用户关联的租户均已被冻结，无法登录！' },
    ],
    ['no answer', 'hang', { status: 200, code: 500, message: '暂时连不上登录服务器，请稍后再试' }],
    ['a dropped connection', 'drop', { status: 200, code: 500, message: '暂时连不上登录服务器，请稍后再试' }],
  ])('%s', async (_name, reply, expected) => {
    const person = enrol()
    answerLogin(reply)
    expect(await server.login(person)).toMatchObject({ success: false, result: null, ...expected })
    expect(await accountOf(person.username)).toBeUndefined()
  })

  it.each<[string, JeecgBootReply]>([
    ['an exception', refusing({ code: 500, message: '操作失败，Unable to connect to Redis' })],
    ['a Redis that is down', refusing({ code: 500, message: 'Redis 连接异常!' })],
    ['a refusal without words', refusing({ code: 500, message: '' })],
    ['a path unknown there', refusing({ code: 404, message: '路径不存在，请检查路径是否正确' })],
    ['a path guarded there', refusing({ code: 401, message: 'Token失效，请重新登录!' })],
    ['a proxy’s page', html],
  ])('%s is no business of the person at the phone', async (_name, reply) => {
    answerLogin(reply)
    expect(await server.login(enrol())).toMatchObject({
      status: 200,
      code: 500,
      message: '登录服务器出错了，请联系管理员',
    })
  })

  it('by this server, when the account is disabled here, silent or not', async () => {
    const person = enrol()
    await server.login(person)
    await server.db.database.db.update(accounts).set({ disabledAt: server.now() })
    try {
      const disabled = { status: 200, code: 500, message: '账号已停用，请联系管理员', result: null }
      expect(await server.login(person)).toMatchObject(disabled)
      const body = { code: `code-of-${person.openid}#${randomUUID()}` }
      expect(await server.call('POST', '/notify/login', { body })).toMatchObject(disabled)
    } finally {
      await server.db.database.db.update(accounts).set({ disabledAt: null })
    }
  })
})

describe('the captcha of JeecgBoot', () => {
  const draw = (headers = {}) => server.call<string>('GET', `/sys/randomImage/${randomUUID()}`, { headers })

  it('comes in our envelope of code 0', async () => {
    expect(await draw()).toMatchObject({ status: 200, success: true, code: 0 })
  })

  it('is dead after JeecgBoot’s 60 seconds', async () => {
    const person = enrol()
    const picture = await server.captcha()
    server.advance(60_000)
    expect(await server.login(person, picture)).toMatchObject({ code: 412 })
  })

  it.each<[JeecgBootReply, string]>([
    ['drop', '暂时连不上登录服务器，请稍后再试'],
    [html, '登录服务器出错了，请联系管理员'],
    [refusing({ code: 500, message: '获取验证码失败,请检查redis配置!' }), '登录服务器出错了，请联系管理员'],
  ])('that does not come: %j', async (reply, message) => {
    jeecg.onRequest = () => reply
    expect(await draw()).toMatchObject({ status: 200, success: false, code: 500, message })
  })
})

describe('attempts', () => {
  it('are counted here too: JeecgBoot is not asked any more', async () => {
    const person = enrol()
    for (let n = 0; n < 3; n++)
      expect(await server.login(person, { password: `wrong ${n}` })).toMatchObject({ code: 500 })
    const asked = jeecg.logins.length
    expect(await server.login(person)).toMatchObject({
      status: 429,
      message: '登录失败次数过多，账号已锁定，请 10 分钟后再试',
    })
    expect(jeecg.logins).toHaveLength(asked)
  })

  it('no parallel guess slips past the lock', async () => {
    const person = enrol()
    const answers = await Promise.all(
      Array.from({ length: 8 }, () => server.login(person, { password: 'wrong', code: undefined })),
    )
    expect(answers.filter(({ code }) => code === 500)).toHaveLength(3)
    expect(answers.filter(({ code }) => code === 429)).toHaveLength(5)
  })

  it.each<[string, JeecgBootReply]>([
    ['a wrong captcha', refusing({ code: 412, message: '验证码错误' })],
    ['a frozen user', refusing({ code: 500, message: '该用户已冻结' })],
    ['a JeecgBoot that is down', 'drop'],
    ['a proxy’s page', html],
  ])('%s is none, however often', async (_name, reply) => {
    const person = enrol()
    answerLogin(reply)
    for (let n = 0; n < 5; n++) expect((await server.login(person)).code).not.toBe(429)
    jeecg.onRequest = undefined
    expect(await server.login(person)).toMatchObject({ code: 200 })
  })

  it('wrong captchas in parallel lock nobody out', async () => {
    const person = enrol()
    const answers = await Promise.all(
      Array.from({ length: 12 }, () => server.login(person, { captcha: 'wrong' })),
    )
    expect(new Set(answers.map(({ code }) => code))).toEqual(new Set([412, 429]))
    expect(await server.login(person)).toMatchObject({ code: 200 })
  })

  it('a wrong captcha forgives no wrong password', async () => {
    const person = enrol()
    for (let n = 0; n < 3; n++) {
      await server.login(person, { password: 'wrong' })
      await server.login(person, { captcha: 'wrong' })
    }
    expect(await server.login(person)).toMatchObject({ status: 429 })
  })

  it('are forgotten after a right password', async () => {
    const person = enrol()
    for (let round = 0; round < 3; round++) {
      await server.login(person, { password: 'slip' })
      expect(await server.login(person)).toMatchObject({ code: 200 })
    }
  })

  it('are limited by address, before JeecgBoot is asked', async () => {
    const strict = await Harness.start({
      limits: { captchasPerAddress: 1, loginsPerAddress: 1 },
      jeecgBoot: { baseUrl: jeecg.baseUrl },
    })
    try {
      const draw = () => strict.call('GET', '/sys/randomImage/abcdefgh')
      expect(await draw()).toMatchObject({ code: 0 })
      expect(await draw()).toMatchObject({ status: 429 })
      const body = { username: 'x', password: 'x', captcha: 'x', checkKey: 'abcdefgh' }
      expect(await strict.call('POST', '/sys/login', { body })).toMatchObject({ code: 412 })
      const asked = jeecg.logins.length
      expect(await strict.call('POST', '/sys/login', { body })).toMatchObject({ status: 429 })
      expect(jeecg.logins).toHaveLength(asked)
    } finally {
      await strict.stop()
    }
  })
})

describe('the log', () => {
  it('says what became of JeecgBoot, and no password, captcha or token', async () => {
    const person = enrol({ password: 'a-password-to-look-for' })
    const typed = { password: 'a-password-to-look-for', captcha: 'Zq7xZq7x' }
    server.logLines.length = 0
    await server.login(person, typed)
    answerLogin(html)
    await server.login(person, typed)
    answerLogin('drop')
    await server.login(person, typed)
    jeecg.onRequest = undefined
    await server.login(person, { password: typed.password })
    const log = server.logLines.join('')
    expect(log).toContain('HTTP 502 of type text/html')
    expect(log).toContain('auth-server-unreachable')
    for (const secret of [...Object.values(typed), 'jwt-of']) expect(log).not.toContain(secret)
  })
})
