import { randomBytes } from 'node:crypto'
import { Hono } from 'hono'
import { bodyLimit } from 'hono/body-limit'
import { assignClue } from '../domain/assignment.ts'
import { bindSession, logout } from '../domain/binding.ts'
import { drawCaptcha } from '../domain/captcha.ts'
import { createClue, deleteClue, listOwnClues } from '../domain/clues.ts'
import { addNote, changeStatus, markRead, readOwnClue } from '../domain/follow-up.ts'
import { login, loginByWechat } from '../domain/login.ts'
import { bookGrants, presentQuota } from '../domain/quota.ts'
import { done, refuse } from '../domain/refusal.ts'
import { endpointsOn } from './endpoint.ts'
import type { AppDeps, HttpEnv } from './env.ts'
import { answer } from './envelope.ts'
import { addTrialRoutes } from './trial.ts'

const MAX_BODY_BYTES = 64 * 1024

/** The whole HTTP face of the server: every answer is JeecgBoot's envelope. */
export function createApp(deps: AppDeps): Hono<HttpEnv> {
  const { ctx } = deps
  const app = new Hono<HttpEnv>()

  app.use(async (c, next) => {
    const started = performance.now()
    const rid = randomBytes(6).toString('hex')
    c.set('rid', rid)
    c.header('x-request-id', rid)
    c.header('cache-control', 'no-store')
    c.header('x-content-type-options', 'nosniff')
    await next()
    const ms = Math.round(performance.now() - started)
    // the path only: a query may hold a customer's name
    ctx.log.info(
      { rid, method: c.req.method, path: c.req.path, status: c.res.status, refusal: c.get('refusal'), ms },
      'request',
    )
  })
  app.use(bodyLimit({ maxSize: MAX_BODY_BYTES, onError: (c) => answer(c, refuse('body-too-large')) }))
  app.notFound((c) => answer(c, refuse('route-unknown')))
  app.onError((err, c) => {
    const rid = c.get('rid')
    ctx.log.error({ rid, err }, 'request failed')
    return answer(c, refuse('server-failed', { rid }))
  })

  const on = endpointsOn(app, deps)
  on.open('GET /sys/randomImage/{checkKey}', (r) => drawCaptcha(ctx, r.path.checkKey, r.address), 0)
  on.open('POST /sys/login', (r) => login(ctx, r.body, r.address))
  on.open('POST /notify/login', (r) => loginByWechat(ctx, r.body.code, r.address))
  on.open('GET /notify/templates', async () => done({ templates: ctx.templates }))

  on.session('POST /sys/logout', (r, session) => logout(ctx, session, r.body.unbind ?? false))
  on.session('POST /notify/bind', (r, session) => bindSession(ctx, session, r.body.code))
  on.session('POST /notify/grants', (r, session) => bookGrants(ctx, session, r.body))
  on.session('GET /notify/quota', (_r, session) => presentQuota(ctx, session))
  on.session('GET /clues', (r, session) => listOwnClues(ctx, session.accountId, r.query))
  on.session('GET /clues/{id}', (r, session) => readOwnClue(ctx, session.accountId, r.path.id))
  on.session('PUT /clues/{id}', (r, session) => changeStatus(ctx, session.accountId, r.path.id, r.body))
  on.session('PUT /clues/{id}/read', (r, session) => markRead(ctx, session.accountId, r.path.id))
  on.session('POST /clues/{id}/notes', (r, session) => addNote(ctx, session.accountId, r.path.id, r.body))

  on.admin('POST /admin/clues', (r) => createClue(ctx, r.body))
  on.admin('DELETE /admin/clues/{id}', (r) => deleteClue(ctx, r.path.id))
  on.admin('POST /admin/clues/{id}/assign', (r) => assignClue(ctx, r.path.id, r.body))

  app.get('/healthz', async (c) => {
    await ctx.database.pool.query('select 1')
    return answer(c, done({ status: 'ok' }))
  })
  if (deps.trial) addTrialRoutes(app, deps)
  return app
}
