import type { PrivateTemplate } from '../protocol.ts'
import type { Context } from './context.ts'
import type { SendBody } from './send.ts'
import type { User } from './state.ts'
import { templateKeys, type TemplateKey } from './templates.ts'
import { valueHint } from './template-values.ts'

// What the log adds to WeChat's own words about a send: what came, and what was expected. No answer ever carries it.

const MOST_LISTED = 5
const MOST_TEXT = 60

const quoted = (value: unknown): string => {
  const text = JSON.stringify(value) ?? '空的'
  return text.length > MOST_TEXT ? `${text.slice(0, MOST_TEXT)}…` : text
}

const listed = (names: readonly string[]): string =>
  names.length > MOST_LISTED
    ? `${names.slice(0, MOST_LISTED).join('、')} 等 ${names.length} 个`
    : names.join('、') || '（没有）'

export const openidHint = (ctx: Context, touser: unknown): string =>
  `touser 是 ${quoted(touser)}，这个小程序的用户是 ${listed([...ctx.accounts.keys()])}`

export const templateHint = (given: unknown, own: readonly PrivateTemplate[]): string =>
  `template_id 是 ${quoted(given)}，这个小程序的模板是 ${listed(own.map(({ priTmplId }) => priTmplId))}`

export function pageHint(page: unknown): string {
  if (typeof page !== 'string') return `page 应当是文字，收到 ${quoted(page)}`
  if (page.startsWith('/')) return `page 前面不要斜杠，写成 ${quoted(page.replace(/^\/+/, ''))}`
  return `app.json 里没有 ${quoted(page.split(/[?#]/)[0])} 这一页`
}

/** Of the three causes of 43101, the one it was. */
export const permissionHint = (user: User, id: string): string => {
  if (!user.mainSwitch) return '用户关了订阅消息总开关'
  if (user.kept[id] === 'reject') return '用户拒收了这个模板'
  return '这个用户的次数用完了，或从没点过允许'
}

/** Why the value of a key was not taken. */
export function keyHint(template: PrivateTemplate, { name, type }: TemplateKey, data: unknown): string {
  if (!isMembers(data)) return `data 应当是对象，收到 ${quoted(data)}`
  const { [name]: member } = data
  if (member === undefined) {
    const keys = templateKeys(template).map((key) => key.name)
    return `data 里没有 ${name}：模板的键是 ${listed(keys)}，收到的是 ${listed(Object.keys(data))}`
  }
  if (!isMembers(member) || member.value === undefined)
    return `要写成 "${name}": { "value": "…" }，收到 ${quoted(member)}`
  return `${name} ${valueHint(type, member.value)}，收到 ${quoted(member.value)}`
}

const states = ['developer', 'trial', 'formal']
const languages = ['zh_CN', 'en_US', 'zh_HK', 'zh_TW']

/** What was taken and is likely a mistake all the same. Undefined: nothing. */
export function remarkOn(template: PrivateTemplate, body: SendBody): string | undefined {
  const known = templateKeys(template).map(({ name }) => name)
  const unknown = isMembers(body.data) ? Object.keys(body.data).filter((name) => !known.includes(name)) : []
  const oneOf = (name: 'miniprogram_state' | 'lang', values: readonly string[]) => {
    const given = body[name]
    return given === undefined || values.some((value) => value === given)
      ? []
      : [`${name} 应当是 ${values.join('、')} 之一，收到 ${quoted(given)}`]
  }
  const remarks = [
    ...(unknown.length > 0 ? [`模板里没有 ${listed(unknown)}，模板的键是 ${listed(known)}`] : []),
    ...oneOf('miniprogram_state', states),
    ...oneOf('lang', languages),
  ]
  return remarks.length > 0 ? remarks.join('；') : undefined
}

const isMembers = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
