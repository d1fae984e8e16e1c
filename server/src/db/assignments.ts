import { and, desc, eq, inArray, isNull } from 'drizzle-orm'
import type { Queryable } from './database.ts'
import { assignments } from './schema.ts'

export type AssignmentRow = typeof assignments.$inferSelect

export async function insertAssignment(
  tx: Queryable,
  assignment: typeof assignments.$inferInsert,
): Promise<AssignmentRow> {
  const [made] = await tx.insert(assignments).values(assignment).returning()
  if (!made) throw new Error('an insert answered no row')
  return made
}

/** The lead was taken back from whoever has it. */
export async function endAssignment(
  tx: Queryable,
  recall: { clueId: number; recalledAt: Date; recalledBy: string | null; recallReason: string | null },
): Promise<void> {
  const { clueId, ...ended } = recall
  const newest = tx
    .select({ id: assignments.id })
    .from(assignments)
    .where(eq(assignments.clueId, clueId))
    .orderBy(desc(assignments.id))
    .limit(1)
  await tx
    .update(assignments)
    .set(ended)
    .where(and(inArray(assignments.id, newest), isNull(assignments.recalledAt)))
}
