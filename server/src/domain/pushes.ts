import * as v from 'valibot'
import type { Queryable } from '../db/database.ts'
import { closeConfirmedPushes, closePush, keepPushes, postponePush, takePush } from '../db/wechat-pushes.ts'
import { findDelivery } from '../db/deliveries.ts'
import {
  endAttempt,
  findAttemptByMsgid,
  findUntoldAttempt,
  setPushFailed,
  type AttemptRow,
} from '../db/delivery-settlements.ts'
import { lockLanes } from '../db/ledger.ts'
import type { PushEvent } from '../wechat/push/read-push.ts'
import type { Context } from './context.ts'
import type { DeliveryReason } from './delivery-reasons.ts'
import { settleLate } from './late-evidence.ts'
import { bookGrant, bookZero } from './ledger.ts'
import { createLoop } from './loop.ts'
import { isGrant, matchLanesOfOpenid } from './quota.ts'
import { tellCustomer } from './tell-customer.ts'

/** `CreateTime` is cut to the second: it happened until the end of that one. */
const SECOND_MS = 1000
/**
 * How long an event waits for the answer of the send it is about: with it most events tell nothing new and are closed
 * many at once.
 */
export const ANSWER_COMES_MS = 1000
const RETRY_MS = 30_000

/** Keeps what WeChat pushed, each event once, and has it worked off soon. WeChat wants its answer within 5 s. */
export async function keepEvents(ctx: Context, events: readonly PushEvent[]): Promise<void> {
  const now = ctx.now()
  const rows = events.map(({ at, ...event }) => ({
    key: event.key,
    event: { ...event, at: at.toISOString() },
    runAt: event.kind === 'sent' ? new Date(now.getTime() + ANSWER_COMES_MS) : now,
  }))
  const kept = await keepPushes(ctx.database.db, rows, now)
  if (kept > 0) ctx.wakePushWorker()
}

export interface PushWorker {
  start(): void
  /** How long ago, in milliseconds, it last showed a sign of life; undefined before it was started. */
  quietFor(): number | undefined
  wake(): void
  /** Works off all that is due now. */
  round(): Promise<void>
  stop(): Promise<void>
}

/** Works off the pushes. Any number of processes may run one each; no event is worked off twice. */
export function createPushWorker(ctx: Context, { pollMs = 1000 } = {}): PushWorker {
  const loop = createLoop({
    pollMs,
    turn: round,
    onError: (err) => ctx.log.error({ err }, 'push worker failed; it goes on'),
  })

  async function round(): Promise<void> {
    const closed = await closeConfirmedPushes(ctx.database.db, ctx.now())
    for (let n = 0; n < closed; n++) ctx.metrics.pushHandled('sent')
    while (!loop.stopping() && (await workOffOne(ctx))) {
      ctx.changed('clues', 'deliveries', 'staff')
      loop.beat()
    }
  }
  return { start: loop.start, quietFor: loop.quietFor, wake: loop.wake, stop: loop.stop, round }
}

/** False when none is due. */
async function workOffOne(ctx: Context): Promise<boolean> {
  let key: string | undefined
  try {
    return await ctx.database.transaction(async (tx) => {
      const now = ctx.now()
      const push = await takePush(tx, now)
      if (!push) return false
      key = push.key
      const event = readKept(push.event)
      const isDone = await apply(ctx, tx, event)
      if (isDone) {
        await closePush(tx, push.key, now)
        ctx.metrics.pushHandled(event.kind)
      } else await postponePush(tx, push.key, new Date(now.getTime() + ANSWER_COMES_MS), false)
      return true
    })
  } catch (err) {
    if (key === undefined) throw err
    ctx.log.error({ err, push: key }, 'a push could not be worked off; it is tried again')
    await postponePush(ctx.database.db, key, new Date(ctx.now().getTime() + RETRY_MS), true)
    return true
  }
}

/** False: not yet. */
async function apply(ctx: Context, tx: Queryable, event: PushEvent): Promise<boolean> {
  switch (event.kind) {
    case 'popup':
      if (isGrant(event.value)) await bookPanel(ctx, tx, event)
      return true
    case 'change':
      if (event.value === 'reject') await bookRefusal(ctx, tx, event)
      return true
    case 'sent':
      return settleByEvent(ctx, tx, event)
  }
}

type EventOf<K extends PushEvent['kind']> = Extract<PushEvent, { kind: K }>

/** The same acceptance that the phone reports: whichever comes first books it, the other one confirms. */
async function bookPanel(ctx: Context, tx: Queryable, event: EventOf<'popup'>): Promise<void> {
  const lane = { openid: event.openid, templateId: event.templateId }
  const now = ctx.now()
  await lockLanes(tx, [lane])
  await bookGrant(tx, { lane, source: 'event', key: event.key, at: happenedBy(event, now), now })
  await matchLanesOfOpenid(tx, [lane], now)
}

/** 拒收: what was accepted before pays for nothing more. */
async function bookRefusal(ctx: Context, tx: Queryable, event: EventOf<'change'>): Promise<void> {
  const lane = { openid: event.openid, templateId: event.templateId }
  const now = ctx.now()
  await lockLanes(tx, [lane])
  // cut to the second: an acceptance later in that second counts
  await bookZero(tx, { lane, source: 'event', key: event.key, at: event.at, now })
  await matchLanesOfOpenid(tx, [lane], now)
}

const happenedBy = ({ at }: PushEvent, now: Date) =>
  new Date(Math.min(now.getTime(), at.getTime() + SECOND_MS - 1))

/** What became of a send. False while its own answer may still come. */
async function settleByEvent(ctx: Context, tx: Queryable, event: EventOf<'sent'>): Promise<boolean> {
  const known = await findAttemptByMsgid(tx, event.msgid)
  // a second of tolerance between two clocks
  const startedBy = new Date(event.at.getTime() + 2 * SECOND_MS)
  const attempt = known ?? (await findUntoldAttempt(tx, event, startedBy))
  // somebody else sends for this mini-program too
  if (!attempt) return true
  if (!known && (await isInAir(tx, attempt, ctx.now()))) return false
  if (event.errorCode === '0') await settleLate(ctx, tx, attempt, event.msgid)
  else await failAttempt(ctx, tx, attempt, event)
  return true
}

/** The send is under way in a living process. */
async function isInAir(tx: Queryable, attempt: AttemptRow, now: Date): Promise<boolean> {
  if (attempt.endedAt !== null) return false
  const delivery = await findDelivery(tx, attempt.deliveryId)
  return (
    delivery?.state === 'leased' &&
    delivery.attemptId === attempt.id &&
    delivery.leasedUntil !== null &&
    delivery.leasedUntil > now
  )
}

/** WeChat took the message, spent the grant, and could not bring it to the phone. */
async function failAttempt(
  ctx: Context,
  tx: Queryable,
  attempt: AttemptRow,
  { msgid, errorCode, errorStatus }: EventOf<'sent'>,
): Promise<void> {
  const now = ctx.now()
  const reason: DeliveryReason = 'pushFailed'
  await settleLate(ctx, tx, attempt, msgid)
  await endAttempt(
    tx,
    attempt.id,
    { outcome: reason, errcode: Number(errorCode) || null, errmsg: errorStatus },
    now,
  )
  if (await setPushFailed(tx, attempt.deliveryId, reason, now))
    await tellCustomer(ctx, tx, [attempt.deliveryId], now)
  ctx.log.warn(
    { delivery: attempt.deliveryId, msgid, errorCode, errorStatus },
    'WeChat could not push a message',
  )
}

const common = {
  key: v.string(),
  openid: v.string(),
  templateId: v.string(),
  at: v.pipe(v.string(), v.toDate()),
}
const KeptEvent = v.variant('kind', [
  v.object({ kind: v.literal('popup'), ...common, value: v.string() }),
  v.object({ kind: v.literal('change'), ...common, value: v.string() }),
  v.object({
    kind: v.literal('sent'),
    ...common,
    msgid: v.string(),
    errorCode: v.string(),
    errorStatus: v.string(),
  }),
])

const readKept = (event: unknown): PushEvent => v.parse(KeptEvent, event)
