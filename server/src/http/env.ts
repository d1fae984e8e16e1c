import type { Context as HonoContext } from 'hono'
import type { Context } from '../domain/context.ts'
import type { RefusalName } from '../domain/refusal.ts'

/** What one request carries along. */
export interface HttpEnv {
  Variables: { rid: string; refusal: RefusalName | undefined }
}

export interface AppDeps {
  ctx: Context
  adminToken: string
  /** Adds `POST /trial/assign`. */
  trial: boolean
  /** Whose request this is, for rate limits. */
  addressOf: (c: HonoContext<HttpEnv>) => string
}
