import type { GrantReport } from '@leadbell/contract'
import type { SubscribeAnswer } from '@/wechat/subscribe.ts'
import { readStored, writeStored } from './storage.ts'

const KEY = 'leadbell.grants'

const isQueue = (value: unknown): value is GrantReport[] =>
  Array.isArray(value) && value.every((entry) => typeof entry?.attemptId === 'string')

/**
 * Grants the backend has not confirmed yet, on the phone's disk. They stay through restarts, failed logins
 * and dead networks; the attempt id lets the backend count each once, however often it hears of it.
 */
export const grantQueue = {
  pending: (): GrantReport[] => readStored(KEY, isQueue) ?? [],

  /** Keeps an answered panel, if it granted anything. */
  add(answer: SubscribeAnswer): void {
    if (answer.accepted.length === 0) return
    const report: GrantReport = {
      attemptId: newAttemptId(),
      at: new Date().toISOString(),
      results: answer.results,
    }
    writeStored(KEY, [...grantQueue.pending(), report])
  },

  confirm(attemptId: string): void {
    writeStored(
      KEY,
      grantQueue.pending().filter((report) => report.attemptId !== attemptId),
    )
  },
}

/** Unique per WeChat user, which is as far as it is compared; a mini-program has no `crypto`. */
function newAttemptId(): string {
  const random = () => Math.random().toString(36).slice(2, 12)
  return `${Date.now().toString(36)}-${random()}${random()}`
}
