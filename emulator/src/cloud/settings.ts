import type { SettingsWriteBody, SubscribeSettings } from '../protocol.ts'
import { findTemplate, requireUser, type Context } from './context.ts'
import { acceptValue } from './templates.ts'

/** H25–H27: the main switch, and the templates whose choice was kept; others are not on the page. */
export function readSettings(ctx: Context, openid: string): SubscribeSettings {
  const { mainSwitch, kept } = requireUser(ctx, openid)
  const items = Object.entries(kept).flatMap(([templateId, choice]) => {
    const template = findTemplate(ctx, templateId)
    if (!template) return []
    const value = template.banned ? 'ban' : choice === 'accept' ? acceptValue(template) : 'reject'
    return [{ templateId, title: template.title, value } as const]
  })
  return { mainSwitch, items }
}

/** Flipping gives no grant (H27), and what the page does not list cannot be flipped. */
export function writeSettings(ctx: Context, body: SettingsWriteBody): SubscribeSettings {
  const user = requireUser(ctx, body.openid)
  if (body.mainSwitch !== undefined) user.mainSwitch = body.mainSwitch
  for (const [id, choice] of Object.entries(body.items ?? {}))
    if (Object.hasOwn(user.kept, id)) user.kept[id] = choice
  emitSettings(ctx, body.openid)
  return readSettings(ctx, body.openid)
}

/**
 * 拒收 on a card in 服务通知: the choice is kept as a reject, unused grants stay but pay for nothing; the backend is
 * told (H43). @throws UnknownPhone
 */
export function refuseMessages(ctx: Context, openid: string, templateId: string): void {
  requireUser(ctx, openid).kept[templateId] = 'reject'
  emitSettings(ctx, openid)
  ctx.push({ kind: 'change', openid, at: ctx.now(), templateId })
}

export const emitSettings = (ctx: Context, openid: string): void =>
  ctx.emit(openid, { kind: 'settings', settings: readSettings(ctx, openid) })
