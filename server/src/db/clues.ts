import { and, count, desc, eq, exists, ilike, isNull, or, sql } from 'drizzle-orm'
import type { Queryable } from './database.ts'
import { runNamed, type NamedStatement } from './named.ts'
import { assignments, clues } from './schema.ts'

export type ClueRow = typeof clues.$inferSelect

/** Where a page ended: the last row's place in the order of the list. */
export interface CluePosition {
  assignedAt: Date
  id: number
}

export interface ClueFilter {
  assigneeId: number
  status?: ClueRow['status'] | undefined
  /** Part of the title, the customer's name or the phone number. */
  q?: string | undefined
}

/** The person's leads, newest assignment first, `limit` of them after `after`. */
export async function listClues(
  db: Queryable,
  filter: ClueFilter,
  after: CluePosition | undefined,
  limit: number,
): Promise<ClueRow[]> {
  const { assigneeId, status, q } = filter
  const pattern = q ? `%${q.replace(/[\\%_]/g, '\\$&')}%` : undefined
  return db
    .select()
    .from(clues)
    .where(
      and(
        eq(clues.assigneeId, assigneeId),
        isNull(clues.deletedAt),
        status && eq(clues.status, status),
        pattern
          ? or(ilike(clues.title, pattern), ilike(clues.customerName, pattern), ilike(clues.phone, pattern))
          : undefined,
        after &&
          sql`(${clues.assignedAt}, ${clues.id}) < (${after.assignedAt.toISOString()}::timestamptz, ${after.id}::bigint)`,
      ),
    )
    .orderBy(sql`${clues.assignedAt} desc nulls last`, desc(clues.id))
    .limit(limit)
}

/** How many of the person's leads nobody has opened since they were assigned. */
export async function countUnread(db: Queryable, assigneeId: number): Promise<number> {
  const [counted] = await db
    .select({ unread: count() })
    .from(clues)
    .where(and(eq(clues.assigneeId, assigneeId), isNull(clues.readAt), isNull(clues.deletedAt)))
  return counted?.unread ?? 0
}

/** The clue, be it deleted or not. */
export async function findClue(db: Queryable, id: number): Promise<ClueRow | undefined> {
  const [found] = await db.select().from(clues).where(eq(clues.id, id))
  return found
}

/** The clue, and whether it was ever this person's: both as of one moment. */
export async function findClueFor(
  db: Queryable,
  id: number,
  accountId: number,
): Promise<{ clue: ClueRow; everHeld: boolean } | undefined> {
  const held = db
    .select({ one: sql`1` })
    .from(assignments)
    .where(and(eq(assignments.clueId, clues.id), eq(assignments.assigneeId, accountId)))
  const [found] = await db
    .select({ clue: clues, everHeld: sql<boolean>`${exists(held)}` })
    .from(clues)
    .where(eq(clues.id, id))
  return found
}

/** Until the transaction ends nobody reassigns or deletes the clue; others may hold it in the same way. */
export async function lockClue(tx: Queryable, id: number): Promise<void> {
  await tx.execute(sql`select 1 from ${clues} where ${clues.id} = ${id} for share`)
}

export async function insertClue(db: Queryable, clue: typeof clues.$inferInsert): Promise<ClueRow> {
  const [made] = await db.insert(clues).values(clue).returning()
  if (!made) throw new Error('an insert answered no row')
  return made
}

// numeric: a number that no integer column can hold is a stale version too, not an error
const atVersion = (version: number) => sql`${clues.version} = ${version}::numeric`

const giveClue: NamedStatement = {
  name: 'give_clue',
  text: `
    with assignee as (
      select a.id, a.disabled_at from accounts a where a.id = $3 for key share
    ),
    given as (
      update clues c set assignee_id = $3, assigned_at = $4, read_at = null, version = c.version + 1
      where c.id = $1 and c.version = $2::numeric and c.deleted_at is null
        and exists (select 1 from assignee where disabled_at is null)
      returning c.title, c.customer_name, c.phone, c.remark, c.status, c.version, c.external_id, c.created_at,
        -- a subquery sees the row as it was before this statement
        (select b.assignee_id is not null from clues b where b.id = $1) as had_owner
    )
    select assignee.disabled_at, given.* from assignee left join given on true`,
}

interface GivenRow extends Record<string, unknown> {
  disabled_at: string | null
  title: string | null
  customer_name: string
  phone: string
  remark: string
  status: ClueRow['status']
  version: number
  external_id: string | null
  created_at: string
  had_owner: boolean
}

export type GivenClue =
  | { kind: 'given'; clue: ClueRow; hadOwner: boolean }
  /** Another version, deleted, or none. */
  | { kind: 'not-given' }
  | { kind: 'no-account' }
  | { kind: 'disabled' }

/**
 * Gives the clue, unread, to a person whose account is enabled, if nobody edited it since `version` nor deleted it.
 * `hadOwner` says whether somebody had it before. Until the transaction ends no WeChat is bound to the account or
 * taken from it. One statement.
 */
export async function giveClueTo(
  tx: Queryable,
  change: { id: number; version: number; assigneeId: number; now: Date },
): Promise<GivenClue> {
  const { id, version, assigneeId, now } = change
  const [row] = await runNamed<GivenRow>(tx, giveClue, [id, version, assigneeId, now.toISOString()])
  if (!row) return { kind: 'no-account' }
  if (row.disabled_at !== null) return { kind: 'disabled' }
  if (row.title === null) return { kind: 'not-given' }
  return {
    kind: 'given',
    hadOwner: row.had_owner,
    clue: {
      id,
      title: row.title,
      customerName: row.customer_name,
      phone: row.phone,
      remark: row.remark,
      status: row.status,
      version: row.version,
      externalId: row.external_id,
      assigneeId,
      assignedAt: now,
      readAt: null,
      createdAt: new Date(row.created_at),
      deletedAt: null,
    },
  }
}

/** Holds the clue until the transaction ends. */
export async function lockClueForChange(tx: Queryable, id: number): Promise<ClueRow | undefined> {
  const [held] = await tx.select().from(clues).where(eq(clues.id, id)).for('update')
  return held
}

/** Takes the clue from whoever has it, if nobody edited it since `version` nor deleted it. */
export async function unassignClue(
  tx: Queryable,
  change: { id: number; version: number },
): Promise<ClueRow | undefined> {
  const [changed] = await tx
    .update(clues)
    .set({ assigneeId: null, assignedAt: null, readAt: null, version: sql`${clues.version} + 1` })
    .where(and(eq(clues.id, change.id), atVersion(change.version), isNull(clues.deletedAt)))
    .returning()
  return changed
}

/** Whose clue it is said to be: a change goes through while it is, and is not deleted. */
export interface OwnedClue {
  id: number
  assigneeId: number
}

const stillOwned = ({ id, assigneeId }: OwnedClue) =>
  and(eq(clues.id, id), eq(clues.assigneeId, assigneeId), isNull(clues.deletedAt))

/**
 * Sets the status if nobody edited the clue since `version`; undefined otherwise, or when it is not this person's.
 * The status it has already is no edit, so that `version` stays.
 */
export async function setClueStatus(
  db: Queryable,
  change: OwnedClue & { version: number; status: ClueRow['status'] },
): Promise<ClueRow | undefined> {
  const { status, version } = change
  const [changed] = await db
    .update(clues)
    .set({ status, version: sql`${clues.version} + (${clues.status} <> ${status})::int` })
    .where(and(stillOwned(change), atVersion(version)))
    .returning()
  return changed
}

/** Takes the unread mark away; false when there is none, or the clue is not this person's. */
export async function setClueRead(db: Queryable, clue: OwnedClue & { now: Date }): Promise<boolean> {
  const opened = await db
    .update(clues)
    .set({ readAt: clue.now })
    .where(and(stillOwned(clue), isNull(clues.readAt)))
    .returning({ id: clues.id })
  return opened.length > 0
}

/** Hides the clue for good; false when it is not there or was deleted before. */
export async function softDeleteClue(tx: Queryable, id: number, now: Date): Promise<boolean> {
  const deleted = await tx
    .update(clues)
    .set({ deletedAt: now })
    .where(and(eq(clues.id, id), isNull(clues.deletedAt)))
    .returning({ id: clues.id })
  return deleted.length > 0
}
