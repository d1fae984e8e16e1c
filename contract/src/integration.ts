import * as v from 'valibot'
import { ClueDraft, Delivery } from './admin.ts'
import { Id } from './primitives.ts'

/**
 * The customer's own system assigned a lead; we notify. `externalId` is their id of the lead: the same one again is the
 * same lead, with its new owner and words. `assignee` is the username here.
 */
export const IntegrationAssignment = v.object({
  externalId: v.pipe(v.string(), v.trim(), v.minLength(1), v.maxLength(128)),
  assignee: v.pipe(v.string(), v.trim(), v.minLength(1), v.maxLength(64)),
  ...ClueDraft.entries,
})
export type IntegrationAssignment = v.InferInput<typeof IntegrationAssignment>

export const IntegrationResult = v.object({ clueId: Id, externalId: v.string(), delivery: Delivery })
export type IntegrationResult = v.InferOutput<typeof IntegrationResult>
