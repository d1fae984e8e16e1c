import { authorizations, networkTypes, newPhone, themes } from '../phone-settings.ts'
import { platforms } from '../profiles.ts'
import type { SavedState } from '../protocol.ts'
import type { Account } from './options.ts'
import { newState, newUser, type CloudState } from './state.ts'

/** A file that is no state of this emulator; the message says what is wrong in one line. */
export class BadState extends Error {}

const stop = (message: string): never => {
  throw new BadState(message)
}

type Check = (value: unknown, name: string) => void
type Members = Readonly<Record<string, unknown>>

const isMembers = (value: unknown): value is Members =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

const must =
  (isGood: (value: unknown) => boolean, what: string): Check =>
  (value, name) => {
    if (!isGood(value)) stop(`存档里的 ${name} 应当是${what} (malformed)`)
  }
const text = must((value) => typeof value === 'string' && value !== '', '文字')
const flag = must((value) => typeof value === 'boolean', ' true 或 false')
const time = must((value) => typeof value === 'number' && Number.isFinite(value), '数')
const count = must((value) => Number.isInteger(value) && Number(value) >= 0, '不小于 0 的整数')
const oneOf = (...choices: readonly unknown[]) =>
  must((value) => choices.includes(value), ` ${choices.map(String).join('、')} 之一`)

const maybe =
  (check: Check): Check =>
  (value, name) => {
    if (value !== undefined) check(value, name)
  }
const listOf =
  (check: Check): Check =>
  (value, name) => {
    if (!Array.isArray(value)) return stop(`存档里的 ${name} 应当是列表 (must be a list)`)
    value.forEach((item, n) => check(item, `${name}[${n}]`))
  }
const mapOf =
  (check: Check): Check =>
  (value, name) => {
    if (!isMembers(value)) return stop(`存档里的 ${name} 应当是对象 (must be an object)`)
    for (const [key, item] of Object.entries(value)) check(item, `${name}.${key}`)
  }
/** Unknown members are left alone: a newer emulator may know more. */
const shape =
  (members: Readonly<Record<string, Check>>): Check =>
  (value, name) => {
    if (!isMembers(value)) return stop(`存档里的 ${name} 应当是对象 (must be an object)`)
    for (const [member, check] of Object.entries(members)) check(value[member], `${name}.${member}`)
  }

const choice = oneOf('accept', 'reject')
const template = shape({
  ...{
    priTmplId: text,
    title: text,
    content: text,
    example: must((value) => typeof value === 'string', '文字'),
  },
  ...{ type: oneOf(2, 3), banned: maybe(flag), acceptedAs: maybe(text) },
})
const accountShape = shape({ openid: text, nickname: must((value) => typeof value === 'string', '文字') })
const user = shape({
  ...{ mainSwitch: flag, kept: mapOf(choice), grants: mapOf(count), undelivered: listOf(text) },
  messages: listOf(
    shape({
      ...{ id: text, templateId: maybe(text), title: text, page: maybe(text), at: time, read: flag },
      lines: listOf(shape({ label: must((value) => typeof value === 'string', '文字'), value: text })),
    }),
  ),
  ...{ sessionKey: maybe(text), sessionAt: maybe(time) },
  // a file of an older emulator knows fewer of the knobs
  ...{ network: maybe(oneOf(...networkTypes)), theme: maybe(oneOf(...themes)), fontSize: maybe(time) },
  ...{ notifications: maybe(oneOf(...authorizations)), platform: maybe(oneOf(...platforms)) },
  ...{ weakNetwork: maybe(flag), privacyConsent: maybe(flag) },
})
const cloud = shape({
  version: oneOf(1),
  appid: maybe(text),
  accounts: maybe(listOf(accountShape)),
  users: mapOf(user),
  codes: mapOf(shape({ openid: text, issuedAt: time, used: flag })),
  tokens: listOf(shape({ token: text, kind: oneOf('plain', 'stable'), expiresAt: time, killed: flag })),
  forcedAt: listOf(time),
  msgid: must((value) => typeof value === 'string' && /^\d+$/.test(value), '数字'),
  templates: maybe(
    shape({ added: listOf(template), deleted: listOf(text), changed: mapOf(shape({ banned: maybe(flag) })) }),
  ),
  panels: maybe(mapOf(listOf(shape({ asked: listOf(text), settled: mapOf(text) })))),
  quota: maybe(shape({ day: count, used: mapOf(count), clearedAt: listOf(time) })),
  aheadMs: maybe(time),
  pushes: maybe(
    listOf(
      shape({
        event: shape({ kind: oneOf('popup', 'change', 'sent'), openid: text, at: time }),
        attempts: listOf(shape({ at: time, answer: shape({ kind: text }) })),
        ...{ begun: count, nextAt: time, rounds: count, timeoutMs: time },
        request: maybe(shape({ method: oneOf('GET', 'POST'), url: text })),
      }),
    ),
  ),
})

export interface Restored {
  cloud: CloudState
  storage?: Record<string, string>
}

/**
 * What `save()` gave, or a state file of an older emulator, with the accounts of today beside those it knows.
 * @throws BadState when it is something else, or another app's
 */
export function readState(saved: unknown, appid: string, accounts: readonly Account[]): Restored {
  if (!isMembers(saved)) return stop('存档应当是一个 JSON 对象 (must be an object)')
  if (saved.version !== 1)
    return stop('这不是模拟器的存档，或是更新的模拟器写的 (not a state of this emulator)')
  const isOld = saved.cloud === undefined && saved.users !== undefined
  const { storage } = saved as Partial<SavedState>
  maybe(mapOf(must((value) => typeof value === 'string', '文字')))(storage, 'storage')
  const given = isOld ? saved : saved.cloud
  cloud(given, 'cloud')
  const state = structuredClone(given) as Partial<CloudState> & Pick<CloudState, 'users'>
  if (state.appid !== undefined && state.appid !== appid)
    return stop(`存档是 ${state.appid} 的，模拟器现在是 ${appid}：换回那个小程序再恢复 (of another app)`)
  const all = new Map([...(state.accounts ?? []), ...accounts].map((account) => [account.openid, account]))
  const together = [
    ...accounts,
    ...[...all.values()].filter(({ openid }) => !accounts.some((one) => one.openid === openid)),
  ]
  const fresh = newState(appid, together)
  const users = Object.fromEntries(
    Object.entries(state.users).map(([openid, one]) => [openid, { ...newPhone, ...newUser(), ...one }]),
  )
  return {
    cloud: { ...fresh, ...state, appid, accounts: together, users: { ...fresh.users, ...users } },
    ...(storage && { storage }),
  }
}
