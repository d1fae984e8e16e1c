// @vitest-environment node
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { createRequest, type RequestHost } from '@/api/request.ts'

/** `uni.request` over a real socket: any status is a success, as on a phone. */
const realHost: RequestHost = {
  request({ url, method, header, data, timeout, success, fail }) {
    const cancel = new AbortController()
    const timer = setTimeout(() => cancel.abort('timeout'), timeout)
    fetch(url, {
      method,
      headers: { 'content-type': 'application/json', ...header },
      signal: cancel.signal,
      ...(data && { body: JSON.stringify(data) }),
    })
      .then(async (response) => {
        const text = await response.text()
        let parsed: unknown = text
        try {
          parsed = JSON.parse(text)
        } catch {
          // WeChat hands text over as it is when it is no JSON.
        }
        success({ statusCode: response.status, data: parsed })
      })
      .catch(() => {
        const reason: unknown = cancel.signal.reason
        if (reason === 'timeout') fail({ errMsg: 'request:fail timeout', errno: 5 })
        else if (reason === 'abort') fail({ errMsg: 'request:fail abort' })
        else fail({ errMsg: 'request:fail ', errno: 600001 })
      })
      .finally(() => clearTimeout(timer))
    return { abort: () => cancel.abort('abort') }
  },
}

let server: Server
let baseUrl: string
let seen: { method: string; url: string; token: string | undefined; body: string }[]
let answer: (response: ServerResponse) => void
let unauthorized: number
let endedToken: string

const json = (status: number, body: object) => (response: ServerResponse) => {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body))
}
const envelope = (code: number, result: unknown, message = '') => ({
  success: true,
  code,
  message,
  result,
  timestamp: 1,
})

const newRequest = (timeoutMs = 5000) =>
  createRequest({
    host: () => realHost,
    baseUrl,
    token: () => 'the-token',
    onUnauthorized(token) {
      unauthorized++
      endedToken = token
    },
    timeoutMs,
  })

beforeEach(async () => {
  seen = []
  unauthorized = 0
  server = createServer((request: IncomingMessage, response) => {
    let body = ''
    request.on('data', (chunk) => (body += chunk))
    request.on('end', () => {
      const { method = '', url = '' } = request
      seen.push({ method, url, token: request.headers['x-access-token']?.toString(), body })
      answer(response)
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  baseUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
})

afterEach(() => {
  server.closeAllConnections()
  server.close()
})

describe('what is sent', () => {
  it('fills the path, escapes it, and carries the token', async () => {
    answer = json(200, envelope(200, { id: 'a/b' }))
    await newRequest()('GET /clues/{id}', { path: { id: 'a/b' } })
    expect(seen).toEqual([{ method: 'GET', url: '/clues/a%2Fb', token: 'the-token', body: '' }])
  })

  it('writes a query without what is undefined', async () => {
    answer = json(200, envelope(200, { items: [], nextCursor: null }))
    await newRequest()('GET /clues', { query: { q: '采购 & 咨询', cursor: undefined } })
    expect(seen[0]?.url).toBe(`/clues?q=${encodeURIComponent('采购 & 咨询')}`)
  })
})

describe('what comes of an answer', () => {
  const outcome = () => newRequest()('GET /notify/quota', {})

  it.each([0, 200])('code %i is a success', async (code) => {
    answer = json(200, envelope(code, { quota: {} }))
    expect(await outcome()).toEqual({ ok: true, result: { quota: {} } })
  })

  it.each([412, 500, 510])('code %i with HTTP 200 is a refusal with its message', async (code) => {
    answer = json(200, envelope(code, null, '不行'))
    expect(await outcome()).toEqual({
      ok: false,
      error: { kind: 'business', code, message: '不行', result: null },
    })
  })

  it('a conflict carries the present record', async () => {
    answer = json(409, envelope(409, { version: 2 }, '已被修改'))
    expect(await outcome()).toMatchObject({ error: { kind: 'business', code: 409, result: { version: 2 } } })
  })

  it('HTTP 401 is the end of the session, even when the body says success', async () => {
    answer = json(401, envelope(200, null))
    expect(await outcome()).toMatchObject({ error: { kind: 'unauthorized' } })
    expect(unauthorized).toBe(1)
    expect(endedToken).toBe('the-token')
  })

  it('a failing status without an envelope keeps its status', async () => {
    answer = (response) => response.writeHead(502).end('<html>Bad Gateway</html>')
    expect(await outcome()).toEqual({ ok: false, error: { kind: 'http', status: 502 } })
  })

  it('HTML with status 200 breaks the contract', async () => {
    answer = (response) => response.end('<html>hello</html>')
    expect(await outcome()).toEqual({ ok: false, error: { kind: 'contract' } })
  })

  it('a result that lacks what the page needs breaks the contract', async () => {
    answer = json(200, envelope(200, {}))
    const accepts = (result: { quota?: object }) => result.quota !== undefined
    expect(await newRequest()('GET /notify/quota', {}, { accepts })).toEqual({
      ok: false,
      error: { kind: 'contract' },
    })
  })
})

describe('when no answer comes', () => {
  it('an unreachable backend is a network error', async () => {
    const call = newRequest()
    await new Promise((resolve) => server.close(resolve))
    expect(await call('GET /notify/quota', {})).toEqual({ ok: false, error: { kind: 'network' } })
  })

  it('a silent backend is a timeout', async () => {
    answer = () => undefined
    expect(await newRequest(50)('GET /notify/quota', {})).toEqual({ ok: false, error: { kind: 'timeout' } })
  })

  it('a host that throws is a network error, and nobody waits', async () => {
    const request = createRequest({
      host: () => ({
        request() {
          throw new TypeError('request')
        },
      }),
      baseUrl,
      token: () => '',
      onUnauthorized: () => undefined,
    })
    expect(await request('GET /notify/quota', {})).toEqual({ ok: false, error: { kind: 'network' } })
  })

  it('an answer after the patience ran out is nobody’s: it ends no session', async () => {
    vi.useFakeTimers()
    let success = (_: { statusCode: number; data: unknown }): void => undefined
    const request = createRequest({
      host: () => ({
        request(options) {
          success = options.success
          return { abort: () => undefined }
        },
      }),
      baseUrl,
      token: () => 'the-token',
      onUnauthorized: () => void unauthorized++,
    })
    const call = request('GET /notify/quota', {})
    vi.advanceTimersByTime(17_000)
    expect(await call).toEqual({ ok: false, error: { kind: 'timeout' } })
    success({ statusCode: 401, data: '' })
    expect(unauthorized).toBe(0)
  })

  it('the caller can cancel', async () => {
    answer = () => undefined
    const call = newRequest()('GET /notify/quota', {})
    call.abort()
    expect(await call).toEqual({ ok: false, error: { kind: 'abort' } })
  })
})
