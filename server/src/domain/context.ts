import type { AdminTopic } from '@leadbell/contract'
import type { Logger } from 'pino'
import type { Database } from '../db/database.ts'
import type { Metrics } from '../metrics.ts'
import type { WechatClient } from '../wechat/client.ts'
import type { MessageTemplate } from '../wechat/templates.ts'
import type { ChangeFeed } from './change-feed.ts'
import type { CredentialCheck } from './credentials.ts'
import type { Limits } from './limits.ts'

/** A template with what is done about its messages when something is uncertain. */
export interface DeliveryTemplate extends MessageTemplate {
  /** What becomes of a message that WeChat never answered to: `give-up` may lose one, `resend` may repeat one. */
  inDoubt: 'give-up' | 'resend'
  /** What becomes of messages that waited for a grant: one each, or one for all. */
  waiting: 'each' | 'merge'
}

/** What the domain works with. Everything that touches the world comes in here. */
export interface Context {
  database: Database
  wechat: WechatClient
  /** From configuration, with exactly one for each purpose that is sent. */
  templates: DeliveryTemplate[]
  limits: Limits
  /** Checks passwords and captchas: our own, or by the customer's JeecgBoot. */
  credentials: CredentialCheck
  metrics: Metrics
  now: () => Date
  log: Logger
  /** Tells this process's worker that a delivery may be due. Called after a commit, never inside a transaction. */
  wakeWorker: () => void
  /** The same for an event push. */
  wakePushWorker: () => void
  /**
   * Tells the back offices that are open in any process what to read again. Called after a commit, never inside a
   * transaction; once too often does no harm.
   */
  changed: (...topics: AdminTopic[]) => void
  watchChanges: ChangeFeed['watch']
  /** Whether the customer's own system is told what becomes of deliveries. */
  tellsCustomer: boolean
}
