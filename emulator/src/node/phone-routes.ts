import { Hono } from 'hono'
import { streamSSE } from 'hono/streaming'
import type { Cloud } from '../cloud/cloud.ts'
import type {
  PhoneEvent,
  PhoneNumberAnswer,
  PhoneRefusal,
  RequestBody,
  SessionCheckAnswer,
  SettingsWriteBody,
  SubscribeCloseBody,
} from '../protocol.ts'
import { authorizations } from '../phone-settings.ts'
import { platforms } from '../profiles.ts'
import type { Release } from '../release.ts'
import { between, flag, object, oneOf, optional, readObject, record, text } from './input.ts'
import { performRequest, type PhoneRequestOptions } from './phone-request.ts'

const choices = ['accept', 'reject'] as const
const choice = (value: unknown, name: string) => oneOf(value, choices, name)
const HEARTBEAT_MS = 15_000
const MAX_TIMEOUT_MS = 600_000

/** `/__phone/*` of protocol.ts. */
export function phoneRoutes(cloud: Cloud, request: PhoneRequestOptions, release: Release): Hono {
  const { phone } = cloud
  const app = new Hono()
  const openidOf = (body: Record<string, unknown>) => text(body.openid, 'openid')

  app.post('/login', async (c) => c.json({ code: phone.login(openidOf(await readObject(c))) }))
  app.post('/session/check', async (c) =>
    c.json({ valid: phone.checkSession(openidOf(await readObject(c))) } satisfies SessionCheckAnswer),
  )
  app.post('/phone-number', async (c) => {
    const code = phone.phoneNumberCode(openidOf(await readObject(c)))
    if (code !== undefined) return c.json({ code } satisfies PhoneNumberAnswer)
    const failure = { errMsg: 'getPhoneNumber:fail no permission' }
    const message = '这个账号没有 phoneNumber：在 accounts 里加上它 (this account has no phoneNumber)'
    return c.json({ message, failure } satisfies PhoneRefusal, 503)
  })

  app.post('/subscribe/open', async (c) => {
    const body = await readObject(c)
    // whatever the app passed as tmplIds is judged by WeChat, not here (H12)
    return c.json(phone.openPanel(openidOf(body), body.tmplIds))
  })
  app.post('/subscribe/close', async (c) => {
    const body = await readObject(c)
    const closing: SubscribeCloseBody = {
      openid: openidOf(body),
      // WeChat kept its own; the phone's copy is not believed
      settled: {},
      decisions: record(body.decisions, 'decisions', choice),
      keep: flag(body.keep, 'keep'),
    }
    return c.json(phone.closePanel(closing))
  })

  app.post('/settings/read', async (c) => c.json(phone.readSettings(openidOf(await readObject(c)))))
  app.post('/settings/write', async (c) => {
    const body = await readObject(c)
    const change: SettingsWriteBody = {
      openid: openidOf(body),
      ...optional(body, 'mainSwitch', flag),
      ...optional(body, 'items', (value, name) => record(value, name, choice)),
    }
    return c.json(phone.writeSettings(change))
  })

  app.post('/request', async (c) => {
    const body = await readObject(c)
    const state = phone.state(openidOf(body))
    const wanted: Omit<RequestBody, 'openid'> = {
      url: text(body.url, 'url'),
      method: text(body.method, 'method'),
      header: record(object(body.header ?? {}, 'header'), 'header', String),
      timeout: between(body.timeout, 0, MAX_TIMEOUT_MS, 'timeout'),
      ...optional(body, 'data', String),
      ...optional(body, 'bytes', String),
      ...optional(body, 'binary', flag),
    }
    return c.json(await performRequest(wanted, state, request, c.req.raw.signal))
  })

  app.post('/messages', async (c) => c.json(phone.messages(openidOf(await readObject(c)))))
  app.post('/messages/read', async (c) => {
    const body = await readObject(c)
    phone.markRead(openidOf(body), text(body.id, 'id'))
    return c.body(null, 204)
  })
  app.post('/messages/refuse', async (c) => {
    const body = await readObject(c)
    phone.refuse(openidOf(body), text(body.templateId, 'templateId'))
    return c.body(null, 204)
  })
  app.post('/state', async (c) => c.json(phone.state(openidOf(await readObject(c)))))

  app.post('/state/write', async (c) => {
    const body = await readObject(c)
    return c.json(
      phone.change(openidOf(body), {
        ...optional(body, 'notifications', (value, name) => oneOf(value, authorizations, name)),
        ...optional(body, 'privacyConsent', flag),
        ...optional(body, 'platform', (value, name) => oneOf(value, platforms, name)),
      }),
    )
  })
  app.post('/release', async (c) => {
    phone.state(openidOf(await readObject(c)))
    return c.json(release)
  })

  app.get('/events', (c) => {
    const openid = text(c.req.query('openid'), 'openid')
    // an unknown phone is refused before the stream begins
    phone.state(openid)
    return streamSSE(c, async (stream) => {
      const write = (event: PhoneEvent) => void stream.writeSSE({ data: JSON.stringify(event) })
      const stopListening = phone.listen(openid, write)
      const heartbeat = setInterval(() => void stream.write(': still here\n\n'), HEARTBEAT_MS)
      await stream.write(': listening\n\n')
      await new Promise<void>((ended) => stream.onAbort(ended))
      clearInterval(heartbeat)
      stopListening()
    })
  })
  return app
}
