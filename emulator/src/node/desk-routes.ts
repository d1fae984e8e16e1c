import { Hono } from 'hono'
import type { Cloud } from '../cloud/cloud.ts'
import { authorizations, networkTypes, themes } from '../phone-settings.ts'
import { platforms } from '../profiles.ts'
import type { CloudCall, DeskAction, Fault } from '../protocol.ts'
import { bookRoutes } from './book-routes.ts'
import { performAction, type DeskActionConfig } from './desk-actions.ts'
import { BadInput, between, flag, oneOf, optional, readObject, text, type JsonObject } from './input.ts'
import { pushRoutes, readFiring } from './push-routes.ts'

const cloudCalls = [
  'code2Session',
  'token',
  'stable_token',
  'subscribe/send',
  'gettemplate',
] as const satisfies readonly CloudCall[]
const faultKinds = ['errcode', 'hang', 'drop', 'slow'] as const
const MOST_MS = 3_600_000

/** `/__desk/*` of protocol.ts. */
export function deskRoutes(cloud: Cloud, actions: readonly DeskActionConfig[]): Hono {
  const { phone } = cloud
  const app = new Hono()

  app.get('/phones', (c) => c.json(phone.all()))
  app.post('/phones/:openid', async (c) => {
    const openid = c.req.param('openid')
    const body = await readObject(c)
    const { mainSwitch } = optional(body, 'mainSwitch', flag)
    const state = phone.change(openid, {
      ...optional(body, 'network', (value, name) => oneOf(value, networkTypes, name)),
      ...optional(body, 'theme', (value, name) => oneOf(value, themes, name)),
      ...optional(body, 'fontSize', (value, name) => between(value, 8, 40, name)),
      ...optional(body, 'weakNetwork', flag),
      ...optional(body, 'notifications', (value, name) => oneOf(value, authorizations, name)),
      ...optional(body, 'privacyConsent', flag),
      ...optional(body, 'platform', (value, name) => oneOf(value, platforms, name)),
    })
    if (mainSwitch !== undefined) phone.writeSettings({ openid, mainSwitch })
    return c.json(state)
  })

  app.get('/actions', (c) => c.json(actions.map(({ name, label }): DeskAction => ({ name, label }))))
  app.post('/actions/:name', async (c) => {
    const action = actions.find(({ name }) => name === c.req.param('name'))
    if (!action) return c.json({ message: '没有这个操作 (no such action)' }, 404)
    const openid = text((await readObject(c)).openid, 'openid')
    phone.state(openid)
    return c.json(await performAction(action, openid))
  })

  app.route('/', bookRoutes(cloud))
  app.route('/', pushRoutes(cloud))
  app.get('/calls', (c) => c.json(cloud.calls()))
  app.post('/faults', async (c) => {
    cloud.addFault(readFault(await readObject(c)))
    return c.body(null, 204)
  })
  app.delete('/faults', (c) => {
    cloud.clearFaults()
    return c.body(null, 204)
  })
  app.post('/update', (c) => {
    cloud.publishUpdate()
    return c.body(null, 204)
  })
  app.post('/reset', (c) => {
    cloud.reset()
    return c.body(null, 204)
  })
  return app
}

/** @throws BadInput */
export function readFault(body: JsonObject): Fault {
  const call = oneOf(body.call, cloudCalls, 'call')
  const kind = oneOf(body.kind, faultKinds, 'kind')
  const firing = readFiring(body)
  switch (kind) {
    case 'hang':
    case 'drop':
      return { call, kind, ...optional(body, 'performed', flag), ...firing }
    case 'slow':
      return { call, kind, ms: between(body.ms, 0, MOST_MS, 'ms'), ...firing }
    case 'errcode': {
      const { errcode } = body
      if (typeof errcode !== 'number' || !Number.isInteger(errcode))
        throw new BadInput('errcode 应当是整数 (must be an integer)')
      return { call, kind, errcode, errmsg: text(body.errmsg, 'errmsg'), ...firing }
    }
  }
}
