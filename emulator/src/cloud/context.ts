import type { CallRecord, PhoneEvent, PrivateTemplate } from '../protocol.ts'
import type { ClientProfile } from '../profiles.ts'
import type { ChangeBook } from './changes.ts'
import type { Delay } from './delay.ts'
import type { FaultBook } from './fault-book.ts'
import type { LogBook } from './log.ts'
import type { Account, CloudOptions } from './options.ts'
import type { CloudProfile } from './profile.ts'
import type { PushEvent } from './push/event.ts'
import type { AcceptedSend } from './send.ts'
import type { CloudState, User } from './state.ts'
import type { Timers } from './timers.ts'

/** What every function of the cloud works on: the state, and what is outside of it. */
export interface Context {
  readonly appid: string
  readonly secret: string
  /** Those it was started with; `findTemplate` knows what became of them. */
  readonly templates: readonly PrivateTemplate[]
  /** By openid, in the order they were given. */
  accounts: Map<string, Account>
  profile: CloudProfile
  readonly clientProfile: Partial<ClientProfile>
  readonly ipWhitelist: readonly string[] | undefined
  readonly hasPage: CloudOptions['hasPage']
  readonly now: () => number
  readonly timers: Timers
  readonly random: () => number
  latency: Delay
  state: CloudState
  readonly faults: FaultBook
  calls: CallRecord[]
  readonly log: LogBook
  readonly changes: ChangeBook
  /** Paths that were called and are not played. */
  readonly unknownPaths: Set<string>
  /** Tells the person at the terminal. */
  complain(line: string): void
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

/** Something was asked of the cloud that cannot be; the message is a line for whoever asked. */
export class Refused extends RangeError {}

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

/** A private template as it is now: added, changed or deleted since the start. */
export function findTemplate(ctx: Context, id: string): PrivateTemplate | undefined {
  const { added, deleted, changed } = ctx.state.templates
  if (deleted.includes(id)) return undefined
  const isIt = ({ priTmplId }: PrivateTemplate) => priTmplId === id
  const template = added.find(isIt) ?? ctx.templates.find(isIt)
  const change = template && Object.hasOwn(changed, id) ? changed[id] : undefined
  if (!template || !change) return template
  const { acceptedAs: _, ...rest } = template
  const { banned, acceptedAs } = change
  return { ...rest, banned, ...(acceptedAs && { acceptedAs }) }
}

/** All of them, oldest first. */
export const privateTemplates = (ctx: Context): PrivateTemplate[] =>
  [...ctx.templates, ...ctx.state.templates.added].flatMap(
    ({ priTmplId }) => findTemplate(ctx, priTmplId) ?? [],
  )
