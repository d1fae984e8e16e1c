import type { HttpBindings } from '@hono/node-server'
import { Hono, type Context } from 'hono'
import type { CloudCall } from '../protocol.ts'
import { apiCalls, type ApiCall, type ApiInput } from './api-calls.ts'
import type { Cloud } from './cloud.ts'
import type { Served } from './faults.ts'
import { MOST_BODY_BYTES } from './no-body.ts'

export interface HttpEnv {
  Bindings: HttpBindings
}

/** Below these there is WeChat and nothing of the emulator's: what it does not have is said in WeChat's manner. */
const wechatsOwn = [
  '/sns/*',
  '/cgi-bin/*',
  '/wxa/*',
  '/wxaapi/*',
  '/wxaexp/*',
  '/cv/*',
  '/datacube/*',
  '/tcb/*',
  '/channels/*',
  '/customservice/*',
  '/product/*',
  '/shop/*',
]

/**
 * api.weixin.qq.com at the paths WeChat has them: HTTP 200 whatever happened (wechat-platform.md §4–§7), also for a
 * wrong method (43001, 43002), for a body that is too large (45002) and for a path that is not played (40066).
 */
export function publicApi(cloud: Cloud): Hono<HttpEnv> {
  const { api } = cloud
  const app = new Hono<HttpEnv>()
  for (const [call, { method, path, body }] of Object.entries(apiCalls) as [CloudCall, ApiCall][]) {
    app.on(method, path, async (c) => reply(c, api.call(call, await inputOf(c, body))))
    app.all(path, async (c) => reply(c, api.wrongMethod(call, await inputOf(c, undefined))))
  }
  // an address that ends in a slash makes two of them
  for (const path of wechatsOwn)
    for (const one of [path, `/${path}`]) app.all(one, (c) => reply(c, api.unknown(c.req.method, c.req.path)))
  return app
}

async function inputOf(c: Context<HttpEnv>, reads: ApiCall['body']): Promise<ApiInput> {
  const raw = await bodyOf(c)
  const body =
    raw === undefined ? undefined : (jsonObject(raw) ?? (reads === 'form' ? formObject(raw) : undefined))
  const lacks = raw === undefined ? 'tooLarge' : raw === '' ? 'empty' : 'unreadable'
  const ip = c.env.incoming.socket.remoteAddress?.replace(/^::ffff:/, '')
  return { query: c.req.query(), ...(body ? { body } : { lacks }), ...(ip === undefined ? {} : { ip }) }
}

/** Of any method: WeChat's own examples have bodies in a GET. Undefined: it is too large. */
async function bodyOf(c: Context<HttpEnv>): Promise<string | undefined> {
  const parts: Buffer[] = []
  let bytes = 0
  // to its end, or the caller would see a broken connection and no answer
  for await (const part of c.env.incoming as AsyncIterable<Buffer>) {
    bytes += part.length
    if (bytes <= MOST_BODY_BYTES) parts.push(part)
  }
  return bytes <= MOST_BODY_BYTES ? new TextDecoder().decode(Buffer.concat(parts)) : undefined
}

/** WeChat reads the body as JSON whatever its content type says. Undefined: it is no JSON object. */
function jsonObject(raw: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(raw)
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : undefined
  } catch {
    return undefined
  }
}

/** Lists as `kidList=1&kidList=2`, `kidList[]=1` or `kidList[0]=1`: all three are in use. */
function formObject(raw: string): Record<string, unknown> {
  const body: Record<string, unknown> = {}
  for (const [key, value] of new URLSearchParams(raw)) {
    const name = key.replace(/\[\d*\]$/, '')
    const before = Object.hasOwn(body, name) ? body[name] : undefined
    if (Array.isArray(before)) before.push(value)
    else if (before !== undefined) body[name] = [before, value]
    else body[name] = name === key ? value : [value]
  }
  return body
}

/** A login's answer is text/plain (wechat-platform.md §4), the others' JSON; clients that parse by it are in use. */
const contentTypeOf = (path: string) =>
  /^\/+sns\//.test(path) ? 'text/plain' : 'application/json; encoding=utf-8'

async function reply(c: Context<HttpEnv>, served: Served): Promise<Response> {
  if (served.kind !== 'hang') await served.ready
  switch (served.kind) {
    case 'answer':
      return c.body(served.body, 200, { 'content-type': contentTypeOf(c.req.path) })
    case 'hang':
      return new Promise((resolve) => {
        c.env.incoming.socket.once('close', () => resolve(c.body(null)))
      })
    case 'drop':
      c.env.incoming.socket.destroy()
      return c.body(null)
  }
}
