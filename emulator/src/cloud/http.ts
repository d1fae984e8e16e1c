import type { HttpBindings } from '@hono/node-server'
import { Hono, type Context } from 'hono'
import { bodyLimit } from 'hono/body-limit'
import type { Cloud } from './cloud.ts'
import { refusal } from './answer.ts'
import type { Served } from './faults.ts'

export interface HttpEnv {
  Bindings: HttpBindings
}

const MAX_BODY_BYTES = 1024 * 1024

/**
 * api.weixin.qq.com at the paths WeChat has them: HTTP 200 and text/plain whatever happened
 * (wechat-platform.md §4–§7). A wrong method or path is answered by the server around it.
 */
export function publicApi(cloud: Cloud): Hono<HttpEnv> {
  const { api } = cloud
  const app = new Hono<HttpEnv>()
  app.use('/cgi-bin/*', bodyLimit({ maxSize: MAX_BODY_BYTES, onError: (c) => c.text('', 413) }))

  app.get('/sns/jscode2session', (c) =>
    reply(
      c,
      api.code2Session({
        appid: c.req.query('appid'),
        secret: c.req.query('secret'),
        jsCode: c.req.query('js_code'),
        grantType: c.req.query('grant_type'),
      }),
    ),
  )
  app.get('/cgi-bin/token', (c) =>
    reply(
      c,
      api.plainToken({
        appid: c.req.query('appid'),
        secret: c.req.query('secret'),
        grantType: c.req.query('grant_type'),
      }),
    ),
  )
  app.post('/cgi-bin/stable_token', async (c) => {
    const body = await jsonBody(c)
    if (!body) return notJson(c)
    return reply(
      c,
      api.stableToken({
        appid: textOf(body.appid),
        secret: textOf(body.secret),
        grantType: textOf(body.grant_type),
        forceRefresh: body.force_refresh === true,
      }),
    )
  })
  app.post('/cgi-bin/message/subscribe/send', async (c) => {
    const body = await jsonBody(c)
    if (!body) return notJson(c)
    return reply(c, api.send(c.req.query('access_token'), body))
  })
  app.get('/wxaapi/newtmpl/gettemplate', (c) => reply(c, api.templates(c.req.query('access_token'))))
  return app
}

const textOf = (value: unknown) => (typeof value === 'string' ? value : undefined)

/** WeChat reads the body as JSON whatever its content type says. Undefined: it is no JSON object. */
async function jsonBody(c: Context<HttpEnv>): Promise<Record<string, unknown> | undefined> {
  try {
    const value: unknown = JSON.parse(await c.req.text())
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : undefined
  } catch {
    return undefined
  }
}

const plain = (c: Context<HttpEnv>, body: string) => c.body(body, 200, { 'content-type': 'text/plain' })

const notJson = (c: Context<HttpEnv>) => plain(c, refusal(Date.now(), 47001, 'data format error').body)

async function reply(c: Context<HttpEnv>, served: Served): Promise<Response> {
  if (served.kind !== 'hang') await served.ready
  switch (served.kind) {
    case 'answer':
      return plain(c, served.body)
    case 'hang':
      return new Promise((resolve) => {
        c.env.incoming.socket.once('close', () => resolve(c.body(null)))
      })
    case 'drop':
      c.env.incoming.socket.destroy()
      return c.body(null)
  }
}
