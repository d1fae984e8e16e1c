import { randomUUID } from 'node:crypto'
import { sqlState } from '../db/database.ts'
import {
  claimDeliveries,
  doubtExpiredLeases,
  hasDueDelivery,
  resolveDoubts,
  type ClaimedDelivery,
} from '../db/deliveries.ts'
import type { AccessToken, AccessTokens } from '../wechat/access-token.ts'
import type { SendOutcome, SubscribeMessage } from '../wechat/client.ts'
import type { Context } from './context.ts'
import { reasons } from './delivery-reasons.ts'
import { settle } from './delivery-settlement.ts'
import { matchQuota } from './quota.ts'

export interface DeliverySettings {
  miniprogramState: SubscribeMessage['miniprogram_state']
  /** What to do with a message WeChat never answered to: `give-up` may lose one, `resend` may repeat one. */
  inDoubtPolicy: 'give-up' | 'resend'
  /** How long such a message waits for the policy. */
  inDoubtGraceMs: number
  /** How long a claimed message belongs to its process. Longer than two sends and a token in between. */
  leaseMs: number
  /** How often due messages are looked for when nobody wakes the worker. @default 1000 */
  pollMs?: number
  /** Messages in the air at once. @default 8 */
  concurrency?: number
}

export interface DeliveryWorker {
  start(): void
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
  const { pollMs = 1000, concurrency = 8 } = settings
  let stopping = false
  let running: Promise<void> | undefined
  let rouse: (() => void) | undefined
  let roused = false
  let tokenPauseMs = 0
  let quietUntil = 0

  async function sweep(): Promise<void> {
    const { db } = ctx.database
    const now = ctx.now()
    const doubted = await doubtExpiredLeases(db, reasons.unanswered, now)
    if (doubted > 0) ctx.log.warn({ doubted }, 'a lease ran out: deliveries in doubt')
    const cutoff = new Date(now.getTime() - settings.inDoubtGraceMs)
    const resolved = await resolveDoubts(db, settings.inDoubtPolicy, reasons.gaveUp, cutoff, now)
    if (resolved > 0)
      ctx.log.warn({ resolved, policy: settings.inDoubtPolicy }, 'deliveries in doubt resolved')
    await matchQuota(db, now)
  }

  /** True when there may be more. */
  async function deliverBatch(): Promise<boolean> {
    if (!(await hasDueDelivery(ctx.database.db, ctx.now()))) return false
    // before the claim: while WeChat gives no token nothing is leased, so nothing can fall into doubt
    const access = await accessOrPause()
    if (!access) return false
    const claimed = await claim()
    await Promise.all(claimed.map((delivery) => deliver(delivery, access)))
    return claimed.length > 0
  }

  async function accessOrPause(): Promise<AccessToken | undefined> {
    if (Date.now() < quietUntil) return undefined
    const outcome = await tokens.get()
    if (outcome.kind === 'token') {
      tokenPauseMs = 0
      return outcome.access
    }
    tokenPauseMs = Math.min(TOKEN_PAUSE_MS[1], Math.max(TOKEN_PAUSE_MS[0], tokenPauseMs * 2))
    quietUntil = Date.now() + tokenPauseMs
    const level = outcome.kind === 'configBroken' ? 'error' : 'warn'
    ctx.log[level]({ wechat: outcome, pauseMs: tokenPauseMs }, 'no access token: deliveries stay ready')
    return undefined
  }

  async function claim(): Promise<ClaimedDelivery[]> {
    const now = ctx.now()
    const leasedUntil = new Date(now.getTime() + settings.leaseMs)
    try {
      return await claimDeliveries(ctx.database.db, {
        leaseToken: randomUUID(),
        leasedUntil,
        now,
        limit: concurrency,
      })
    } catch (error) {
      // another process was faster in one of the lanes; the next look is soon enough
      if (sqlState(error) === UNIQUE_VIOLATION) return []
      throw error
    }
  }

  async function deliver(delivery: ClaimedDelivery, access: AccessToken): Promise<void> {
    try {
      await settle(ctx, delivery, await sendOnce(delivery, access))
    } catch (err) {
      // its lease runs out and it falls into doubt; the others of the batch go on
      ctx.log.error({ err, delivery: delivery.id }, 'what a send came to could not be written down')
    }
  }

  /** Once; twice when the first was refused for its token, which WeChat says before it does anything. */
  async function sendOnce(delivery: ClaimedDelivery, access: AccessToken): Promise<SendOutcome> {
    const message: SubscribeMessage = {
      touser: delivery.openid,
      template_id: delivery.templateId,
      page: delivery.page,
      miniprogram_state: settings.miniprogramState,
      lang: 'zh_CN',
      data: delivery.data,
    }
    const first = await ctx.wechat.send(access.token, message)
    if (first.kind !== 'tokenRejected') return first
    const renewed = await tokens.replace(access)
    return renewed.kind === 'token' ? ctx.wechat.send(renewed.access.token, message) : renewed
  }

  async function round(): Promise<void> {
    await sweep()
    while (!stopping && (await deliverBatch()));
  }

  async function loop(): Promise<void> {
    while (!stopping) {
      roused = false
      try {
        await round()
      } catch (err) {
        ctx.log.error({ err }, 'delivery worker failed; it goes on')
      }
      if (!roused && !stopping) await idle()
    }
  }

  function idle(): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(done, pollMs)
      function done() {
        clearTimeout(timer)
        rouse = undefined
        resolve()
      }
      rouse = done
    })
  }

  function wake(): void {
    roused = true
    rouse?.()
  }

  return {
    start: () => {
      running ??= loop()
    },
    round,
    wake,
    stop: async () => {
      stopping = true
      wake()
      await running
    },
  }
}
