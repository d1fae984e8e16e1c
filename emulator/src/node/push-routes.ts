import { Hono } from 'hono'
import type { Cloud } from '../cloud/cloud.ts'
import { BadPushTarget, readPushTarget, type PushTarget } from '../cloud/push/target.ts'
import { BadInput, readObject, type JsonObject } from './input.ts'

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
  return app
}

function targetOf(body: JsonObject): PushTarget {
  try {
    return readPushTarget(body)
  } catch (error) {
    throw error instanceof BadPushTarget ? new BadInput(error.message) : error
  }
}
