import type {
  HostFailure,
  PanelRow,
  PrivateTemplate,
  SubscribeCloseAnswer,
  SubscribeCloseBody,
  SubscribeOpenAnswer,
  SubscribeValue,
} from '../protocol.ts'
import { clientProfiles } from '../profiles.ts'
import { findTemplate, requireUser, type Context } from './context.ts'
import { firePhone } from './fault-book.ts'
import type { PopupChoice } from './push/event.ts'
import { emitSettings } from './settings.ts'
import type { OpenPanel, User } from './state.ts'
import { acceptValue } from './templates.ts'

/** The official failures (wechat-platform.md §1.3) that are WeChat's to decide; 10005 is the phone's. */
const failures = {
  10001: "TmplIds can't be empty",
  10002: 'Request list fail',
  10003: 'Request subscribe fail',
  10004: 'Invalid template id',
  20001: 'No template data return, verify the template id exist',
  20002: 'Templates type must be same',
  20003: 'Templates count out of max bounds',
  20004: 'The main switch is switched off',
  20005: 'This mini program was banned from subscribing messages',
  20013: 'Reject DeviceMsg Template',
} as const

const failure = (errCode: keyof typeof failures): { kind: 'fail'; failure: HostFailure } => ({
  kind: 'fail',
  failure: { errMsg: `requestSubscribeMessage:fail ${failures[errCode]}`, errCode },
})

/** A test lets the call fail: with what it says, or as if the network were lost (H15). */
function injected(
  ctx: Context,
  openid: string,
  phone: 'subscribe/open' | 'subscribe/close',
): { kind: 'fail'; failure: HostFailure } | undefined {
  const fault = firePhone(ctx.faults, openid, phone)
  if (!fault) return undefined
  const { errCode = phone === 'subscribe/open' ? 10002 : 10003, errMsg, errno } = fault
  const known = Object.entries(failures).find(([code]) => Number(code) === errCode)?.[1]
  return {
    kind: 'fail',
    failure: {
      errMsg: `requestSubscribeMessage:fail ${errMsg ?? known ?? 'system error'}`,
      errCode,
      ...(errno === undefined ? {} : { errno }),
    },
  }
}

const isAccept = (value: SubscribeValue) => value.startsWith('accept')

/** H19: one accept, one grant, up to the ceiling where there is one. An id that WeChat does not know has none (H52). */
function book(ctx: Context, user: User, results: Record<string, SubscribeValue>): void {
  const { grantCeiling } = ctx.profile
  for (const [id, value] of Object.entries(results)) {
    if (!isAccept(value) || !findTemplate(ctx, id)) continue
    const held = user.grants[id] ?? 0
    if (grantCeiling === 'none' || held < grantCeiling) user.grants[id] = held + 1
  }
}

/** H43: what the user chose on the panel; what was kept before is told only where the profile says so (H46). */
function pushPopup(
  ctx: Context,
  openid: string,
  chosen: PopupChoice[],
  settled: Record<string, SubscribeValue>,
) {
  const kept = Object.entries(settled)
    .filter(([, value]) => isAccept(value) && ctx.profile.silentPopupEvent === 'pushed')
    .map(([templateId]): PopupChoice => ({ templateId, status: 'accept' }))
  const choices = [...chosen, ...kept]
  if (choices.length > 0) ctx.push({ kind: 'popup', openid, at: ctx.now(), choices })
}

/** How many panels of one phone may wait at once; a reloaded page leaves one behind. */
const MOST_PANELS = 5

/**
 * A call of `wx.requestSubscribeMessage` up to the panel (H12, H13, H17, H20, H21, H52). `tmplIds` is whatever the
 * app passed. In a mixed call the panel shows undecided ids only and kept ones are granted when it closes.
 * @throws UnknownPhone
 */
export function openPanel(ctx: Context, openid: string, tmplIds: unknown): SubscribeOpenAnswer {
  const user = requireUser(ctx, openid)
  if (tmplIds === undefined || tmplIds === null) return failure(10001)
  if (!Array.isArray(tmplIds)) return failure(10004)
  if (tmplIds.length === 0) return failure(10001)
  if (!tmplIds.every((id): id is string => typeof id === 'string')) return failure(10004)
  if (tmplIds.length > ctx.profile.maxTemplates) return failure(20003)
  const broken = injected(ctx, openid, 'subscribe/open')
  if (broken) return broken
  if (user.network === 'none') return failure(10002)
  if (ctx.profile.banned) return failure(20005)

  const ids = [...new Set(tmplIds)]
  const isUnchecked = takesAnyId(ctx, user)
  const templates = ids.flatMap((id) => findTemplate(ctx, id) ?? (isUnchecked ? unknownTemplate(id) : []))
  if (templates.length < ids.length) return failure(20001)
  if (templates.some(({ device }) => device)) return failure(20013)
  if (new Set(templates.filter((one) => one.content !== '').map(({ type }) => type)).size > 1)
    return failure(20002)
  if (!user.mainSwitch) return failure(20004)

  const settled: Record<string, SubscribeValue> = {}
  const rows: PanelRow[] = []
  const titles = new Set<string>()
  for (const template of templates) {
    const { priTmplId: templateId, title, example, banned } = template
    const kept = user.kept[templateId]
    if (titles.has(title)) settled[templateId] = 'filter'
    else if (banned) settled[templateId] = 'ban'
    else if (kept) settled[templateId] = kept === 'accept' ? acceptValue(template) : 'reject'
    else rows.push({ templateId, title, example: example.trimEnd() })
    titles.add(title)
  }
  if (rows.length === 0) {
    book(ctx, user, settled)
    pushPopup(ctx, openid, [], settled)
    return { kind: 'silent', results: settled }
  }
  const asked = rows.map(({ templateId }) => templateId)
  const { panels } = ctx.state
  panels[openid] = [...panelsOf(ctx, openid).slice(1 - MOST_PANELS), { asked, settled }]
  return { kind: 'panel', rows, settled }
}

const panelsOf = (ctx: Context, openid: string): OpenPanel[] =>
  Object.hasOwn(ctx.state.panels, openid) ? (ctx.state.panels[openid] ?? []) : []

const takesAnyId = ({ clientProfile }: Context, { platform }: User) =>
  (clientProfile.templateIds ?? clientProfiles[platform].templateIds) === 'unchecked'

/** H52: the devtools put any id on their panel. It has no content, so it is nobody's template. */
const unknownTemplate = (id: string): PrivateTemplate => ({
  ...{ priTmplId: id, title: `模板 ${id}`, content: '', example: '', type: 2 },
})

const sameIds = (a: readonly string[], b: readonly string[]) =>
  a.length === b.length && a.every((id) => b.includes(id))

/**
 * The user pressed 允许 or 取消 (H16). Grants what was accepted and what was kept before; a row without a
 * decision is a reject. Only a panel that was opened can close, and each only once.
 * @throws UnknownPhone
 */
export function closePanel(ctx: Context, body: SubscribeCloseBody): SubscribeCloseAnswer {
  const { openid, decisions, keep } = body
  const user = requireUser(ctx, openid)
  const decided = Object.keys(decisions)
  const waiting = panelsOf(ctx, openid)
  const panel = waiting.findLast((open) => sameIds(open.asked, decided))
  if (!panel) return failure(10003)
  ctx.state.panels[openid] = waiting.filter((open) => open !== panel)
  const broken = injected(ctx, openid, 'subscribe/close')
  if (broken) return broken
  if (user.network === 'none') return failure(10003)

  const results: Record<string, SubscribeValue> = { ...panel.settled }
  const chosen: PopupChoice[] = []
  const isUnchecked = takesAnyId(ctx, user)
  for (const id of panel.asked) {
    const template = findTemplate(ctx, id)
    const decision = decisions[id] === 'accept' && (template ?? isUnchecked) ? 'accept' : 'reject'
    results[id] = decision === 'accept' && template ? acceptValue(template) : decision
    if (!template) continue
    chosen.push({ templateId: id, status: decision })
    if (keep) user.kept[id] = decision
  }
  book(ctx, user, results)
  if (keep) emitSettings(ctx, openid)
  pushPopup(ctx, openid, chosen, panel.settled)
  return { kind: 'ok', results }
}
