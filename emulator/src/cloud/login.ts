import { randomBytes } from 'node:crypto'
import { because, refusal, success, type ApiAnswer } from './answer.ts'
import { requireUser, type Context } from './context.ts'
import { touchSession } from './sessions.ts'
import type { LoginCode } from './state.ts'

/** 用户登录凭证（有效期五分钟）, wechat-platform.md §3. */
export const CODE_LIFE_MS = 5 * 60_000

/** H31: a fresh code each time. @throws UnknownPhone */
export function issueCode(ctx: Context, openid: string): string {
  touchSession(ctx, requireUser(ctx, openid), 'login')
  return newCode(ctx, openid)
}

/** @throws UnknownPhone */
export function newCode(ctx: Context, openid: string, kind?: LoginCode['kind']): string {
  requireUser(ctx, openid)
  const now = ctx.now()
  sweepCodes(ctx, now)
  const code = `0${randomBytes(16).toString('hex').slice(1)}`
  ctx.state.codes[code] = { ...(kind && { kind }), openid, issuedAt: now, used: false }
  return code
}

/** Codes that are over answer 40029 with or without this; once in a code's life is enough to forget them. */
function sweepCodes(ctx: Context, now: number): void {
  if (now - ctx.codesSweptAt <= CODE_LIFE_MS) return
  ctx.codesSweptAt = now
  ctx.state.codes = Object.fromEntries(
    Object.entries(ctx.state.codes).filter(([, { issuedAt }]) => now - issuedAt <= CODE_LIFE_MS),
  )
}

export interface AppCredentials {
  appid: string | undefined
  secret: string | undefined
}

/** The checks of every call that names the app itself. Undefined: they hold. */
export function credentialsProblem(ctx: Context, { appid, secret }: AppCredentials): ApiAnswer | undefined {
  const now = ctx.now()
  if (!appid) return refusal(now, 41002, 'appid missing')
  if (appid !== ctx.appid)
    return because(refusal(now, 40013, 'invalid appid'), `收到 ${appid}，模拟器的是 ${ctx.appid}（--appid）`)
  if (!secret) return refusal(now, 41004, 'appsecret missing')
  if (secret !== ctx.secret)
    return because(refusal(now, 40125, 'invalid appsecret'), '要和模拟器的 secret 一样（--secret-env）')
  return undefined
}

export interface Code2Session extends AppCredentials {
  jsCode: string | undefined
  grantType: string | undefined
}

/** Whose code it is; undefined for one that was never issued. */
export const codeOwner = (ctx: Context, code: string | undefined): string | undefined =>
  code !== undefined && Object.hasOwn(ctx.state.codes, code) ? ctx.state.codes[code]?.openid : undefined

/** Why a code is no good for this call, used ones aside. Undefined: it is good. */
export function codeHint(
  code: LoginCode | undefined,
  wanted: LoginCode['kind'],
  now: number,
): string | undefined {
  if (!code) return '模拟器没有发过这个 code，或早已过期：要由它的手机来取'
  if (code.kind !== wanted) return code.kind === undefined ? '它是 wx.login 的 code' : '它是手机号按钮的 code'
  return now - code.issuedAt > CODE_LIFE_MS ? '过了五分钟' : undefined
}

/** wechat-platform.md §4, H32. On success there is no `errcode`; a refused call leaves the code as it was. */
export function code2Session(ctx: Context, query: Code2Session): ApiAnswer {
  const now = ctx.now()
  const problem = credentialsProblem(ctx, query)
  if (problem) return problem
  if (query.grantType !== 'authorization_code') return refusal(now, 40002, 'invalid grant_type')
  const { jsCode } = query
  if (!jsCode) return refusal(now, 41008, 'missing code')
  const code = Object.hasOwn(ctx.state.codes, jsCode) ? ctx.state.codes[jsCode] : undefined
  const stale = codeHint(code, undefined, now)
  if (!code || stale !== undefined) return because(refusal(now, 40029, 'invalid code'), stale)
  const { openid } = code
  // a used code answers 40163 for as long as it would have lived, 40029 after that
  if (code.used) return refusal(now, 40163, 'code been used', openid)
  code.used = true
  const user = requireUser(ctx, openid)
  touchSession(ctx, user, 'exchange')
  const unionid = ctx.accounts.get(openid)?.unionid
  return success({ session_key: user.sessionKey, openid, ...(unionid && { unionid }) }, openid)
}
