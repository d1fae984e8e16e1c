import type { Context as HonoContext } from 'hono'
import type { Context } from '../domain/context.ts'
import type { Readiness } from '../domain/readiness.ts'
import type { RefusalName } from '../domain/refusal.ts'
import type { PushSettings } from '../wechat/push/read-push.ts'

/** What one request carries along. */
export interface HttpEnv {
  Variables: { rid: string; refusal: RefusalName | undefined }
}

export interface AppDeps {
  ctx: Context
  adminToken: string
  /** What the customer's own system signs with; undefined: it assigns no leads. */
  integrationSecret?: string | undefined
  /** Undefined: WeChat's event pushes are not taken. */
  push?: PushSettings | undefined
  /** Adds `POST /trial/assign`. */
  trial: boolean
  /** Where the built back office is; undefined: it is not served. */
  adminDir?: string | undefined
  /** Another system checks the passwords, so that an account needs none here. @default false */
  passwordsElsewhere?: boolean
  /** @default whether the database answers and has the right schema */
  readiness?: () => Promise<Readiness>
  /** Whose request this is, for rate limits. */
  addressOf: (c: HonoContext<HttpEnv>) => string
}
