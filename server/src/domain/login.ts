import type { LoginResult, WechatBinding } from '@leadbell/contract'
import { findAccount, type Account } from '../db/accounts.ts'
import { findHolder } from '../db/bindings.ts'
import { bindOpenid, identify, unbound } from './binding.ts'
import type { Context } from './context.ts'
import type { Credentials } from './credentials.ts'
import { done, refuse, type Outcome, type Refused } from './refusal.ts'
import { openSession, userInfo } from './sessions.ts'

export interface LoginForm extends Credentials {
  code?: string | undefined
}

/**
 * Logs in with username and password. WeChat refusing the code does not stand in the way: the session then says
 * `bound: false` and why. Only a WeChat that belongs to another account is refused, after the password.
 */
export async function login(
  ctx: Context,
  { code, ...credentials }: LoginForm,
  address: string,
): Promise<Outcome<LoginResult>> {
  const checked = await ctx.credentials.check(credentials, address)
  if (!checked.ok) return checked
  const account = checked.value
  if (account.disabledAt) return refuse('account-disabled')

  const attached = await attachWechat(ctx, account, code)
  if ('refused' in attached) return attached.refused
  return openFor(ctx, account, attached.openid, attached.wechat)
}

/** Logs in by WeChat alone, for an account that is bound to it. */
export async function loginByWechat(
  ctx: Context,
  code: string,
  address: string,
): Promise<Outcome<LoginResult>> {
  const tooMany = await ctx.limits.loginOfAddress(address)
  if (tooMany) return tooMany
  const identity = await identify(ctx, code)
  if (identity.kind === 'unknown') return identity.refused
  const holder = await findHolder(ctx.database.db, identity.openid)
  const account = holder && (await findAccount(ctx.database.db, holder.accountId))
  if (!account) return refuse('wechat-bound-to-nobody')
  if (account.disabledAt) return refuse('account-disabled')
  return openFor(ctx, account, identity.openid, { bound: true })
}

async function openFor(ctx: Context, account: Account, openid: string | null, wechat: WechatBinding) {
  const token = await openSession(ctx, account.id, openid)
  return done<LoginResult>({ token, userInfo: userInfo(account), wechat })
}

async function attachWechat(
  ctx: Context,
  account: Account,
  code: string | undefined,
): Promise<{ openid: string | null; wechat: WechatBinding } | { refused: Refused }> {
  if (code === undefined) return { openid: null, wechat: unbound() }
  const identity = await identify(ctx, code)
  if (identity.kind === 'unknown') return { openid: null, wechat: unbound(identity.refused) }
  const refused = await bindOpenid(ctx, account.id, identity)
  return refused ? { refused } : { openid: identity.openid, wechat: { bound: true } }
}
