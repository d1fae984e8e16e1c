import {
  blankDeletedClues,
  removeAttempts,
  removeExpiredCaptchas,
  removeExpiredLimits,
  removeExpiredSessions,
  removeHandledPushes,
  removeIdempotencyKeys,
  removeInBatches,
  removeWebhookCalls,
} from '../db/retention.ts'
import type { Context } from './context.ts'
import { createLoop } from './loop.ts'
import { repairLanes } from './quota.ts'

const MINUTE = 60_000
const DAY = 24 * 60 * MINUTE
const EVERY_MS = 5 * MINUTE
/** What has to be looked for, rather than found by an index on its own, is looked for less often. */
const THOROUGHLY_EVERY_MS = 60 * MINUTE

/** How long what is of no further use is kept all the same. docs/operations.zh-CN.md publishes these. */
export const keptDays = { idempotencyKeys: 7, pushes: 30, webhookCalls: 30, deletedClues: 30 } as const

export interface Housekeeping {
  start(): void
  /** Everything once. */
  round(): Promise<void>
  /** No new statement; resolves when the present one is over. */
  stop(): Promise<void>
}

/**
 * Repairs what should never be broken, and throws away what nobody can use any more. Any number of processes may run
 * one each; they take turns at the rows.
 */
export function createHousekeeping(
  ctx: Context,
  { retentionDays, everyMs = EVERY_MS }: { retentionDays: number; everyMs?: number },
): Housekeeping {
  let thoroughAt = -Infinity
  const loop = createLoop({
    pollMs: everyMs,
    turn: async () => {
      await repair(ctx)
      const isThorough = performance.now() - thoroughAt >= THOROUGHLY_EVERY_MS
      await removeAll(isThorough)
      if (isThorough) thoroughAt = performance.now()
    },
    onError: (err) => ctx.log.error({ err }, 'housekeeping failed; it goes on'),
  })

  async function removeAll(isThorough: boolean): Promise<void> {
    const { database, now } = ctx
    const time = now()
    const daysAgo = (days: number) => new Date(time.getTime() - days * DAY)
    const remove = (batch: Parameters<typeof removeInBatches>[1]) =>
      removeInBatches(database, batch, loop.stopping)
    const removed = {
      sessions: await remove(removeExpiredSessions(time)),
      captchas: await remove(removeExpiredCaptchas(time)),
      rateLimits: await remove(removeExpiredLimits(time)),
      idempotencyKeys: await remove(removeIdempotencyKeys(daysAgo(keptDays.idempotencyKeys))),
      pushes: await remove(removeHandledPushes(daysAgo(keptDays.pushes))),
      webhookCalls: await remove(removeWebhookCalls('delivered', daysAgo(keptDays.webhookCalls))),
      ...(isThorough && {
        deadWebhookCalls: await remove(removeWebhookCalls('dead', daysAgo(retentionDays))),
        deletedCluesBlanked: await remove(blankDeletedClues(daysAgo(keptDays.deletedClues))),
        attempts: await removeAttempts(database, daysAgo(retentionDays), loop.stopping),
      }),
    }
    const some = Object.fromEntries(Object.entries(removed).filter(([, count]) => count > 0))
    if (Object.keys(some).length > 0) ctx.log.info(some, 'old rows removed')
  }

  return {
    start: loop.start,
    round: async () => {
      await repair(ctx)
      await removeAll(true)
    },
    stop: loop.stop,
  }
}

/** What this finds, a bug or a hand in the database has left behind. */
async function repair(ctx: Context): Promise<void> {
  const repaired = await repairLanes(ctx)
  if (repaired === 0) return
  // not an error: a process that settles doubts leaves this for a moment
  ctx.log.warn({ repaired }, 'deliveries were waiting although paid for, or ready although not; put right')
}
