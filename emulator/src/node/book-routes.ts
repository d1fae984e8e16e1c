import { Hono } from 'hono'
import type { Cloud } from '../cloud/cloud.ts'
import { isDelay, isLatencyProfile, latencyProfiles } from '../cloud/delay.ts'
import { profileProblem } from '../cloud/profile.ts'
import { BadInput, flag, oneOf, optional, readObject, text, whole } from './input.ts'

const MOST_GRANTS = 1_000_000
const strongerAccepts = ['acceptWithAudio', 'acceptWithAlert', 'acceptWithForcePush'] as const

const grants = (value: unknown) => whole(value, 0, MOST_GRANTS, '次数 n')
const steps = (value: unknown, name: string) => whole(value, -MOST_GRANTS, MOST_GRANTS, name)

/** WeChat's own books over `/__desk`: what no public call tells, for benches whose WeChat is another process. */
export function bookRoutes(cloud: Cloud): Hono {
  const app = new Hono()
  app.get('/quota', (c) =>
    c.json(Object.fromEntries(cloud.phone.all().map(({ openid }) => [openid, cloud.quota(openid)]))),
  )
  app.get('/settings', (c) =>
    c.json(Object.fromEntries(cloud.phone.all().map(({ openid }) => [openid, cloud.settings(openid)]))),
  )
  app.get('/quota/:openid', (c) => c.json(cloud.quota(c.req.param('openid'))))
  app.post('/quota/:openid', async (c) => {
    const openid = c.req.param('openid')
    const body = await readObject(c, ['templateId', 'n', 'by'])
    const templateId = knownTemplate(text(body.templateId, 'templateId'))
    const { by } = optional(body, 'by', steps)
    if (by === undefined) cloud.setQuota(openid, templateId, grants(body.n))
    else if (body.n === undefined) cloud.changeQuota(openid, templateId, by)
    else throw new BadInput('n 和 by 只能给一个 (either n or by)')
    return c.json(cloud.quota(openid))
  })
  app.post('/grants', async (c) => {
    const body = await readObject(c, ['templateId', 'n', 'openid'])
    const templateId = knownTemplate(text(body.templateId, 'templateId'))
    const { n = 1 } = optional(body, 'n', grants)
    const { openid } = optional(body, 'openid', text)
    const openids = openid === undefined ? cloud.phone.all().map((phone) => phone.openid) : [openid]
    for (const one of openids) cloud.grant(one, templateId, n)
    return c.body(null, 204)
  })
  app.get('/sends', (c) => {
    const after = Number(c.req.query('after') ?? '0')
    if (!(after >= 0)) throw new BadInput('after 应当是已经看过的条数 (how many are known)')
    if (!cloud.keepsSends) throw new BadInput('要先设 keepSends: true (keepSends is not set)')
    return c.json(cloud.ledger().slice(after))
  })
  app.get('/templates', (c) => c.json(cloud.templates()))
  app.post('/templates/:id', async (c) => {
    const body = await readObject(c, ['banned', 'acceptedAs'])
    const id = c.req.param('id')
    const template = cloud.changeTemplate(id, {
      ...optional(body, 'banned', flag),
      ...optional(body, 'acceptedAs', (value, name) =>
        value === null ? null : oneOf(value, strongerAccepts, name),
      ),
    })
    return template ? c.json(template) : c.json({ message: `没有模板 ${id} (no such template)` }, 404)
  })
  app.get('/profile', (c) => c.json(cloud.profile()))
  app.post('/profile', async (c) => {
    const body = await readObject(c)
    const problem = profileProblem(body)
    if (problem !== undefined) throw new BadInput(problem)
    return c.json(cloud.changeProfile(body))
  })
  app.get('/latency', (c) => c.json(cloud.latency()))
  app.post('/latency', async (c) => {
    const { profile, ms } = await readObject(c)
    const delay = profile ?? ms
    if (profile !== undefined && !isLatencyProfile(profile))
      throw new BadInput(
        `profile 应当是 ${Object.keys(latencyProfiles).join('、')} 之一 (must be one of them)`,
      )
    if (!isDelay(delay) || (profile === undefined && typeof delay === 'string'))
      throw new BadInput('ms 应当是毫秒数或 [最小, 最大] (milliseconds or [least, most])')
    cloud.setLatency(delay)
    return c.body(null, 204)
  })
  app.post('/tokens/revoke', (c) => {
    cloud.revokeToken()
    return c.body(null, 204)
  })
  return app

  function knownTemplate(id: string): string {
    if (!cloud.hasTemplate(id)) throw new BadInput(`没有模板 ${id} (no such template)`)
    return id
  }
}
