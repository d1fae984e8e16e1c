import type { PushEvent } from '../../../cloud/push/event.ts'
import type { PushAnswer, PushRecord } from '../../../cloud/push/record.ts'
import type { CallRecord } from '../../../protocol.ts'
import type { SeenCall, SeenError } from '../phone-windows.ts'
import { explainClient, explainServer } from './explain.ts'

export const sources = { wx: '小程序', server: '服务器', push: '推送' } as const
export type Source = keyof typeof sources

export interface Mark {
  word: string
  tone: 'good' | 'bad' | 'calm'
}

/** One line of the log, whoever it came from. */
export interface Entry {
  id: string
  /** Milliseconds since 1970, on WeChat's clock. */
  at: number
  source: Source
  name: string
  /** One line of what it was about. */
  about: string
  marks: Mark[]
  isBad: boolean
  /** Asked for all the time and telling nothing. */
  isQuiet: boolean
  /** Why it failed and what to do. */
  advice?: string
  /** What can be unfolded: a heading and its value. */
  parts: { title: string; value: unknown }[]
  openid?: string
}

const quiet =
  /^(get(System|Window|Device|AppBase|Account|Menu)\w*|get(Launch|Enter)Options\w*|\w*Storage(Info)?Sync|nextTick|canIUse|create\w+|on[A-Z]\w+|off[A-Z]\w+)$/
/** They fail without the tap state (wechat-platform.md §1.4). */
const needsTap =
  /^(requestSubscribe\w+|openSetting|exitMiniProgram|openAppAuthorizeSetting|addPhoneCalendar)$/

const short = (value: unknown): string => {
  if (value === undefined || value === null) return ''
  const text = typeof value === 'string' ? value : JSON.stringify(value)
  return text === '{}' ? '' : text
}

export function wxEntry(openid: string, call: SeenCall): Entry {
  const { id, name, arg, tap, at, answer } = call
  const { errMsg, ...rest } = (answer ?? {}) as { errMsg?: string }
  const isFailed = /:fail/.test(errMsg ?? '')
  const advice = isFailed ? explainClient(name, answer) : undefined
  const marks: Mark[] = []
  if (needsTap.test(name))
    marks.push(tap ? { word: '有点击态', tone: 'good' } : { word: '没有点击态', tone: 'bad' })
  else if (tap) marks.push({ word: '点击态', tone: 'calm' })
  if (isFailed) marks.push({ word: '失败', tone: 'bad' })
  return {
    id: `wx ${openid} ${id}`,
    at,
    source: 'wx',
    name,
    about: aboutWx(name, arg, isFailed ? errMsg : undefined, rest),
    marks,
    isBad: isFailed,
    isQuiet: quiet.test(name),
    ...(advice !== undefined && { advice }),
    parts: [
      ...(arg === undefined ? [] : [{ title: '参数', value: arg }]),
      ...(answer === undefined ? [] : [{ title: '结果', value: answer }]),
      { title: '点击态', value: tap ? '有' : '没有' },
    ],
    openid,
  }
}

function aboutWx(name: string, arg: unknown, failure: string | undefined, answer: object): string {
  const given = (arg ?? {}) as Record<string, unknown>
  const why = failure?.replace(/^[\w.]+:/, '')
  if (name === 'request') {
    const { statusCode } = answer as { statusCode?: number }
    const what = `${String(given.method ?? 'GET')} ${pathOf(String(given.url ?? ''))}`
    // the reason first: a narrow log cuts off the end
    return why !== undefined ? `${why}（${what}）` : `${what}${statusCode ? ` → ${statusCode}` : ''}`
  }
  if (why !== undefined) return why
  switch (name) {
    case 'requestSubscribeMessage':
      return Object.values(answer).join('、') || short(given.tmplIds)
    default:
      return short(given.url ?? given.title ?? given.key ?? given.content ?? (short(arg) === '{}' ? '' : arg))
  }
}

const pathOf = (url: string) => (URL.canParse(url) ? new URL(url).pathname : url)

export function errorEntry(openid: string, { id, at, where, message, stack }: SeenError): Entry {
  return {
    id: `error ${openid} ${id}`,
    at,
    source: 'wx',
    name: where,
    about: message,
    marks: [{ word: '出错', tone: 'bad' }],
    isBad: true,
    isQuiet: false,
    parts: [{ title: '出错的地方', value: stack ?? message }],
    openid,
  }
}

const faultWords = { errcode: '故障', hang: '不回答', drop: '断线', slow: '慢' } as const

export function serverEntry(call: CallRecord, id: string, titleOf: (templateId: string) => string): Entry {
  const { at, errcode, fault, openid, request, answer, why, durationMs } = call
  const isBad = errcode !== 0 || fault === 'drop' || fault === 'hang'
  const advice = isBad ? explainServer(errcode, fault) : undefined
  const marks: Mark[] = []
  if (fault) marks.push({ word: faultWords[fault], tone: 'bad' })
  if (fault !== 'hang')
    marks.push({ word: errcode === 0 ? 'ok' : String(errcode), tone: errcode === 0 ? 'calm' : 'bad' })
  const template = request?.template_id
  return {
    id,
    at,
    source: 'server',
    name: call.call,
    about:
      why ??
      (errcode !== 0 && answer
        ? short(answer.errmsg)
        : typeof template === 'string'
          ? titleOf(template)
          : ''),
    marks,
    isBad,
    isQuiet: false,
    ...(advice !== undefined && { advice }),
    parts: [
      { title: '请求', value: request },
      ...(answer === undefined ? [] : [{ title: '回答', value: answer }]),
      ...(durationMs === undefined ? [] : [{ title: '用时', value: `${Math.round(durationMs)} ms` }]),
    ],
    ...(openid !== undefined && { openid }),
  }
}

const eventNames = { popup: '订阅面板', change: '拒收', sent: '发送结果' } as const
const outcomes = {
  waiting: { word: '在途', tone: 'calm' },
  accepted: { word: '已收下', tone: 'good' },
  abandoned: { word: '放弃', tone: 'bad' },
  lost: { word: '丢失', tone: 'bad' },
} as const

export const answerWord = (answer: PushAnswer): string => {
  switch (answer.kind) {
    case 'accepted':
      return '收下了'
    case 'refused':
      return `答复 HTTP ${answer.status}${answer.body ? ` ${answer.body}` : ''}`
    case 'timeout':
      return '五秒内没有答复'
    case 'unreachable':
      return `连不上（${answer.reason}）`
  }
}

export function pushEntry(record: PushRecord, id: string, titleOf: (templateId: string) => string): Entry {
  const { event, outcome, attempts } = record
  const marks: Mark[] = [outcomes[outcome]]
  if (attempts.length > 1) marks.push({ word: `第 ${attempts.length} 次`, tone: 'calm' })
  const last = attempts.at(-1)
  const isBad = outcome === 'abandoned' || outcome === 'lost'
  const advice =
    outcome === 'lost'
      ? '模拟的故障：这次推送丢了。后台要能靠下次发送的结果把账对回来。'
      : outcome === 'abandoned' && last
        ? `推了 ${attempts.length} 次都没有收下：${answerWord(last.answer)}。后台要在五秒内答复空内容或 success。`
        : undefined
  return {
    id,
    at: event.at,
    source: 'push',
    name: eventNames[event.kind],
    about: aboutEvent(event, titleOf),
    marks,
    isBad,
    isQuiet: false,
    ...(advice !== undefined && { advice }),
    parts: [
      { title: '事件', value: event },
      ...attempts.map(({ at, answer }, n) => ({
        title: `第 ${n + 1} 次 ${new Date(at).toLocaleTimeString('zh-CN', { hour12: false })}`,
        value: answerWord(answer),
      })),
    ],
    openid: event.openid,
  }
}

function aboutEvent(event: PushEvent, titleOf: (templateId: string) => string): string {
  switch (event.kind) {
    case 'popup':
      return event.choices
        .map(({ templateId, status }) => `${titleOf(templateId)} ${status === 'accept' ? '允许' : '拒绝'}`)
        .join('、')
    case 'change':
      return titleOf(event.templateId)
    case 'sent':
      return event.errorCode === '0' ? titleOf(event.templateId) : event.errorStatus
  }
}
