import { randomUUID } from 'node:crypto'
import type { LoginResult } from '@leadbell/contract'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { deleteBinding, findBoundOpenid } from '../db/bindings.ts'
import { Harness, PASSWORD, TEMPLATE, type Person } from '../testing/harness.ts'
import { readCaptcha } from '../testing/read-captcha.ts'
import type { Reply } from '../testing/wechat-stand-in.ts'

let server: Harness
beforeAll(async () => {
  server = await Harness.start({ limits: { attemptsPerAccount: 3 } })
})
afterAll(() => server.stop())
beforeEach(() => server.wechat.reset())

describe('the captcha', () => {
  it('comes as an image data URL in an envelope of code 0', async () => {
    const answer = await server.call<string>('GET', `/sys/randomImage/${randomUUID()}`)
    expect(answer).toMatchObject({ status: 200, success: true, code: 0 })
    expect(answer.result).toMatch(/^data:image\/svg\+xml;base64,/)
    expect(answer.headers.get('cache-control')).toBe('no-store')
  })

  it('is right in capitals or not, once', async () => {
    const person = await server.hire()
    const typed = { username: person.username, password: PASSWORD, ...(await server.captcha()) }
    const swapped = [...typed.captcha].map((c) => (c === c.toUpperCase() ? c.toLowerCase() : c.toUpperCase()))
    const body = { ...typed, captcha: swapped.join('') }
    expect(await server.call('POST', '/sys/login', { body })).toMatchObject({ status: 200, code: 200 })
    expect(await server.call('POST', '/sys/login', { body })).toMatchObject({
      status: 200,
      success: false,
      code: 412,
      message: '验证码已失效',
    })
  })

  it('is used up by a wrong answer', async () => {
    const person = await server.hire()
    const picture = await server.captcha()
    expect(await server.login(person, { ...picture, captcha: '0000' })).toMatchObject({
      status: 200,
      code: 412,
      message: '验证码错误',
    })
    expect(await server.login(person, picture)).toMatchObject({ code: 412, message: '验证码已失效' })
  })

  it('expires after 60 seconds', async () => {
    const person = await server.hire()
    const picture = await server.captcha()
    server.advance(59_000)
    const fresh = await server.captcha()
    server.advance(1_000)
    expect(await server.login(person, picture)).toMatchObject({ code: 412, message: '验证码已失效' })
    expect(await server.login(person, fresh)).toMatchObject({ code: 200 })
  })

  it('is dead when a new picture was made under the same key', async () => {
    const person = await server.hire()
    const old = await server.captcha()
    let replaced = old.captcha
    while (replaced.toLowerCase() === old.captcha.toLowerCase()) {
      const { result } = await server.call<string>('GET', `/sys/randomImage/${old.checkKey}`)
      replaced = result === '' ? old.captcha : readCaptcha(result)
    }
    expect(await server.login(person, old)).toMatchObject({ code: 412, message: '验证码错误' })
  })
})

describe('username and password', () => {
  it.each([
    [{}, '用户名', 'username'],
    [{ username: 'someone' }, '密码', 'password'],
    [{ username: ' ', password: 'x', captcha: 'abcd', checkKey: 'abcdefgh' }, '用户名', 'username'],
    [{ username: 'someone', password: 'x' }, '验证码', 'captcha'],
    [{ username: 'a\0b', password: 'x', captcha: 'abcd', checkKey: 'abcdefgh' }, '用户名', 'username'],
    [{ username: 'someone', password: 'x', captcha: 'abcd', checkKey: '../..' }, '验证码编号', 'checkKey'],
  ])('an incomplete form is answered with the name of the field: %j', async (body, label, field) => {
    expect(await server.call('POST', '/sys/login', { body })).toMatchObject({
      status: 400,
      success: false,
      code: 400,
      message: `${label}有误或未填写，请检查后重试（${field}）`,
      result: null,
    })
  })

  it('a wrong password and an unknown name get the same answer', async () => {
    const person = await server.hire()
    const expected = { status: 200, success: false, code: 500, message: '用户名或密码错误', result: null }
    expect(await server.login(person, { password: 'wrong' })).toMatchObject(expected)
    expect(await server.login(person, { username: 'nobody' })).toMatchObject(expected)
  })

  it('locks the account after too many attempts, the right password included', async () => {
    const person = await server.hire()
    for (let n = 0; n < 3; n++)
      expect(await server.login(person, { password: `wrong ${n}` })).toMatchObject({ code: 500 })
    expect(await server.login(person)).toMatchObject({
      status: 429,
      code: 429,
      message: '登录失败次数过多，账号已锁定，请 10 分钟后再试',
    })
  })

  it('lets no parallel guess slip past the lock', async () => {
    const person = await server.hire()
    const answers = await Promise.all(
      Array.from({ length: 8 }, () => server.login(person, { password: 'wrong', code: undefined })),
    )
    expect(answers.filter(({ code }) => code === 500)).toHaveLength(3)
    expect(answers.filter(({ code }) => code === 429)).toHaveLength(5)
  })

  it('forgets earlier slips after a right password', async () => {
    const person = await server.hire()
    for (let round = 0; round < 3; round++) {
      expect(await server.login(person, { password: 'slip' })).toMatchObject({ code: 500 })
      expect(await server.login(person)).toMatchObject({ code: 200 })
    }
  })
})

describe('rate limits by address', () => {
  it('answers 429 in Chinese, for that address only', async () => {
    const strict = await Harness.start({ limits: { captchasPerAddress: 2, loginsPerAddress: 1 } })
    try {
      const draw = (address: string) =>
        strict.call('GET', '/sys/randomImage/abcdefgh', { headers: { 'x-test-address': address } })
      await draw('198.51.100.7')
      await draw('198.51.100.7')
      const refused = await draw('198.51.100.7')
      expect(refused).toMatchObject({ status: 429, code: 429, success: false })
      expect(refused.message).toMatch(/^操作太频繁，请 \d+ 秒后再试$/)
      expect(await draw('198.51.100.8')).toMatchObject({ status: 200 })

      const body = { username: 'x', password: 'x', captcha: 'x', checkKey: 'abcdefgh' }
      expect(await strict.call('POST', '/sys/login', { body })).toMatchObject({ code: 412 })
      expect(await strict.call('POST', '/sys/login', { body })).toMatchObject({ status: 429 })
    } finally {
      await strict.stop()
    }
  })
})

describe('WeChat in the login', () => {
  it('binds the openid and says so', async () => {
    const person = await server.hire('林可')
    expect(await server.login(person)).toMatchObject({
      code: 200,
      result: {
        userInfo: { id: person.id, username: person.username, realname: '林可' },
        wechat: { bound: true },
      },
    })
  })

  it.each<[string, Reply, string]>([
    ['40029', { errcode: 40029, errmsg: 'invalid code' }, '微信登录凭证已失效，请重试'],
    ['40163', { errcode: 40163, errmsg: 'code been used' }, '微信登录凭证已失效，请重试'],
    ['40226', { errcode: 40226, errmsg: 'code blocked' }, '微信提示当前微信号存在风险'],
    ['-1 twice', { errcode: -1, errmsg: 'system error' }, '微信服务器繁忙，请稍后再试'],
    ['45011', { errcode: 45011, errmsg: 'api minute-quota' }, '微信服务器繁忙，请稍后再试'],
    ['40125', { errcode: 40125, errmsg: 'invalid appsecret' }, '微信接口配置有误，请联系管理员'],
    ['40013', { errcode: 40013, errmsg: 'invalid appid' }, '微信接口配置有误，请联系管理员'],
    ['no answer', 'hang', '暂时连不上微信服务器，请稍后再试'],
    ['a dropped connection', 'drop', '暂时连不上微信服务器，请稍后再试'],
    ['a gateway page', 'html', '暂时连不上微信服务器，请稍后再试'],
  ])('%s does not stand in the way', async (_name, reply, sentence) => {
    const person = await server.hire()
    server.wechat.onCode = () => reply
    const answer = await server.login(person)
    expect(answer).toMatchObject({ status: 200, code: 200, result: { wechat: { bound: false } } })
    expect(answer.result.wechat).toHaveProperty('message', expect.stringContaining(sentence))
    expect(await server.call('GET', '/clues', { token: answer.result.token })).toMatchObject({ code: 200 })
  })

  it('asks once more with the same code when WeChat is busy', async () => {
    const person = await server.hire()
    let calls = 0
    server.wechat.onCode = () => (++calls === 1 ? { errcode: -1, errmsg: 'system error' } : undefined)
    expect((await server.login(person)).result.wechat).toEqual({ bound: true })
    expect(calls).toBe(2)
  })

  it('goes on without a code, and binds later', async () => {
    const person = await server.hire()
    const { result } = await server.login(person, { code: undefined })
    expect(result.wechat).toMatchObject({ bound: false, message: expect.stringContaining('暂时收不到提醒') })
    const { token } = result
    expect(await server.report(token, 'attempt-early', 'accept')).toMatchObject({
      status: 409,
      code: 409,
      message: expect.stringContaining('授权已保留在手机上'),
    })
    server.wechat.onCode = () => ({ errcode: 40029, errmsg: 'invalid code' })
    expect(await server.call('POST', '/notify/bind', { token, body: { code: 'x' } })).toMatchObject({
      code: 200,
      result: { bound: false },
    })
    server.wechat.onCode = undefined
    const code = `code-of-${person.openid}`
    expect(await server.call('POST', '/notify/bind', { token, body: { code } })).toMatchObject({
      code: 200,
      result: { bound: true },
    })
    expect(await server.report(token, 'attempt-early', 'accept')).toMatchObject({
      code: 200,
      result: { quota: { [TEMPLATE]: 1 } },
    })
  })

  it('refuses a WeChat that rings for another account, and says what to do', async () => {
    const [first, second] = [await server.hire(), await server.hire()]
    await server.login(first)
    const taken = await server.login({ ...second, openid: first.openid })
    expect(taken).toMatchObject({ status: 200, success: false, code: 500, result: null })
    expect(taken.message).toContain('此微信已绑定账号')
    expect(taken.message).toContain('退出并解绑')
    expect(taken.message).not.toContain(first.username)
  })

  it('lets a WeChat go by logging out with unbind', async () => {
    const [first, second] = [await server.hire(), await server.hire()]
    const token = await server.tokenOf(first)
    expect(await server.call('POST', '/sys/logout', { token, body: { unbind: true } })).toMatchObject({
      code: 200,
    })
    expect(await server.login({ ...second, openid: first.openid })).toMatchObject({ code: 200 })
  })

  it('moves the account to the WeChat that logged in last', async () => {
    const [first, second] = [await server.hire(), await server.hire()]
    await server.login(first)
    await server.login({ ...first, openid: `${first.openid}-new` })
    expect(await server.login({ ...second, openid: first.openid })).toMatchObject({ code: 200 })
  })

  it('gives one WeChat to one of three accounts that ask at once; the others keep theirs', async () => {
    const people: Person[] = [await server.hire(), await server.hire(), await server.hire()]
    for (const person of people) await server.login(person)
    const answers = await Promise.all(
      people.map((person) => server.login({ ...person, openid: 'one-phone' })),
    )
    expect(answers.map(({ code }) => code).sort()).toEqual([200, 500, 500])
    const bound = await Promise.all(
      people.map(({ id }) => findBoundOpenid(server.db.database.db, Number(id))),
    )
    expect(bound).toEqual(people.map(({ openid }, n) => (answers[n]?.code === 200 ? 'one-phone' : openid)))
  })
})

describe('silent login', () => {
  it('opens a session for a bound WeChat', async () => {
    const person = await server.hire()
    await server.login(person)
    const body = { code: `code-of-${person.openid}` }
    expect(await server.call('POST', '/notify/login', { body })).toMatchObject({
      code: 200,
      result: { userInfo: { username: person.username }, wechat: { bound: true } },
    })
  })

  it('is 401 for a WeChat bound to nobody', async () => {
    const person = await server.hire()
    await server.login(person)
    await deleteBinding(server.db.database.db, Number(person.id))
    const body = { code: `code-of-${person.openid}` }
    expect(await server.call('POST', '/notify/login', { body })).toMatchObject({
      status: 401,
      code: 401,
      message: '此微信还没有绑定账号，请用账号密码登录',
    })
  })

  it('is over for a WeChat let go by logging out with unbind, and goes on after a plain logout', async () => {
    const person = await server.hire()
    const silently = () =>
      server.call<LoginResult>('POST', '/notify/login', {
        body: { code: `code-of-${person.openid}#${randomUUID()}` },
      })
    const leave = (token: string, body?: unknown) => server.call('POST', '/sys/logout', { token, body })
    expect(await leave(await server.tokenOf(person))).toMatchObject({ code: 200 })
    const again = await silently()
    expect(again).toMatchObject({ code: 200, result: { userInfo: { id: person.id } } })
    expect(await leave(again.result.token, { unbind: true })).toMatchObject({ code: 200 })
    expect(await silently()).toMatchObject({ status: 401, code: 401, result: null })
    await server.login(person)
    expect(await silently()).toMatchObject({ code: 200 })
  })

  it('opens a session that reports grants for that WeChat', async () => {
    const person = await server.hire()
    await server.login(person)
    const body = { code: `code-of-${person.openid}#again` }
    const { result } = await server.call<LoginResult>('POST', '/notify/login', { body })
    await server.accept(person, result.token)
    expect(await server.quotaOf(result.token)).toBe(1)
  })

  it('is limited by address together with the other login, before WeChat is asked', async () => {
    const strict = await Harness.start({ limits: { loginsPerAddress: 2 } })
    try {
      const person = await strict.hire()
      const silently = (address: string) =>
        strict.call('POST', '/notify/login', {
          body: { code: `code-of-${person.openid}#${randomUUID()}` },
          headers: { 'x-test-address': address },
        })
      await strict.login(person)
      expect(await silently('203.0.113.1')).toMatchObject({ code: 200 })
      let asked = 0
      strict.wechat.onCode = () => void asked++
      const refused = await silently('203.0.113.1')
      expect(refused).toMatchObject({ status: 429, code: 429, success: false })
      expect(refused.message).toMatch(/^操作太频繁，请 \d+ 秒后再试$/)
      expect(asked).toBe(0)
      expect(await silently('203.0.113.2')).toMatchObject({ code: 200 })
    } finally {
      await strict.stop()
    }
  })

  it('says in words when WeChat refuses the code', async () => {
    expect(await server.call('POST', '/notify/login', { body: { code: 'nonsense' } })).toMatchObject({
      status: 200,
      code: 500,
      message: '微信登录凭证已失效，请重试',
    })
  })
})

describe('the session', () => {
  const call = (token: string) => server.call('GET', '/notify/quota', { token })
  const over = { status: 401, success: false, code: 401, message: '登录已失效，请重新登录' }

  it.each(['', 'nonsense', 'a'.repeat(43)])('is refused for the token %j', async (token) => {
    expect(await call(token)).toMatchObject(over)
  })

  it('slides for seven days, then ends', async () => {
    const token = await server.tokenOf(await server.hire())
    const day = 24 * 3600_000
    for (let n = 0; n < 3; n++) {
      server.advance(6 * day)
      expect(await call(token)).toMatchObject({ code: 200 })
    }
    server.advance(7 * day)
    expect(await call(token)).toMatchObject(over)
  })

  it('ends with the logout', async () => {
    const token = await server.tokenOf(await server.hire())
    expect(await server.call('POST', '/sys/logout', { token })).toMatchObject({ code: 200, result: null })
    expect(await call(token)).toMatchObject(over)
  })

  it('is stored as a hash only', async () => {
    const token = await server.tokenOf(await server.hire())
    const { rows } = await server.db.database.pool.query('select * from sessions')
    expect(rows.length).toBeGreaterThan(0)
    expect(JSON.stringify(rows)).not.toContain(token)
  })
})
