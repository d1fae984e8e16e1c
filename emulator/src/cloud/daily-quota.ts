import type { CloudCall } from '../protocol.ts'
import { okay, refusal, type ApiAnswer } from './answer.ts'
import type { Context } from './context.ts'

const DAY_MS = 24 * 3600_000
/** Counts begin anew at midnight in China. */
const CHINA_MS = 8 * 3600_000
const MONTH_MS = 30 * DAY_MS
/** The smaller of the documented ceilings of `send`; for calls without a documented one too. */
const USUAL = 10_000_000
/** wechat-platform.md §5. */
const documented: Partial<Record<CloudCall, number>> = { stable_token: 500_000 }
const CLEARINGS_A_MONTH = 10

const limitOf = (ctx: Context, call: CloudCall) => ctx.profile.dailyQuota[call] ?? documented[call] ?? USUAL

function usedToday(ctx: Context): Partial<Record<CloudCall, number>> {
  const { quota } = ctx.state
  const day = Math.floor((ctx.now() + CHINA_MS) / DAY_MS)
  if (quota.day !== day) {
    quota.day = day
    quota.used = {}
  }
  return quota.used
}

/** Counts one call; 45009 when today's are used up (wechat-platform.md §5). */
export function quotaProblem(ctx: Context, call: CloudCall): ApiAnswer | undefined {
  const used = usedToday(ctx)
  const before = used[call] ?? 0
  if (before >= limitOf(ctx, call)) return refusal(ctx.now(), 45009, 'reach max api daily quota limit')
  used[call] = before + 1
  return undefined
}

/** `POST /cgi-bin/openapi/quota/get`. `call` is what `cgi_path` names. */
export function readQuota(ctx: Context, call: CloudCall): ApiAnswer {
  const used = usedToday(ctx)[call] ?? 0
  const daily_limit = limitOf(ctx, call)
  return okay({ quota: { daily_limit, used, remain: Math.max(0, daily_limit - used) } })
}

/** `POST /cgi-bin/clear_quota`: all counts of today, ten times a month. */
export function clearQuota(ctx: Context, appid: unknown): ApiAnswer {
  const now = ctx.now()
  if (appid !== ctx.appid) return refusal(now, 40013, 'invalid appid')
  const { quota } = ctx.state
  const recent = quota.clearedAt.filter((at) => now - at < MONTH_MS)
  if (recent.length >= CLEARINGS_A_MONTH)
    return refusal(now, 48006, 'forbid to clear quota because of reaching the limit')
  quota.clearedAt = [...recent, now]
  quota.used = {}
  return okay()
}
