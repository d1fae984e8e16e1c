import type { PrivateTemplate, ServiceMessage } from '../protocol.ts'
import { refusal, type ApiAnswer } from './answer.ts'
import { findTemplate, findUser, type Context } from './context.ts'
import { arrive } from './phones.ts'
import { templateKeys } from './templates.ts'
import { valueProblem } from './template-values.ts'

/** The body of subscribeMessage.send as it came: JSON, its types unchecked. */
export interface SendBody {
  touser?: unknown
  template_id?: unknown
  page?: unknown
  data?: unknown
}

/**
 * wechat-platform.md §6, H36–H39. The order of the checks is not documented; here: openid, template, page,
 * data, permission. Only success spends a grant.
 */
export function sendMessage(ctx: Context, body: SendBody): ApiAnswer {
  const now = ctx.now()
  const openid = typeof body.touser === 'string' ? body.touser : ''
  const refuse = (errcode: number, errmsg: string) => refusal(now, errcode, errmsg, openid)

  const user = findUser(ctx, openid)
  if (!user) return refusal(now, 40003, 'invalid openid')
  const template = typeof body.template_id === 'string' ? findTemplate(ctx, body.template_id) : undefined
  if (!template) return refuse(40037, 'invalid template_id')
  if (template.banned) return refuse(43107, 'subscribe message is banned')
  const page = pageOf(ctx, body.page)
  if (page === 'invalid') return refuse(41030, 'invalid page')
  const filled = fill(template, body.data)
  if ('problem' in filled) return refuse(47003, `argument invalid! ${filled.problem}`)
  const { lines } = filled
  if (lines.some(({ value }) => ctx.profile.sensitiveWords.some((word) => value.includes(word))))
    return refuse(45168, 'hit sensitive word')

  const { priTmplId, type, title } = template
  const left = user.grants[priTmplId] ?? 0
  if (!user.mainSwitch || user.kept[priTmplId] === 'reject' || left <= 0)
    return refuse(43101, 'user refuse to accept the msg')
  // a long-term acceptance pays for many (wechat-platform.md §7.2)
  if (type === 2) user.grants[priTmplId] = left - 1

  const msgid = (BigInt(ctx.state.msgid) + BigInt(4096)).toString()
  ctx.state.msgid = msgid
  const message: ServiceMessage = {
    id: msgid,
    title,
    ...(page === undefined ? {} : { page }),
    lines,
    at: now,
    read: false,
  }
  arrive(ctx, openid, message)
  return { errcode: 0, body: `{"errcode":0,"errmsg":"ok","msgid":${msgid}}`, openid }
}

/** 'pages/a?x=1'; undefined when none was given. A slash in front is a switch (⚙ H38). */
function pageOf(ctx: Context, given: unknown): string | undefined {
  if (given === undefined || given === null || given === '') return undefined
  if (typeof given !== 'string') return 'invalid'
  const hasSlash = given.startsWith('/')
  if (hasSlash && ctx.profile.leadingSlash === 'refused') return 'invalid'
  const page = hasSlash ? given.slice(1) : given
  return ctx.hasPage(page.split(/[?#]/)[0] ?? '') ? page : 'invalid'
}

/** Every key of the template must be there as `{ "value": string }` (wechat-platform.md §6.1). */
function fill(
  template: PrivateTemplate,
  data: unknown,
): { lines: ServiceMessage['lines'] } | { problem: string } {
  const lines: ServiceMessage['lines'] = []
  for (const { label, name, type } of templateKeys(template)) {
    const value = memberOf(memberOf(data, name), 'value')
    const problem = valueProblem(type, value)
    if (problem) return { problem: `data.${name}.value ${problem}` }
    lines.push({ label, value: String(value) })
  }
  return { lines }
}

const memberOf = (value: unknown, name: string): unknown =>
  typeof value === 'object' && value !== null && Object.hasOwn(value, name)
    ? (value as Record<string, unknown>)[name]
    : undefined
