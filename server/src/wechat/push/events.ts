import { createHash } from 'node:crypto'
import { asFields, type Fields } from './body.ts'

interface CommonParts {
  /** The same for every repetition of one event, different for different events; at most 200 characters. */
  key: string
  openid: string
  templateId: string
  /** `CreateTime`: to the second, by WeChat's clock. */
  at: Date
}

/** One entry of an event about subscribe messages (wechat-platform.md §8.2). */
export type PushEvent =
  /** The user answered the panel; `value` is `accept`, `reject` or another word of WeChat's. */
  | (CommonParts & { kind: 'popup'; value: string })
  /** The user managed the subscription in 服务通知; so far WeChat only tells `reject`. */
  | (CommonParts & { kind: 'change'; value: string })
  /** What became of a send; `errorCode` is `0` when it arrived. `msgid` is the one the send was answered with. */
  | (CommonParts & { kind: 'sent'; msgid: string; errorCode: string; errorStatus: string })

export type EventsReading =
  | { kind: 'events'; events: PushEvent[] }
  /** A push, but about something else; `what` names it for a log: printable, at most 80 characters. */
  | { kind: 'ignored'; what: string }
  | { kind: 'malformed' }

/** The wrapper stands around `List` in XML, and in some examples in JSON too. */
const KINDS: ReadonlyMap<string, { kind: PushEvent['kind']; wrapper: string }> = new Map([
  ['subscribe_msg_popup_event', { kind: 'popup', wrapper: 'SubscribeMsgPopupEvent' }],
  ['subscribe_msg_change_event', { kind: 'change', wrapper: 'SubscribeMsgChangeEvent' }],
  ['subscribe_msg_sent_event', { kind: 'sent', wrapper: 'SubscribeMsgSentEvent' }],
])

/** The events in the fields of a push: all of them or, when one entry is not as documented, none. */
export function readEvents(fields: Fields): EventsReading {
  const type = fields.MsgType
  if (typeof type !== 'string' || type === '') return { kind: 'malformed' }
  if (type !== 'event') return { kind: 'ignored', what: forLog(type) }
  const name = fields.Event
  if (typeof name !== 'string' || name === '') return { kind: 'malformed' }
  const known = KINDS.get(name)
  if (!known) return { kind: 'ignored', what: forLog(`event ${name}`) }

  const entries = entriesOf(fields, known.wrapper)
  const events = entries.map((entry) => readEntry(known.kind, fields, entry))
  return events.length > 0 && events.every((event) => event !== undefined)
    ? { kind: 'events', events }
    : { kind: 'malformed' }
}

/** One entry is an object, several are an array (wechat-platform.md §11 P15). */
function entriesOf(fields: Fields, wrapper: string): unknown[] {
  const around = asFields(fields[wrapper]) ?? fields
  const list = around.List
  return Array.isArray(list) ? list : [list]
}

function readEntry(kind: PushEvent['kind'], fields: Fields, item: unknown): PushEvent | undefined {
  const entry = asFields(item)
  const openid = identifier(fields.FromUserName)
  const seconds = unixSeconds(fields.CreateTime)
  if (!entry || openid === undefined || seconds === undefined) return undefined
  const templateId = identifier(entry.TemplateId)
  if (templateId === undefined) return undefined
  const common = { openid, templateId, at: new Date(seconds * 1000) }

  switch (kind) {
    case 'popup':
    case 'change': {
      const value = identifier(entry.SubscribeStatusString)
      if (value === undefined) return undefined
      return { kind, key: `${kind}:${digest([openid, String(seconds), templateId])}`, ...common, value }
    }
    case 'sent': {
      const msgid = identifier(entry.MsgID)
      const errorCode = identifier(entry.ErrorCode)
      const errorStatus = storableText(entry.ErrorStatus ?? '')
      if (msgid === undefined || errorCode === undefined || errorStatus === undefined) return undefined
      return { kind, key: `sent:${msgid}`, ...common, msgid, errorCode, errorStatus }
    }
  }
}

// no identifier contains a blank, so no two lists of them join to the same text
const digest = (parts: readonly string[]) => createHash('sha256').update(parts.join(' ')).digest('base64url')

/** Openids, template ids, codes: visible ASCII. */
const identifier = (value: unknown): string | undefined =>
  typeof value === 'string' && /^[!-~]{1,128}$/.test(value) ? value : undefined

/** Text the database takes: it knows neither NUL nor half a surrogate pair. */
const storableText = (value: unknown): string | undefined =>
  typeof value === 'string' && value.length <= 200 && !/[\0\p{Cs}]/u.test(value) ? value : undefined

/** A string in the documents, a number in real pushes (wechat-platform.md §8.2). */
const unixSeconds = (value: unknown): number | undefined =>
  typeof value === 'string' && /^\d{1,10}$/.test(value) ? Number(value) : undefined

const forLog = (text: string) => text.slice(0, 80).replace(/[^ -~]/g, '?')
