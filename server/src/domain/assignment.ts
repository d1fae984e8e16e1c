import type { AdminClue, AssignResult, BatchAssignBody, BatchAssignResult, Clue } from '@leadbell/contract'
import { findAdminClue } from '../db/admin-clues.ts'
import { findBoundOpenid } from '../db/bindings.ts'
import { giveClueTo, lockClueForChange, unassignClue } from '../db/clues.ts'
import { endAssignment } from '../db/assignments.ts'
import type { Queryable } from '../db/database.ts'
import {
  findUnsentLanes,
  holdLane,
  insertAssignmentAndDelivery,
  type DeliveryLane,
} from '../db/deliveries.ts'
import { lockLanes } from '../db/ledger.ts'
import { toAdminClue } from './admin-clues.ts'
import { toClue } from './clues.ts'
import type { Context } from './context.ts'
import { deliveriesChanged } from './deliveries-changed.ts'
import { wordReason } from './delivery-reasons.ts'
import { parseId } from './ids.ts'
import { ledgerLanes } from './quota.ts'
import { done, refuse, refusals, wordRefusal, type Outcome, type Refused } from './refusal.ts'
import { stopDeliveries, supersede } from './superseding.ts'
import { tellCustomer } from './tell-customer.ts'

export interface AssignmentOrder {
  clueId: number
  /** The version the clerk saw. */
  version: number
  assigneeId: number
  /** Who assigns, as the clerk and the message call them; null when that is nobody in particular. */
  assignedBy: string | null
  reason: string | null
}

/**
 * Gives a lead to a person and queues the message about it, in one transaction: there is never one without the other.
 * A stale `version` is refused with the present lead. Messages about this lead that are still unsent to an earlier
 * owner never go out.
 */
export async function assignClue(
  ctx: Context,
  assignedBy: string | null,
  id: string,
  order: { assigneeId: string; version: number; reason?: string | undefined },
): Promise<Outcome<AssignResult>> {
  const clueId = parseId(id)
  const assigneeId = parseId(order.assigneeId)
  if (clueId === undefined) return refuse('clue-gone')
  if (assigneeId === undefined) return refuse('assignee-not-found')
  const { version, reason = null } = order
  const outcome = await ctx.database.transaction((tx) =>
    assignInTransaction(ctx, tx, { clueId, version, assigneeId, assignedBy, reason }),
  )
  if (outcome.ok) deliveriesChanged(ctx)
  return outcome
}

/** The same as a part of a larger transaction. The caller wakes the worker after the commit. */
export async function assignInTransaction(
  ctx: Context,
  tx: Queryable,
  order: AssignmentOrder,
): Promise<Outcome<AssignResult>> {
  const { clueId, assigneeId, assignedBy, reason } = order
  const template = ctx.templates.find(({ purpose }) => purpose === 'clue-assigned')
  if (!template) throw new Error('no template for clue-assigned, which the configuration promises')
  const now = ctx.now()

  const given = await giveClueTo(tx, { id: clueId, version: order.version, assigneeId, now })
  if (given.kind === 'no-account') return refuse('assignee-not-found')
  if (given.kind === 'disabled') return refuse('assignee-disabled')
  if (given.kind === 'not-given') return whyNot(tx, clueId, order.version)
  const { clue, hadOwner } = given

  const former = hadOwner ? await findUnsentLanes(tx, { clueId }) : []
  const lane = await holdLaneFor(tx, assigneeId, template.templateId, former)
  if (former.length > 0) await supersede(ctx, tx, { clueId, lanes: former, reason: 'reassigned', now })
  const made = await insertAssignmentAndDelivery(tx, {
    clueId,
    clueVersion: clue.version,
    lane,
    assignedBy,
    reason,
    now,
  })
  const [id, owner] = [String(clueId), String(assigneeId)]
  if (made.state === 'waiting') await tellCustomer(ctx, tx, [made.deliveryId], now)
  return done({
    assignment: { id: String(made.assignmentId), clueId: id, assigneeId: owner },
    clue: toClue(clue),
    delivery: {
      id: String(made.deliveryId),
      clueId: id,
      assigneeId: owner,
      state: made.state,
      reason: wordReason({ state: made.state, reason: null, bound: lane.openid !== null }),
    },
  })
}

/** The new owner's lane, held together with those of whoever had the lead before. */
async function holdLaneFor(
  tx: Queryable,
  accountId: number,
  templateId: string,
  former: readonly DeliveryLane[],
): Promise<DeliveryLane> {
  const held = former.length === 0 ? await holdLane(tx, accountId, templateId) : undefined
  if (held) return held
  const lane = { accountId, templateId, openid: (await findBoundOpenid(tx, accountId)) ?? null }
  await lockLanes(tx, ledgerLanes([...former, lane]))
  return lane
}

/** Each by itself: what is refused keeps nothing else from being assigned. */
export async function assignClues(
  ctx: Context,
  assignedBy: string | null,
  { items, reason }: BatchAssignBody,
): Promise<Outcome<BatchAssignResult>> {
  const results: BatchAssignResult['results'] = []
  for (const { clueId, assigneeId, version } of items) {
    const outcome = await assignClue(ctx, assignedBy, clueId, { assigneeId, version, reason })
    if (outcome.ok) {
      const { clue, delivery } = outcome.value
      results.push({ ok: true, clueId, version: clue.version, delivery })
    } else
      results.push({
        ok: false,
        clueId,
        code: refusals[outcome.refusal].code,
        message: wordRefusal(outcome),
        clue: carriesClue(outcome) ? outcome.result : null,
      })
  }
  const assigned = results.filter(({ ok }) => ok).length
  return done({ results, assigned, refused: results.length - assigned })
}

/** Takes a lead back: nobody has it, and an unsent message about it never goes out. */
export async function recallClue(
  ctx: Context,
  recalledBy: string | null,
  id: string,
  { version, reason = null }: { version: number; reason?: string | null | undefined },
): Promise<Outcome<Clue>> {
  const clueId = parseId(id)
  if (clueId === undefined) return refuse('clue-gone')
  const now = ctx.now()
  const outcome = await ctx.database.transaction(async (tx): Promise<Outcome<Clue>> => {
    const present = await lockClueForChange(tx, clueId)
    if (present?.deletedAt === null && present.assigneeId === null)
      return refuse('clue-unassigned', {}, await presentClue(tx, clueId))
    const clue = await unassignClue(tx, { id: clueId, version })
    if (!clue) return whyNot(tx, clueId, version)
    await endAssignment(tx, { clueId, recalledAt: now, recalledBy, recallReason: reason })
    await stopDeliveries(ctx, tx, { clueId, reason: 'recalled', now })
    return done(toClue(clue))
  })
  // the grant that was meant for it may pay for another message
  if (outcome.ok) deliveriesChanged(ctx)
  return outcome
}

/** Why a change to this lead did not go through, with the lead as it is now. */
async function whyNot(tx: Queryable, clueId: number, version: number): Promise<Refused> {
  const present = await findAdminClue(tx, clueId)
  if (!present) return refuse('clue-gone')
  const clue = toAdminClue(present)
  const assignedSince = present.turn !== null && present.turn.clueVersion > version
  if (clue.assignee === null || !assignedSince) return refuse('clue-changed', {}, clue)
  const by = clue.assignedBy === null ? '' : `由${clue.assignedBy}`
  return refuse('clue-assigned-meanwhile', { by, owner: clue.assignee.realname }, clue)
}

async function presentClue(tx: Queryable, clueId: number): Promise<AdminClue | null> {
  const present = await findAdminClue(tx, clueId)
  return present ? toAdminClue(present) : null
}

const carriesClue = (refused: Refused): refused is Refused & { result: AdminClue } =>
  refused.refusal === 'clue-changed' || refused.refusal === 'clue-assigned-meanwhile'
