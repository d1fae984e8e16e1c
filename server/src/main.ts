import { randomBytes } from 'node:crypto'
import { configWarnings, readConfig, type Config } from './config.ts'
import type { Database } from './db/database.ts'
import { CHANGES_CHANNEL } from './db/changes.ts'
import { DELIVERIES_CHANNEL } from './db/deliveries.ts'
import { PUSHES_CHANNEL } from './db/wechat-pushes.ts'
import { createHousekeeping } from './domain/housekeeping.ts'
import { createReadiness } from './domain/readiness.ts'
import { createServices } from './domain/services.ts'
import { createTemplateWatch } from './domain/template-watch.ts'
import { seedTrial, trialAdmin, trialNewcomers, trialStaff } from './domain/trial.ts'
import { createWebhookWorker } from './domain/webhook-worker.ts'
import { clientAddress } from './http/address.ts'
import { createApp } from './http/app.ts'
import { listen } from './listen.ts'
import { createLog } from './log.ts'
import { createMetrics } from './metrics.ts'
import { openMigrated } from './open-migrated.ts'
import { onSignals, stopWithin } from './shutdown.ts'
import { exitCodeOf, refuse } from './start-failure.ts'

const parsed = readConfig(process.env)
process.exitCode = parsed.ok ? await exitCodeOf(() => start(parsed.config)) : refuse(parsed.errors)

/** Runs until a signal; answers 0 as soon as everything has begun. */
async function start(config: Config): Promise<number> {
  const database = await openMigrated(config.database, { migrates: config.migrateOnStart })
  try {
    await run(config, database)
    return 0
  } catch (error) {
    await database.close()
    throw error
  }
}

async function run(config: Config, database: Database): Promise<void> {
  const { auth, wechat, delivery, webhook } = config
  const log = createLog(config.logLevel)
  for (const line of configWarnings(config)) log.warn(line)
  if (database.engine === 'PGlite')
    log.warn(
      'database: PGlite, for trial only: it never calls fsync, so a power cut can lose data. Set DATABASE_URL.',
    )

  const { ctx, tokens, worker, pushWorker, changes } = createServices({
    database,
    log,
    config: wechat,
    delivery,
    jeecgBoot: auth.kind === 'jeecgboot' ? auth : undefined,
    tellsCustomer: webhook !== undefined,
    metrics: createMetrics({ process: true }),
  })
  if (config.trial) {
    await seedTrial(ctx)
    const accounts = [...trialStaff, ...trialNewcomers, trialAdmin].map(({ username }) => username)
    log.warn({ accounts }, 'TRIAL mode: demo accounts and made-up leads; never expose this server')
  }

  const webhookWorker = webhook && createWebhookWorker(ctx, webhook)
  const housekeeping = createHousekeeping(ctx, config)
  const templates = createTemplateWatch(ctx, tokens)
  let stopping = false
  const app = createApp({
    ctx,
    adminToken: config.adminToken ?? randomBytes(24).toString('base64url'),
    trial: config.trial,
    adminDir: config.adminDir,
    addressOf: clientAddress(config.trustProxy),
    passwordsElsewhere: auth.kind === 'jeecgboot',
    integrationSecret: config.integrationSecret,
    push: config.push && { ...config.push, appid: wechat.appid },
    readiness: createReadiness({
      database,
      loops: {
        发送提醒: worker,
        处理微信推送: pushWorker,
        ...(webhookWorker && { 通知对方系统: webhookWorker }),
      },
      warnings: templates.warnings,
      stopping: () => stopping,
    }),
  })
  const server = await listen(app.fetch, config)
  await database.listen(DELIVERIES_CHANNEL, worker.wake)
  await database.listen(PUSHES_CHANNEL, pushWorker.wake)
  await database.listen(CHANGES_CHANNEL, changes.heard)
  // the process before may have died between a commit and its word about it
  changes.changed('clues', 'deliveries', 'staff')
  for (const each of [worker, pushWorker, webhookWorker, housekeeping]) each?.start()
  log.info({ host: config.host, port: server.port, engine: database.engine }, 'server ready')
  process.send?.({ kind: 'ready', port: server.port })
  void templates.check()

  const stop = async (signal: string) => {
    if (stopping) return
    stopping = true
    log.info({ signal }, 'stopping: finishing what is in the air')
    const left = await stopWithin(config.shutdownMs, [
      {
        requests: server.close,
        streams: async () => changes.letGo(),
        deliveries: worker.stop,
        pushes: pushWorker.stop,
        webhooks: async () => webhookWorker?.stop(),
        housekeeping: housekeeping.stop,
      },
      { database: () => changes.stop().finally(database.close) },
    ])
    if (left.length > 0) {
      log.error({ left, afterMs: config.shutdownMs }, 'stopped with work left; leases run out by themselves')
      process.exit(1)
    }
    log.info('stopped')
    if (process.connected) process.disconnect()
  }
  onSignals({
    first: (signal) => void stop(signal),
    second: (signal) => {
      log.error({ signal }, 'stopped at once by a second signal; leases run out by themselves')
      process.exit(1)
    },
  })
  // forked: without its parent nobody would ever stop it
  process.once('disconnect', () => void stop('disconnect'))
}
