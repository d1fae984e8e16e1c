import type { WechatBinding } from '@leadbell/contract'
import { lockAccount } from '../db/accounts.ts'
import type { Queryable } from '../db/database.ts'
import { deleteBinding, findHolder, lockOpenid, moveBinding } from '../db/bindings.ts'
import { clearOpenidOfSessions, deleteSession, setSessionOpenid } from '../db/sessions.ts'
import type { CodeOutcome } from '../wechat/client.ts'
import type { Context } from './context.ts'
import { deliveriesChanged } from './deliveries-changed.ts'
import { matchLanesOfAccount } from './quota.ts'
import { done, refuse, wordRefusal, type Outcome, type RefusalName, type Refused } from './refusal.ts'
import type { Session } from './sessions.ts'

/** Who holds the phone, as WeChat says, or why that is not known. */
export type Identity =
  { kind: 'known'; openid: string; unionid: string | null } | { kind: 'unknown'; refused: Refused }

/** Exchanges a code of uni.login for the openid. One code is exchanged once (wechat-platform.md §3). */
export async function identify(ctx: Context, code: string): Promise<Identity> {
  const outcome = await ctx.wechat.code2Session(code)
  if (outcome.kind === 'identified')
    return { kind: 'known', openid: outcome.openid, unionid: outcome.unionid }
  const refusal = refusalOfCode[outcome.kind]
  const level = outcome.kind === 'configBroken' ? 'error' : 'warn'
  ctx.log[level]({ refusal, wechat: outcome }, 'code2Session refused')
  return { kind: 'unknown', refused: refuse(refusal) }
}

const refusalOfCode: Record<Exclude<CodeOutcome['kind'], 'identified'>, RefusalName> = {
  codeInvalid: 'wechat-code-invalid',
  highRisk: 'wechat-high-risk',
  busy: 'wechat-busy',
  configBroken: 'wechat-config-broken',
  unreachable: 'wechat-unreachable',
}

/**
 * Makes `openid` the one that rings for the account; an older one of the account is free afterwards. Another
 * account's openid is refused. Deliveries that waited for a WeChat with grants become ready.
 */
export async function bindOpenid(
  ctx: Context,
  accountId: number,
  { openid, unionid }: { openid: string; unionid: string | null },
): Promise<Refused | undefined> {
  const refused = await ctx.database.transaction(async (tx) => {
    await lockOpenid(tx, openid)
    await lockAccount(tx, accountId)
    const holder = await findHolder(tx, openid)
    if (holder && holder.accountId !== accountId) return taken(holder.username)
    await moveBinding(tx, { openid, unionid, accountId, boundAt: ctx.now() })
    await matchLanesOfAccount(tx, accountId, ctx.now())
    return undefined
  })
  if (!refused) deliveriesChanged(ctx)
  return refused
}

// the clerk at the next desk recognises the name, a stranger learns little
const taken = (username: string) => refuse('wechat-taken', { username: `${username.slice(0, 2)}***` })

/** What a login says when it went through without WeChat. */
export const unbound = (refused?: Refused): WechatBinding => ({
  bound: false,
  message: refused
    ? `已登录，但暂时收不到提醒：${wordRefusal(refused)}`
    : '已登录，但没有取得微信登录凭证，暂时收不到提醒，请稍后重新进入小程序',
})

/** Binds the WeChat of `code` to a session that was opened without one. */
export async function bindSession(
  ctx: Context,
  session: Session,
  code: string,
): Promise<Outcome<WechatBinding>> {
  const identity = await identify(ctx, code)
  if (identity.kind === 'unknown') return done(unbound(identity.refused))
  const refused = await bindOpenid(ctx, session.accountId, identity)
  if (refused) return refused
  await setSessionOpenid(ctx.database.db, session.tokenHash, identity.openid)
  return done({ bound: true })
}

/** Ends the session. With `unbind` this account's WeChat rings no more and may be bound to another account. */
export async function logout(ctx: Context, session: Session, unbind: boolean): Promise<Outcome<null>> {
  await ctx.database.transaction(async (tx) => {
    await deleteSession(tx, session.tokenHash)
    if (unbind) await unbindAccount(ctx, tx, session.accountId)
  })
  if (unbind) ctx.changed('clues', 'deliveries', 'staff')
  return done(null)
}

/** The account's WeChat rings no more and may be bound to another one; whoever is logged in stays so. */
export async function unbindAccount(ctx: Context, tx: Queryable, accountId: number): Promise<void> {
  await lockAccount(tx, accountId)
  await deleteBinding(tx, accountId)
  await clearOpenidOfSessions(tx, accountId)
  await matchLanesOfAccount(tx, accountId, ctx.now())
}
