import type { Logger } from 'pino'
import type { Database } from '../db/database.ts'
import { leaseRefresh, readToken, releaseRefresh, saveToken } from '../db/wechat-tokens.ts'
import { createJeecgBoot, type JeecgBootOptions } from '../jeecgboot/client.ts'
import { createMetrics, type Metrics } from '../metrics.ts'
import { createAccessTokens, type AccessTokens, type TokenShelf } from '../wechat/access-token.ts'
import { createWechatClient, type WechatClientOptions } from '../wechat/client.ts'
import { createChangeFeed, type ChangeFeed } from './change-feed.ts'
import type { Context, DeliveryTemplate } from './context.ts'
import { localCredentials } from './credentials.ts'
import { createDeliveryWorker, type DeliverySettings, type DeliveryWorker } from './delivery-worker.ts'
import { jeecgBootCredentials } from './jeecgboot-credentials.ts'
import { createLimits, type LimitSettings } from './limits.ts'
import { createPushWorker, type PushWorker } from './pushes.ts'

export interface ServicesOptions {
  database: Database
  log: Logger
  config: WechatClientOptions & {
    templates: DeliveryTemplate[]
    miniprogramState: DeliverySettings['miniprogramState']
  }
  delivery: Omit<DeliverySettings, 'miniprogramState'>
  /** Whose JeecgBoot checks the passwords; left out, this server does. */
  jeecgBoot?: JeecgBootOptions | undefined
  /** Whether the customer's own system is told what becomes of deliveries. @default false */
  tellsCustomer?: boolean
  limits?: LimitSettings
  /** How often the back offices that are open are told of changes at most. @default 250 */
  changesEveryMs?: number
  /** @default a registry of its own, without the numbers of the process */
  metrics?: Metrics
  now?: () => Date
}

export interface Services {
  ctx: Context
  tokens: AccessTokens
  worker: DeliveryWorker
  pushWorker: PushWorker
  changes: ChangeFeed
}

/** Puts the domain together over an open, migrated database. Nothing runs until a worker is started. */
export function createServices(options: ServicesOptions): Services {
  const { database, log, config, delivery, metrics = createMetrics(), now = () => new Date() } = options
  const wechat = createWechatClient({ ...config, onAnswer: metrics.wechatCode })
  const limits = createLimits(database.pool, options.limits)
  const changes = createChangeFeed({ database, log, everyMs: options.changesEveryMs })
  const checking = { database, limits, now, log, changed: changes.changed }
  const ctx: Context = {
    database,
    wechat,
    templates: config.templates,
    limits,
    credentials: options.jeecgBoot
      ? jeecgBootCredentials(checking, createJeecgBoot(options.jeecgBoot))
      : localCredentials(checking),
    metrics,
    now,
    log,
    wakeWorker: () => worker.wake(),
    wakePushWorker: () => pushWorker.wake(),
    changed: changes.changed,
    watchChanges: changes.watch,
    tellsCustomer: options.tellsCustomer ?? false,
  }
  const tokens = createAccessTokens({
    shelf: createTokenShelf(database, config.appid),
    fetchToken: async (forced) => {
      const fetched = await wechat.stableToken(forced)
      if (fetched.kind === 'token') metrics.tokenRefreshed(forced)
      return fetched
    },
    now,
  })
  const { miniprogramState } = config
  const worker = createDeliveryWorker(ctx, tokens, { ...delivery, miniprogramState })
  const pushWorker = createPushWorker(ctx, delivery)
  return { ctx, tokens, worker, pushWorker, changes }
}

/** The access token of `appid` in its row. */
export function createTokenShelf({ db }: Database, appid: string): TokenShelf {
  return {
    read: () => readToken(db, appid),
    lease: (lease) => leaseRefresh(db, { appid, ...lease }),
    save: (saved) => saveToken(db, { appid, ...saved }),
    release: (refresher) => releaseRefresh(db, appid, refresher),
  }
}
