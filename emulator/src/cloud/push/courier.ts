import { causeOf } from '../../network.ts'
import type { Timers } from '../timers.ts'
import { gate } from './gate.ts'
import type { PushAnswer, PushAttempt } from './record.ts'
import type { PushRequest } from './request.ts'
import type { PushTransport } from './transport.ts'

/** H45: 3 deliveries in total, the next one when the 5 s of the one before are over. */
const MOST_DELIVERIES = 3
export const TIMEOUT_MS = 5000
/** How many calls are under way at once; the others wait for their turn before their time begins. */
const MOST_CONNECTIONS = 64
const MOST_BODY = 200

export interface Parcel {
  request: PushRequest
  timeoutMs: number
  /** Deliveries that were begun before, in another life. */
  begun: number
  /** Hears of every delivery when it begins, and when it was answered. */
  onBegin: (at: number) => void
  onAttempt: (attempt: PushAttempt) => void
  /** Gives it up. */
  stop: AbortSignal
}

export interface Courier {
  /** Resolves early when one of `stops` is aborted. */
  pause(ms: number, ...stops: AbortSignal[]): Promise<void>
  /** Until it is accepted, three times at most with those of before. Whether it was. */
  deliver(parcel: Parcel): Promise<boolean>
  /** One call, judged by its body. */
  ask(request: PushRequest, it: { timeoutMs: number; isGood: (body: string) => boolean }): Promise<PushAnswer>
}

interface CourierParts {
  now: () => number
  timers: Timers
  transport: PushTransport
}

/** Makes the calls to the backend. None of its promises rejects. */
export function createCourier({ now, timers, transport }: CourierParts): Courier {
  const inTurn = gate(MOST_CONNECTIONS)

  // not AbortSignal.any: what it made and somebody listened to is never collected (Node 20)
  const pause = (ms: number, ...stops: AbortSignal[]) =>
    new Promise<void>((resolve) => {
      if (stops.some(({ aborted }) => aborted)) return resolve()
      const end = () => {
        cancel()
        for (const stop of stops) stop.removeEventListener('abort', end)
        resolve()
      }
      const cancel = timers.after(ms, end)
      for (const stop of stops) stop.addEventListener('abort', end)
    })

  async function call(
    request: PushRequest,
    isGood: (body: string) => boolean,
    hangUp: AbortSignal,
    isLate: () => boolean,
  ): Promise<PushAnswer> {
    try {
      const { status, body } = await transport(request, hangUp)
      if (status === 200 && isGood(body)) return { kind: 'accepted' }
      return { kind: 'refused', status, body: body.slice(0, MOST_BODY) }
    } catch (error) {
      return isLate() ? { kind: 'timeout' } : { kind: 'unreachable', reason: causeOf(error) }
    }
  }

  /** One delivery and, unless it is accepted, the rest of its time. */
  async function deliverOnce({ request, timeoutMs, onBegin, onAttempt, stop }: Parcel): Promise<boolean> {
    const hangUp = new AbortController()
    const accepted = new AbortController()
    let timeIsOver: Promise<void> | undefined
    let isLate = false
    await inTurn(async () => {
      if (stop.aborted) return
      const at = now()
      onBegin(at)
      timeIsOver = pause(timeoutMs, stop, accepted.signal).then(() => {
        isLate = !stop.aborted
        hangUp.abort()
      })
      const answer = await call(request, isThanks, hangUp.signal, () => isLate)
      onAttempt({ at, answer })
      if (answer.kind === 'accepted') accepted.abort()
    })
    await timeIsOver
    return accepted.signal.aborted
  }

  return {
    pause,
    async deliver(parcel) {
      for (let n = parcel.begun; n < MOST_DELIVERIES && !parcel.stop.aborted; n++)
        if (await deliverOnce(parcel)) return true
      return false
    },
    async ask(request, { timeoutMs, isGood }) {
      const late = new AbortController()
      const cancel = timers.after(timeoutMs, () => late.abort())
      const answer = await call(request, isGood, late.signal, () => late.signal.aborted)
      cancel()
      return answer
    },
  }
}

const isThanks = (body: string) => ['', 'success'].includes(body.trim())
