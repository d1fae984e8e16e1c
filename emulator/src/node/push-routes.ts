import { Hono } from 'hono'
import type { Cloud } from '../cloud/cloud.ts'
import type { Firing } from '../cloud/fire.ts'
import { pushKinds } from '../cloud/push/event.ts'
import type { PushFault } from '../cloud/push/faults.ts'
import { BadPushTarget, readPushTarget, type PushTarget } from '../cloud/push/target.ts'
import { BadInput, between, oneOf, optional, readObject, text, type JsonObject } from './input.ts'

const faultKinds = ['lose', 'repeat', 'late', 'failSend'] as const
const MOST_MS = 3_600_000

/** What `/__desk` says and hears of the event pushes. Token and key go in and never come out. */
export function pushRoutes(cloud: Cloud): Hono {
  const app = new Hono()
  app.get('/pushes', (c) => c.json(cloud.pushes()))
  app.get('/push', (c) => c.json(cloud.pushTarget() ?? null))
  app.post('/push', async (c) => c.json(await cloud.setPush(targetOf(await readObject(c)))))
  app.delete('/push', (c) => {
    cloud.stopPush()
    return c.body(null, 204)
  })
  app.post('/push/faults', async (c) => {
    cloud.addPushFault(readPushFault(await readObject(c)))
    return c.body(null, 204)
  })
  return app
}

function targetOf(body: JsonObject): PushTarget {
  try {
    return readPushTarget(body)
  } catch (error) {
    throw error instanceof BadPushTarget ? new BadInput(error.message) : error
  }
}

/** For whom and how often something is broken. @throws BadInput */
export const readFiring = (body: JsonObject): Firing => ({
  ...optional(body, 'openid', text),
  ...optional(body, 'probability', (value, name) => between(value, 0, 1, name)),
  ...optional(body, 'times', (value, name) => between(value, 1, 1_000_000, name)),
})

/** @throws BadInput */
export function readPushFault(body: JsonObject): PushFault {
  const kind = oneOf(body.kind, faultKinds, 'kind')
  const firing = readFiring(body)
  const push = optional(body, 'push', (value, name) => oneOf(value, pushKinds, name))
  switch (kind) {
    case 'lose':
    case 'repeat':
      return { ...firing, ...push, kind }
    case 'late':
      return { ...firing, ...push, kind, ms: between(body.ms, 0, MOST_MS, 'ms') }
    case 'failSend':
      return { ...firing, kind, ...optional(body, 'errorCode', text), ...optional(body, 'errorStatus', text) }
  }
}
