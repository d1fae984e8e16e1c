import type { DeliveryDetail } from '@leadbell/contract'
import type { AttemptRow } from '../db/admin-deliveries.ts'
import type { DeliveryRow } from '../db/deliveries.ts'
import type { SendOutcome } from '../wechat/client.ts'
import { reasons, wordReason } from './delivery-reasons.ts'

type Entry = DeliveryDetail['history'][number]
/** A moment of the story before it is put in order. */
type Moment = Omit<Entry, 'at'> & { at: Date }

/** What an attempt can come to: an answer of WeChat, or none. */
type AttemptOutcome = SendOutcome['kind'] | 'lost' | 'pushFailed'

const outcomes: Record<AttemptOutcome, string> = {
  sent: '微信已接收',
  noGrant: '微信答复没有剩余次数，等员工下次允许订阅后再发',
  tokenRejected: '微信没有接受访问凭证，稍后重试',
  badOpenid: '微信不认识该员工的身份标识',
  contentRefused: '微信拒绝了消息内容',
  retryLater: '微信暂时没有受理，稍后重试',
  dailyLimit: '当天的发送次数已达微信上限',
  configBroken: '微信接口或模板配置有误，稍后重试',
  unanswered: '微信没有答复，可能已经送达',
  lost: '发送中断，没有等到微信的答复，可能已经送达',
  pushFailed: '微信已接收，但没能推送到手机',
}

const isOutcome = (name: string): name is AttemptOutcome => Object.hasOwn(outcomes, name)

/** What happened to a delivery, oldest first. `attempts` are in the order in which they were made. */
export function historyOf(delivery: DeliveryRow, attempts: readonly AttemptRow[]): Entry[] {
  const moments = [
    moment(delivery.createdAt, '已排队，等待发送'),
    ...attempts.map(tellAttempt),
    ...tellSuperseded(delivery),
    ...tellEnd(delivery, attempts.at(-1)),
  ]
  // stable: in the same instant they stay in the order above
  moments.sort((a, b) => a.at.getTime() - b.at.getTime())
  return moments.map(({ at, ...rest }) => ({ at: at.toISOString(), ...rest }))
}

const moment = (at: Date, what: string): Moment => ({ at, what, errcode: null, errmsg: null, msgid: null })

function tellAttempt(attempt: AttemptRow, index: number): Moment {
  const { startedAt, endedAt, outcome, errcode, errmsg, msgid } = attempt
  const result =
    outcome === null ? '正在等待微信答复' : isOutcome(outcome) ? outcomes[outcome] : `结果为 ${outcome}`
  const others = outcome === 'sent' ? (attempt.mergedIds?.length ?? 0) : 0
  const merged = others > 0 ? `，同时代表另外 ${others} 条等待的提醒` : ''
  return {
    at: endedAt ?? startedAt,
    what: `第 ${index + 1} 次发送：${result}${merged}`,
    errcode,
    errmsg,
    msgid,
  }
}

function tellSuperseded({ supersededAt, supersededReason }: DeliveryRow): Moment[] {
  if (!supersededAt) return []
  const what = wordReason({ state: 'dead', reason: supersededReason, bound: true })
  return [moment(supersededAt, what ?? '线索有变动，不再提醒')]
}

/** How it ended, unless the lines before it say so. */
function tellEnd(delivery: DeliveryRow, last: AttemptRow | undefined): Moment[] {
  const { state, reason, settledAt, mergedInto } = delivery
  if (!settledAt) return []
  if (mergedInto !== null) return [moment(settledAt, `${reasons.merged}（提醒编号 ${mergedInto}）`)]
  if (state === 'sent') return last?.outcome === 'sent' ? [] : [moment(settledAt, '提醒已送达')]
  if (reason === last?.outcome || (delivery.supersededAt && reason === delivery.supersededReason)) return []
  return [moment(settledAt, wordReason({ state, reason, bound: true }) ?? '已停止发送')]
}
