import { findClueFor, type ClueRow } from '../db/clues.ts'
import type { Queryable } from '../db/database.ts'
import { done, refuse, type Outcome } from './refusal.ts'

/**
 * The lead, if it is this person's own. Who once held it is told what became of it; a stranger learns nothing, not
 * even that there is one.
 */
export async function requireOwnClue(
  db: Queryable,
  accountId: number,
  clueId: number,
): Promise<Outcome<ClueRow>> {
  const found = await findClueFor(db, clueId, accountId)
  const own = found?.clue.assigneeId === accountId
  if (!found || !(own || found.everHeld)) return refuse('clue-not-found')
  if (found.clue.deletedAt !== null) return refuse('clue-deleted')
  return own ? done(found.clue) : refuse('clue-reassigned')
}
