import type { CallRecord, Fault, PhoneEvent, PrivateTemplate, SubscribeValue } from '../protocol.ts'
import type { Account, CloudOptions, CloudProfile } from './options.ts'
import type { CloudState, User } from './state.ts'

/** A subscribe panel that is on a screen and has not come back yet. */
export interface OpenPanel {
  openid: string
  asked: string[]
  settled: Record<string, SubscribeValue>
}

/** What every function of the cloud works on: the state, and what is outside of it. */
export interface Context {
  readonly appid: string
  readonly secret: string
  readonly templates: readonly PrivateTemplate[]
  readonly accounts: readonly Account[]
  readonly profile: CloudProfile
  readonly hasPage: CloudOptions['hasPage']
  readonly now: () => number
  state: CloudState
  panels: OpenPanel[]
  faults: Fault[]
  calls: CallRecord[]
  emit(openid: string, event: PhoneEvent): void
}

export const findUser = (ctx: Context, openid: string): User | undefined =>
  Object.hasOwn(ctx.state.users, openid) ? ctx.state.users[openid] : undefined

export class UnknownPhone extends Error {
  constructor(openid: string) {
    super(`模拟器里没有这部手机：${openid}`)
  }
}

/** @throws UnknownPhone */
export function requireUser(ctx: Context, openid: string): User {
  const user = findUser(ctx, openid)
  if (!user) throw new UnknownPhone(openid)
  return user
}

export const findTemplate = (ctx: Context, id: string): PrivateTemplate | undefined =>
  ctx.templates.find(({ priTmplId }) => priTmplId === id)
