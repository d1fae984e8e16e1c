import type { ClueStatus, DeliveryState, Role } from '@leadbell/contract'

type Tone = 'success' | 'warning' | 'danger' | 'info' | 'primary'
interface Word {
  text: string
  tone: Tone
}

export const clueStatusWords: Record<ClueStatus, Word> = {
  pending: { text: '待跟进', tone: 'primary' },
  following: { text: '跟进中', tone: 'warning' },
  won: { text: '已成交', tone: 'success' },
  invalid: { text: '无效', tone: 'info' },
}

/** What a clerk calls the state of a message; why it is so is in its `reason`. */
export const deliveryStateWords: Record<DeliveryState, Word> = {
  ready: { text: '排队中', tone: 'primary' },
  leased: { text: '正在发送', tone: 'primary' },
  sent: { text: '已送达', tone: 'success' },
  refused: { text: '微信拒绝', tone: 'danger' },
  waiting: { text: '等待中', tone: 'warning' },
  in_doubt: { text: '待确认', tone: 'warning' },
  dead: { text: '不再发送', tone: 'info' },
}

export const roleWords: Record<Role, string> = { staff: '外勤', clerk: '文员', admin: '管理员' }

/** Who assigned or took back a lead; another system's key has no name. */
export const assignerName = (assignedBy: string | null) => assignedBy ?? '其他系统'

const beijing = (parts: Intl.DateTimeFormatOptions) =>
  new Intl.DateTimeFormat('zh-CN', { timeZone: 'Asia/Shanghai', hourCycle: 'h23', ...parts })
const clock = { hour: '2-digit', minute: '2-digit' } as const
const day = { month: 'numeric', day: 'numeric' } as const
const timeOfDay = beijing(clock)
const sameYear = beijing({ ...day, ...clock })
const anyYear = beijing({ year: 'numeric', ...day, ...clock })
const year = beijing({ year: 'numeric' })

/** In Beijing, where everybody works; the year only when it is another one. */
export function timeText(at: string | null, now = new Date()): string {
  if (at === null) return '—'
  const date = new Date(at)
  return (year.format(date) === year.format(now) ? sameYear : anyYear).format(date)
}

/** 10:32 in Beijing. */
export const clockText = (at: string): string => timeOfDay.format(new Date(at))

/** As `timeText`, to the second, for who compares it with a log. */
export const exactTimeText = (at: string): string =>
  `${timeText(at)}:${String(new Date(at).getUTCSeconds()).padStart(2, '0')}`

/** 3 秒, 4 分钟, 2 小时, 5 天: how long something took. */
export function durationText(seconds: number): string {
  if (seconds < 60) return `${seconds < 10 ? Math.round(seconds * 10) / 10 : Math.round(seconds)} 秒`
  if (seconds < 3600) return `${Math.round(seconds / 60)} 分钟`
  if (seconds < 86_400) return `${Math.round(seconds / 3600)} 小时`
  return `${Math.round(seconds / 86_400)} 天`
}
