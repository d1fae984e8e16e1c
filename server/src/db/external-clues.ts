import { eq, sql } from 'drizzle-orm'
import type { ClueRow } from './clues.ts'
import type { Queryable } from './database.ts'
import { clues } from './schema.ts'

export interface ClueWords {
  title: string
  customerName: string
  phone: string
  remark: string
}

/**
 * A new lead that another system calls `externalId`; undefined when there is one already. Of two at once the second
 * waits for the first's transaction, and then there is one.
 */
export async function insertExternalClue(
  tx: Queryable,
  clue: ClueWords & { externalId: string; now: Date },
): Promise<ClueRow | undefined> {
  const { now, ...words } = clue
  const [made] = await tx
    .insert(clues)
    .values({ ...words, status: 'pending', version: 1, createdAt: now })
    .onConflictDoNothing({ target: clues.externalId })
    .returning()
  return made
}

/** The lead, be it deleted or not; nobody else changes it until the transaction ends. */
export async function lockExternalClue(tx: Queryable, externalId: string): Promise<ClueRow | undefined> {
  const [found] = await tx.select().from(clues).where(eq(clues.externalId, externalId)).for('update')
  return found
}

/** The words of a lead that the caller holds; an edit like any other. */
export async function setClueWords(tx: Queryable, id: number, words: ClueWords): Promise<ClueRow> {
  const { title, customerName, phone, remark } = words
  const [changed] = await tx
    .update(clues)
    .set({ title, customerName, phone, remark, version: sql`${clues.version} + 1` })
    .where(eq(clues.id, id))
    .returning()
  if (!changed) throw new Error('an update of a locked row answered none')
  return changed
}
