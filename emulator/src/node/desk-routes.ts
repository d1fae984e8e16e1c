import { Hono } from 'hono'
import type { Cloud } from '../cloud/cloud.ts'
import { authorizations, networkTypes, themes } from '../phone-settings.ts'
import { platforms } from '../profiles.ts'
import type { DeskAction, NewAccount } from '../protocol.ts'
import { bookRoutes } from './book-routes.ts'
import { performAction, type DeskActionConfig } from './desk-actions.ts'
import { faultRoutes } from './fault-routes.ts'
import { BadInput, between, flag, oneOf, optional, readObject, text } from './input.ts'
import { memoryRoutes } from './memory-routes.ts'
import { pushRoutes } from './push-routes.ts'
import { accountProblem } from './wechat-options.ts'

const phoneMembers = [
  ...['network', 'weakNetwork', 'theme', 'fontSize', 'notifications', 'privacyConsent', 'platform'],
  'mainSwitch',
]

/** `/__desk/*` of protocol.ts. */
export function deskRoutes(cloud: Cloud, actions: readonly DeskActionConfig[]): Hono {
  const { phone } = cloud
  const app = new Hono()

  app.get('/phones', (c) => c.json(phone.all()))
  app.post('/phones/:openid', async (c) => {
    const openid = c.req.param('openid')
    const body = await readObject(c, phoneMembers)
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
  app.post('/accounts', async (c) => {
    const body = await readObject(c, ['nickname', 'openid', 'unionid', 'platform'])
    const account: NewAccount = {
      nickname: text(body.nickname, 'nickname'),
      ...optional(body, 'openid', text),
      ...optional(body, 'unionid', text),
      ...optional(body, 'platform', (value, name) => oneOf(value, platforms, name)),
    }
    const problem = account.openid === undefined ? undefined : accountProblem(account)
    if (problem !== undefined) throw new BadInput(problem)
    return c.json(cloud.addAccount(account))
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
  app.route('/', faultRoutes(cloud))
  app.route('/', memoryRoutes(cloud))
  app.post('/update', (c) => {
    cloud.publishUpdate()
    return c.body(null, 204)
  })
  return app
}
