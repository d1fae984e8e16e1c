import { createHash, timingSafeEqual } from 'node:crypto'
import type { Context as HonoContext } from 'hono'
import { done, refuse, type Outcome } from '../domain/refusal.ts'
import { resumeSession, type Session } from '../domain/sessions.ts'
import type { AppDeps, HttpEnv } from './env.ts'

/** The session of X-Access-Token, as JeecgBoot names the header. */
export async function requireSession(deps: AppDeps, c: HonoContext<HttpEnv>): Promise<Outcome<Session>> {
  const token = c.req.header('x-access-token')
  const session = token ? await resumeSession(deps.ctx, token) : undefined
  return session ? done(session) : refuse('session-invalid')
}

/** The back office's bearer token. */
export function requireAdmin(deps: AppDeps, c: HonoContext<HttpEnv>): Outcome<null> {
  const [, given] = /^Bearer (.+)$/i.exec(c.req.header('authorization') ?? '') ?? []
  return given !== undefined && sameText(given, deps.adminToken) ? done(null) : refuse('admin-token-wrong')
}

// hashed first: timingSafeEqual wants equal lengths, and the length is nobody's business either
function sameText(a: string, b: string): boolean {
  const digest = (text: string) => createHash('sha256').update(text).digest()
  return timingSafeEqual(digest(a), digest(b))
}
