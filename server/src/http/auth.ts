import { createHash, timingSafeEqual } from 'node:crypto'
import type { Access, Role } from '@leadbell/contract'
import type { Context as HonoContext } from 'hono'
import type { Actor } from '../domain/actor.ts'
import { done, refuse, type Outcome } from '../domain/refusal.ts'
import { peekSession, resumeSession, type Session } from '../domain/sessions.ts'
import type { AppDeps, HttpEnv } from './env.ts'
import { requireSignature } from './integration-auth.ts'

/** Who a handler is told about, by the access of its endpoint. */
export interface Callers {
  open: null
  session: Session
  clerk: Actor
  admin: Actor
  integration: Actor
}

export type Admit<Who> = (c: HonoContext<HttpEnv>) => Promise<Outcome<Who>>

/** How each access of the contract is granted. */
export function admissionsOf(deps: AppDeps): { [A in Access]: Admit<Callers[A]> } {
  return {
    open: async () => done(null),
    session: (c) => requireSession(deps, c),
    clerk: (c) => requireRole(deps, c, ['clerk', 'admin']),
    admin: (c) => requireRole(deps, c, ['admin']),
    integration: (c) => requireSignature(deps, c),
  }
}

/** As `clerk`, for a page that stays open and asks again and again: the session is looked at and not used. */
export const peekClerk = (deps: AppDeps, c: HonoContext<HttpEnv>): Promise<Outcome<Actor>> =>
  requireRole(deps, c, ['clerk', 'admin'], peekSession)

/** The session of X-Access-Token, as JeecgBoot names the header. */
async function requireSession(
  deps: AppDeps,
  c: HonoContext<HttpEnv>,
  find = resumeSession,
): Promise<Outcome<Session>> {
  const token = c.req.header('x-access-token')
  const session = token ? await find(deps.ctx, token) : undefined
  return session ? done(session) : refuse('session-invalid')
}

/** The server's bearer token. */
export function requireAdmin(deps: AppDeps, c: HonoContext<HttpEnv>): Outcome<null> {
  const [, given] = /^Bearer (.+)$/i.exec(c.req.header('authorization') ?? '') ?? []
  return given !== undefined && sameText(given, deps.adminToken) ? done(null) : refuse('admin-token-wrong')
}

/** The server's bearer token, or the session of an account with one of these roles. */
async function requireRole(
  deps: AppDeps,
  c: HonoContext<HttpEnv>,
  roles: readonly Role[],
  find = resumeSession,
): Promise<Outcome<Actor>> {
  const byToken = requireAdmin(deps, c)
  if (byToken.ok) return done({ kind: 'token', name: 'api' })
  if (!c.req.header('x-access-token')) return byToken
  const session = await requireSession(deps, c, find)
  if (!session.ok) return session
  const { accountId, role, user } = session.value
  if (!roles.includes(role)) return refuse('role-missing')
  return done({ kind: 'account', accountId, name: user.realname, role })
}

// hashed first: timingSafeEqual wants equal lengths, and the length is nobody's business either
function sameText(a: string, b: string): boolean {
  const digest = (text: string) => createHash('sha256').update(text).digest()
  return timingSafeEqual(digest(a), digest(b))
}
