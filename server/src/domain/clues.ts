import type { Clue, CluePage, ClueStatus } from '@leadbell/contract'
import { findClue, insertClue, listClues, type CluePosition, type ClueRow } from '../db/clues.ts'
import type { Context } from './context.ts'
import { parseId } from './ids.ts'
import { done, refuse, type Outcome } from './refusal.ts'

export interface ClueListQuery {
  cursor?: string | undefined
  limit: number
  status?: ClueStatus | undefined
  q?: string | undefined
}

/** One page of the person's own leads, newest assignment first. */
export async function listOwnClues(
  ctx: Context,
  accountId: number,
  query: ClueListQuery,
): Promise<Outcome<CluePage>> {
  const { cursor, limit, status, q } = query
  const after = cursor === undefined ? undefined : readCursor(cursor)
  if (after === null) return refuse('cursor-bad')
  // one more than asked tells whether there is another page
  const rows = await listClues(ctx.database.db, { assigneeId: accountId, status, q }, after, limit + 1)
  const shown = rows.slice(0, limit)
  const last = shown.at(-1)
  return done({
    items: shown.map(toClue),
    nextCursor: rows.length > limit && last ? writeCursor(last) : null,
  })
}

/** One lead of the person's own; another's is not found. */
export async function readOwnClue(ctx: Context, accountId: number, id: string): Promise<Outcome<Clue>> {
  const clueId = parseId(id)
  const row = clueId === undefined ? undefined : await findClue(ctx.database.db, clueId)
  return row?.assigneeId === accountId ? done(toClue(row)) : refuse('clue-not-found')
}

export interface NewClue {
  title: string
  customerName: string
  phone: string
  remark: string
}

/** A lead that nobody has yet. */
export async function createClue(ctx: Context, draft: NewClue): Promise<Outcome<Clue>> {
  const row = await insertClue(ctx.database.db, {
    ...draft,
    status: 'pending',
    version: 1,
    createdAt: ctx.now(),
  })
  return done(toClue(row))
}

/** A row as phone and back office see it. */
export function toClue(row: ClueRow): Clue {
  const { id, title, customerName, phone, remark, status, version, assigneeId, assignedAt, createdAt } = row
  return {
    id: String(id),
    title,
    customerName,
    phone,
    remark,
    status,
    version,
    assigneeId: assigneeId === null ? null : String(assigneeId),
    assignedAt: assignedAt?.toISOString() ?? null,
    createdAt: createdAt.toISOString(),
  }
}

const writeCursor = ({ assignedAt, id }: ClueRow) =>
  Buffer.from(`${assignedAt?.getTime() ?? 0}.${id}`).toString('base64url')

function readCursor(cursor: string): CluePosition | null {
  const [, time, id] = /^(\d{1,15})\.(\d{1,15})$/.exec(Buffer.from(cursor, 'base64url').toString()) ?? []
  const assignedAt = new Date(Number(time))
  return id === undefined || Number.isNaN(assignedAt.getTime()) ? null : { assignedAt, id: Number(id) }
}
