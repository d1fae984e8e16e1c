import { Hono } from 'hono'
import type { Cloud } from '../cloud/cloud.ts'
import { BadState } from '../cloud/state-reader.ts'
import { BadInput, between, readObject } from './input.ts'

const MOST_AHEAD_MS = 10 * 365 * 24 * 3600_000

/** What WeChat remembers, when it thinks it is, and what it was asked, over `/__desk`. */
export function memoryRoutes(cloud: Cloud): Hono {
  const app = new Hono()
  app.get('/state', (c) => {
    c.header('content-disposition', 'attachment; filename="leadbell-emulator-state.json"')
    return c.json(cloud.save())
  })
  app.post('/state', async (c) => {
    try {
      cloud.restore(await readObject(c))
    } catch (error) {
      throw error instanceof BadState ? new BadInput(error.message) : error
    }
    return c.body(null, 204)
  })
  app.post('/reset', (c) => {
    cloud.reset()
    return c.body(null, 204)
  })

  app.get('/clock', (c) => c.json(cloud.clock()))
  app.post('/clock', async (c) => {
    const { advanceMs } = await readObject(c)
    return c.json(cloud.advance(between(advanceMs, 0, MOST_AHEAD_MS, 'advanceMs')))
  })

  app.get('/calls', (c) => c.json(cloud.calls()))
  // Changes: what an onlooker does not know yet of the calls and pushes; `after` is the mark of the answer before
  app.get('/changes', (c) => c.json(cloud.changes(c.req.query('after'))))
  app.get('/log', (c) => {
    const after = Number(c.req.query('after') ?? '0')
    if (!(after >= 0))
      throw new BadInput('after 应当是最后看过那一行的编号 (the number of the last line seen)')
    return c.text(cloud.log(after))
  })
  return app
}
