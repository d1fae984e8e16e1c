import type { Template } from '@leadbell/contract'
import type { Logger } from 'pino'
import type { Database } from '../db/database.ts'
import { leaseRefresh, readToken, releaseRefresh, saveToken } from '../db/wechat-tokens.ts'
import { createAccessTokens, type TokenShelf } from '../wechat/access-token.ts'
import { createWechatClient, type WechatClientOptions } from '../wechat/client.ts'
import type { Context } from './context.ts'
import { createDeliveryWorker, type DeliverySettings, type DeliveryWorker } from './delivery-worker.ts'
import { createLimits, type LimitSettings } from './limits.ts'

export interface ServicesOptions {
  database: Database
  log: Logger
  config: WechatClientOptions & {
    templates: Template[]
    miniprogramState: DeliverySettings['miniprogramState']
  }
  delivery: Omit<DeliverySettings, 'miniprogramState'>
  limits?: LimitSettings
  now?: () => Date
}

/** Puts the domain together over an open, migrated database. Nothing runs until `worker.start()`. */
export function createServices(options: ServicesOptions): { ctx: Context; worker: DeliveryWorker } {
  const { database, log, config, delivery, limits, now = () => new Date() } = options
  const wechat = createWechatClient(config)
  const ctx: Context = {
    database,
    wechat,
    templates: config.templates,
    limits: createLimits(database.pool, limits),
    now,
    log,
    wakeWorker: () => worker.wake(),
  }
  const tokens = createAccessTokens({
    shelf: createTokenShelf(database, config.appid),
    fetchToken: wechat.stableToken,
    now,
  })
  const { miniprogramState } = config
  const worker = createDeliveryWorker(ctx, tokens, { ...delivery, miniprogramState })
  return { ctx, worker }
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
