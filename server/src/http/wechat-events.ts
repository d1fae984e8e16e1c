import type { Context as HonoContext, Hono } from 'hono'
import { keepEvents } from '../domain/pushes.ts'
import { readEcho, readPush, type PushQuery, type PushSettings } from '../wechat/push/read-push.ts'
import type { AppDeps, HttpEnv } from './env.ts'

/**
 * Where WeChat pushes its events (wechat-platform.md §8): kept, answered, and worked off afterwards. Not there at all
 * unless a token is configured, since nothing could be told from a forgery.
 */
export function addWechatEvents(app: Hono<HttpEnv>, { ctx }: AppDeps, settings: PushSettings): void {
  app.get('/wechat/events', (c) => {
    const reading = readEcho(settings, queryOf(c), ctx.now())
    return reading.kind === 'echo' ? c.text(reading.echostr) : refused(c, reading.why)
  })
  app.post('/wechat/events', async (c) => {
    const reading = readPush(settings, queryOf(c), await c.req.text(), ctx.now())
    switch (reading.kind) {
      case 'refused':
        return refused(c, reading.why)
      case 'ignored':
        ctx.log.info({ rid: c.get('rid'), what: reading.what }, 'a push about something else')
        return c.text('success')
      case 'events':
        await keepEvents(ctx, reading.events)
        return c.text('success')
    }
  })

  function refused(c: HonoContext<HttpEnv>, why: string): Response {
    ctx.log.warn({ rid: c.get('rid'), why }, 'a push was refused')
    return c.text(why, 403)
  }
}

function queryOf(c: HonoContext<HttpEnv>): PushQuery {
  const { signature, timestamp, nonce, echostr, encrypt_type, msg_signature } = c.req.query()
  return { signature, timestamp, nonce, echostr, encrypt_type, msg_signature }
}
