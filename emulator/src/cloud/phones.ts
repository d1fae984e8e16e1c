import { randomBytes } from 'node:crypto'
import { newPhone, type PhoneSettings } from '../phone-settings.ts'
import type { NewAccount, PhoneState, ServiceMessage } from '../protocol.ts'
import { Refused, requireUser, type Context } from './context.ts'
import { newUser, type User } from './state.ts'

/** How many cards 服务通知 keeps. */
const MOST_MESSAGES = 200

/** @throws UnknownPhone */
export function phoneState(ctx: Context, openid: string): PhoneState {
  const user = requireUser(ctx, openid)
  return { openid, nickname: ctx.accounts.get(openid)?.nickname ?? openid, ...settingsIn(user) }
}

/** Every phone that can be opened. */
export const phoneStates = (ctx: Context): PhoneState[] =>
  [...ctx.accounts.keys()].map((openid) => phoneState(ctx, openid))

/** Somebody signs in on a phone more. @throws Refused when the openid is somebody's already */
export function addPhone(ctx: Context, { openid = newOpenid(), ...given }: NewAccount): PhoneState {
  if (ctx.accounts.has(openid)) throw new Refused(`openid ${openid} 已经有人用了 (taken)`)
  const account = { ...given, openid }
  ctx.accounts.set(openid, account)
  ctx.state.accounts.push(account)
  ctx.state.users[openid] = newUser(account)
  return phoneState(ctx, openid)
}

/** 28 characters, the first an o. */
const newOpenid = () => `o${randomBytes(21).toString('base64url').slice(0, 27)}`

export type PhoneChange = Partial<PhoneSettings>

const knobs = Object.keys(newPhone) as (keyof PhoneSettings)[]

/** The knobs among the members of `source`; what is undefined is left out. */
const settingsIn = <T extends PhoneChange>(source: T) =>
  Object.fromEntries(
    knobs.flatMap((knob) => (source[knob] === undefined ? [] : [[knob, source[knob]]])),
  ) as Pick<T, keyof PhoneSettings>

/** Turns a phone's knobs. What waited for the network arrives when it is back. @throws UnknownPhone */
export function changePhone(ctx: Context, openid: string, change: PhoneChange): PhoneState {
  const user = requireUser(ctx, openid)
  Object.assign(user, settingsIn(change))
  ctx.emit(openid, { kind: 'state', state: phoneState(ctx, openid) })
  deliverWaiting(ctx, openid, user)
  return phoneState(ctx, openid)
}

/** A message reaches 服务通知, or waits for a phone that is offline. */
export function arrive(ctx: Context, openid: string, message: ServiceMessage): void {
  const user = requireUser(ctx, openid)
  user.messages = [...user.messages, message].slice(-MOST_MESSAGES)
  // an older one has left 服务通知 before it came
  user.undelivered = [...user.undelivered, message.id].slice(-MOST_MESSAGES)
  deliverWaiting(ctx, openid, user)
}

function deliverWaiting(ctx: Context, openid: string, user: User): void {
  if (user.network === 'none') return
  const waiting = new Set(user.undelivered)
  user.undelivered = []
  for (const message of user.messages)
    if (waiting.has(message.id)) ctx.emit(openid, { kind: 'message', message })
}

/** What has arrived on the phone, newest last. @throws UnknownPhone */
export function messages(ctx: Context, openid: string): ServiceMessage[] {
  const user = requireUser(ctx, openid)
  return user.messages.filter(({ id }) => !user.undelivered.includes(id))
}

/** @throws UnknownPhone */
export function markRead(ctx: Context, openid: string, id: string): void {
  const message = requireUser(ctx, openid).messages.find((candidate) => candidate.id === id)
  if (message) message.read = true
}
