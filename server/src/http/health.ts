import type { Hono } from 'hono'
import { createReadiness } from '../domain/readiness.ts'
import { done } from '../domain/refusal.ts'
import type { AppDeps, HttpEnv } from './env.ts'
import { answer, envelopeOf } from './envelope.ts'

/**
 * `GET /healthz`: the process is alive, whatever its database does; one that does not answer should be restarted.
 * `GET /readyz`: it should be given requests; 503 with what is missing.
 */
export function addHealthRoutes(app: Hono<HttpEnv>, { ctx, readiness }: AppDeps): void {
  const read = readiness ?? createReadiness({ database: ctx.database })

  app.get('/healthz', (c) => answer(c, done({ status: 'ok' })))
  app.get('/readyz', async (c) => {
    const { ready, missing, warnings } = await read()
    if (ready) return answer(c, done({ status: 'ready', warnings }))
    const message = `暂时不能接收请求：${missing.join('；')}`
    return c.json(envelopeOf(503, message, { status: 'unready', missing, warnings }), 503)
  })
}
