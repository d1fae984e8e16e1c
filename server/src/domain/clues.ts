import type { Clue, CluePage, ClueStatus } from '@leadbell/contract'
import {
  countUnread,
  insertClue,
  listClues,
  softDeleteClue,
  type CluePosition,
  type ClueRow,
} from '../db/clues.ts'
import type { Context } from './context.ts'
import { deliveriesChanged } from './deliveries-changed.ts'
import { parseId } from './ids.ts'
import { done, refuse, type Outcome } from './refusal.ts'
import { stopDeliveries } from './superseding.ts'

export interface ClueListQuery {
  cursor?: string | undefined
  limit: number
  status?: ClueStatus | undefined
  q?: string | undefined
}

/** One page of the person's own leads, newest assignment first, and how many of all of them are unread. */
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
    unread: await countUnread(ctx.database.db, accountId),
  })
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
  ctx.changed('clues')
  return done(toClue(row))
}

/** Takes a lead away from everybody for good. Messages about it that are still unsent never go out. */
export async function deleteClue(ctx: Context, id: string): Promise<Outcome<null>> {
  const clueId = parseId(id)
  if (clueId === undefined) return refuse('clue-gone')
  const now = ctx.now()
  const deleted = await ctx.database.transaction(async (tx) => {
    if (!(await softDeleteClue(tx, clueId, now))) return false
    await stopDeliveries(ctx, tx, { clueId, reason: 'deleted', now })
    return true
  })
  if (!deleted) return refuse('clue-gone')
  // the grant that was meant for it may pay for another message
  deliveriesChanged(ctx)
  return done(null)
}

/** Nobody is to be rung about it any more. */
export const isClosed = (status: ClueStatus): boolean => status === 'won' || status === 'invalid'

/** A row as phone and back office see it. */
export function toClue(row: ClueRow): Clue {
  const { id, title, customerName, phone, remark, status, version, assigneeId } = row
  return {
    id: String(id),
    title,
    customerName,
    phone,
    remark,
    status,
    version,
    assigneeId: assigneeId === null ? null : String(assigneeId),
    assignedAt: row.assignedAt?.toISOString() ?? null,
    readAt: row.readAt?.toISOString() ?? null,
    createdAt: row.createdAt.toISOString(),
  }
}

const writeCursor = ({ assignedAt, id }: ClueRow) =>
  Buffer.from(`${assignedAt?.getTime() ?? 0}.${id}`).toString('base64url')

function readCursor(cursor: string): CluePosition | null {
  const [, time, id] = /^(\d{1,15})\.(\d{1,15})$/.exec(Buffer.from(cursor, 'base64url').toString()) ?? []
  const assignedAt = new Date(Number(time))
  return id === undefined || Number.isNaN(assignedAt.getTime()) ? null : { assignedAt, id: Number(id) }
}
