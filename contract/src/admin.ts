import * as v from 'valibot'
import { Clue } from './clue.ts'
import { Id, Version } from './primitives.ts'

const line = (max: number) => v.pipe(v.string(), v.trim(), v.minLength(1), v.maxLength(max))

export const ClueDraft = v.object({
  title: line(120),
  customerName: line(60),
  phone: v.pipe(v.string(), v.trim(), v.regex(/^[+\d][\d\- ]{4,19}$/)),
  remark: v.optional(v.pipe(v.string(), v.trim(), v.maxLength(2000)), ''),
})
export type ClueDraft = v.InferInput<typeof ClueDraft>

export const AssignBody = v.object({ assigneeId: Id, version: Version })
export type AssignBody = v.InferOutput<typeof AssignBody>

/** ready → leased → sent | refused | waiting (no grant left) | in_doubt | dead. */
export const DeliveryState = v.picklist(['ready', 'leased', 'sent', 'refused', 'waiting', 'in_doubt', 'dead'])
export type DeliveryState = v.InferOutput<typeof DeliveryState>

/** One message to one person about one assignment. `reason` is Chinese, for the clerk. */
export const Delivery = v.object({
  id: Id,
  clueId: Id,
  assigneeId: Id,
  state: DeliveryState,
  reason: v.nullable(v.string()),
})
export type Delivery = v.InferOutput<typeof Delivery>

export const AssignResult = v.object({
  assignment: v.object({ id: Id, clueId: Id, assigneeId: Id }),
  clue: Clue,
  delivery: Delivery,
})
export type AssignResult = v.InferOutput<typeof AssignResult>
