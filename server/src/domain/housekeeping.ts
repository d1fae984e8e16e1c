import { forgetStaleCaptchas } from './captcha.ts'
import type { Context } from './context.ts'
import { forgetExpiredSessions } from './sessions.ts'

const EVERY_MS = 600_000

/** Throws away what nobody can use any more; answers how to stop. */
export function startHousekeeping(ctx: Context): () => void {
  const timer = setInterval(() => {
    Promise.all([forgetStaleCaptchas(ctx), forgetExpiredSessions(ctx)]).catch((err: unknown) =>
      ctx.log.error({ err }, 'housekeeping failed; it goes on'),
    )
  }, EVERY_MS)
  timer.unref()
  return () => clearInterval(timer)
}
