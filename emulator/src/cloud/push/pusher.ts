import { randomBytes, randomInt } from 'node:crypto'
import { drawDelay } from '../delay.ts'
import { fire } from '../fire.ts'
import type { Timers } from '../timers.ts'
import { SALT_BYTES } from './cipher.ts'
import { createCourier, TIMEOUT_MS } from './courier.ts'
import type { PushEvent } from './event.ts'
import type { PushFault } from './faults.ts'
import type { PayloadStyle } from './payload.ts'
import type { PushRecord, PushVerification } from './record.ts'
import { eventRequest, verificationRequest } from './request.ts'
import { readPushTarget, type PushTarget } from './target.ts'
import type { PushTransport } from './transport.ts'

export interface PusherOptions {
  appid: string
  /** `originalId` may be named by the target instead. */
  style: PayloadStyle
  now: () => number
  timers: Timers
  /** 0–1, as Math.random. */
  random: () => number
  transport: PushTransport
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
  push(event: PushEvent, faults: PushFault[]): void
  /** Newest last. */
  log(): PushRecord[]
  /** Resolves when no event is on its way. */
  settled(): Promise<void>
  /** Gives up what is on its way, and forgets the log. */
  forget(): void
}

/** How many events can be looked back on. */
const MOST_RECORDS = 100_000

const digits = () => String(randomInt(1_000_000_000, 10_000_000_000))

/** Tells the backend what happened (wechat-platform.md §8). Nobody waits for it; nothing is kept over a restart. */
export function createPusher({ appid, style, now, timers, random, transport }: PusherOptions): Pusher {
  const courier = createCourier({ now, timers, transport })
  let entered: { target: PushTarget; verification?: PushVerification } | undefined
  let records: PushRecord[] = []
  const underWay = new Map<PushRecord, { stop: AbortController; done: Promise<void> }>()
  const signing = () => ({ timestamp: String(Math.floor(now() / 1000)), nonce: digits() })

  function newRecord(event: PushEvent): PushRecord {
    const record: PushRecord = { event, outcome: 'waiting', attempts: [] }
    records.push(record)
    if (records.length > 2 * MOST_RECORDS) records = records.slice(-MOST_RECORDS)
    return record
  }

  async function deliver(target: PushTarget, record: PushRecord, stop: AbortSignal, fault?: PushFault) {
    const { latencyMs = 0, timeoutMs = TIMEOUT_MS, originalId = style.originalId } = target
    await courier.pause(drawDelay(latencyMs, random) + (fault?.kind === 'late' ? fault.ms : 0), stop)
    // made once: what is sent again is the same to the last byte (H45)
    const request = eventRequest(
      target,
      record.event,
      { appid, style: { ...style, originalId } },
      { ...signing(), salt: randomBytes(SALT_BYTES) },
    )
    const onAttempt = (attempt: PushRecord['attempts'][number]) => void record.attempts.push(attempt)
    const parcel = { request, timeoutMs, onAttempt, stop }
    const isAccepted = await courier.deliver(parcel)
    record.outcome = isAccepted ? 'accepted' : 'abandoned'
    if (isAccepted && fault?.kind === 'repeat') await courier.deliver(parcel)
    underWay.delete(record)
  }

  return {
    async setTarget(given) {
      const target = readPushTarget(given)
      const mine: NonNullable<typeof entered> = { target }
      entered = mine
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
      const fault = fire(
        faults,
        random,
        event.openid,
        (one) => one.kind !== 'failSend' && (one.push === undefined || one.push === event.kind),
      )
      if (fault?.kind === 'lose') {
        record.outcome = 'lost'
        return
      }
      const stop = new AbortController()
      underWay.set(record, { stop, done: deliver(entered.target, record, stop.signal, fault) })
    },
    log: () =>
      records
        .slice(-MOST_RECORDS)
        .map((record) => ({ ...record, event: { ...record.event }, attempts: [...record.attempts] })),
    async settled() {
      while (underWay.size > 0) await Promise.all([...underWay.values()].map(({ done }) => done))
    },
    forget() {
      for (const { stop } of underWay.values()) stop.abort()
      records = []
    },
  }
}
