import { serve } from '@hono/node-server'
import { openDatabase, type DatabaseSource } from '../../server/src/db/database.ts'
import { DELIVERIES_CHANNEL } from '../../server/src/db/deliveries.ts'
import { PUSHES_CHANNEL } from '../../server/src/db/wechat-pushes.ts'
import type { DeliveryTemplate } from '../../server/src/domain/context.ts'
import { createServices } from '../../server/src/domain/services.ts'
import { createApp } from '../../server/src/http/app.ts'
import { createLog } from '../../server/src/log.ts'

/** What one backend of a storm is told, as JSON in LEADBELL_STORM. */
export interface StormBackendOptions {
  database: Exclude<DatabaseSource, { lite: unknown }>
  wechat: { baseUrl: string; appid: string; secret: string }
  template: DeliveryTemplate
  push: { token: string; aesKey: string }
  adminToken: string
  /** Impatient in a kill storm: what takes a minute in life takes a second, so that it has seen everything soon. */
  sendTimeoutMs: number
  leaseMs: number
  graceMs: number
}

// One process of the backend, to be killed at any moment.
const options = JSON.parse(process.env.LEADBELL_STORM ?? '') as StormBackendOptions
const { wechat, template, sendTimeoutMs, leaseMs, graceMs } = options
const database = await openDatabase(options.database)
const { ctx, worker, pushWorker } = createServices({
  database,
  log: createLog('fatal'),
  config: {
    ...wechat,
    templates: [template],
    miniprogramState: 'formal',
    sendTimeoutMs,
    tokenTimeoutMs: sendTimeoutMs,
  },
  delivery: { inDoubtGraceMs: graceMs, leaseMs, pollMs: 100, concurrency: 10 },
})
const app = createApp({
  ctx,
  adminToken: options.adminToken,
  trial: false,
  addressOf: () => '127.0.0.1',
  push: { ...options.push, appid: wechat.appid },
})
await database.listen(DELIVERIES_CHANNEL, worker.wake)
await database.listen(PUSHES_CHANNEL, pushWorker.wake)
serve({ fetch: app.fetch, hostname: '127.0.0.1', port: 0 }, ({ port }) => {
  worker.start()
  pushWorker.start()
  process.send?.({ port })
})
process.once('disconnect', () => process.exit(1))
