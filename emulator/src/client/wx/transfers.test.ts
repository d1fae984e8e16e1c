// @vitest-environment jsdom
import { expect, test, vi } from 'vitest'
import { onePage, startPhone } from '../testing/launch.ts'
import { toBase64 } from '../bytes.ts'

type Task = Record<
  'abort' | 'onProgressUpdate' | 'onHeadersReceived',
  (listener?: (d: object) => void) => void
>
type Wx = Record<string, (options?: object) => unknown>
const wx = () => Reflect.get(globalThis, 'wx') as Wx
const settled = (name: string, options: object, prepare: (task: Task) => void = () => undefined) =>
  new Promise<Record<string, unknown>>((resolve) =>
    prepare(wx()[name]?.({ ...options, success: resolve, fail: resolve }) as Task),
  )
interface Fs {
  writeFileSync(path: string, data: unknown, encoding?: string): void
  readFileSync(path: string, encoding?: string): unknown
  mkdirSync(path: string): void
}
const fs = () => wx().getFileSystemManager?.() as Fs
const url = 'https://api.example.com/file'

test('uploadFile sends the file and the form’s fields as multipart, whatever the status', async () => {
  const phone = startPhone(onePage('', '<view/>'))
  phone.link.onRequest = async () => ({
    kind: 'response',
    statusCode: 500,
    header: { a: 'b' },
    data: '{"n":1}',
  })
  fs().writeFileSync('wxfile://usr/p.txt', '线索')
  const seen: object[] = []
  const answer = await settled(
    'uploadFile',
    { url, filePath: 'wxfile://usr/p.txt', name: 'photo', formData: { id: 7 }, header: { 'X-Token': 't' } },
    (task) => {
      task.onProgressUpdate((detail) => seen.push(detail))
      task.onHeadersReceived((detail) => seen.push(detail))
    },
  )
  expect(answer).toEqual({ errMsg: 'uploadFile:ok', statusCode: 500, data: '{"n":1}', header: { a: 'b' } })
  const sent = phone.link.requests[0]
  const body = new TextDecoder().decode(Uint8Array.from(atob(sent?.bytes ?? ''), (s) => s.charCodeAt(0)))
  const boundary = /boundary=(.+)$/.exec(sent?.header['content-type'] ?? '')?.[1] ?? 'none'
  expect(sent).toMatchObject({ method: 'POST', url, header: { 'X-Token': 't' } })
  expect(body.split(`--${boundary}`).map((part) => part.trim())).toEqual([
    '',
    'Content-Disposition: form-data; name="id"\r\n\r\n7',
    'Content-Disposition: form-data; name="photo"; filename="p.txt"\r\nContent-Type: application/octet-stream\r\n\r\n线索',
    '--',
  ])
  expect(seen).toEqual([
    {
      progress: 100,
      totalBytesSent: expect.any(Number) as number,
      totalBytesExpectedToSend: expect.any(Number) as number,
    },
    { header: { a: 'b' } },
  ])
})

test('a file that is not there, and a name that is left out', async () => {
  const phone = startPhone(onePage('', '<view/>'))
  expect(await settled('uploadFile', { url, filePath: 'wxfile://usr/none', name: 'f' })).toEqual({
    errMsg: 'uploadFile:fail file not found',
  })
  expect(await settled('uploadFile', { url, filePath: 'wxfile://usr/none' })).toMatchObject({
    errMsg: expect.stringContaining('parameter.name') as string,
  })
  expect(phone.link.requests).toEqual([])
})

test('downloadFile makes a temporary file with the address’s ending; an image can show it', async () => {
  const phone = startPhone(onePage('', '<view/>'))
  const data = toBase64(new Uint8Array(150_000))
  phone.link.onRequest = async () => ({ kind: 'response', statusCode: 200, header: {}, data })
  const progress: object[] = []
  const answer = await settled('downloadFile', { url: `${url}/a.png?x=1` }, (task) =>
    task.onProgressUpdate((detail) => progress.push(detail)),
  )
  expect(answer).toMatchObject({ errMsg: 'downloadFile:ok', statusCode: 200 })
  expect(answer.tempFilePath).toMatch(/^wxfile:\/\/tmp_\w+\.png$/)
  expect(progress).toEqual([
    { progress: 44, totalBytesWritten: 65536, totalBytesExpectedToWrite: 150_000 },
    { progress: 87, totalBytesWritten: 131072, totalBytesExpectedToWrite: 150_000 },
    { progress: 100, totalBytesWritten: 150_000, totalBytesExpectedToWrite: 150_000 },
  ])
  expect((fs().readFileSync(String(answer.tempFilePath)) as ArrayBuffer).byteLength).toBe(150_000)
})

test('downloadFile to a path of the mini-program’s own', async () => {
  const phone = startPhone(onePage('', '<view/>'))
  phone.link.onRequest = async () => ({ kind: 'response', statusCode: 200, header: {}, data: btoa('abc') })
  const filePath = 'wxfile://usr/x.txt'
  expect(await settled('downloadFile', { url, filePath })).toMatchObject({ filePath, statusCode: 200 })
  expect(fs().readFileSync(filePath, 'utf8')).toBe('abc')
})

test('an abort ends it once, with request’s words', async () => {
  const phone = startPhone(onePage('', '<view/>'))
  phone.link.onRequest = () => new Promise(() => undefined)
  expect(await settled('downloadFile', { url }, (task) => task.abort())).toEqual({
    errMsg: 'downloadFile:fail abort',
  })
})

test('H47 uploads and downloads share the ten places with requests', async () => {
  const phone = startPhone(onePage('', '<view/>'))
  phone.link.onRequest = () => new Promise(() => undefined)
  for (let i = 0; i < 10; i += 1) wx()[i % 2 ? 'request' : 'downloadFile']?.({ url })
  for (const name of ['request', 'downloadFile', 'uploadFile'])
    expect(await settled(name, { url, filePath: 'x', name: 'f' })).toMatchObject({ errno: 600007 })
})

test.each([
  ['downloadFile', 'exitMiniProgram:ok'],
  ['uploadFile', 'exitMiniProgram:fail can only be invoked by user TAP gesture.'],
])('after a tap the callback of %s: %s', async (name, errMsg) => {
  const members = `go() { wx.${name}({ url: '${url}', filePath: 'wxfile://usr/f', name: 'f', complete: () => wx.exitMiniProgram({ complete: (r) => log.push(r.errMsg) }) }) }`
  const phone = startPhone(onePage(members, '<view id="go" bindtap="go"/>'))
  fs().writeFileSync('wxfile://usr/f', 'x')
  phone.link.onRequest = async () => ({ kind: 'response', statusCode: 200, header: {}, data: '' })
  phone.tapId('go')
  await vi.waitFor(() => expect(phone.log()).toEqual([errMsg]))
})
