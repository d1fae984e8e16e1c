import type { Delivery, IntegrationAssignment, IntegrationResult } from '@leadbell/contract'
import type * as v from 'valibot'
import { findAccountByUsername } from '../db/accounts.ts'
import { findBoundOpenid } from '../db/bindings.ts'
import type { ClueRow } from '../db/clues.ts'
import type { Queryable } from '../db/database.ts'
import { findDeliveryOfClue } from '../db/deliveries.ts'
import { insertExternalClue, lockExternalClue, setClueWords, type ClueWords } from '../db/external-clues.ts'
import { assignInTransaction } from './assignment.ts'
import type { Context } from './context.ts'
import { deliveriesChanged } from './deliveries-changed.ts'
import { wordReason } from './delivery-reasons.ts'
import { done, refuse, type Outcome, type Refused } from './refusal.ts'

type Order = v.InferOutput<typeof IntegrationAssignment>

/** In the lead's history, and in the message if its template says who assigned it. */
const ASSIGNED_BY = '业务系统'

/** Takes back what the transaction did and carries the reason out of it. */
class TakenBack extends Error {
  constructor(readonly refused: Refused) {
    super(refused.refusal)
  }
}

/**
 * The customer's own system assigned a lead. Its words are the lead's from now on, its assignee the owner, and who is
 * the owner newly is told; said again, it changes and rings nothing. All of it or nothing: one transaction, and of two
 * at once about one lead the second finds what the first made.
 */
export async function assignFromOutside(ctx: Context, order: Order): Promise<Outcome<IntegrationResult>> {
  try {
    const outcome = await ctx.database.transaction((tx) => assignWithin(ctx, tx, order))
    if (outcome.ok) deliveriesChanged(ctx)
    return outcome
  } catch (error) {
    if (error instanceof TakenBack) return error.refused
    throw error
  }
}

async function assignWithin(ctx: Context, tx: Queryable, order: Order): Promise<Outcome<IntegrationResult>> {
  const assignee = await findAccountByUsername(tx, order.assignee)
  if (!assignee) return refuse('assignee-unknown', { assignee: order.assignee })
  const clue = await keepClue(tx, order, ctx.now())
  if (clue.deletedAt !== null) return refuse('clue-deleted')
  const delivery =
    clue.assigneeId === assignee.id
      ? await presentDelivery(tx, clue.id, assignee.id)
      : await newDelivery(ctx, tx, clue, assignee.id)
  return done({ clueId: String(clue.id), externalId: order.externalId, delivery })
}

/** The lead as they have it now, held until the transaction ends; a deleted one is left as it is. */
async function keepClue(tx: Queryable, order: Order, now: Date): Promise<ClueRow> {
  const { externalId, title, customerName, phone, remark } = order
  const words: ClueWords = { title, customerName, phone, remark }
  const made = await insertExternalClue(tx, { ...words, externalId, now })
  if (made) return made
  const known = await lockExternalClue(tx, externalId)
  if (!known) throw new Error('a lead that was there a statement ago; leads are never removed')
  if (known.deletedAt !== null || hasWords(known, words)) return known
  return setClueWords(tx, known.id, words)
}

const hasWords = (clue: ClueRow, words: ClueWords) =>
  (['title', 'customerName', 'phone', 'remark'] as const).every((key) => clue[key] === words[key])

async function newDelivery(
  ctx: Context,
  tx: Queryable,
  clue: ClueRow,
  assigneeId: number,
): Promise<Delivery> {
  const assigned = await assignInTransaction(ctx, tx, {
    clueId: clue.id,
    version: clue.version,
    assigneeId,
    assignedBy: ASSIGNED_BY,
    reason: null,
  })
  if (!assigned.ok) throw new TakenBack(assigned)
  return assigned.value.delivery
}

async function presentDelivery(tx: Queryable, clueId: number, assigneeId: number): Promise<Delivery> {
  const delivery = await findDeliveryOfClue(tx, clueId)
  if (!delivery) throw new Error('a lead was assigned without a message, which one transaction forbids')
  const bound = (await findBoundOpenid(tx, assigneeId)) !== undefined
  const { id, state, reason } = delivery
  return {
    id: String(id),
    clueId: String(clueId),
    assigneeId: String(assigneeId),
    state,
    reason: wordReason({ state, reason, bound }),
  }
}
