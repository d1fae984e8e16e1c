import { beforeEach, describe, expect, it, vi } from 'vitest'
import { Backend, Refusal } from '../testing/backend.ts'
import { apiBase, call, linkSession } from './call.ts'

const ended: [string, string][] = []
const asked: { address: string; init: RequestInit }[] = []

beforeEach(() => {
  ended.length = asked.length = 0
  linkSession({
    token: () => 'token-of-now',
    onUnauthorized: (token, message) => ended.push([token, message]),
  })
})

/** The next answer, whatever it is. */
function answer(body: unknown, init: ResponseInit = {}): void {
  vi.stubGlobal('fetch', async (address: string, asking: RequestInit) => {
    asked.push({ address, init: asking })
    return new Response(typeof body === 'string' ? body : JSON.stringify(body), init)
  })
}
const envelope = (code: unknown, result: unknown = 'the result', message = '') => ({
  success: code === 200,
  code,
  message,
  result,
  timestamp: 0,
})
const readPicture = (checkKey = 'key') => call('GET /sys/randomImage/{checkKey}', { path: { checkKey } })

describe('an answer', () => {
  it.each([0, 200])('of code %d is a result', async (code) => {
    answer(envelope(code))
    expect(await readPicture()).toEqual({ ok: true, value: 'the result' })
  })

  it('is a success by its code, whatever `success` says', async () => {
    answer({ ...envelope(500, null, '用户名或密码错误'), success: true })
    expect(await readPicture()).toMatchObject({ ok: false, error: { kind: 'refused', code: 500 } })
  })

  it('of another code is refused in the backend’s words, with the record and the number of the request', async () => {
    answer(envelope(409, { version: 3 }, '别人刚改过'), { status: 409, headers: { 'x-request-id': 'rid-1' } })
    expect(await readPicture()).toEqual({
      ok: false,
      error: { kind: 'refused', code: 409, message: '别人刚改过', result: { version: 3 }, rid: 'rid-1' },
    })
  })

  it('that repeats an earlier refusal of the same key says so', async () => {
    answer(envelope(409, null, '账号已停用'), { status: 409, headers: { 'idempotent-replayed': 'true' } })
    expect(await readPicture()).toMatchObject({ error: { kind: 'refused', replayed: true } })
  })

  it.each([
    ['a proxy’s page', '<html>502 Bad Gateway</html>', 502],
    ['nothing', '', 200],
    ['another program’s JSON', '{"status":"UP"}', 200],
    ['a code that is no number', '{"code":"200","result":1}', 200],
    ['no object', 'null', 200],
  ])('that is %s is broken', async (_what, body, status) => {
    answer(body, { status })
    expect(await readPicture()).toEqual({ ok: false, error: { kind: 'broken', status, rid: '' } })
  })

  it('without a message or a result is still read', async () => {
    answer('{"code":510}')
    expect(await readPicture()).toMatchObject({ error: { message: '', result: null } })
  })
})

describe('401', () => {
  it('ends the session whose token was sent', async () => {
    answer(envelope(401, null, '登录已失效'), { status: 401 })
    expect(await readPicture()).toEqual({ ok: false, error: { kind: 'unauthorized', message: '登录已失效' } })
    expect(ended).toEqual([['token-of-now', '登录已失效']])
  })

  it('says which token, when it was another one', async () => {
    answer(envelope(401, null, '登录已失效'), { status: 401 })
    await call('POST /sys/logout', { body: {}, token: 'an-older-token' })
    expect(ended).toEqual([['an-older-token', '登录已失效']])
  })

  it('of a proxy’s own page ends nothing', async () => {
    answer('<html>401 Authorization Required</html>', { status: 401 })
    expect(await readPicture()).toMatchObject({ error: { kind: 'broken', status: 401 } })
    expect(ended).toEqual([])
  })
})

describe('no answer', () => {
  it('is unreachable without a network', async () => {
    new Backend().offline = true
    expect(await readPicture()).toEqual({ ok: false, error: { kind: 'unreachable' } })
  })

  it('is unreachable when the connection breaks within the answer', async () => {
    const cut = new ReadableStream({ start: (body) => body.error(new TypeError('network error')) })
    vi.stubGlobal('fetch', async () => new Response(cut))
    expect(await readPicture()).toEqual({ ok: false, error: { kind: 'unreachable' } })
  })

  it('is unreachable after half a minute', async () => {
    const timeout = vi.spyOn(AbortSignal, 'timeout').mockReturnValue(AbortSignal.abort('too slow'))
    answer(envelope(200))
    vi.stubGlobal('fetch', async (_address: string, { signal }: RequestInit) => signal?.throwIfAborted())
    expect(await readPicture()).toEqual({ ok: false, error: { kind: 'unreachable' } })
    expect(timeout).toHaveBeenCalledWith(30_000)
  })

  it('throws when whoever asked gave up', async () => {
    const giveUp = new AbortController()
    new Backend().on('GET /sys/randomImage/{checkKey}', () => {
      giveUp.abort()
      return 'too late'
    })
    const asking = call('GET /sys/randomImage/{checkKey}', { path: { checkKey: 'k' }, signal: giveUp.signal })
    await expect(asking).rejects.toThrow(/abort/i)
  })
})

describe('what is sent', () => {
  it('has its parts of the path encoded', async () => {
    answer(envelope(200))
    await readPicture('a/b?c#d 中')
    expect(asked[0]?.address).toMatch(/\/sys\/randomImage\/a%2Fb%3Fc%23d%20%E4%B8%AD$/)
  })

  it('has its query encoded, and without what is empty', async () => {
    answer(envelope(200))
    await call('GET /admin/clues', {
      query: { q: '恒泰&status=won', limit: 20, assigneeId: undefined, order: 'newest' } as never,
    })
    const { searchParams } = new URL(asked[0]?.address ?? '')
    expect(Object.fromEntries(searchParams)).toEqual({ q: '恒泰&status=won', limit: '20', order: 'newest' })
  })

  it('carries method, token, key and body', async () => {
    const backend = new Backend().on('POST /admin/clues', () => new Refusal(400, '缺少电话'))
    const body = { title: 't', customerName: 'c', phone: '13800001111' }
    await call('POST /admin/clues', { body: body as never, key: 'once' })
    const [sent] = backend.calls
    expect(sent?.body).toEqual(body)
    expect(Object.fromEntries(sent?.headers ?? [])).toMatchObject({
      'x-access-token': 'token-of-now',
      'content-type': 'application/json',
      'idempotency-key': 'once',
    })
  })

  it('says nothing of a token, a key or a body that it does not have', async () => {
    linkSession({ token: () => '', onUnauthorized: () => undefined })
    answer(envelope(200))
    await readPicture()
    expect(asked[0]?.init.headers).toEqual({})
    expect(asked[0]?.init).not.toHaveProperty('body')
  })
})

it.each([
  ['https://crm.example.com/admin/', 'https://crm.example.com'],
  ['https://crm.example.com/admin/#/clues?to=/x', 'https://crm.example.com'],
  ['https://example.com/lead/bell/admin/?a=/b/#/login', 'https://example.com/lead/bell'],
  ['http://127.0.0.1:5301/admin/index.html', 'http://127.0.0.1:5301'],
])('of the page %s the backend is at %s', (page, base) => expect(apiBase(page)).toBe(base))
