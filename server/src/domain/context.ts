import type { Template } from '@leadbell/contract'
import type { Logger } from 'pino'
import type { Database } from '../db/database.ts'
import type { WechatClient } from '../wechat/client.ts'
import type { Limits } from './limits.ts'

/** What the domain works with. Everything that touches the world comes in here. */
export interface Context {
  database: Database
  wechat: WechatClient
  /** From configuration, with exactly one for each purpose that is sent. */
  templates: Template[]
  limits: Limits
  now: () => Date
  log: Logger
  /** Tells this process's worker that a delivery may be due. Called after a commit, never inside a transaction. */
  wakeWorker: () => void
}
