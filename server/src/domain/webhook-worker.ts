import { randomUUID } from 'node:crypto'
import {
  claimWebhookCalls,
  freeExpiredCalls,
  settleDelivered,
  settleFailed,
  type WebhookCall,
} from '../db/webhook-calls.ts'
import type { Context } from './context.ts'
import { createLoop } from './loop.ts'
import { nextWebhookCall } from './webhook-retries.ts'
import { toWebhookEvent } from './webhook-event.ts'
import { signBody } from './webhook-signing.ts'

export interface WebhookSettings {
  /** From the operator's configuration, never from a request: whoever sets it may reach that address anyway. */
  url: string
  secret: string
  /** For connection, request and answer together. @default 10_000 */
  timeoutMs?: number
  /** How long a claimed call belongs to its process; longer than the timeout. @default 30_000 */
  leaseMs?: number
  /** How often due calls are looked for when nobody wakes the worker. @default 1000 */
  pollMs?: number
  /** Calls in the air at once. @default 16 */
  concurrency?: number
}

export interface WebhookWorker {
  start(): void
  /** How long ago, in milliseconds, it last showed a sign of life; undefined before it was started. */
  quietFor(): number | undefined
  /** One look at everything: calls what is due, resolves when it has settled. */
  round(): Promise<void>
  /** Look now: something may be due. */
  wake(): void
  /** No new claims; resolves when what is in the air has settled, after the timeout at the latest. */
  stop(): Promise<void>
}

const MAX_ANSWER_BYTES = 64 * 1024
const MAX_ERROR_LENGTH = 300

/**
 * Tells the customer's system what became of deliveries: at least once, those about one delivery in their order. Any
 * number of processes may run one each on the same PostgreSQL.
 */
export function createWebhookWorker(
  ctx: Pick<Context, 'database' | 'now' | 'log' | 'metrics'>,
  settings: WebhookSettings,
): WebhookWorker {
  const { url, secret, timeoutMs = 10_000, leaseMs = 30_000, pollMs = 1000, concurrency = 16 } = settings
  const { db } = ctx.database
  const inAir = new Set<Promise<void>>()
  let tookOverAt = -Infinity

  const loop = createLoop({
    pollMs,
    turn: async () => {
      // woken many times a second, it looks for what hangs once in a while
      if (performance.now() - tookOverAt >= pollMs) await takeOver()
      await fill()
    },
    onError: (err) => ctx.log.error({ err }, 'webhook worker failed; it goes on'),
  })

  async function takeOver(): Promise<void> {
    tookOverAt = performance.now()
    const freed = await freeExpiredCalls(db, ctx.now())
    if (freed > 0) ctx.log.warn({ freed }, 'a lease ran out: webhook calls are made again')
  }

  /** Claims as many as may still be in the air; each goes its own way from there. Answers how many it claimed. */
  async function fill(): Promise<number> {
    const limit = concurrency - inAir.size
    if (loop.stopping() || limit === 0) return 0
    const now = ctx.now()
    const leasedUntil = new Date(now.getTime() + leaseMs)
    const claimed = await claimWebhookCalls(db, { leaseToken: randomUUID(), leasedUntil, now, limit })
    for (const call of claimed) {
      const flight = tell(call).finally(() => {
        inAir.delete(flight)
        // its delivery, and its place in the air, are free
        loop.wake()
      })
      inAir.add(flight)
    }
    return claimed.length
  }

  async function tell(call: WebhookCall): Promise<void> {
    try {
      const error = await post(call)
      if (error === undefined) await succeed(call)
      else await fail(call, error)
    } catch (err) {
      // its lease runs out and it is called again
      ctx.log.error({ err, webhookCall: call.id }, 'what a webhook call came to could not be written down')
    }
  }

  /** Undefined when they took it, else why not: never with anything of the URL, which may hold a secret. */
  async function post(call: WebhookCall): Promise<string | undefined> {
    const event = toWebhookEvent(call)
    const body = JSON.stringify(event)
    const timestamp = String(Math.floor(ctx.now().getTime() / 1000))
    const signal = AbortSignal.timeout(timeoutMs)
    try {
      const response = await fetch(url, {
        method: 'POST',
        headers: {
          'content-type': 'application/json',
          'user-agent': 'leadbell-webhook/1',
          'x-leadbell-event-id': event.id,
          'x-leadbell-timestamp': timestamp,
          'x-leadbell-signature': signBody(secret, timestamp, body),
        },
        body,
        // elsewhere is nowhere that the operator named
        redirect: 'manual',
        signal,
      })
      // what they say beside the status is nothing to us, even when it breaks off
      await discard(response).catch(() => undefined)
      return response.ok ? undefined : `HTTP ${response.status}`
    } catch (error) {
      return signal.aborted ? `no answer in ${timeoutMs} ms` : reasonOf(error)
    }
  }

  async function succeed(call: WebhookCall): Promise<void> {
    const isHeld = await settleDelivered(db, call, ctx.now())
    ctx.log.info({ webhookCall: call.id, delivery: call.body.deliveryId, isHeld }, 'webhook delivered')
  }

  async function fail(call: WebhookCall, error: string): Promise<void> {
    const now = ctx.now()
    const runAt = nextWebhookCall(call.attempts + 1, now)
    const isHeld = await settleFailed(db, call, { error, runAt, now })
    const facts = { webhookCall: call.id, delivery: call.body.deliveryId, attempts: call.attempts + 1, error }
    if (runAt || !isHeld) return ctx.log.warn({ ...facts, isHeld, runAt }, 'webhook not taken')
    ctx.metrics.alarmed('webhook-dead')
    ctx.log.error(facts, 'webhook given up: the customer was not told')
  }

  return {
    start: loop.start,
    quietFor: loop.quietFor,
    round: async () => {
      await takeOver()
      while ((await fill()) > 0 || inAir.size > 0) await Promise.all(inAir)
    },
    wake: loop.wake,
    stop: async () => {
      await loop.stop()
      await Promise.all(inAir)
    },
  }
}

/** Reads the answer to its end, so that the connection serves the next call, unless it is long. */
async function discard(response: Response): Promise<void> {
  const reader = response.body?.getReader()
  let size = 0
  while (reader) {
    const { done, value } = await reader.read()
    if (done) return
    size += value.byteLength
    if (size > MAX_ANSWER_BYTES) return reader.cancel()
  }
}

/** `fetch failed` says nothing; its cause does. Without one it may be about the URL, word for word. */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return 'unknown failure'
  const { cause } = error
  if (!(cause instanceof Error)) return error.name
  const code = 'code' in cause ? `${String(cause.code)} ` : ''
  return `${code}${cause.message}`.slice(0, MAX_ERROR_LENGTH)
}
