import type { Hono, MiddlewareHandler } from 'hono'
import { routePath } from 'hono/route'
import { readBacklog } from '../db/backlog.ts'
import { requireAdmin } from './auth.ts'
import type { AppDeps, HttpEnv } from './env.ts'
import { answer } from './envelope.ts'

/** Times every request under its route: paths have ids in them, and each would be a series of its own. */
export function measureRequests({ ctx }: AppDeps): MiddlewareHandler<HttpEnv> {
  return async (c, next) => {
    const started = performance.now()
    await next()
    ctx.metrics.request(endpointOf(c), c.res.status, (performance.now() - started) / 1000)
  }
}

/** `GET /metrics`: the bearer token of the server, since the numbers tell how the business goes. */
export function addMetricsRoute(app: Hono<HttpEnv>, deps: AppDeps): void {
  app.get('/metrics', async (c) => {
    const admitted = requireAdmin(deps, c)
    if (!admitted.ok) return answer(c, admitted)
    const { database, metrics, now } = deps.ctx
    const text = await metrics.expose(await readBacklog(database.db, now()))
    return c.text(text, 200, { 'content-type': metrics.contentType })
  })
}

/** As the contract names it; whatever fits no route shares one name. */
function endpointOf(c: Parameters<MiddlewareHandler<HttpEnv>>[0]): string {
  const route = routePath(c, -1)
  return route.includes('*') ? 'unknown' : `${c.req.method} ${route.replace(/:(\w+)/g, '{$1}')}`
}
