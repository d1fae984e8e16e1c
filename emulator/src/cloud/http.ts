import type { HttpBindings } from '@hono/node-server'
import { Hono, type Context } from 'hono'
import { bodyLimit } from 'hono/body-limit'
import type { CloudCall } from '../protocol.ts'
import { apiCalls, type ApiCall, type ApiInput } from './api-calls.ts'
import type { Cloud } from './cloud.ts'
import type { Served } from './faults.ts'

export interface HttpEnv {
  Bindings: HttpBindings
}

const MAX_BODY_BYTES = 1024 * 1024

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
]

/**
 * api.weixin.qq.com at the paths WeChat has them: HTTP 200 and text/plain whatever happened
 * (wechat-platform.md §4–§7), also for a wrong method (43001, 43002) and for a path that is not played (40066).
 */
export function publicApi(cloud: Cloud): Hono<HttpEnv> {
  const { api } = cloud
  const app = new Hono<HttpEnv>()
  for (const path of wechatsOwn)
    app.use(path, bodyLimit({ maxSize: MAX_BODY_BYTES, onError: (c) => c.text('', 413) }))
  for (const [call, { method, path, body }] of Object.entries(apiCalls) as [CloudCall, ApiCall][]) {
    app.on(method, path, async (c) => reply(c, api.call(call, await inputOf(c, body))))
    app.all(path, async (c) => reply(c, api.wrongMethod(call, await inputOf(c, undefined))))
  }
  for (const path of wechatsOwn) app.all(path, (c) => reply(c, api.unknown(c.req.method, c.req.path)))
  return app
}

async function inputOf(c: Context<HttpEnv>, reads: ApiCall['body']): Promise<ApiInput> {
  const raw = await c.req.text()
  const body = jsonObject(raw) ?? (reads === 'form' ? formObject(raw) : undefined)
  const ip = c.env.incoming.socket.remoteAddress?.replace(/^::ffff:/, '')
  return { query: c.req.query(), ...(body && { body }), ...(ip === undefined ? {} : { ip }) }
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

async function reply(c: Context<HttpEnv>, served: Served): Promise<Response> {
  if (served.kind !== 'hang') await served.ready
  switch (served.kind) {
    case 'answer':
      return c.body(served.body, 200, { 'content-type': 'text/plain' })
    case 'hang':
      return new Promise((resolve) => {
        c.env.incoming.socket.once('close', () => resolve(c.body(null)))
      })
    case 'drop':
      c.env.incoming.socket.destroy()
      return c.body(null)
  }
}
