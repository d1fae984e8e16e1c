import { randomBytes, randomInt } from 'node:crypto'
import { drawDelay } from '../delay.ts'
import { isPushFault, type FaultBook } from '../fault-book.ts'
import type { Timers } from '../timers.ts'
import { SALT_BYTES } from './cipher.ts'
import { createCourier, TIMEOUT_MS } from './courier.ts'
import type { PushEvent } from './event.ts'
import type { PushFault } from './faults.ts'
import type { PayloadStyle } from './payload.ts'
import type { PushAttempt, PushRecord, PushVerification } from './record.ts'
import { eventRequest, verificationRequest, type PushRequest } from './request.ts'
import { readPushTarget, type PushTarget } from './target.ts'
import type { PushTransport } from './transport.ts'
import type { WaitingPush } from './waiting.ts'

export interface PusherOptions {
  appid: string
  /** `originalId` may be named by the target instead. */
  style: PayloadStyle
  now: () => number
  timers: Timers
  /** 0–1, as Math.random. */
  random: () => number
  transport: PushTransport
  /** Hears of each record as it comes, and each time it has changed. */
  onChange?: (record: PushRecord) => void
}

/** What is known of the target, without its token and key. */
export type PushTargetState = Pick<PushTarget, 'url' | 'mode' | 'format'> & {
  /** Absent until the backend has answered, or not answered in time. */
  verification?: PushVerification
}

export interface Pusher {
  /**
   * Enters the target and verifies it (H42). It is kept whatever comes of that: the backend may not be up yet.
   * @throws BadPushTarget
   */
  setTarget(target: PushTarget): Promise<PushVerification>
  clearTarget(): void
  target(): PushTargetState | undefined
  /** Returns at once. Without a target nobody is told, as on a console without 消息推送. */
  push(event: PushEvent, faults: FaultBook): void
  /** What is on its way, to be saved. After `halt`: what was. */
  waiting(): WaitingPush[]
  /** Goes on with what an earlier pusher left; what was never signed waits for a target if there is none yet. */
  resume(waiting: readonly WaitingPush[]): void
  /** Newest last. */
  log(): PushRecord[]
  /** Resolves when no event is on its way. */
  settled(): Promise<void>
  /** Gives up what is on its way, and forgets the log. */
  forget(): void
  /** Delivers no more; `waiting()` still tells what was on its way. */
  halt(): void
}

/** How many events can be looked back on. */
const MOST_RECORDS = 100_000

const digits = () => String(randomInt(1_000_000_000, 10_000_000_000))

/** Tells the backend what happened (wechat-platform.md §8). Nobody waits for it. */
export function createPusher(options: PusherOptions): Pusher {
  const { appid, style, now, timers, random, transport, onChange = () => undefined } = options
  const courier = createCourier({ now, timers, transport })
  let entered: { target: PushTarget; verification?: PushVerification } | undefined
  let records: PushRecord[] = []
  const underWay = new Map<PushRecord, { it: WaitingPush; stop: AbortController; done: Promise<void> }>()
  /** Resumed without a target to sign for. */
  let parked: { record: PushRecord; it: WaitingPush }[] = []
  let halted: WaitingPush[] | undefined
  const signing = () => ({ timestamp: String(Math.floor(now() / 1000)), nonce: digits() })

  function newRecord(event: PushEvent, attempts: PushAttempt[] = []): PushRecord {
    const record: PushRecord = { event, outcome: 'waiting', attempts }
    records.push(record)
    onChange(record)
    if (records.length > 2 * MOST_RECORDS) records = records.slice(-MOST_RECORDS)
    return record
  }

  /** Made once: what is sent again is the same to the last byte (H45). */
  function sign(target: PushTarget, event: PushEvent): PushRequest {
    const { originalId = style.originalId } = target
    return eventRequest(
      target,
      event,
      { appid, style: { ...style, originalId } },
      { ...signing(), salt: randomBytes(SALT_BYTES) },
    )
  }

  async function deliver(
    requestOf: () => PushRequest,
    record: PushRecord,
    it: WaitingPush,
    stop: AbortSignal,
  ): Promise<void> {
    await courier.pause(Math.max(0, it.nextAt - now()), stop)
    while (it.rounds > 0 && !stop.aborted) {
      const { timeoutMs } = it
      const isAccepted = await courier.deliver({
        ...{ request: (it.request ??= requestOf()), timeoutMs, begun: it.begun, stop },
        onBegin(at) {
          it.begun += 1
          it.nextAt = at + timeoutMs
        },
        onAttempt(attempt) {
          record.attempts.push(attempt)
          onChange(record)
        },
      })
      if (isAccepted) record.outcome = 'accepted'
      it.rounds = isAccepted ? it.rounds - 1 : 0
      it.begun = 0
      it.nextAt = now()
    }
    if (record.outcome === 'waiting') record.outcome = 'abandoned'
    onChange(record)
    underWay.delete(record)
  }

  function start(record: PushRecord, it: WaitingPush, requestOf: () => PushRequest): void {
    const stop = new AbortController()
    underWay.set(record, { it, stop, done: deliver(requestOf, record, it, stop.signal) })
  }

  function startParked(target: PushTarget): void {
    const waiting = parked
    parked = []
    for (const { record, it } of waiting) start(record, it, () => sign(target, it.event))
  }

  const onTheWay = (): WaitingPush[] =>
    [...parked.map(({ it }) => it), ...[...underWay.values()].map(({ it }) => it)].map((it) =>
      structuredClone(it),
    )

  function giveUp(): void {
    for (const { stop } of underWay.values()) stop.abort()
    underWay.clear()
    parked = []
  }

  return {
    async setTarget(given) {
      const target = readPushTarget(given)
      const mine: NonNullable<typeof entered> = { target }
      entered = mine
      startParked(target)
      const echostr = digits()
      const answer = await courier.ask(verificationRequest(target, { ...signing(), echostr }), {
        timeoutMs: target.timeoutMs ?? TIMEOUT_MS,
        isGood: (body) => body === echostr,
      })
      mine.verification = answer.kind === 'accepted' ? { ok: true } : { ok: false, answer }
      return mine.verification
    },
    clearTarget: () => {
      entered = undefined
    },
    target() {
      if (!entered) return undefined
      const { target, verification } = entered
      const { url, mode, format } = target
      return { url, mode, format, ...(verification && { verification }) }
    },
    push(event, faults) {
      if (!entered) return
      const record = newRecord(event)
      const fault = faults.fire(
        event.openid,
        (one): one is PushFault =>
          isPushFault(one) && one.kind !== 'failSend' && (one.push === undefined || one.push === event.kind),
      )
      if (fault?.kind === 'lose') {
        record.outcome = 'lost'
        onChange(record)
        return
      }
      const { target } = entered
      const { latencyMs = 0, timeoutMs = TIMEOUT_MS } = target
      const it: WaitingPush = {
        ...{ event, attempts: record.attempts, begun: 0, timeoutMs },
        nextAt: now() + drawDelay(latencyMs, random) + (fault?.kind === 'late' ? fault.ms : 0),
        rounds: fault?.kind === 'repeat' ? 2 : 1,
      }
      start(record, it, () => sign(target, event))
    },
    waiting: () => halted ?? onTheWay(),
    resume(waiting) {
      for (const saved of waiting) {
        const it = structuredClone(saved)
        const record = newRecord(it.event, it.attempts)
        const { request } = it
        if (request) start(record, it, () => request)
        else parked.push({ record, it })
      }
      if (entered) startParked(entered.target)
    },
    log: () =>
      records
        .slice(-MOST_RECORDS)
        .map((record) => ({ ...record, event: { ...record.event }, attempts: [...record.attempts] })),
    async settled() {
      while (underWay.size > 0) await Promise.all([...underWay.values()].map(({ done }) => done))
    },
    forget() {
      giveUp()
      records = []
    },
    halt() {
      halted ??= onTheWay()
      entered = undefined
      giveUp()
    },
  }
}
