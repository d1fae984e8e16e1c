import type { PushEvent } from './event.ts'

export const pushFormats = ['json', 'xml'] as const
export type PushFormat = (typeof pushFormats)[number]

/** An event in WeChat's own names; `fields` are those that all events have, in their order. */
export interface Payload {
  fields: Record<string, string | number>
  /** The tag that the entries are in, in XML. */
  wrapper: string
  entries: Record<string, string>[]
}

export interface PayloadStyle {
  /** gh_…: the mini-program's own id. */
  originalId: string
  /** A number in real pushes, a text in the documentation (⚙ H44). */
  createTime: 'number' | 'string'
}

/** `PopupScene` of a panel inside a page of the mini-program. */
const IN_A_PAGE = '0'

function entriesOf(event: PushEvent): Pick<Payload, 'wrapper' | 'entries'> & { name: string } {
  switch (event.kind) {
    case 'popup':
      return {
        name: 'subscribe_msg_popup_event',
        wrapper: 'SubscribeMsgPopupEvent',
        entries: event.choices.map(({ templateId, status }) => ({
          TemplateId: templateId,
          SubscribeStatusString: status,
          PopupScene: IN_A_PAGE,
        })),
      }
    case 'change':
      return {
        name: 'subscribe_msg_change_event',
        wrapper: 'SubscribeMsgChangeEvent',
        entries: [{ TemplateId: event.templateId, SubscribeStatusString: 'reject' }],
      }
    case 'sent':
      return {
        name: 'subscribe_msg_sent_event',
        wrapper: 'SubscribeMsgSentEvent',
        entries: [
          {
            TemplateId: event.templateId,
            MsgID: event.msgid,
            ErrorCode: event.errorCode,
            ErrorStatus: event.errorStatus,
          },
        ],
      }
  }
}

/** wechat-platform.md §8.2. */
export function payloadOf(event: PushEvent, { originalId, createTime }: PayloadStyle): Payload {
  const { name, wrapper, entries } = entriesOf(event)
  const seconds = Math.floor(event.at / 1000)
  return {
    fields: {
      ToUserName: originalId,
      FromUserName: event.openid,
      CreateTime: createTime === 'number' ? seconds : String(seconds),
      MsgType: 'event',
      Event: name,
    },
    wrapper,
    entries,
  }
}

/** `more` are members or tags beside the event's own. */
export function write(format: PushFormat, payload: Payload, more: Record<string, string> = {}): string {
  const { fields, wrapper, entries } = payload
  switch (format) {
    case 'json':
      // one entry is not put into an array (H44)
      return JSON.stringify({ ...fields, List: entries.length === 1 ? entries[0] : entries, ...more })
    case 'xml': {
      const lists = entries.map((entry) => `<List>${tags(entry)}</List>`).join('')
      return `<xml>${tags(fields)}<${wrapper}>${lists}</${wrapper}>${tags(more)}</xml>`
    }
  }
}

/** The body of a push that is encrypted throughout. */
export function writeSealed(format: PushFormat, fields: { ToUserName: string; Encrypt: string }): string {
  return format === 'json' ? JSON.stringify(fields) : `<xml>${tags(fields)}</xml>`
}

/** Numbers in the published examples, which have no CDATA around them. */
const bare = new Set(['CreateTime', 'PopupScene', 'MsgID', 'ErrorCode'])

const tags = (fields: Readonly<Record<string, string | number>>): string =>
  Object.entries(fields)
    .map(([name, value]) => `<${name}>${bare.has(name) ? value : cdata(String(value))}</${name}>`)
    .join('')

const cdata = (text: string) => `<![CDATA[${text.replaceAll(']]>', ']]]]><![CDATA[>')}]]>`
