import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto'
import { okay, refusal, type ApiAnswer } from './answer.ts'
import { findUser, requireUser, type Context } from './context.ts'
import type { User } from './state.ts'

/** Whether the session_key of the user's last login still holds: `wx.checkSession`. @throws UnknownPhone */
export const sessionHolds = (ctx: Context, openid: string): boolean => isFresh(ctx, requireUser(ctx, openid))

const isFresh = (ctx: Context, { sessionKey, sessionAt }: User) =>
  sessionKey !== undefined && ctx.now() - (sessionAt ?? 0) < ctx.profile.sessionLifeMs

/** H33: what a login, or the exchange of its code, does to the session_key; the switch says which of them. */
export function touchSession(ctx: Context, user: User, by: 'login' | 'exchange'): void {
  if (ctx.profile.sessionKey !== by && isFresh(ctx, user)) return
  // a login alone gives no key where only exchanges do
  if (by === 'login' && ctx.profile.sessionKey !== 'login') return
  user.sessionKey = newKey()
  user.sessionAt = ctx.now()
}

const newKey = () => randomBytes(16).toString('base64')

export interface SignedUser {
  openid?: unknown
  signature?: unknown
  sig_method?: unknown
}

/** `signature = hmac_sha256(session_key, "")`, hexadecimal. Undefined: it is the user's. */
function signatureProblem(
  ctx: Context,
  { openid, signature, sig_method }: SignedUser,
): ApiAnswer | undefined {
  const now = ctx.now()
  const user = typeof openid === 'string' ? findUser(ctx, openid) : undefined
  if (!user || typeof openid !== 'string') return refusal(now, 40003, 'invalid openid')
  if (sig_method !== 'hmac_sha256') return refusal(now, 87008, 'invalid sig_method', openid)
  const wrong = refusal(now, 87009, 'invalid signature', openid)
  if (typeof signature !== 'string' || user.sessionKey === undefined || !isFresh(ctx, user)) return wrong
  const expected = createHmac('sha256', user.sessionKey).update('').digest()
  const given = Buffer.from(signature, 'hex')
  return given.length === expected.length && timingSafeEqual(given, expected) ? undefined : wrong
}

/** `GET /wxa/checksession` (wechat-platform.md §3, H33). */
export const checkSession = (ctx: Context, signed: SignedUser): ApiAnswer =>
  signatureProblem(ctx, signed) ?? okay({}, String(signed.openid))

/** `GET /wxa/resetusersessionkey`: a new session_key, which ends when the old one would have. */
export function resetSessionKey(ctx: Context, signed: SignedUser): ApiAnswer {
  const problem = signatureProblem(ctx, signed)
  if (problem) return problem
  const openid = String(signed.openid)
  const user = requireUser(ctx, openid)
  user.sessionKey = newKey()
  return okay({ openid, session_key: user.sessionKey }, openid)
}
