import type { CallRecord } from '../protocol.ts'
import { errcodeWords } from './errcode-words.ts'

/** The calls as lines for a person, numbered from 1 in the order in which they ended. */
export interface LogBook {
  /** `who` is the phone's name, for a call that names a user. */
  write(record: CallRecord, who: string | undefined): void
  /** Those with a higher number, a line each; the empty text: none. */
  after(n: number): string
  clear(): void
}

const MOST_LINES = 2000

/** '2026-11-23 09:00:00.000' where the emulator runs. */
export function timeOfDay(at: number): string {
  const date = new Date(at)
  const two = (n: number) => String(n).padStart(2, '0')
  const day = [date.getFullYear(), two(date.getMonth() + 1), two(date.getDate())].join('-')
  const time = [two(date.getHours()), two(date.getMinutes()), two(date.getSeconds())].join(':')
  return `${day} ${time}.${String(date.getMilliseconds()).padStart(3, '0')}`
}

const faultWords = {
  errcode: '故障：换成了错误码',
  hang: '故障：不回答',
  drop: '故障：做完断开，没有回答',
  slow: '故障：慢',
} as const

function outcome({ call, errcode, fault, request, answer }: CallRecord): string {
  if (call === 'unknown') return `没有这个接口：${String(request.path)}。${String(answer?.hint ?? '')}`
  if (fault === 'hang') return '没有回答'
  const { msgid, errmsg } = answer ?? {}
  if (errcode === 0) return msgid === undefined ? '成功' : `成功，msgid ${String(msgid)}`
  const words = errcodeWords[errcode]
  return `${errcode}${words ? ` ${words}` : ''}${typeof errmsg === 'string' ? `（${errmsg}）` : ''}`
}

/** One line: time, call, who, outcome in words and why, how long it took, what broke it. */
export function logLine(record: CallRecord, who: string | undefined): string {
  const { at, call, openid, fault, durationMs, why } = record
  return [
    timeOfDay(at),
    call,
    ...(openid === undefined ? [] : [`${who ?? '不认识的人'}（${openid}）`]),
    `${outcome(record)}${why === undefined ? '' : `：${why}`}`,
    ...(durationMs === undefined ? [] : [`${Math.round(durationMs)} ms`]),
    ...(fault ? [faultWords[fault]] : []),
  ]
    .join('  ')
    .replaceAll(/\p{Cc}/gu, ' ')
}

/** `hear` gets each line as it comes, without its number; other lines are written when somebody reads them. */
export function newLogBook(hear?: (line: string) => void): LogBook {
  let entries: { n: number; record: CallRecord; who: string | undefined }[] = []
  let last = 0
  return {
    write(record, who) {
      entries.push({ n: ++last, record, who })
      if (entries.length >= 2 * MOST_LINES) entries = entries.slice(-MOST_LINES)
      hear?.(logLine(record, who))
    },
    after: (n) =>
      entries
        .slice(-MOST_LINES)
        .filter((entry) => entry.n > n)
        .map((entry) => `${entry.n}  ${logLine(entry.record, entry.who)}\n`)
        .join(''),
    // numbers go on, so that a reader who knows some misses none
    clear: () => {
      entries = []
    },
  }
}
