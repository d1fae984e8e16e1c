import { randomInt } from 'node:crypto'
import type { AssignResult } from '@leadbell/contract'
import { findAccount, findAccountByUsername, findFirstAccount, type Account } from '../db/accounts.ts'
import { findHolder } from '../db/bindings.ts'
import { keepNote } from '../db/clue-notes.ts'
import { insertAssignment } from '../db/assignments.ts'
import { insertClue, giveClueTo, setClueRead, setClueStatus, type OwnedClue } from '../db/clues.ts'
import type { Queryable } from '../db/database.ts'
import { createAccount } from './accounts.ts'
import { assignClue } from './assignment.ts'
import { createClue } from './clues.ts'
import type { Context } from './context.ts'
import { refuse, type Outcome } from './refusal.ts'
import { makeTrialClue, makeTrialFollowUp } from './trial-clues.ts'

export const TRIAL_PASSWORD = 'leadbell-demo'
export const trialStaff = [
  { username: 'chen', realname: '陈小舟' },
  { username: 'lin', realname: '林可' },
  { username: 'zhao', realname: '赵一鸣' },
] as const
/** They have no leads yet. */
export const trialNewcomers = [
  { username: 'sun', realname: '孙晓楠' },
  { username: 'xu', realname: '许言' },
] as const

/** The back office of the demo. */
export const trialAdmin = { username: 'wang', realname: '王主管', role: 'admin' } as const
/** How to get into it, for the login page. */
export const trialLogin = `${trialAdmin.username} / ${TRIAL_PASSWORD}`

const CLUES = 25
/** Every fourth is left for the back office to assign. */
const isAssigned = (n: number) => n % 4 !== 3

/**
 * Fills an empty database with demo staff and leads, the older ones opened and followed up; true when it did. No
 * messages are queued for these.
 */
export async function seedTrial(ctx: Context): Promise<boolean> {
  return ctx.database.transaction(async (tx) => {
    if (await findFirstAccount(tx)) return false
    const now = ctx.now()
    const staff: Account[] = []
    for (const person of trialStaff) {
      const made = await createAccount(tx, { ...person, password: TRIAL_PASSWORD }, now)
      if (made) staff.push(made)
    }
    for (const person of [...trialNewcomers, trialAdmin])
      await createAccount(tx, { ...person, password: TRIAL_PASSWORD }, now)
    for (let n = 0; n < CLUES; n++) await seedClue(tx, n, staff[n % staff.length], now)
    return true
  })
}

async function seedClue(tx: Queryable, n: number, owner: Account | undefined, now: Date): Promise<void> {
  const assignedAt = workingHour(now, CLUES - 1 - n)
  const createdAt = new Date(assignedAt.getTime() - 25 * MINUTE_MS)
  const clue = await insertClue(tx, { ...makeTrialClue(n), status: 'pending', version: 1, createdAt })
  if (!owner || !isAssigned(n)) return
  await giveClueTo(tx, { id: clue.id, version: 1, assigneeId: owner.id, now: assignedAt })
  await insertAssignment(tx, {
    clueId: clue.id,
    assigneeId: owner.id,
    clueVersion: 2,
    assignedBy: trialAdmin.realname,
    assignedAt,
  })
  await followUp(tx, n, { id: clue.id, assigneeId: owner.id }, assignedAt)
}

async function followUp(tx: Queryable, n: number, clue: OwnedClue, assignedAt: Date): Promise<void> {
  const made = makeTrialFollowUp(n)
  if (!made) return
  const readAt = new Date(assignedAt.getTime() + 10 * MINUTE_MS)
  await setClueRead(tx, { ...clue, now: readAt })
  await setClueStatus(tx, { ...clue, version: 2, status: made.status })
  for (const [m, text] of made.notes.entries()) {
    const at = new Date(readAt.getTime() + (m + 1) * DAY_MS)
    await keepNote(tx, { clueId: clue.id, id: `trial-note-${m}`, authorId: clue.assigneeId, text, at })
  }
}

const MINUTE_MS = 60_000
const HOUR_MS = 60 * MINUTE_MS
const DAY_MS = 24 * HOUR_MS
const CHINA_MS = 8 * HOUR_MS
const OFFICE_HOURS = [16, 14, 11, 9] as const

/** Going back from yesterday, four a day: nobody assigns leads at night. */
function workingHour(now: Date, back: number): Date {
  const today = Math.floor((now.getTime() + CHINA_MS) / DAY_MS) * DAY_MS - CHINA_MS
  const hour = OFFICE_HOURS[back % OFFICE_HOURS.length] ?? OFFICE_HOURS[0]
  const minutes = (back * 17) % 50
  return new Date(
    today - (1 + Math.floor(back / OFFICE_HOURS.length)) * DAY_MS + hour * HOUR_MS + minutes * MINUTE_MS,
  )
}

/**
 * Makes up a lead and assigns it as the back office would: to who holds `openid`, else to `username`, else to the
 * first demo account. The message says what to expect on the phone.
 */
export async function assignTrialClue(
  ctx: Context,
  to: { username?: string | undefined; openid?: string | undefined },
): Promise<Outcome<AssignResult>> {
  const assignee = await findTrialAssignee(ctx.database.db, to)
  if (!assignee) return refuse('trial-assignee-unknown')
  const clue = await createClue(ctx, makeTrialClue(randomInt(10_000)))
  if (!clue.ok) return clue
  const order = { assigneeId: String(assignee.id), version: clue.value.version }
  const assigned = await assignClue(ctx, '后台（演示）', clue.value.id, order)
  if (!assigned.ok) return assigned
  const { delivery } = assigned.value
  const given = `已把「${clue.value.title}」分给 ${assignee.realname}（${assignee.username}）`
  return { ...assigned, message: delivery.reason === null ? given : `${given}。${delivery.reason}` }
}

async function findTrialAssignee(
  db: Queryable,
  { username, openid }: { username?: string | undefined; openid?: string | undefined },
): Promise<Account | undefined> {
  const holder = openid === undefined ? undefined : await findHolder(db, openid)
  if (holder) return findAccount(db, holder.accountId)
  if (username !== undefined) return findAccountByUsername(db, username)
  // a phone that has not logged in yet is nobody's: the first of the staff will hear of it later
  return findFirstAccount(db)
}
