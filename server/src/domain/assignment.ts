import type { AssignResult } from '@leadbell/contract'
import { findAccount } from '../db/accounts.ts'
import { findClue, insertAssignment, reassignClue, type ClueRow } from '../db/clues.ts'
import type { Queryable } from '../db/database.ts'
import {
  findDelivery,
  insertDelivery,
  notifyWorkers,
  supersedeDeliveries,
  type DeliveryRow,
} from '../db/deliveries.ts'
import { toClue } from './clues.ts'
import type { Context } from './context.ts'
import { reasons } from './delivery-reasons.ts'
import { parseId } from './ids.ts'
import { buildMessage } from './messages.ts'
import { matchQuota } from './quota.ts'
import { done, refuse, type Outcome, type Refused } from './refusal.ts'

/**
 * Gives a lead to a person and queues the message about it, in one transaction: there is never one without the other.
 * `version` is the one the clerk saw; a stale one is refused with the present clue. Messages about this lead that are
 * still unsent to an earlier owner never go out.
 */
export async function assignClue(
  ctx: Context,
  id: string,
  order: { assigneeId: string; version: number },
): Promise<Outcome<AssignResult>> {
  const clueId = parseId(id)
  const assigneeId = parseId(order.assigneeId)
  if (clueId === undefined) return refuse('clue-not-found')
  if (assigneeId === undefined) return refuse('assignee-not-found')

  const now = ctx.now()
  const outcome = await ctx.database.transaction(async (tx): Promise<Outcome<AssignResult>> => {
    if (!(await findAccount(tx, assigneeId))) return refuse('assignee-not-found')
    const clue = await reassignClue(tx, { id: clueId, version: order.version, assigneeId, now })
    if (!clue) return whyNot(tx, clueId)
    await supersedeDeliveries(tx, clueId, reasons.reassigned, now)
    const assignment = await insertAssignment(tx, {
      clueId,
      assigneeId,
      clueVersion: clue.version,
      assignedAt: now,
    })
    const delivery = await queueDelivery(ctx, tx, assignment.id, clue, assigneeId, now)
    return done({
      assignment: { id: String(assignment.id), clueId: id, assigneeId: String(assigneeId) },
      clue: toClue(clue),
      delivery: {
        id: String(delivery.id),
        clueId: id,
        assigneeId: String(assigneeId),
        state: delivery.state,
        reason: delivery.reason,
      },
    })
  })
  if (outcome.ok) ctx.wakeWorker()
  return outcome
}

async function whyNot(tx: Queryable, clueId: number): Promise<Refused> {
  const present = await findClue(tx, clueId)
  return present?.deletedAt === null ? refuse('clue-changed', {}, toClue(present)) : refuse('clue-not-found')
}

async function queueDelivery(
  ctx: Context,
  tx: Queryable,
  assignmentId: number,
  clue: ClueRow,
  accountId: number,
  now: Date,
): Promise<DeliveryRow> {
  const template = ctx.templates.find(({ purpose }) => purpose === 'clue-assigned')
  if (!template) throw new Error('no template for clue-assigned, which the configuration promises')
  const { title, status } = clue
  const message = buildMessage['clue-assigned']({ clueId: String(clue.id), title, status, assignedAt: now })
  const queued = await insertDelivery(tx, {
    assignmentId,
    clueId: clue.id,
    accountId,
    templateId: template.templateId,
    ...message,
    state: 'ready',
    runAt: now,
    createdAt: now,
  })
  await matchQuota(tx, now, accountId)
  await notifyWorkers(tx)
  return (await findDelivery(tx, queued.id)) ?? queued
}
