import { randomBytes } from 'node:crypto'
import type { Template } from '@leadbell/contract'
import { Hono } from 'hono'
import { bodyLimit } from 'hono/body-limit'
import { bindSession, logout } from '../domain/binding.ts'
import { listOwnClues } from '../domain/clues.ts'
import { addNote, changeStatus, markRead, readOwnClue } from '../domain/follow-up.ts'
import { login, loginByWechat } from '../domain/login.ts'
import { bookGrants, presentQuota } from '../domain/quota.ts'
import { done, refuse } from '../domain/refusal.ts'
import { addAdminClueRoutes, IMPORT_PATH } from './admin-clues.ts'
import { addAdminDeliveryRoutes } from './admin-deliveries.ts'
import { addAdminEvents } from './admin-events.ts'
import { addAdminPage } from './admin-page.ts'
import { addAdminStaffRoutes } from './admin-staff.ts'
import { endpointsOn } from './endpoint.ts'
import type { AppDeps, HttpEnv } from './env.ts'
import { answer } from './envelope.ts'
import { addHealthRoutes } from './health.ts'
import { addIntegrationRoutes } from './integration.ts'
import { addMetricsRoute, measureRequests } from './metrics.ts'
import { addApiPage } from './openapi-page.ts'
import { addTrialRoutes } from './trial.ts'
import { addWechatEvents } from './wechat-events.ts'

const MAX_BODY_BYTES = 64 * 1024
// a file of 2 MB as text in JSON, where a line break and a quotation mark take two
const MAX_IMPORT_BYTES = 4 * 1024 * 1024 + MAX_BODY_BYTES

/** The whole HTTP face of the server: every answer is JeecgBoot's envelope, but for the pages. */
export function createApp(deps: AppDeps): Hono<HttpEnv> {
  const { ctx } = deps
  const app = new Hono<HttpEnv>()

  app.use(measureRequests(deps))
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
  const atMost = (maxSize: number) =>
    bodyLimit({ maxSize, onError: (c) => answer(c, refuse('body-too-large')) })
  const [usual, forImport] = [atMost(MAX_BODY_BYTES), atMost(MAX_IMPORT_BYTES)]
  app.use((c, next) => (c.req.path === IMPORT_PATH ? forImport : usual)(c, next))
  app.notFound((c) => answer(c, refuse('route-unknown')))
  app.onError((err, c) => {
    const rid = c.get('rid')
    ctx.log.error({ rid, err }, 'request failed')
    return answer(c, refuse('server-failed', { rid }))
  })

  const on = endpointsOn(app, deps)
  on('GET /sys/randomImage/{checkKey}', (r) => ctx.credentials.drawCaptcha(r.path.checkKey, r.address), {
    successCode: 0,
  })
  on('POST /sys/login', (r) => login(ctx, r.body, r.address))
  on('POST /notify/login', (r) => loginByWechat(ctx, r.body.code, r.address))
  on('GET /notify/templates', async () => done({ templates: ctx.templates.map(toTemplate) }))

  on('POST /sys/logout', (r, session) => logout(ctx, session, r.body.unbind ?? false))
  on('POST /notify/bind', (r, session) => bindSession(ctx, session, r.body.code))
  on('POST /notify/grants', (r, session) => bookGrants(ctx, session, r.body))
  on('GET /notify/quota', (_r, session) => presentQuota(ctx, session))
  on('GET /clues', (r, session) => listOwnClues(ctx, session.accountId, r.query))
  on('GET /clues/{id}', (r, session) => readOwnClue(ctx, session.accountId, r.path.id))
  on('PUT /clues/{id}', (r, session) => changeStatus(ctx, session.accountId, r.path.id, r.body))
  on('PUT /clues/{id}/read', (r, session) => markRead(ctx, session.accountId, r.path.id))
  on('POST /clues/{id}/notes', (r, session) => addNote(ctx, session.accountId, r.path.id, r.body))

  addAdminClueRoutes(on)
  addAdminDeliveryRoutes(on)
  addAdminStaffRoutes(on, { passwordNeeded: !deps.passwordsElsewhere })
  addIntegrationRoutes(on)
  addAdminEvents(app, deps)

  addHealthRoutes(app, deps)
  addMetricsRoute(app, deps)
  addApiPage(app)
  if (deps.adminDir !== undefined) addAdminPage(app, deps, deps.adminDir)
  if (deps.push) addWechatEvents(app, deps, deps.push)
  if (deps.trial) addTrialRoutes(app, deps)
  return app
}

/** Of the configuration, what the phone needs. */
const toTemplate = ({ templateId, title, purpose }: Template): Template => ({ templateId, title, purpose })
