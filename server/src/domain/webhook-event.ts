import type { WebhookCall, WebhookFacts } from '../db/webhook-calls.ts'
import { wordReason } from './delivery-reasons.ts'

/** What is posted to the customer's system (docs/integration.zh-CN.md). Ids are strings, times ISO 8601. */
export interface WebhookEvent {
  /** The same in every repetition: who has seen it, has seen the event. */
  id: string
  event: `delivery.${WebhookFacts['state']}`
  /** When it came to this. */
  at: string
  delivery: {
    id: string
    state: WebhookFacts['state']
    /** `code` is a name that stays, `message` Chinese for people; null when there is nothing to explain. */
    reason: { code: string; message: string } | null
    /** The delivery whose message stood for this one too. */
    mergedInto: string | null
  }
  clue: { id: string; externalId: string | null }
  assignee: { id: string; username: string }
}

export function toWebhookEvent({ id, body }: Pick<WebhookCall, 'id' | 'body'>): WebhookEvent {
  const { state, reason, mergedInto } = body
  const message = wordReason({ state, reason, bound: reason !== 'unbound' })
  return {
    id: String(id),
    event: `delivery.${state}`,
    at: body.at,
    delivery: {
      id: body.deliveryId,
      state,
      reason: reason !== null && message !== null ? { code: reason, message } : null,
      mergedInto,
    },
    clue: { id: body.clueId, externalId: body.externalId },
    assignee: { id: body.assigneeId, username: body.username },
  }
}
