import { and, desc, eq } from 'drizzle-orm'
import type { Queryable } from './database.ts'
import { accounts, clueNotes } from './schema.ts'

/** A note with the name of who wrote it. */
export interface NoteRow {
  id: string
  text: string
  author: string
  at: Date
}

const notes = (db: Queryable) =>
  db
    .select({ id: clueNotes.id, text: clueNotes.text, author: accounts.realname, at: clueNotes.at })
    .from(clueNotes)
    .innerJoin(accounts, eq(accounts.id, clueNotes.authorId))

/** The notes on a clue, newest first, `limit` at most. */
export async function listNotes(db: Queryable, clueId: number, limit: number): Promise<NoteRow[]> {
  return notes(db)
    .where(eq(clueNotes.clueId, clueId))
    .orderBy(desc(clueNotes.at), desc(clueNotes.id))
    .limit(limit)
}

/** Stores the note unless the clue has one of this id, and answers the one that is there. */
export async function keepNote(tx: Queryable, note: typeof clueNotes.$inferInsert): Promise<NoteRow> {
  await tx.insert(clueNotes).values(note).onConflictDoNothing()
  const [kept] = await notes(tx).where(and(eq(clueNotes.clueId, note.clueId), eq(clueNotes.id, note.id)))
  if (!kept) throw new Error('a note that was stored is not there')
  return kept
}
