// @vitest-environment jsdom
import { afterEach, expect, test, vi } from 'vitest'
import type { RequestAnswer } from '../../protocol.ts'
import { onePage, startPhone } from '../testing/launch.ts'
import { encodeRequest } from './request.ts'

afterEach(() => void vi.useRealTimers())

const url = 'https://api.example.com/x'
interface Task {
  abort(): void
}
const request = (options: object) =>
  (Reflect.get(globalThis, 'wx') as { request(o: object): Task }).request(options)

const settled = (options: object) =>
  new Promise<Record<string, unknown>>((resolve) =>
    request({ url, ...options, success: resolve, fail: resolve }),
  )

test('GET puts an object into the query, beside what is there', () => {
  expect(encodeRequest({ url: `${url}?a=1`, data: { b: '线 索', c: 2 } })).toEqual({
    url: `${url}?a=1&b=%E7%BA%BF%20%E7%B4%A2&c=2`,
    method: 'GET',
    header: { 'content-type': 'application/json' },
  })
})

test('other methods encode an object as JSON, or as a form when the header says so', () => {
  expect(encodeRequest({ url, method: 'post', data: { a: 1 } })).toMatchObject({
    method: 'POST',
    data: '{"a":1}',
  })
  expect(
    encodeRequest({
      url,
      method: 'POST',
      header: { 'Content-Type': 'application/x-www-form-urlencoded' },
      data: { a: 1, b: 'x y' },
    }),
  ).toEqual({
    url,
    method: 'POST',
    header: { 'Content-Type': 'application/x-www-form-urlencoded' },
    data: 'a=1&b=x%20y',
  })
  expect(encodeRequest({ url, method: 'PUT', data: 'raw' })).toMatchObject({ data: 'raw' })
})

test('Referer cannot be set', () => {
  expect(encodeRequest({ url, header: { Referer: 'x', 'X-Access-Token': 't' } }).header).toEqual({
    'X-Access-Token': 't',
    'content-type': 'application/json',
  })
})

test('an unknown method and a url without scheme fail in words', async () => {
  startPhone(onePage('', '<view/>'))
  expect(await settled({ method: 'FETCH' })).toMatchObject({
    errMsg: expect.stringContaining('request:fail method "FETCH"') as string,
  })
  expect(await settled({ url: '/x' })).toEqual({ errMsg: 'request:fail invalid url "/x"' })
})

test.each([200, 401, 500])('H47 status %i is a success with its statusCode', async (statusCode) => {
  const phone = startPhone(onePage('', '<view/>'))
  phone.link.onRequest = async () => ({ kind: 'response', statusCode, header: { a: 'b' }, data: '{"n":1}' })
  expect(await settled({})).toEqual({
    errMsg: 'request:ok',
    statusCode,
    header: { a: 'b' },
    data: { n: 1 },
    cookies: [],
  })
})

test('what is no JSON stays text, and other dataTypes are not parsed', async () => {
  const phone = startPhone(onePage('', '<view/>'))
  phone.link.onRequest = async () => ({ kind: 'response', statusCode: 200, header: {}, data: '<html>' })
  expect((await settled({})).data).toBe('<html>')
  phone.link.onRequest = async () => ({ kind: 'response', statusCode: 200, header: {}, data: '{}' })
  expect((await settled({ dataType: 'text' })).data).toBe('{}')
})

test('abort fails with request:fail abort, and a late answer is dropped', async () => {
  const phone = startPhone(onePage('', '<view/>'))
  let answer: (answer: RequestAnswer) => void = () => undefined
  phone.link.onRequest = () => new Promise((resolve) => (answer = resolve))
  const seen: unknown[] = []
  const task = request({
    url,
    success: () => seen.push('ok'),
    fail: (f: unknown) => seen.push(f),
    complete: () => seen.push('complete'),
  })
  task.abort()
  answer({ kind: 'response', statusCode: 200, header: {}, data: '' })
  await vi.waitFor(() => expect(seen).toEqual([{ errMsg: 'request:fail abort' }, 'complete']))
  await new Promise((resolve) => setTimeout(resolve, 10))
  expect(seen).toHaveLength(2)
})

test('H47 the eleventh in flight fails with 600007; a free place takes the next', async () => {
  const phone = startPhone(onePage('', '<view/>'))
  phone.link.onRequest = () => new Promise(() => undefined)
  const tasks = Array.from({ length: 10 }, () => request({ url }))
  expect(await settled({})).toMatchObject({ errno: 600007 })
  tasks[0]?.abort()
  phone.link.onRequest = async () => ({ kind: 'response', statusCode: 200, header: {}, data: '' })
  expect(await settled({})).toMatchObject({ statusCode: 200 })
})

test('H47 the timeout: 60 s, app.json’s, the call’s', async () => {
  const phone = startPhone(onePage('', '<view/>'))
  await settled({})
  await settled({ timeout: 1234 })
  const configured = startPhone(
    onePage('', '<view/>', {
      'app.json': JSON.stringify({ pages: ['pages/a'], networkTimeout: { request: 7000 } }),
    }),
  )
  await settled({})
  expect(phone.link.requests.map(({ timeout }) => timeout)).toEqual([60_000, 1234])
  expect(configured.link.requests.map(({ timeout }) => timeout)).toEqual([7000])
})

test('H47 a failure of the network stack comes with its errno', async () => {
  const phone = startPhone(onePage('', '<view/>'))
  phone.link.onRequest = async () => ({
    kind: 'fail',
    failure: { errMsg: 'request:fail url not in domain list', errno: 600002 },
  })
  expect(await settled({})).toEqual({ errMsg: 'request:fail url not in domain list', errno: 600002 })
  expect(phone.inspection.warnings).toEqual([expect.stringContaining('requestDomains')])
})

test('H47 in the background: interrupted after five seconds, nothing until the return', async () => {
  const phone = startPhone(onePage('', '<view/>'))
  phone.link.onRequest = () => new Promise(() => undefined)
  vi.useFakeTimers()
  const seen: unknown[] = []
  request({ url, fail: (f: unknown) => seen.push(f) })
  phone.program.hide()
  await vi.advanceTimersByTimeAsync(4900)
  expect(seen).toEqual([])
  await vi.advanceTimersByTimeAsync(200)
  const interrupted = { errMsg: 'request:fail interrupted', errno: 600003 }
  expect(seen).toEqual([interrupted])
  request({ url, fail: (f: unknown) => seen.push(f) })
  await vi.advanceTimersByTimeAsync(10)
  expect(seen).toEqual([interrupted, interrupted])
  phone.program.show()
  phone.link.onRequest = async () => ({ kind: 'response', statusCode: 200, header: {}, data: '' })
  request({ url, success: () => seen.push('ok') })
  await vi.advanceTimersByTimeAsync(10)
  expect(seen.at(-1)).toBe('ok')
})

test('it returns a task, never a Promise', () => {
  startPhone(onePage('', '<view/>'))
  expect(request({ url })).not.toBeInstanceOf(Promise)
})

test('responseType arraybuffer gives the bytes, and an ArrayBuffer goes out as bytes', async () => {
  const phone = startPhone(onePage('', '<view/>'))
  phone.link.onRequest = async () => ({ kind: 'response', statusCode: 200, header: {}, data: btoa('{}') })
  const { data } = await settled({
    responseType: 'arraybuffer',
    method: 'POST',
    data: new Uint8Array([1, 2]).buffer,
  })
  expect(new Uint8Array(data as ArrayBuffer)).toEqual(Uint8Array.from([123, 125]))
  expect(phone.link.requests).toMatchObject([{ bytes: btoa('\x01\x02'), binary: true }])
})

test('enableChunked is missing by name', async () => {
  const phone = startPhone(onePage('', '<view/>'))
  expect(await settled({ enableChunked: true })).toEqual({
    errMsg: 'request:fail request enableChunked is not part of this emulator',
  })
  expect([phone.inspection.errors.length, phone.link.requests]).toEqual([1, []])
})

test('onHeadersReceived hears the headers before success; cookies come one by one', async () => {
  const phone = startPhone(onePage('', '<view/>'))
  const cookies = ['a=1', 'b=2']
  phone.link.onRequest = async () => ({
    ...{ kind: 'response', statusCode: 201, header: { x: 'y' }, data: '', cookies },
  })
  const heard: unknown[] = []
  await new Promise((done) => {
    const task = request({ url, success: (r: { cookies: unknown }) => heard.push(r.cookies), complete: done })
    ;(task as unknown as { onHeadersReceived(l: (d: object) => void): void }).onHeadersReceived((d) =>
      heard.push(d),
    )
  })
  expect(heard).toEqual([{ header: { x: 'y' }, statusCode: 201, cookies }, cookies])
})

test('H47 back on the screen in time, nothing is interrupted', async () => {
  vi.useFakeTimers()
  const phone = startPhone(onePage('', '<view/>'))
  phone.link.onRequest = () => new Promise(() => undefined)
  const ended = vi.fn()
  request({ url, complete: ended })
  phone.program.hide()
  await vi.advanceTimersByTimeAsync(4_000)
  phone.program.show()
  await vi.advanceTimersByTimeAsync(10_000)
  expect(ended).not.toHaveBeenCalled()
})
