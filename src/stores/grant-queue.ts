import type { GrantReport } from '@leadbell/contract'
import { shallowRef } from 'vue'
import type { SubscribeAnswer } from '@/wechat/subscribe.ts'
import { readStored, writeStored } from './storage.ts'

const KEY = 'leadbell.grants'

const isQueue = (value: unknown): value is GrantReport[] =>
  Array.isArray(value) && value.every((entry) => typeof entry?.attemptId === 'string')

/**
 * Grants the backend has not confirmed yet, on the phone's disk. They stay through restarts, failed logins, dead
 * networks and changes of the account: WeChat keeps a disk per WeChat user, and a grant belongs to that user.
 * The attempt id lets the backend count each once, however often it hears of it.
 */
export function createGrantQueue() {
  // In memory too: a disk that takes nothing more must not lose a grant that was given just now.
  const pending = shallowRef<readonly GrantReport[]>(readStored(KEY, isQueue) ?? [])

  const keep = (next: GrantReport[]) => {
    pending.value = next
    writeStored(KEY, next)
  }

  return {
    pending,

    /** Keeps an answered panel, if it granted anything. */
    add(answer: SubscribeAnswer): void {
      if (answer.accepted.length === 0) return
      keep([
        ...pending.value,
        { attemptId: newAttemptId(), at: new Date().toISOString(), results: answer.results },
      ])
    },

    confirm(attemptId: string): void {
      keep(pending.value.filter((report) => report.attemptId !== attemptId))
    },
  }
}

/** Unique per WeChat user, which is as far as it is compared; a mini-program has no `crypto`. */
export function newAttemptId(): string {
  const random = () => Math.random().toString(36).slice(2, 12)
  return `${Date.now().toString(36)}-${random()}${random()}`
}
