import { and, desc, eq, ilike, or, sql } from 'drizzle-orm'
import type { Queryable } from './database.ts'
import { assignments, clues } from './schema.ts'

export type ClueRow = typeof clues.$inferSelect
export type AssignmentRow = typeof assignments.$inferSelect

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

export async function findClue(db: Queryable, id: number): Promise<ClueRow | undefined> {
  const [found] = await db.select().from(clues).where(eq(clues.id, id))
  return found
}

export async function insertClue(db: Queryable, clue: typeof clues.$inferInsert): Promise<ClueRow> {
  const [made] = await db.insert(clues).values(clue).returning()
  if (!made) throw new Error('an insert answered no row')
  return made
}

/** Gives the clue to a person if nobody edited it since `version`; undefined otherwise. */
export async function reassignClue(
  tx: Queryable,
  change: { id: number; version: number; assigneeId: number; now: Date },
): Promise<ClueRow | undefined> {
  const [changed] = await tx
    .update(clues)
    .set({ assigneeId: change.assigneeId, assignedAt: change.now, version: change.version + 1 })
    .where(and(eq(clues.id, change.id), eq(clues.version, change.version)))
    .returning()
  return changed
}

export async function insertAssignment(
  tx: Queryable,
  assignment: typeof assignments.$inferInsert,
): Promise<AssignmentRow> {
  const [made] = await tx.insert(assignments).values(assignment).returning()
  if (!made) throw new Error('an insert answered no row')
  return made
}
