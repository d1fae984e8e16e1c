import { createCipheriv, createHash, randomBytes } from 'node:crypto'

/** How WeChat sends: 明文, 兼容 (plain and encrypted in one body), 安全. */
export type PushMode = 'plain' | 'compatible' | 'encrypted'
export type PushFormat = 'xml' | 'json'

type Entry = Record<string, string>

/** An event before it is written as XML or JSON; made by the builders below. */
export interface EventToPush {
  name: string
  wrapper: string
  openid: string
  at: Date
  list: Entry[]
}

export interface PushToMake {
  settings: { token: string; appid: string; aesKey?: string | undefined }
  mode: PushMode
  format: PushFormat
  event: EventToPush
  /** When WeChat signs it. */
  timestamp: Date
  /** @default 486452656 */
  nonce?: string
  /** Ways of writing that have been seen besides the documented one (wechat-platform.md §8.2). */
  spelling?: Spelling
}

export interface Spelling {
  /** `List` within `SubscribeMsg…Event`. @default true in XML, false in JSON */
  wrapper?: boolean
  /** An array even for one entry; JSON only. @default false */
  alwaysArray?: boolean
  /** `CreateTime` and `MsgID` as bare numbers; JSON only. @default false */
  numbers?: boolean
}

export interface Push {
  query: Record<string, string>
  body: string
  contentType: string
}

export const popupEvent = (
  openid: string,
  entries: { templateId: string; value: string }[],
  at: Date,
): EventToPush => ({
  name: 'subscribe_msg_popup_event',
  wrapper: 'SubscribeMsgPopupEvent',
  openid,
  at,
  list: entries.map(({ templateId, value }) => ({ ...status(templateId, value), PopupScene: '0' })),
})

export const changeEvent = (
  openid: string,
  entries: { templateId: string; value: string }[],
  at: Date,
): EventToPush => ({
  name: 'subscribe_msg_change_event',
  wrapper: 'SubscribeMsgChangeEvent',
  openid,
  at,
  list: entries.map(({ templateId, value }) => status(templateId, value)),
})

/** Without `error` the message arrived. */
export const sentEvent = (
  openid: string,
  templateId: string,
  msgid: string,
  at: Date,
  error: { code: string; status: string } = { code: '0', status: 'success' },
): EventToPush => ({
  name: 'subscribe_msg_sent_event',
  wrapper: 'SubscribeMsgSentEvent',
  openid,
  at,
  list: [{ TemplateId: templateId, MsgID: msgid, ErrorCode: error.code, ErrorStatus: error.status }],
})

const status = (TemplateId: string, SubscribeStatusString: string) => ({ TemplateId, SubscribeStatusString })

/**
 * A push as WeChat sends it: the query, the body and its content type (wechat-platform.md §8). Signs and encrypts by
 * itself, sharing nothing with the code that reads.
 */
export function makePush(push: PushToMake): Push {
  const { settings, mode, format, event, nonce = '486452656', spelling = {} } = push
  const message = format === 'xml' ? xmlOf(event, spelling) : jsonOf(event, spelling)
  const timestamp = String(Math.floor(push.timestamp.getTime() / 1000))
  const signature = sign([settings.token, timestamp, nonce])
  const query = { signature, timestamp, nonce, openid: event.openid }
  const contentType = format === 'xml' ? 'text/xml' : 'application/json'
  if (mode === 'plain') return { query, body: wrap(format, message), contentType }

  if (settings.aesKey === undefined) throw new Error('an encrypted push needs an aesKey')
  const encrypted = encryptPush(wrap(format, message), { aesKey: settings.aesKey, appid: settings.appid })
  const field = format === 'xml' ? cdata('Encrypt', encrypted) : `"Encrypt":${JSON.stringify(encrypted)}`
  const separator = format === 'xml' ? '' : ','
  const beside = mode === 'compatible' ? message : format === 'xml' ? TO_XML : TO_JSON
  return {
    query: {
      ...query,
      encrypt_type: 'aes',
      msg_signature: sign([settings.token, timestamp, nonce, encrypted]),
    },
    body: wrap(format, beside + separator + field),
    contentType,
  }
}

/** The `Encrypt` field for any message, documented or not. `pad` replaces the padding WeChat would put. */
export function encryptPush(
  message: string | Buffer,
  { aesKey, appid, pad = pkcs7 }: { aesKey: string; appid: string; pad?: (plain: Buffer) => Buffer },
): string {
  const content = Buffer.from(message)
  const length = Buffer.alloc(4)
  length.writeUInt32BE(content.length)
  return encryptBytes(pad(Buffer.concat([randomBytes(16), length, content, Buffer.from(appid)])), aesKey)
}

/** Whole blocks, encrypted as they are. */
export function encryptBytes(blocks: Buffer, aesKey: string): string {
  const key = Buffer.from(`${aesKey}=`, 'base64')
  const cipher = createCipheriv('aes-256-cbc', key, key.subarray(0, 16)).setAutoPadding(false)
  return Buffer.concat([cipher.update(blocks), cipher.final()]).toString('base64')
}

export function pkcs7(plain: Buffer): Buffer {
  const count = 32 - (plain.length % 32)
  return Buffer.concat([plain, Buffer.alloc(count, count)])
}

/** `signature` over token, timestamp and nonce; `msg_signature` over `Encrypt` as well. */
export const sign = (parts: string[]) =>
  createHash('sha1')
    .update([...parts].sort().join(''))
    .digest('hex')

const TO = 'gh_123456789abc'
const cdata = (name: string, value: string) => `<${name}><![CDATA[${value}]]></${name}>`
const TO_XML = cdata('ToUserName', TO)
const TO_JSON = `"ToUserName":"${TO}"`
const wrap = (format: PushFormat, fields: string) =>
  format === 'xml' ? `<xml>${fields}</xml>` : `{${fields}}`
const unixSeconds = (at: Date) => String(Math.floor(at.getTime() / 1000))

function xmlOf(event: EventToPush, { wrapper = true }: Spelling): string {
  const entries = event.list.map((entry) => Object.entries(entry).map(([name, value]) => cdata(name, value)))
  const list = entries.map((fields) => `<List>${fields.join('')}</List>`).join('')
  return [
    TO_XML,
    cdata('FromUserName', event.openid),
    `<CreateTime>${unixSeconds(event.at)}</CreateTime>`,
    cdata('MsgType', 'event'),
    cdata('Event', event.name),
    wrapper ? `<${event.wrapper}>${list}</${event.wrapper}>` : list,
  ].join('\n')
}

function jsonOf(event: EventToPush, spelling: Spelling): string {
  const { wrapper = false, alwaysArray = false, numbers = false } = spelling
  const number = (value: string) => (numbers ? value : JSON.stringify(value))
  const entries = event.list.map((entry) => {
    const fields = Object.entries(entry).map(
      ([name, value]) => `"${name}":${name === 'MsgID' ? number(value) : JSON.stringify(value)}`,
    )
    return `{${fields.join(',')}}`
  })
  const list = `"List":${entries.length === 1 && !alwaysArray ? entries[0] : `[${entries.join(',')}]`}`
  return [
    TO_JSON,
    `"FromUserName":${JSON.stringify(event.openid)}`,
    `"CreateTime":${number(unixSeconds(event.at))}`,
    '"MsgType":"event"',
    `"Event":"${event.name}"`,
    wrapper ? `"${event.wrapper}":{${list}}` : list,
  ].join(',')
}
