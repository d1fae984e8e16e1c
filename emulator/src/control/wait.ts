import type { PushRecord } from '../cloud/push/record.ts'
import type { CallRecord } from '../protocol.ts'
import { EmulatorRefusal } from './refusal.ts'

export const WAIT_MS = 5000
const ASK_EVERY_MS = 20
const MOST_TOLD = 3

/** Asks until one is meant. @throws EmulatorRefusal when none has come in time; it tells what came instead */
export async function waitFor<T>(
  ask: () => Promise<readonly T[]>,
  isMeant: (one: T) => boolean,
  it: { timeoutMs: number; what: string; tell: (one: T) => string },
): Promise<T> {
  const until = performance.now() + it.timeoutMs
  for (;;) {
    const all = await ask()
    const found = all.find(isMeant)
    if (found !== undefined) return found
    if (performance.now() >= until) {
      const last = all.slice(-MOST_TOLD).map(it.tell).join('、') || '一次也没有'
      throw new EmulatorRefusal(
        `${it.timeoutMs} ms 里没有等到这样的${it.what}，最近的是：${last} (none came)`,
        0,
      )
    }
    await new Promise((resolve) => setTimeout(resolve, ASK_EVERY_MS))
  }
}

export const tellCall = ({ call, errcode, openid }: CallRecord): string =>
  [call, errcode, ...(openid === undefined ? [] : [openid])].join(' ')

export const tellPush = ({ event, outcome }: PushRecord): string => `${event.kind} ${outcome} ${event.openid}`
