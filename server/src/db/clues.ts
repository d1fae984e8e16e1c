import { and, count, desc, eq, exists, getTableColumns, ilike, isNull, or, sql } from 'drizzle-orm'
import type { Queryable } from './database.ts'
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

/**
 * Gives the clue, unread, to a person if nobody edited it since `version` nor deleted it; undefined otherwise.
 * `hadOwner` says whether somebody had it before.
 */
export async function reassignClue(
  tx: Queryable,
  change: { id: number; version: number; assigneeId: number; now: Date },
): Promise<{ clue: ClueRow; hadOwner: boolean } | undefined> {
  // a subquery sees the row as it was before this statement
  const before = sql<boolean>`(select b.assignee_id is not null from clues b where b.id = ${change.id})`
  const [changed] = await tx
    .update(clues)
    .set({
      assigneeId: change.assigneeId,
      assignedAt: change.now,
      readAt: null,
      version: sql`${clues.version} + 1`,
    })
    .where(and(eq(clues.id, change.id), atVersion(change.version), isNull(clues.deletedAt)))
    .returning({
      ...getTableColumns(clues),
      hadOwner: before,
    })
  if (!changed) return undefined
  const { hadOwner, ...clue } = changed
  return { clue, hadOwner }
}

/** Holds the clue until the transaction ends. */
export async function lockClueForChange(tx: Queryable, id: number): Promise<ClueRow | undefined> {
  const [held] = await tx.select().from(clues).where(eq(clues.id, id)).for('update')
  return held
}

/** Takes the clue from whoever has it, under the conditions of `reassignClue`. */
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
