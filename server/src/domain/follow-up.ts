import type { Clue, ClueChange, ClueDetail, ClueNote, ClueNoteBody } from '@leadbell/contract'
import { keepNote, listNotes, type NoteRow } from '../db/clue-notes.ts'
import { lockClue, setClueRead, setClueStatus } from '../db/clues.ts'
import { requireOwnClue } from './clue-access.ts'
import { isClosed, toClue } from './clues.ts'
import type { Context } from './context.ts'
import { deliveriesChanged } from './deliveries-changed.ts'
import { parseId } from './ids.ts'
import { done, refuse, type Outcome } from './refusal.ts'
import { stopDeliveries } from './superseding.ts'

const NOTES_SHOWN = 100

/** One lead of the person's own with its newest notes. */
export async function readOwnClue(ctx: Context, accountId: number, id: string): Promise<Outcome<ClueDetail>> {
  const clueId = parseId(id)
  if (clueId === undefined) return refuse('clue-not-found')
  const { db } = ctx.database
  const own = await requireOwnClue(db, accountId, clueId)
  if (!own.ok) return own
  const notes = await listNotes(db, clueId, NOTES_SHOWN)
  return done({ ...toClue(own.value), notes: notes.map(toNote) })
}

/**
 * Sets the status of the person's own lead; a stale `version` is refused with the present lead. Nobody is rung about a
 * lead that is closed.
 */
export async function changeStatus(
  ctx: Context,
  accountId: number,
  id: string,
  { status, version }: ClueChange,
): Promise<Outcome<Clue>> {
  const clueId = parseId(id)
  if (clueId === undefined) return refuse('clue-not-found')
  const outcome = await ctx.database.transaction(async (tx): Promise<Outcome<Clue>> => {
    // ownership and version are conditions of the update itself: a reassignment at the same time makes it miss
    const changed = await setClueStatus(tx, { id: clueId, assigneeId: accountId, version, status })
    if (changed) {
      if (isClosed(status)) await stopDeliveries(ctx, tx, { clueId, reason: 'closed', now: ctx.now() })
      return done(toClue(changed))
    }
    const own = await requireOwnClue(tx, accountId, clueId)
    return own.ok ? refuse('clue-changed', {}, toClue(own.value)) : own
  })
  if (outcome.ok && isClosed(status)) deliveriesChanged(ctx)
  else if (outcome.ok) ctx.changed('clues')
  return outcome
}

/** The person has opened the lead. Only the first time counts. */
export async function markRead(ctx: Context, accountId: number, id: string): Promise<Outcome<null>> {
  const clueId = parseId(id)
  if (clueId === undefined) return refuse('clue-not-found')
  const { db } = ctx.database
  if (await setClueRead(db, { id: clueId, assigneeId: accountId, now: ctx.now() })) {
    ctx.changed('clues')
    return done(null)
  }
  const own = await requireOwnClue(db, accountId, clueId)
  return own.ok ? done(null) : own
}

/** Adds a note to the person's own lead. An id that the lead has already answers the note that is there. */
export async function addNote(
  ctx: Context,
  accountId: number,
  id: string,
  note: ClueNoteBody,
): Promise<Outcome<ClueNote>> {
  const clueId = parseId(id)
  if (clueId === undefined) return refuse('clue-not-found')
  const outcome = await ctx.database.transaction(async (tx): Promise<Outcome<ClueNote>> => {
    // nobody takes the lead away between the question and the note
    await lockClue(tx, clueId)
    const own = await requireOwnClue(tx, accountId, clueId)
    if (!own.ok) return own
    return done(toNote(await keepNote(tx, { ...note, clueId, authorId: accountId, at: ctx.now() })))
  })
  if (outcome.ok) ctx.changed('clues')
  return outcome
}

const toNote = ({ id, text, author, at }: NoteRow): ClueNote => ({ id, text, author, at: at.toISOString() })
