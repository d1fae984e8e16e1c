import { randomBytes } from 'node:crypto'
import { because, refusal, success, type ApiAnswer } from './answer.ts'
import type { Context } from './context.ts'
import { credentialsProblem, type AppCredentials } from './login.ts'
import type { AccessToken } from './state.ts'

// wechat-platform.md §5
const LIFE_MS = 7200_000
const CHANGE_OVER_MS = 300_000
const FORCED_A_DAY = 20
const FORCED_APART_MS = 30_000
const DAY_MS = 24 * 3600_000
/** How many are remembered, the live and the dead: a backend that fetches one for every call must not fill the memory. */
const MOST_TOKENS = 1000

export interface TokenRequest extends AppCredentials {
  grantType: string | undefined
  /** Of the caller; undefined where there is no network in between. */
  ip?: string | undefined
}

function newToken(ctx: Context, kind: AccessToken['kind']): AccessToken {
  const now = ctx.now()
  const token = `80_${randomBytes(99).toString('base64url')}`
  const made: AccessToken = { token, kind, expiresAt: now + LIFE_MS, killed: false }
  // dead ones are remembered for a day, so that they answer 42001 and not 40001
  const known = ctx.state.tokens.filter(({ expiresAt }) => now - expiresAt < DAY_MS)
  const stable = newest(ctx, 'stable')
  const isKept = (token: AccessToken, n: number) => n > known.length - MOST_TOKENS || token === stable
  ctx.state.tokens = [...known.filter(isKept), made]
  return made
}

const newest = (ctx: Context, kind: AccessToken['kind']) =>
  ctx.state.tokens.findLast((token) => token.kind === kind)

const given = ({ token, expiresAt }: AccessToken, now: number): ApiAnswer =>
  success({ access_token: token, expires_in: Math.max(1, Math.floor((expiresAt - now) / 1000)) })

function requestProblem(ctx: Context, request: TokenRequest): ApiAnswer | undefined {
  if (request.grantType !== 'client_credential') return refusal(ctx.now(), 40002, 'invalid grant_type')
  return credentialsProblem(ctx, request) ?? ipProblem(ctx, request.ip)
}

/** H35: tokens are given to the addresses of the IP 白名单 only, where there is one. */
function ipProblem(ctx: Context, ip: string | undefined): ApiAnswer | undefined {
  if (ctx.ipWhitelist === undefined || ip === undefined || ctx.ipWhitelist.includes(ip)) return undefined
  return refusal(ctx.now(), 40164, `invalid ip ${ip} ipv6 ::ffff:${ip}, not in whitelist`)
}

/** `GET /cgi-bin/token`: a new token per call, the one before it holds five minutes more (H34). */
export function plainToken(ctx: Context, request: TokenRequest): ApiAnswer {
  const problem = requestProblem(ctx, request)
  if (problem) return problem
  const now = ctx.now()
  const previous = newest(ctx, 'plain')
  if (previous) previous.expiresAt = Math.min(previous.expiresAt, now + CHANGE_OVER_MS)
  return given(newToken(ctx, 'plain'), now)
}

/**
 * `POST /cgi-bin/stable_token`: the same token until its last five minutes; then a new one, while the old one
 * lives out its time. `forceRefresh` kills the old one, twenty times a day and thirty seconds apart (H34).
 */
export function stableToken(ctx: Context, request: TokenRequest & { forceRefresh: boolean }): ApiAnswer {
  const problem = requestProblem(ctx, request)
  if (problem) return problem
  const now = ctx.now()
  const current = newest(ctx, 'stable')
  if (request.forceRefresh) {
    const forced = ctx.state.forcedAt.filter((at) => now - at < DAY_MS)
    if (forced.length >= FORCED_A_DAY) return refusal(now, 45009, 'reach max api daily quota limit')
    if (forced.some((at) => now - at < FORCED_APART_MS))
      return refusal(now, 45011, 'api minute-quota reach limit  mustslower  retry next minute')
    ctx.state.forcedAt = [...forced, now]
    return given(replaceStable(ctx), now)
  }
  if (current && !current.killed && current.expiresAt - now > CHANGE_OVER_MS) return given(current, now)
  return given(newToken(ctx, 'stable'), now)
}

/** The present stable token is dead; there is a new one. What a forced refresh does, whoever asked for it. */
export function replaceStable(ctx: Context): AccessToken {
  for (const token of ctx.state.tokens) if (token.kind === 'stable') token.killed = true
  return newToken(ctx, 'stable')
}

/** H35: what a call with this `access_token` is refused with. Undefined: it is good. */
export function tokenProblem(ctx: Context, token: string | undefined): ApiAnswer | undefined {
  const now = ctx.now()
  if (!token) return refusal(now, 41001, 'access_token missing')
  if (!/^\d+_[\w-]{100,}$/.test(token))
    return because(refusal(now, 40014, 'invalid access_token'), `收到 ${token.length} 个字符，不像一个 token`)
  const known = ctx.state.tokens.findLast((candidate) => candidate.token === token)
  if (!known || known.killed)
    return because(
      refusal(now, 40001, 'invalid credential, access_token is invalid or not latest'),
      known
        ? '它被强制刷新作废了'
        : '模拟器没有发过它，或已经忘了：不能用真微信的，重启后（没有 stateFile）要重新取',
    )
  if (known.expiresAt <= now) return refusal(now, 42001, 'access_token expired')
  return undefined
}
