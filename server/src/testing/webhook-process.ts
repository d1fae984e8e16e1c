import { openDatabase } from '../db/database.ts'
import { createWebhookWorker } from '../domain/webhook-worker.ts'
import { createLog } from '../log.ts'
import { createMetrics } from '../metrics.ts'

/*
 * A webhook worker as a process of its own, for a test that kills it: DATABASE_URL, WEBHOOK_URL. Its clock, which says
 * when leases end and calls are repeated, runs CLOCK_SPEED times as fast as the real one since CLOCK_START.
 */

const { DATABASE_URL = '', WEBHOOK_URL = '', CLOCK_START = '', CLOCK_SPEED = '' } = process.env
const start = Number(CLOCK_START)
const now = () => new Date(start + (Date.now() - start) * Number(CLOCK_SPEED))

const database = await openDatabase({ url: DATABASE_URL })
const ctx = { database, now, log: createLog('silent'), metrics: createMetrics() }
const secret = 'a webhook secret of at least 32 characters'
createWebhookWorker(ctx, { url: WEBHOOK_URL, secret, pollMs: 20 }).start()
process.send?.('ready')
// without its parent nobody would ever stop it
process.once('disconnect', () => process.exit())
