import { sqlState } from '../db/database.ts'
import { claimDeliveries, hasDueDelivery, mergeWaiting, type ClaimedDelivery } from '../db/delivery-claims.ts'
import type { AccessToken, AccessTokens } from '../wechat/access-token.ts'
import type { SendOutcome, SubscribeMessage } from '../wechat/client.ts'
import type { Context } from './context.ts'
import { settleRefused, settleTaken } from './delivery-settlement.ts'
import { sweepDeliveries, type SweepSettings } from './delivery-sweep.ts'
import { createBatcher } from './batcher.ts'
import { createLoop } from './loop.ts'
import { buildMessage } from './messages.ts'

export interface DeliverySettings extends SweepSettings {
  miniprogramState: SubscribeMessage['miniprogram_state']
  /** How long a claimed message belongs to its process. Longer than two sends and a token in between. */
  leaseMs: number
  /** How often due messages are looked for when nobody wakes the worker. @default 1000 */
  pollMs?: number
  /** Messages in the air at once. @default 64 */
  concurrency?: number
}

export interface DeliveryWorker {
  start(): void
  /** How long ago, in milliseconds, it last showed a sign of life; undefined before it was started. */
  quietFor(): number | undefined
  /** One look at everything: sends what is due, resolves when it has settled. */
  round(): Promise<void>
  /** Look now: something may be due. */
  wake(): void
  /** No new claims; resolves when what is in the air has settled. */
  stop(): Promise<void>
}

const UNIQUE_VIOLATION = '23505'
/** How long WeChat is left alone when no access token is to be had; doubled each time up to the second. */
const TOKEN_PAUSE_MS = [1000, 60_000] as const

/** Sends what is ready. Any number of processes may run one each on the same PostgreSQL. */
export function createDeliveryWorker(
  ctx: Context,
  tokens: AccessTokens,
  settings: DeliverySettings,
): DeliveryWorker {
  const { pollMs = 1000, concurrency = 64 } = settings
  const inAir = new Set<Promise<void>>()
  const taken = createBatcher((batch: { delivery: ClaimedDelivery; msgid: string | null }[]) =>
    settleTaken(ctx, batch),
  )
  /** While there is more due than is in the air, a claim waits until it is worth its statement. */
  let smallestClaim = 1
  let tokenPauseMs = 0
  let quietUntil = 0
  let sweptAt = -Infinity

  const loop = createLoop({
    pollMs,
    turn: async () => {
      await sweepNowAndThen()
      await fill()
    },
    onError: (err) => ctx.log.error({ err }, 'delivery worker failed; it goes on'),
  })

  async function sweepNowAndThen(): Promise<void> {
    // woken many times a second, it looks for what hangs once in a while
    if (performance.now() - sweptAt < pollMs) return
    sweptAt = performance.now()
    await sweepDeliveries(ctx, settings)
  }

  /** Claims as many as may still be in the air; each goes its own way from there. Answers how many it claimed. */
  async function fill(): Promise<number> {
    let filled = 0
    while (!loop.stopping() && concurrency - inAir.size >= smallestClaim) {
      // before the claim: while WeChat gives no token nothing is leased, so nothing can fall into doubt
      const access = tokens.atHand() ?? (await accessIfDue())
      if (!access) break
      const limit = concurrency - inAir.size
      const claimed = await claim(limit)
      smallestClaim = claimed.length < limit ? 1 : Math.ceil(concurrency / 4)
      if (claimed.length === 0) break
      // 正在发送
      ctx.changed('clues', 'deliveries')
      filled += claimed.length
      for (const delivery of claimed) {
        const flight = deliver(delivery, access).finally(() => {
          inAir.delete(flight)
          // its lane, and its place in the air, are free
          loop.wake()
        })
        inAir.add(flight)
      }
    }
    return filled
  }

  async function accessIfDue(): Promise<AccessToken | undefined> {
    if (Date.now() < quietUntil || !(await hasDueDelivery(ctx.database.db, ctx.now()))) return undefined
    const outcome = await tokens.get()
    if (outcome.kind === 'token') {
      tokenPauseMs = 0
      return outcome.access
    }
    tokenPauseMs = Math.min(TOKEN_PAUSE_MS[1], Math.max(TOKEN_PAUSE_MS[0], tokenPauseMs * 2))
    quietUntil = Date.now() + tokenPauseMs
    const isBroken = outcome.kind === 'configBroken'
    if (isBroken) ctx.metrics.alarmed('wechat-configuration')
    ctx.log[isBroken ? 'error' : 'warn'](
      { wechat: outcome, pauseMs: tokenPauseMs },
      'no access token: deliveries stay ready',
    )
    return undefined
  }

  async function claim(limit: number): Promise<ClaimedDelivery[]> {
    const now = ctx.now()
    const leasedUntil = new Date(now.getTime() + settings.leaseMs)
    try {
      return await claimDeliveries(ctx.database.db, { leasedUntil, now, limit })
    } catch (error) {
      // another process was faster in one of the lanes; the next look is soon enough
      if (sqlState(error) === UNIQUE_VIOLATION) return []
      throw error
    }
  }

  async function deliver(delivery: ClaimedDelivery, access: AccessToken): Promise<void> {
    try {
      const outcome = await sendOnce(delivery, access)
      if (outcome.kind === 'sent') await taken.add({ delivery, msgid: outcome.msgid })
      else await settleRefused(ctx, delivery, outcome)
    } catch (err) {
      // its lease runs out and it falls into doubt; the others go on
      ctx.log.error({ err, delivery: delivery.id }, 'what a send came to could not be written down')
    }
  }

  /** Once; twice when the first was refused for its token, which WeChat says before it does anything. */
  async function sendOnce(delivery: ClaimedDelivery, access: AccessToken): Promise<SendOutcome> {
    const message = await compose(delivery)
    const first = await ctx.wechat.send(access.token, message)
    if (first.kind !== 'tokenRejected') return first
    const renewed = await tokens.replace(access)
    return renewed.kind === 'token' ? ctx.wechat.send(renewed.access.token, message) : renewed
  }

  async function compose(delivery: ClaimedDelivery): Promise<SubscribeMessage> {
    const { templateId, clue, assignedAt, assignedBy } = delivery
    const template = ctx.templates.find((one) => one.templateId === templateId) ?? ctx.templates[0]
    if (!template) throw new Error('no template, which the configuration promises')
    const others = template.waiting === 'merge' ? await mergeWaiting(ctx.database.db, delivery) : 0
    const facts = { ...clue, clueId: String(clue.id), assignedAt, assigner: assignedBy ?? '', others }
    return {
      touser: delivery.openid,
      template_id: templateId,
      ...buildMessage(template, facts),
      miniprogram_state: settings.miniprogramState,
      lang: 'zh_CN',
    }
  }

  return {
    start: loop.start,
    quietFor: loop.quietFor,
    wake: loop.wake,
    round: async () => {
      await sweepDeliveries(ctx, settings)
      while ((await fill()) > 0 || inAir.size > 0) await Promise.all(inAir)
    },
    stop: async () => {
      await loop.stop()
      await Promise.all(inAir)
    },
  }
}
