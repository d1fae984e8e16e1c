/** WeChat's clock as this phone sees it: the machine's until it is told that it was put forward (protocol.ts). */
export interface WeChatClock {
  /** Milliseconds since 1970. */
  now(): number
  /** Hears that the time was put forward. */
  onChange(listener: () => void): void
  /** Instead of what it was ahead before. */
  putAhead(ms: number): void
}

export function wechatClock(): WeChatClock {
  let aheadMs = 0
  const listeners: (() => void)[] = []
  return {
    now: () => Date.now() + aheadMs,
    onChange: (listener) => void listeners.push(listener),
    putAhead(ms) {
      if (ms === aheadMs) return
      aheadMs = ms
      for (const listener of listeners) listener()
    },
  }
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
