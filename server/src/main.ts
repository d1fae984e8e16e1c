import { randomBytes } from 'node:crypto'
import { serve } from '@hono/node-server'
import { readConfig, type Config } from './config.ts'
import { openDatabase, sqlState, type Database } from './db/database.ts'
import { DELIVERIES_CHANNEL } from './db/deliveries.ts'
import { PUSHES_CHANNEL } from './db/wechat-pushes.ts'
import { FolderInUse } from './db/folder-lock.ts'
import { migrate } from './db/migrate.ts'
import { startHousekeeping } from './domain/housekeeping.ts'
import { createServices } from './domain/services.ts'
import { checkTemplates } from './domain/template-check.ts'
import { seedTrial, trialStaff } from './domain/trial.ts'
import { createWebhookWorker } from './domain/webhook-worker.ts'
import { clientAddress } from './http/address.ts'
import { createApp } from './http/app.ts'
import { createLog } from './log.ts'
import { createMetrics } from './metrics.ts'

/** Something the operator can mend: said in one line, without a stack. */
class StartFailure extends Error {}

const parsed = readConfig(process.env)
if (parsed.ok) {
  await start(parsed.config).catch((error: unknown) => {
    if (!(error instanceof StartFailure || error instanceof FolderInUse)) throw error
    refuseToStart([error.message])
  })
} else refuseToStart(parsed.errors)

function refuseToStart(lines: string[]): void {
  process.stderr.write(lines.map((line) => `${line}\n`).join(''))
  process.exitCode = 1
}

async function start(config: Config): Promise<void> {
  const log = createLog(config.logLevel)
  const database = await openDatabase(config.database)
  try {
    await migrateOrExplain(database)
  } catch (error) {
    await database.close()
    throw error
  }
  if (database.engine === 'PGlite')
    log.warn(
      'database: PGlite, for trial only: it never calls fsync, so a power cut can lose data. Set DATABASE_URL.',
    )

  const { auth, wechat, delivery, webhook } = config
  const { ctx, tokens, worker, pushWorker } = createServices({
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
    const accounts = trialStaff.map(({ username }) => username)
    log.warn({ accounts }, 'TRIAL mode: demo accounts and made-up leads; never expose this server')
  }

  const app = createApp({
    ctx,
    adminToken: config.adminToken ?? randomBytes(24).toString('base64url'),
    trial: config.trial,
    addressOf: clientAddress(config.trustProxy),
    integrationSecret: config.integrationSecret,
    push: config.push && { ...config.push, appid: wechat.appid },
  })
  const server = await listen(app.fetch, config).catch(async (error: unknown) => {
    await database.close()
    throw error
  })
  await database.listen(DELIVERIES_CHANNEL, worker.wake)
  await database.listen(PUSHES_CHANNEL, pushWorker.wake)
  worker.start()
  pushWorker.start()
  const webhookWorker = webhook && createWebhookWorker(ctx, webhook)
  webhookWorker?.start()
  const stopHousekeeping = startHousekeeping(ctx)
  log.info({ host: config.host, port: server.port, engine: database.engine }, 'server ready')
  process.send?.({ kind: 'ready', port: server.port })
  void checkTemplates({ ...ctx, tokens })

  let stopping = false
  const stop = async (signal: string) => {
    if (stopping) return
    stopping = true
    log.info({ signal }, 'stopping: finishing what is in the air')
    stopHousekeeping()
    await Promise.all([server.close(), worker.stop(), pushWorker.stop(), webhookWorker?.stop()])
    await database.close()
    log.info('stopped')
    if (process.connected) process.disconnect()
  }
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => void stop(signal))
  // forked: without its parent nobody would ever stop it
  process.once('disconnect', () => void stop('disconnect'))
}

async function migrateOrExplain(database: Database): Promise<void> {
  try {
    await migrate(database)
  } catch (error) {
    const why = error instanceof Error && error.message ? error.message : 'no connection'
    const unreachable = /ECONNREFUSED|ENOTFOUND|EAI_AGAIN|ETIMEDOUT|timeout/.test(`${why} ${errnoOf(error)}`)
    if (unreachable || /^(28|3D)/.test(sqlState(error) ?? ''))
      throw new StartFailure(
        `DATABASE_URL: 连不上数据库，请检查地址、账号和密码 (cannot connect: ${errnoOf(error) || why})`,
      )
    throw error
  }
}

function listen(fetch: (request: Request) => Response | Promise<Response>, { host, port }: Config) {
  return new Promise<{ port: number; close: () => Promise<void> }>((resolve, reject) => {
    const server = serve({ fetch, hostname: host, port }, (address) =>
      resolve({
        port: address.port,
        close: () =>
          new Promise((closed) => {
            server.close(() => closed())
            if ('closeIdleConnections' in server) server.closeIdleConnections()
          }),
      }),
    )
    server.on('error', (error) => {
      const code = errnoOf(error)
      if (code === 'EADDRINUSE')
        reject(
          new StartFailure(
            `PORT: 端口 ${port} 已被占用，请停掉占用它的程序或换一个 PORT (port ${port} is in use)`,
          ),
        )
      else if (code === 'EACCES' || code === 'EADDRNOTAVAIL')
        reject(new StartFailure(`HOST/PORT: 不能监听 ${host}:${port} (cannot listen: ${code})`))
      else reject(error)
    })
  })
}

function errnoOf(error: unknown): string {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : ''
}
