import type { StaffChange, StaffDetail, StaffMember, StaffPage } from '@leadbell/contract'
import { insertAccount, lockAccount } from '../db/accounts.ts'
import type { Queryable } from '../db/database.ts'
import {
  countOtherAdmins,
  deleteSessionsOf,
  findStaff,
  listStaff,
  lockAdmins,
  readNewestEntries,
  updateStaff,
  type StaffEdit,
  type StaffRow,
} from '../db/staff.ts'
import { unbindAccount } from './binding.ts'
import type { Context } from './context.ts'
import { deliveriesChanged } from './deliveries-changed.ts'
import { pageOf, readIdCursor } from './id-cursor.ts'
import { parseId } from './ids.ts'
import { wordEntry } from './ledger-words.ts'
import { hashPassword } from './passwords.ts'
import { matchLanesOfAccount } from './quota.ts'
import { done, refuse, type Outcome, type Refused } from './refusal.ts'

const SHOWN_ENTRIES = 50

export interface StaffListQuery {
  cursor?: string | undefined
  limit: number
  q?: string | undefined
  role?: StaffMember['role'] | undefined
  bound?: '0' | '1' | undefined
  maxQuota?: number | undefined
}

/** A page of all accounts, disabled ones too. With `maxQuota` only whom the bell can hardly reach. */
export async function listMembers(ctx: Context, query: StaffListQuery): Promise<Outcome<StaffPage>> {
  const { limit, q, role, bound, maxQuota } = query
  const after = readIdCursor(query.cursor)
  if (!after.ok) return after
  const filter = {
    q,
    role,
    bound: bound === undefined ? undefined : bound === '1',
    atMost: maxQuota === undefined ? undefined : { templateId: clueTemplate(ctx), quota: maxQuota },
  }
  const rows = await listStaff(ctx.database.db, filter, after.value, limit + 1)
  const { shown, nextCursor } = pageOf(rows, limit, ({ account }) => account.id)
  return done({ items: shown.map((row) => toMember(ctx, row)), nextCursor })
}

/** One person with the newest lines of the book of the WeChat that is bound now. */
export async function readMember(ctx: Context, id: string): Promise<Outcome<StaffDetail>> {
  const row = await findMember(ctx.database.db, id)
  if (!row) return refuse('account-not-found')
  const entries = row.openid ? await readNewestEntries(ctx.database.db, row.openid, SHOWN_ENTRIES) : []
  const ledger = entries.map((entry) => ({
    at: entry.at.toISOString(),
    kind: entry.kind,
    templateId: entry.templateId,
    delta: entry.delta,
    what: wordEntry(entry),
  }))
  return done({ ...toMember(ctx, row), ledger })
}

export interface NewMember {
  username: string
  realname: string
  role: StaffMember['role']
  password?: string | undefined
}

/** `passwordNeeded`: this server checks passwords itself, so that nobody could log in without one. */
export async function createMember(
  ctx: Context,
  { username, realname, role, password }: NewMember,
  { passwordNeeded }: { passwordNeeded: boolean },
): Promise<Outcome<StaffMember>> {
  if (passwordNeeded && password === undefined) return refuse('password-required')
  const passwordHash = password === undefined ? null : await hashPassword(password)
  const { db } = ctx.database
  const made = await insertAccount(db, { username, realname, role, passwordHash, createdAt: ctx.now() })
  if (!made) return refuse('username-taken', { username })
  ctx.changed('staff')
  return done(toMember(ctx, { account: made, openid: null, quota: {}, waiting: 0 }))
}

/**
 * Changes what is given. Disabling and a new password log the person out everywhere; while disabled, messages to them
 * wait, and go out when they are enabled again. What changes nothing is no edit. The last admin stays one.
 */
export async function changeMember(
  ctx: Context,
  id: string,
  change: StaffChange,
): Promise<Outcome<StaffMember>> {
  // before the transaction: it takes as long as all the rest
  const passwordHash = change.password === undefined ? undefined : await hashPassword(change.password)
  const changed = await ctx.database.transaction<Outcome<StaffRow>>(async (tx) => {
    await lockAdmins(tx)
    const row = await holdMember(tx, id)
    if (!row) return refuse('account-not-found')
    const { account } = row
    if (account.version !== change.version) return refuse('account-changed', {}, toMember(ctx, row))
    const edit = editOf(row, change, passwordHash, ctx.now())
    const refused = await refuseLastAdmin(tx, row, edit)
    if (refused) return refused
    if (Object.keys(edit).length > 0) await updateStaff(tx, account.id, edit)
    if (edit.disabledAt || edit.passwordHash) await deleteSessionsOf(tx, account.id)
    if (edit.disabledAt !== undefined) await matchLanesOfAccount(tx, account.id, ctx.now())
    return done((await findStaff(tx, account.id)) ?? row)
  })
  if (!changed.ok) return changed
  deliveriesChanged(ctx)
  // whoever was locked out for guessing may use the new one at once
  if (passwordHash !== undefined) await ctx.limits.forgiveAccount(changed.value.account.username)
  return done(toMember(ctx, changed.value))
}

function editOf(
  { account }: StaffRow,
  { realname, role, disabled }: StaffChange,
  passwordHash: string | undefined,
  now: Date,
): StaffEdit {
  const isDisabled = account.disabledAt !== null
  return {
    ...(realname !== undefined && realname !== account.realname && { realname }),
    ...(role !== undefined && role !== account.role && { role }),
    ...(disabled !== undefined && disabled !== isDisabled && { disabledAt: disabled ? now : null }),
    ...(passwordHash !== undefined && { passwordHash }),
  }
}

/** The caller has locked the admins. */
async function refuseLastAdmin(
  tx: Queryable,
  { account }: StaffRow,
  edit: StaffEdit,
): Promise<Refused | undefined> {
  const isAdmin = account.role === 'admin' && account.disabledAt === null
  const goes = (edit.role !== undefined && edit.role !== 'admin') || edit.disabledAt instanceof Date
  if (!isAdmin || !goes || (await countOtherAdmins(tx, account.id)) > 0) return undefined
  return refuse('last-admin')
}

/** Logs the person out on every device. */
export async function endSessions(ctx: Context, id: string): Promise<Outcome<null>> {
  return withMember(ctx, id, (tx, { account }) => deleteSessionsOf(tx, account.id))
}

/** The person's WeChat rings no more and may be bound to another account; they stay logged in. */
export async function unbindMember(ctx: Context, id: string): Promise<Outcome<null>> {
  return withMember(ctx, id, (tx, { account }) => unbindAccount(ctx, tx, account.id))
}

async function withMember(
  ctx: Context,
  id: string,
  work: (tx: Queryable, row: StaffRow) => Promise<void>,
): Promise<Outcome<null>> {
  const outcome = await ctx.database.transaction<Outcome<null>>(async (tx) => {
    const row = await holdMember(tx, id)
    if (!row) return refuse('account-not-found')
    await work(tx, row)
    return done(null)
  })
  if (outcome.ok) ctx.changed('clues', 'deliveries', 'staff')
  return outcome
}

async function holdMember(tx: Queryable, id: string): Promise<StaffRow | undefined> {
  const accountId = parseId(id)
  if (accountId === undefined) return undefined
  await lockAccount(tx, accountId)
  return findStaff(tx, accountId)
}

async function findMember(db: Queryable, id: string): Promise<StaffRow | undefined> {
  const accountId = parseId(id)
  return accountId === undefined ? undefined : findStaff(db, accountId)
}

function clueTemplate({ templates }: Context): string {
  const template = templates.find(({ purpose }) => purpose === 'clue-assigned')
  if (!template) throw new Error('no template for clue-assigned, which the configuration promises')
  return template.templateId
}

function toMember({ templates }: Context, { account, openid, quota, waiting }: StaffRow): StaffMember {
  const { id, username, realname, role, version } = account
  return {
    id: String(id),
    username,
    realname,
    role,
    version,
    disabled: account.disabledAt !== null,
    bound: openid !== null,
    quota: Object.fromEntries(templates.map(({ templateId }) => [templateId, quota[templateId] ?? 0])),
    waiting,
    lastSeenAt: account.lastSeenAt?.toISOString() ?? null,
    createdAt: account.createdAt.toISOString(),
  }
}
