import { randomUUID } from 'node:crypto'
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest'
import { JeecgBootStandIn, type JeecgBootReply } from '../testing/jeecgboot-stand-in.ts'
import { readCaptcha } from '../testing/read-captcha.ts'
import { createJeecgBoot, type JeecgBoot } from './client.ts'

const PASSWORD = 'Leadbell@2026'
const typed = { username: 'chen', password: PASSWORD, captcha: 'ab3d', checkKey: 'key-12345678' }

let now = Date.parse('2026-11-23T01:42:00Z')
const standIn = new JeecgBootStandIn({
  now: () => now,
  users: [
    { id: '1790000000000000001', username: 'chen', realname: '陈小舟', password: PASSWORD },
    { id: '1790000000000000002', username: 'nameless', realname: null, password: PASSWORD },
    { id: '1790000000000000003', username: 'frozen', realname: '冻结', password: PASSWORD, frozen: true },
  ],
})
let jeecg: JeecgBoot

beforeAll(async () => {
  await standIn.start()
  jeecg = createJeecgBoot({ baseUrl: standIn.baseUrl, timeoutMs: 300 })
})
afterEach(() => {
  standIn.onRequest = undefined
})
afterAll(() => standIn.stop())

/** Result.java in JSON, with its defaults. */
const recorded = (fields: { success?: boolean; message?: string | null; code?: number; result?: unknown }) =>
  JSON.stringify({ success: true, message: '', code: 0, result: null, timestamp: 1795400000000, ...fields })
const answering = (reply: JeecgBootReply) => {
  standIn.onRequest = () => reply
}

describe('the captcha', () => {
  it('is the picture of RandImageUtil.java, in an envelope of code 0', async () => {
    const dataUrl = 'data:image/jpg;base64,/9j/4AAQSkZJRgABAgAAAQABAAD/2wBDAAgGBgcGBQgHBwcJCQg='
    answering({ text: recorded({ result: dataUrl }) })
    expect(await jeecg.captcha('key-12345678')).toEqual({ kind: 'image', dataUrl })
  })

  it('is refused in words when Redis is down (LoginController.randomImage)', async () => {
    answering({ text: recorded({ success: false, code: 500, message: '获取验证码失败,请检查redis配置!' }) })
    expect(await jeecg.captcha('key-12345678')).toEqual({
      kind: 'refused',
      code: 500,
      message: '获取验证码失败,请检查redis配置!',
    })
  })

  it.each([null, '', 'https://example.com/a.png', 'data:text/html;base64,PGI+', 7])(
    'a success with %j for a picture is not JeecgBoot’s',
    async (result) => {
      answering({ text: recorded({ result }) })
      expect(await jeecg.captcha('key-12345678')).toMatchObject({ kind: 'notJeecgBoot' })
    },
  )
})

describe('a login that goes through', () => {
  const userInfo = {
    id: '1790000000000000001',
    username: 'chen',
    realname: '陈小舟',
    avatar: null,
    status: 1,
    delFlag: 0,
    relTenantIds: null,
  }
  const result = { token: 'eyJ0eXAi.e30.sig', tenantList: [], userInfo, departs: [], multi_depart: 0 }

  it('gives who it was, and the token to give back (LoginController.userInfo)', async () => {
    answering({ text: recorded({ code: 200, message: '登录成功', result }) })
    expect(await jeecg.login(typed)).toEqual({
      kind: 'loggedIn',
      userId: '1790000000000000001',
      username: 'chen',
      realname: '陈小舟',
      token: 'eyJ0eXAi.e30.sig',
    })
  })

  it.each([null, '', ' ', undefined])(
    'calls a person whose realname is %j by the username',
    async (realname) => {
      answering({ text: recorded({ code: 200, result: { ...result, userInfo: { ...userInfo, realname } } }) })
      expect(await jeecg.login(typed)).toMatchObject({ kind: 'loggedIn', realname: 'chen' })
    },
  )

  it.each([
    ['no result', null],
    ['no token', { ...result, token: undefined }],
    ['no userInfo', { ...result, userInfo: null }],
    ['no username', { ...result, userInfo: { ...userInfo, username: '' } }],
    ['a NUL in the username', { ...result, userInfo: { ...userInfo, username: 'ch\0en' } }],
  ])('with %s is not JeecgBoot’s', async (_name, result) => {
    answering({ text: recorded({ code: 200, result }) })
    expect(await jeecg.login(typed)).toMatchObject({ kind: 'notJeecgBoot' })
  })
})

describe('a login that JeecgBoot refuses', () => {
  const refused = (code: number, message: string) => ({ success: false, code, message })

  it.each([
    ['LoginController: wrong, used or expired captcha', refused(412, '验证码错误'), { kind: 'captchaWrong' }],
    ['LoginController: no captcha at all', refused(500, '验证码无效'), { kind: 'captchaWrong' }],
    ['before 412 existed', refused(500, '验证码错误'), { kind: 'captchaWrong' }],
    ['LoginController: wrong password', refused(500, '用户名或密码错误'), { kind: 'passwordWrong' }],
    [
      'LoginController.isLoginFailOvertimes',
      refused(500, '该用户登录失败次数过多，请于10分钟后再次登录！'),
      { kind: 'locked', minutes: 10 },
    ],
    [
      'a lock that names no time',
      refused(500, '该用户登录失败次数过多，请稍后再试'),
      { kind: 'locked', minutes: null },
    ],
    ['SysUserServiceImpl: nobody', refused(500, '该用户不存在，请注册'), { kind: 'accountUnknown' }],
    ['SysUserServiceImpl: frozen', refused(500, '该用户已冻结'), { kind: 'accountFrozen' }],
    ['SysUserServiceImpl: closed', refused(500, '该用户已注销'), { kind: 'accountFrozen' }],
    [
      'SysUserServiceImpl.setLoginTenant',
      refused(500, '与该用户关联的租户均已被冻结，无法登录！'),
      { kind: 'refused', code: 500 },
    ],
    [
      'JeecgBootExceptionHandler: AuthorizationException',
      refused(510, '没有权限，请联系管理员分配权限！'),
      { kind: 'noPermission' },
    ],
    [
      'JeecgBootExceptionHandler: any other exception',
      refused(500, '操作失败，Unable to connect to Redis'),
      { kind: 'refused', code: 500 },
    ],
    [
      'JeecgBootExceptionHandler: no such path',
      refused(404, '路径不存在，请检查路径是否正确'),
      { kind: 'refused', code: 404 },
    ],
  ])('%s', async (_name, fields, expected) => {
    answering({ text: recorded(fields) })
    expect(await jeecg.login(typed)).toEqual({ message: fields.message, ...expected })
  })

  it('a failure that kept the code 0 is a failure (Result.setSuccess alone)', async () => {
    answering({ text: recorded({ success: false, message: '请稍后' }) })
    expect(await jeecg.login(typed)).toEqual({ kind: 'refused', code: 0, message: '请稍后' })
  })

  it('HTTP 401 that says success is none (JeecgBootExceptionHandler: JeecgBoot401Exception)', async () => {
    answering({
      status: 401,
      text: recorded({ success: true, code: 401, message: 'Token失效，请重新登录!' }),
    })
    expect(await jeecg.login(typed)).toMatchObject({ kind: 'refused', code: 401 })
  })

  it('HTTP 401 is none even with the code of a success', async () => {
    answering({ status: 401, text: recorded({ success: true, code: 200, message: 'ok' }) })
    expect(await jeecg.login(typed)).toMatchObject({ kind: 'refused', code: 401 })
  })

  it('a message of null is an empty one', async () => {
    answering({ text: recorded({ success: false, code: 500, message: null }) })
    expect(await jeecg.login(typed)).toEqual({ kind: 'refused', code: 500, message: '' })
  })
})

describe('an answer that is not JeecgBoot’s', () => {
  const html = '<!doctype html><html><body>502 Bad Gateway</body></html>'
  it.each<[string, JeecgBootReply, string]>([
    ['a proxy’s error page', { status: 502, type: 'text/html', text: html }, 'HTTP 502 of type text/html'],
    [
      'the front end, where the context path is missing',
      { type: 'text/html', text: html },
      'HTTP 200 of type text/html',
    ],
    ['HTML that calls itself JSON', { text: html }, 'HTTP 200, broken JSON'],
    ['half a body', { text: recorded({ code: 200 }).slice(0, 40) }, 'HTTP 200, broken JSON'],
    ['another server’s JSON', { text: '{"status":"UP"}' }, 'HTTP 200, JSON without an envelope'],
    ['JSON that is no object', { text: 'null' }, 'HTTP 200, JSON without an envelope'],
    ['an envelope in text/plain', { type: 'text/plain', text: recorded({}) }, 'HTTP 200 of type text/plain'],
    ['a body without end', { text: `"${'x'.repeat(5 * 1024 * 1024)}"` }, 'longer than 4194304 bytes'],
  ])('%s', async (_name, reply, why) => {
    answering(reply)
    expect(await jeecg.login(typed)).toEqual({ kind: 'notJeecgBoot', why })
    expect(await jeecg.captcha(typed.checkKey)).toEqual({ kind: 'notJeecgBoot', why })
  })

  it.each([301, 302, 303, 307, 308])(
    'a redirect (%i) is not followed: the password stays here',
    async (status) => {
      const elsewhere = await new JeecgBootStandIn().start()
      try {
        const location = `${elsewhere.baseUrl}/sys/login?secret=1`
        answering({ status, text: '', headers: { location } })
        const why = `HTTP ${status}: redirects to ${new URL(elsewhere.baseUrl).host}`
        expect(await jeecg.login(typed)).toEqual({ kind: 'notJeecgBoot', why })
        expect(elsewhere.logins).toEqual([])
      } finally {
        await elsewhere.stop()
      }
    },
  )
})

describe('no answer', () => {
  it.each<JeecgBootReply>(['hang', 'drop'])('%s', async (reply) => {
    answering(reply)
    expect(await jeecg.login(typed)).toMatchObject({ kind: 'unreachable', why: expect.any(String) })
    expect(await jeecg.captcha(typed.checkKey)).toMatchObject({ kind: 'unreachable' })
    expect(await jeecg.logout('token')).toBe(false)
  })

  it('a server that breaks off in the middle of the body', async () => {
    const cut = createJeecgBoot({
      baseUrl: standIn.baseUrl,
      fetch: async () =>
        new Response(
          new ReadableStream({
            start(controller) {
              controller.enqueue(new TextEncoder().encode('{"success":tr'))
              controller.error(new Error('other side closed'))
            },
          }),
          { headers: { 'content-type': 'application/json' } },
        ),
    })
    expect(await cut.login(typed)).toEqual({ kind: 'unreachable', why: 'other side closed' })
  })

  it('nobody at the address', async () => {
    const gone = await new JeecgBootStandIn().start()
    await gone.stop()
    const nobody = createJeecgBoot({ baseUrl: gone.baseUrl })
    expect(await nobody.login(typed)).toEqual({ kind: 'unreachable', why: 'ECONNREFUSED' })
  })
})

describe('what is sent', () => {
  it('is the body of SysLoginModel, with X-Version v3 and no more', async () => {
    standIn.logins.length = 0
    await jeecg.login(typed)
    expect(standIn.logins).toEqual([{ body: typed, version: 'v3' }])
  })

  it('goes below the context path, however the address ends', async () => {
    const fetched = vi.fn(async () => Response.json({ success: true, code: 0, result: null }))
    const slashed = createJeecgBoot({ baseUrl: 'https://oa.example.com/jeecg-boot/', fetch: fetched })
    await slashed.captcha('a/b?c')
    expect(fetched).toHaveBeenCalledWith(
      new URL('https://oa.example.com/jeecg-boot/sys/randomImage/a%2Fb%3Fc'),
      expect.objectContaining({ method: 'GET', redirect: 'manual' }),
    )
  })
})

describe('the stand-in, which plays LoginController', () => {
  const draw = async (checkKey: string = randomUUID()) => {
    const outcome = await jeecg.captcha(checkKey)
    if (outcome.kind !== 'image') throw new Error(outcome.kind)
    return { checkKey, captcha: readCaptcha(outcome.dataUrl) }
  }
  const login = async (more: Partial<typeof typed> = {}) =>
    jeecg.login({ ...typed, ...(await draw()), ...more })

  it('takes a picture once, in capitals or not', async () => {
    const picture = await draw()
    const upper = { ...picture, captcha: picture.captcha.toUpperCase() }
    expect(await login(upper)).toMatchObject({ kind: 'loggedIn', userId: '1790000000000000001' })
    expect(await login(picture)).toEqual({ kind: 'captchaWrong', message: '验证码错误' })
  })

  it('takes it for 60 seconds', async () => {
    const picture = await draw()
    now += 60_000
    expect(await login(picture)).toMatchObject({ kind: 'captchaWrong' })
  })

  it('takes the newest under a key', async () => {
    const old = await draw('one-key-12')
    await draw('one-key-12')
    expect(await login(old)).toMatchObject({ kind: 'captchaWrong' })
  })

  it('locks after six wrong passwords, for ten minutes from the last', async () => {
    for (let n = 0; n < 6; n++)
      expect(await login({ password: `wrong ${n}` })).toMatchObject({ kind: 'passwordWrong' })
    expect(await login()).toMatchObject({ kind: 'locked', minutes: 10 })
    now += 599_999
    expect(await login()).toMatchObject({ kind: 'locked' })
    now += 1
    expect(await login()).toMatchObject({ kind: 'loggedIn' })
  })

  it('knows the frozen and the unknown', async () => {
    expect(await login({ username: 'frozen' })).toMatchObject({ kind: 'accountFrozen' })
    expect(await login({ username: 'nobody' })).toMatchObject({ kind: 'accountUnknown' })
    expect(await login({ username: 'nameless' })).toMatchObject({ kind: 'loggedIn', realname: 'nameless' })
  })

  it('takes a token back', async () => {
    const outcome = await login()
    if (outcome.kind !== 'loggedIn') throw new Error(outcome.kind)
    expect(standIn.tokens).toContain(outcome.token)
    expect(await jeecg.logout(outcome.token)).toBe(true)
    expect(standIn.tokens).not.toContain(outcome.token)
  })
})
