import { Hono } from 'hono'
import type { Cloud } from '../cloud/cloud.ts'
import { isDelay } from '../cloud/delay.ts'
import { BadInput, between, optional, readObject, text } from './input.ts'

const MOST_GRANTS = 1_000_000

/** WeChat's own books over `/__desk`: what no public call tells, for benches whose WeChat is another process. */
export function bookRoutes(cloud: Cloud): Hono {
  const app = new Hono()
  app.get('/quota', (c) =>
    c.json(Object.fromEntries(cloud.phone.all().map(({ openid }) => [openid, cloud.quota(openid)]))),
  )
  app.get('/quota/:openid', (c) => c.json(cloud.quota(c.req.param('openid'))))
  app.post('/quota/:openid', async (c) => {
    const body = await readObject(c)
    const templateId = knownTemplate(text(body.templateId, 'templateId'))
    cloud.setQuota(c.req.param('openid'), templateId, whole(body.n, 'n'))
    return c.json(cloud.quota(c.req.param('openid')))
  })
  app.post('/grants', async (c) => {
    const body = await readObject(c)
    const templateId = knownTemplate(text(body.templateId, 'templateId'))
    const { n = 1 } = optional(body, 'n', whole)
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
  app.post('/latency', async (c) => {
    const { ms } = await readObject(c)
    if (!isDelay(ms)) throw new BadInput('ms 应当是毫秒数或 [最小, 最大] (milliseconds or [least, most])')
    cloud.setLatency(ms)
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

function whole(value: unknown, name: string): number {
  const n = between(value, 0, MOST_GRANTS, name)
  if (!Number.isInteger(n)) throw new BadInput(`${name} 应当是整数 (must be an integer)`)
  return n
}
