import type { AdminDelivery, ClueStatus, Delivery, DeliveryState, Role } from '@leadbell/contract'

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

/** Whether somebody could do something about it. */
export const canRedrive = ({ state }: Pick<Delivery | AdminDelivery, 'state'>) =>
  state === 'refused' || state === 'dead'

export const roleWords: Record<Role, string> = { staff: '外勤', clerk: '文员', admin: '管理员' }

const sameYear = new Intl.DateTimeFormat('zh-CN', {
  timeZone: 'Asia/Shanghai',
  month: 'numeric',
  day: 'numeric',
  hour: '2-digit',
  minute: '2-digit',
  hourCycle: 'h23',
})
const anyYear = new Intl.DateTimeFormat('zh-CN', {
  timeZone: 'Asia/Shanghai',
  year: 'numeric',
  month: 'numeric',
  day: 'numeric',
  hour: '2-digit',
  minute: '2-digit',
  hourCycle: 'h23',
})
const year = new Intl.DateTimeFormat('zh-CN', { timeZone: 'Asia/Shanghai', year: 'numeric' })

/** In Beijing, where everybody works; the year only when it is another one. */
export function timeText(at: string | null, now = new Date()): string {
  if (at === null) return '—'
  const date = new Date(at)
  return (year.format(date) === year.format(now) ? sameYear : anyYear).format(date)
}

/** 3 秒, 4 分钟, 2 小时, 5 天: how long something took. */
export function durationText(seconds: number): string {
  if (seconds < 60) return `${seconds < 10 ? Math.round(seconds * 10) / 10 : Math.round(seconds)} 秒`
  if (seconds < 3600) return `${Math.round(seconds / 60)} 分钟`
  if (seconds < 86_400) return `${Math.round(seconds / 3600)} 小时`
  return `${Math.round(seconds / 86_400)} 天`
}
