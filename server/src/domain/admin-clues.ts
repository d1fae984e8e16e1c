import type {
  AdminClue,
  AdminClueDetail,
  AdminCluePage,
  ClueEdit,
  ClueStatus,
  Delivery,
} from '@leadbell/contract'
import {
  findAdminClue,
  listAdminClues,
  listTurns,
  updateClue,
  type AdminCluePlace,
  type AdminClueRow,
  type ClueFields,
} from '../db/admin-clues.ts'
import { listNotes } from '../db/clue-notes.ts'
import { lockClueForChange, type ClueRow } from '../db/clues.ts'
import type { Queryable } from '../db/database.ts'
import { toClue } from './clues.ts'
import type { Context } from './context.ts'
import { deliveriesChanged } from './deliveries-changed.ts'
import { wordReason } from './delivery-reasons.ts'
import { pageOf } from './id-cursor.ts'
import { parseId } from './ids.ts'
import { done, refuse, type Outcome } from './refusal.ts'
import { stopDeliveries } from './superseding.ts'

const SHOWN_NOTES = 100
const SHOWN_TURNS = 100

export interface AdminClueListQuery {
  cursor?: string | undefined
  limit: number
  status?: ClueStatus | undefined
  q?: string | undefined
  assigneeId?: string | undefined
  unassigned?: '1' | undefined
  /** @default newest */
  order?: 'newest' | 'unassigned-first' | undefined
}

/** A page of everybody's leads. The id of nobody finds none. */
export async function listAllClues(ctx: Context, query: AdminClueListQuery): Promise<Outcome<AdminCluePage>> {
  const { limit, status, q } = query
  const unassignedFirst = query.order === 'unassigned-first'
  const after = readPlace(query.cursor, unassignedFirst)
  if (!after.ok) return after
  const filter = {
    status,
    q,
    // no account has the id 0
    assigneeId: query.assigneeId === undefined ? undefined : (parseId(query.assigneeId) ?? 0),
    unassigned: query.unassigned === '1',
  }
  const order = { unassignedFirst, after: after.value }
  const rows = await listAdminClues(ctx.database.db, filter, order, limit + 1)
  const { shown, nextCursor } = pageOf(rows, limit, ({ clue }) =>
    unassignedFirst ? `${clue.assigneeId === null ? 'u' : 'a'}${clue.id}` : clue.id,
  )
  return done({ items: shown.map(toAdminClue), nextCursor })
}

/** Each order has cursors of its own: with `unassignedFirst` they begin with the part that the page ended in. */
function readPlace(
  cursor: string | undefined,
  unassignedFirst: boolean,
): Outcome<AdminCluePlace | undefined> {
  if (cursor === undefined) return done(undefined)
  const text = Buffer.from(cursor, 'base64url').toString()
  const [, part, digits = ''] = (unassignedFirst ? /^([ua])(.*)$/s : /^()(.*)$/s).exec(text) ?? []
  const id = parseId(digits)
  return id === undefined ? refuse('cursor-bad') : done({ id, unassigned: part === 'u' })
}

/** One lead with its newest notes and who had it when, the last hundred of each. */
export async function readClue(ctx: Context, id: string): Promise<Outcome<AdminClueDetail>> {
  const clueId = parseId(id)
  const { db } = ctx.database
  const row = clueId === undefined ? undefined : await findAdminClue(db, clueId)
  if (!row) return refuse('clue-gone')
  const notes = await listNotes(db, row.clue.id, SHOWN_NOTES)
  const turns = await listTurns(db, row.clue.id, SHOWN_TURNS)
  return done({
    ...toAdminClue(row),
    notes: notes.map(({ at, ...note }) => ({ ...note, at: at.toISOString() })),
    assignments: turns.map(({ assignment, assignee, delivery }) => ({
      id: String(assignment.id),
      assignee: { id: String(assignment.assigneeId), realname: assignee },
      assignedBy: assignment.assignedBy,
      reason: assignment.reason,
      assignedAt: assignment.assignedAt.toISOString(),
      recalledAt: assignment.recalledAt?.toISOString() ?? null,
      recalledBy: assignment.recalledBy,
      recallReason: assignment.recallReason,
      delivery: toDelivery(delivery),
    })),
  })
}

/**
 * Changes what is given; what changes nothing is no edit. A stale `version` is refused with the present lead. Once a
 * lead is won or invalid, an unsent message about it never goes out.
 */
export async function editClue(
  ctx: Context,
  id: string,
  { version, ...wanted }: ClueEdit,
): Promise<Outcome<AdminClue>> {
  const clueId = parseId(id)
  if (clueId === undefined) return refuse('clue-gone')
  const outcome = await ctx.database.transaction(async (tx): Promise<Outcome<AdminClue>> => {
    const present = await lockClueForChange(tx, clueId)
    if (!present || present.deletedAt !== null) return refuse('clue-gone')
    if (present.version !== version) return refuse('clue-changed', {}, await readAdminClue(tx, clueId))
    const edit = changesOf(present, wanted)
    if (Object.keys(edit).length > 0) await updateClue(tx, clueId, edit)
    if (edit.status === 'won' || edit.status === 'invalid')
      await stopDeliveries(ctx, tx, { clueId, reason: 'closed', now: ctx.now() })
    return done(await readAdminClue(tx, clueId))
  })
  // the grant that was meant for it may pay for another message
  if (outcome.ok) deliveriesChanged(ctx)
  return outcome
}

function changesOf(
  present: ClueRow,
  { title, customerName, phone, remark, status }: Omit<ClueEdit, 'version'>,
): ClueFields {
  return {
    ...(title !== undefined && title !== present.title && { title }),
    ...(customerName !== undefined && customerName !== present.customerName && { customerName }),
    ...(phone !== undefined && phone !== present.phone && { phone }),
    ...(remark !== undefined && remark !== present.remark && { remark }),
    ...(status !== undefined && status !== present.status && { status }),
  }
}

/** Of a lead whose row the caller holds. */
async function readAdminClue(tx: Queryable, clueId: number): Promise<AdminClue> {
  const row = await findAdminClue(tx, clueId)
  if (!row) throw new Error('a lead that is held is not there')
  return toAdminClue(row)
}

/** A row as the back office sees it. */
export function toAdminClue({ clue, assignee, turn, delivery }: AdminClueRow): AdminClue {
  const { assigneeId } = clue
  return {
    ...toClue(clue),
    externalId: clue.externalId,
    assignee:
      assigneeId === null || assignee === null ? null : { id: String(assigneeId), realname: assignee },
    assignedBy: assigneeId === null ? null : (turn?.assignedBy ?? null),
    delivery: toDelivery(delivery),
  }
}

function toDelivery(row: AdminClueRow['delivery']): Delivery | null {
  if (row === null) return null
  const { deliveryId, clueId, accountId, state, reason, openid } = row
  return {
    id: String(deliveryId),
    clueId: String(clueId),
    assigneeId: String(accountId),
    state,
    reason: wordReason({ state, reason, bound: openid !== null }),
  }
}
