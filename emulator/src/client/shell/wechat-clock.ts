/** WeChat's clock as this phone sees it: the machine's, put forward on the desk (protocol.ts, /__desk/clock). */
export interface WeChatClock {
  /** Milliseconds since 1970. */
  now(): number
  /** Hears that the time was put forward. */
  onChange(listener: () => void): void
}

/** On which the desk tells every page of the emulator how far the clock is ahead. */
export const CLOCK_CHANNEL = 'leadbell-emulator-clock'
/** For what put it forward without a desk. */
const ASK_EVERY_MS = 15_000

/** Follows the emulator's clock; until it answers, and where nobody does, it is the machine's. */
export function wechatClock(ask: () => Promise<number> = askEmulator): WeChatClock {
  let aheadMs = 0
  const listeners: (() => void)[] = []
  const set = (ms: unknown) => {
    if (typeof ms !== 'number' || ms === aheadMs) return
    aheadMs = ms
    for (const listener of listeners) listener()
  }
  // a phone that cannot ask keeps the time it has
  const follow = () => void ask().then(set, () => undefined)
  follow()
  window.setInterval(follow, ASK_EVERY_MS)
  if (typeof BroadcastChannel !== 'undefined') {
    new BroadcastChannel(CLOCK_CHANNEL).onmessage = (event: MessageEvent<unknown>) => set(event.data)
  }
  return {
    now: () => Date.now() + aheadMs,
    onChange: (listener) => void listeners.push(listener),
  }
}

async function askEmulator(): Promise<number> {
  const { aheadMs } = (await (await fetch('/__desk/clock')).json()) as { aheadMs: number }
  return aheadMs
}

const day = (at: number) => new Date(at).toDateString()
const timeOfDay = (at: number) =>
  new Date(at).toLocaleTimeString('zh-CN', { hour: '2-digit', minute: '2-digit', hour12: false })

/** When something was, as WeChat's lists and cards say it: '09:42', '昨天 09:42', '11月23日 09:42'. */
export function whenWord(at: number, now: number): string {
  if (day(at) === day(now)) return timeOfDay(at)
  const yesterday = new Date(now)
  yesterday.setDate(yesterday.getDate() - 1)
  if (day(at) === yesterday.toDateString()) return `昨天 ${timeOfDay(at)}`
  const date = new Date(at)
  const year = date.getFullYear() === new Date(now).getFullYear() ? '' : `${date.getFullYear()}年`
  return `${year}${date.getMonth() + 1}月${date.getDate()}日 ${timeOfDay(at)}`
}
