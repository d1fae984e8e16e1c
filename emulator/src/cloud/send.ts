import type { PrivateTemplate, ServiceMessage } from '../protocol.ts'
import { because, refusal, type ApiAnswer } from './answer.ts'
import { findTemplate, findUser, privateTemplates, type Context } from './context.ts'
import { isPushFault } from './fault-book.ts'
import { arrive } from './phones.ts'
import { sendFailed, sendSucceeded, type SendResult } from './push/event.ts'
import type { PushFault } from './push/faults.ts'
import { keyHint, openidHint, pageHint, permissionHint, remarkOn, templateHint } from './send-hints.ts'
import { templateKeys } from './templates.ts'
import { valueProblem } from './template-values.ts'

/** The body of subscribeMessage.send as it came: JSON, its types unchecked. */
export interface SendBody {
  touser?: unknown
  template_id?: unknown
  page?: unknown
  data?: unknown
  miniprogram_state?: unknown
  lang?: unknown
}

/** A send that was answered with 0, as `ledger()` tells it. */
export interface AcceptedSend {
  openid: string
  templateId: string
  msgid: string
  page?: string
  /** Value by key: `{ thing1: '城东物流园' }`. */
  data: Record<string, string>
  /** Milliseconds since 1970. */
  at: number
  /** False: the sent event reports a failure, and no card arrived. */
  arrived: boolean
}

/** 并发下发消息给同一个粉丝, wechat-platform.md §6.2. */
export const CONCURRENT = 43108

/**
 * wechat-platform.md §6, H36–H39. The order of the checks is not documented; here: openid, template, page,
 * data, permission.
 */
export function sendMessage(ctx: Context, body: SendBody): ApiAnswer {
  const now = ctx.now()
  const openid = typeof body.touser === 'string' ? body.touser : ''
  const refuse = (errcode: number, errmsg: string, why?: string) =>
    because(refusal(now, errcode, errmsg, openid), why)

  const user = findUser(ctx, openid)
  if (!user) return because(refusal(now, 40003, 'invalid openid'), openidHint(ctx, body.touser))
  if (ctx.profile.concurrentSends === 'refused' && ctx.sending.has(openid))
    return refuse(CONCURRENT, 'api concurrent send to one user')
  const template = typeof body.template_id === 'string' ? findTemplate(ctx, body.template_id) : undefined
  if (!template)
    return refuse(40037, 'invalid template_id', templateHint(body.template_id, privateTemplates(ctx)))
  if (template.banned) return refuse(43107, 'subscribe message is banned')
  const page = pageOf(ctx, body.page)
  if (page === 'invalid') return refuse(41030, 'invalid page', pageHint(body.page))
  const filled = fill(template, body.data)
  if ('problem' in filled) return refuse(47003, `argument invalid! ${filled.problem}`, filled.why)
  const { lines, data } = filled
  if (lines.some(({ value }) => ctx.profile.sensitiveWords.some((word) => value.includes(word))))
    return refuse(45168, 'hit sensitive word')

  const { priTmplId, type, title } = template
  const left = user.grants[priTmplId] ?? 0
  if (!user.mainSwitch || user.kept[priTmplId] === 'reject' || left <= 0)
    return refuse(43101, 'user refuse to accept the msg', permissionHint(user, priTmplId))
  // a long-term acceptance pays for many (wechat-platform.md §7.2)
  if (type === 2) user.grants[priTmplId] = left - 1

  const msgid = nextMsgid(ctx)
  const message: ServiceMessage = {
    id: msgid,
    templateId: priTmplId,
    title,
    ...(page === undefined ? {} : { page }),
    lines,
    at: now,
    read: false,
  }
  const failure = failureOf(ctx, openid)
  if (!failure) arrive(ctx, openid, message)
  ctx.sends?.push({
    ...{ openid, templateId: priTmplId, msgid, data, at: now, arrived: !failure },
    ...(page === undefined ? {} : { page }),
  })
  ctx.push({ kind: 'sent', openid, at: now, templateId: priTmplId, msgid, ...(failure ?? sendSucceeded) })
  const fields = { errcode: 0, errmsg: 'ok', msgid }
  const answer = { errcode: 0, body: `{"errcode":0,"errmsg":"ok","msgid":${msgid}}`, fields, openid }
  return because(answer, remarkOn(template, body))
}

const MSGIDS_A_MILLISECOND = 1_200_000n
const BETWEEN_MSGIDS = 4096n

/**
 * Above 2^53, and never one that was told before: it follows the clock, so that a reset, or a restart from a file that
 * missed the last second, does not count the same numbers again.
 */
function nextMsgid({ state, now }: Context): string {
  const next = BigInt(state.msgid) + BETWEEN_MSGIDS
  // odd, so that whoever reads it as a number gets another one
  const byClock = BigInt(now()) * MSGIDS_A_MILLISECOND + 1n
  state.msgid = String(byClock > next ? byClock : next)
  return state.msgid
}

/** H39: where the profile says so, a send that is refused costs what one that succeeds does. */
export function spendOnRefusal(ctx: Context, { touser, template_id }: SendBody): void {
  if (ctx.profile.refusedSends === 'free') return
  const user = typeof touser === 'string' ? findUser(ctx, touser) : undefined
  const template = typeof template_id === 'string' ? findTemplate(ctx, template_id) : undefined
  const left = user && template?.type === 2 ? (user.grants[template.priTmplId] ?? 0) : 0
  if (user && template && left > 0) user.grants[template.priTmplId] = left - 1
}

/** What the sent event says when the send is to fail behind the answer; undefined: it succeeds. */
function failureOf(ctx: Context, openid: string): SendResult | undefined {
  const fault = ctx.faults.fire(
    openid,
    (one): one is PushFault & { kind: 'failSend' } => isPushFault(one) && one.kind === 'failSend',
  )
  if (!fault) return undefined
  const { errorCode = sendFailed.errorCode, errorStatus = sendFailed.errorStatus } = fault
  return { errorCode, errorStatus }
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
): { lines: ServiceMessage['lines']; data: Record<string, string> } | { problem: string; why: string } {
  const lines: ServiceMessage['lines'] = []
  const values: Record<string, string> = {}
  for (const key of templateKeys(template)) {
    const { label, name, type } = key
    const value = memberOf(memberOf(data, name), 'value')
    const problem = valueProblem(type, value)
    if (problem) return { problem: `data.${name}.value ${problem}`, why: keyHint(template, key, data) }
    lines.push({ label, value: String(value) })
    values[name] = String(value)
  }
  return { lines, data: values }
}

const memberOf = (value: unknown, name: string): unknown =>
  typeof value === 'object' && value !== null && Object.hasOwn(value, name)
    ? (value as Record<string, unknown>)[name]
    : undefined
