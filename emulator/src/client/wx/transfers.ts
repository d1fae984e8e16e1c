import { fromBase64, toBase64 } from '../bytes.ts'
import { beginCall, fail, failed, ok, textOption, type Outcome } from './api.ts'
import type { Flights } from './flights.ts'
import type { WxHost } from './host.ts'
import { encodeRequest, timeoutOf } from './request.ts'

type Options = Record<string, unknown>
type Listener = (detail: object) => void

/** What app code is told at once, as a phone tells it while the bytes come. */
const PROGRESS_STEP = 64 * 1024

/** `uploadFile` and `downloadFile` share ten places with `request` (wechat-platform.md §9.2). */
export function transferApis(host: WxHost, flights: Flights) {
  function begin(
    name: 'uploadFile' | 'downloadFile',
    given: unknown,
    perform: (options: Options, signal: AbortSignal, heard: Heard) => Promise<Outcome>,
  ) {
    const options = (given ?? {}) as Options
    // H6 names downloadFile and not uploadFile
    const settle = beginCall(host, name, name === 'downloadFile' ? 'passes' : 'none', options)
    const headers = new Set<Listener>()
    const progress = new Set<Listener>()
    const heard: Heard = {
      headers: (header) => headers.forEach((listener) => listener({ header })),
      progress: (detail) => progress.forEach((listener) => listener(detail)),
    }
    const { abort } = flights.start((signal) => perform(options, signal, heard), settle)
    return {
      abort,
      onHeadersReceived: (listener: Listener) => void headers.add(listener),
      offHeadersReceived: (listener: Listener) => void headers.delete(listener),
      onProgressUpdate: (listener: Listener) => void progress.add(listener),
      offProgressUpdate: (listener: Listener) => void progress.delete(listener),
    }
  }

  async function upload(options: Options, signal: AbortSignal, heard: Heard): Promise<Outcome> {
    const filePath = textOption(options, 'filePath')
    const name = textOption(options, 'name')
    if (name === '') return fail('parameter error: parameter.name should be String')
    if (!host.files.facts(filePath)) return fail('file not found')
    const bytes = host.files.read(filePath)
    const { body, type } = multipart(name, filePath, bytes, (options.formData ?? {}) as Options)
    const { url, header } = encodeRequest({ url: options.url, header: options.header, method: 'POST' })
    const own = Object.fromEntries(Object.entries(header).filter(([key]) => !/^content-type$/i.test(key)))
    const answer = await host.link.request(
      {
        ...{ url, method: 'POST', bytes: toBase64(body) },
        header: { ...own, 'content-type': type },
        timeout: timeoutOf(host, 'uploadFile', options),
      },
      signal,
    )
    if (answer.kind === 'fail') return failed(answer.failure)
    for (const [progress, done] of steps(body.length))
      heard.progress({ progress, totalBytesSent: done, totalBytesExpectedToSend: body.length })
    heard.headers(answer.header)
    return ok({ data: answer.data, statusCode: answer.statusCode, header: answer.header })
  }

  async function download(options: Options, signal: AbortSignal, heard: Heard): Promise<Outcome> {
    const { url, header } = encodeRequest({ url: options.url, header: options.header })
    const timeout = timeoutOf(host, 'downloadFile', options)
    const answer = await host.link.request({ url, method: 'GET', header, binary: true, timeout }, signal)
    if (answer.kind === 'fail') return failed(answer.failure)
    const bytes = fromBase64(answer.data)
    heard.headers(answer.header)
    for (const [progress, done] of steps(bytes.length))
      heard.progress({ progress, totalBytesWritten: done, totalBytesExpectedToWrite: bytes.length })
    const type = Object.entries(answer.header).find(([key]) => key.toLowerCase() === 'content-type')?.[1]
    const facts = { statusCode: answer.statusCode, header: answer.header }
    if (options.filePath !== undefined) {
      const filePath = textOption(options, 'filePath')
      host.files.write(filePath, bytes)
      return ok({ ...facts, filePath })
    }
    const extension = /\.(\w{1,8})$/.exec(new URL(url).pathname)?.[1] ?? extensionOf(type) ?? 'tmp'
    return ok({ ...facts, tempFilePath: host.files.addTemporary(bytes, extension) })
  }

  return {
    uploadFile: (given?: unknown) => begin('uploadFile', given, upload),
    downloadFile: (given?: unknown) => begin('downloadFile', given, download),
  }
}

interface Heard {
  headers(header: Record<string, string>): void
  progress(detail: object): void
}

/** Percent and bytes, step by step to the end. */
function steps(total: number): [percent: number, done: number][] {
  const count = Math.max(1, Math.ceil(total / PROGRESS_STEP))
  return Array.from({ length: count }, (_, at) => {
    const done = Math.min(total, (at + 1) * PROGRESS_STEP)
    return [total === 0 ? 100 : Math.round((done / total) * 100), done]
  })
}

const extensionOf = (type: string | undefined) =>
  type === undefined ? undefined : /^image\/(png|jpeg|gif|webp)/.exec(type)?.[1]?.replace('jpeg', 'jpg')

/** One file and some fields as multipart/form-data. */
function multipart(name: string, filePath: string, bytes: Uint8Array, fields: Options) {
  const boundary = `----EmulatedWeChat${Date.now().toString(36)}${Math.random().toString(36).slice(2)}`
  const quoted = (text: string) => text.replace(/"/g, '%22').replace(/\r?\n/g, '%0A')
  const head = [
    ...Object.entries(fields).map(
      ([key, value]) =>
        `--${boundary}\r\nContent-Disposition: form-data; name="${quoted(key)}"\r\n\r\n${String(value)}\r\n`,
    ),
    `--${boundary}\r\nContent-Disposition: form-data; name="${quoted(name)}"; filename="${quoted(filePath.split('/').at(-1) ?? '')}"\r\n`,
    `Content-Type: application/octet-stream\r\n\r\n`,
  ].join('')
  const encoder = new TextEncoder()
  const [before, after] = [encoder.encode(head), encoder.encode(`\r\n--${boundary}--\r\n`)]
  const body = new Uint8Array(before.length + bytes.length + after.length)
  body.set(before)
  body.set(bytes, before.length)
  body.set(after, before.length + bytes.length)
  return { body, type: `multipart/form-data; boundary=${boundary}` }
}
