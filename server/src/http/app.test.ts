import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import { ADMIN_TOKEN, Harness, PASSWORD } from '../testing/harness.ts'

let server: Harness
beforeAll(async () => {
  server = await Harness.start()
})
afterAll(() => server.stop())
beforeEach(() => server.wechat.reset())

describe('a request that cannot be read', () => {
  it.each(['{', 'null', '[]', '"text"', '42', 'username=chen'])('%j is 400 in words', async (raw) => {
    expect(await server.call('POST', '/sys/login', { raw })).toMatchObject({
      status: 400,
      success: false,
      code: 400,
      message: '请求内容不是有效的 JSON，请更新小程序后重试',
    })
  })

  it('of more than 64 KB is 413', async () => {
    const body = { title: 'x'.repeat(70_000) }
    expect(await server.call('POST', '/admin/clues', { admin: true, body })).toMatchObject({
      status: 413,
      code: 413,
      message: '提交的内容太大，请删减后重试',
    })
  })

  it.each([
    ['GET', '/nowhere'],
    ['POST', '/clues'],
    ['GET', '/sys/login'],
  ] as const)('%s %s is 404 in the envelope', async (method, path) => {
    expect(await server.call(method, path)).toMatchObject({
      status: 404,
      success: false,
      code: 404,
      message: '接口不存在，请检查地址',
      result: null,
    })
  })

  it.each([
    [{ title: '', customerName: '王', phone: '13800001024' }, 'title'],
    [{ title: '线索', customerName: '王', phone: 'call me' }, 'phone'],
    [{ title: 'x'.repeat(121), customerName: '王', phone: '13800001024' }, 'title'],
  ])('a clue that does not fit is 400 with the field: %j', async (body, field) => {
    const answer = await server.call('POST', '/admin/clues', { admin: true, body })
    expect(answer).toMatchObject({ status: 400, message: expect.stringContaining(`（${field}）`) })
  })
})

describe('every answer', () => {
  it('carries its own request id, may not be stored, and opens no door to other origins', async () => {
    const [a, b] = [await server.call('GET', '/healthz'), await server.call('GET', '/nowhere')]
    expect(a).toMatchObject({ code: 200, result: { status: 'ok' } })
    expect(a.headers.get('x-request-id')).toMatch(/^[0-9a-f]{12}$/)
    expect(a.headers.get('x-request-id')).not.toBe(b.headers.get('x-request-id'))
    expect(b.headers.get('cache-control')).toBe('no-store')
    expect([...a.headers.keys()].filter((name) => name.startsWith('access-control'))).toEqual([])
  })

  it('lists the templates to anybody', async () => {
    expect(await server.call('GET', '/notify/templates')).toMatchObject({
      code: 200,
      result: {
        templates: [{ templateId: 'TPL_CLUE_ASSIGNED', title: '新线索提醒', purpose: 'clue-assigned' }],
      },
    })
  })
})

describe('a failure of ours', () => {
  it('is a number for the user, and a query without its values in the log', async () => {
    const token = await server.tokenOf(await server.hire())
    const query = vi.spyOn(server.db.database.db, 'select').mockImplementation(() => {
      throw new Error('secret internals at /srv/leadbell')
    })
    const answer = await server.call('GET', '/clues', { token })
    query.mockRestore()
    const rid = answer.headers.get('x-request-id')
    expect(answer).toMatchObject({
      status: 500,
      success: false,
      code: 500,
      message: `服务器出错了，请稍后再试（编号 ${rid}）`,
      result: null,
    })
    expect(JSON.stringify(answer)).not.toContain('internals')
    expect(
      server.logLines.some((line) => line.includes(`"rid":"${rid}"`) && line.includes('secret internals')),
    ).toBe(true)
  })

  it('of the database tells the log the query and not what was in it', async () => {
    const token = await server.tokenOf(await server.hire())
    await server.db.database.pool.query('alter table sessions rename to sessions_away')
    const answer = await server
      .call('GET', '/clues', { token })
      .finally(() => server.db.database.pool.query('alter table sessions_away rename to sessions'))
    expect(answer).toMatchObject({ status: 500, code: 500 })
    const rid = answer.headers.get('x-request-id') ?? ''
    const logged =
      server.logLines.find((line) => line.includes(rid) && line.includes('DrizzleQueryError')) ?? ''
    expect(logged).toContain('42P01')
    expect(logged).toContain('from \\"sessions\\"')
    expect(logged).not.toMatch(/[0-9a-f]{64}/)
    expect(logged).not.toContain('params')
  })
})

describe('the log', () => {
  it('holds no secret of a whole story', async () => {
    const person = await server.hire()
    const { result } = await server.login(person)
    const picture = await server.captcha()
    await server.login(person, { ...picture, password: 'not-this-one' })
    server.wechat.onCode = () => ({ errcode: 40125, errmsg: 'invalid appsecret rid: 1-2-3' })
    await server.login(person, { code: 'code-to-hide' })
    server.wechat.onCode = undefined
    await server.accept(person, result.token)
    const { delivery } = await server.assign(person)
    const { worker } = server.services()
    await worker.round()
    expect((await server.delivery(delivery.id)).state).toBe('sent')
    server.wechat.onSend = () => ({ errcode: 40001, errmsg: 'invalid credential' })
    await server.accept(person, result.token)
    await server.assign(person)
    await worker.round()

    const log = server.logLines.join('')
    expect(log).toContain('delivery sent')
    expect(log).toContain('40125')
    const secrets = [
      result.token,
      PASSWORD,
      'not-this-one',
      'code-to-hide',
      'code-of-',
      picture.captcha,
      'the-app-secret',
      ADMIN_TOKEN,
      server.wechat.token,
      'c2Vzc2lvbiBrZXk=',
      '王建国',
    ]
    for (const secret of secrets) expect(log).not.toContain(secret)
  })

  it('blanks what should never have been handed to it', () => {
    server.ctx.log.info(
      { password: 'p1', wechat: { access_token: 't1' }, a: { b: { secret: 's1' } } },
      'careless',
    )
    const line = server.logLines.find((text) => text.includes('careless')) ?? ''
    expect(line).toContain('[hidden]')
    for (const secret of ['p1', 't1', 's1']) expect(line).not.toContain(`"${secret}"`)
  })
})
