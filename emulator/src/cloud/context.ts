import type { CallRecord, Fault, PhoneEvent, PrivateTemplate, SubscribeValue } from '../protocol.ts'
import type { Delay } from './delay.ts'
import type { Account, CloudOptions, CloudProfile } from './options.ts'
import type { PushEvent } from './push/event.ts'
import type { PushFault } from './push/faults.ts'
import type { AcceptedSend } from './send.ts'
import type { CloudState, User } from './state.ts'
import type { Timers } from './timers.ts'

/** A subscribe panel that is on a screen and has not come back yet. */
export interface OpenPanel {
  asked: string[]
  settled: Record<string, SubscribeValue>
}

/** What every function of the cloud works on: the state, and what is outside of it. */
export interface Context {
  readonly appid: string
  readonly secret: string
  readonly templates: readonly PrivateTemplate[]
  /** By openid, in the order they were given. */
  readonly accounts: ReadonlyMap<string, Account>
  readonly profile: CloudProfile
  readonly hasPage: CloudOptions['hasPage']
  readonly now: () => number
  readonly timers: Timers
  readonly random: () => number
  latency: Delay
  state: CloudState
  /** By openid, newest last. */
  panels: Map<string, OpenPanel[]>
  faults: Fault[]
  pushFaults: PushFault[]
  calls: CallRecord[]
  /** How many sends to this openid are not answered yet. */
  sending: Map<string, number>
  /** Undefined: nobody asked to keep them. */
  sends: AcceptedSend[] | undefined
  /** When codes that are over were last thrown away. */
  codesSweptAt: number
  emit(openid: string, event: PhoneEvent): void
  /** Tells the backend, some time after this. */
  push(event: PushEvent): void
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
