import type { AdminDelivery } from '@leadbell/contract'
import { durationText } from '../../words.ts'

/** From the assignment to the ring, in words; null until it rang. */
export function tookText({ state, createdAt, settledAt }: AdminDelivery): string | null {
  if (state !== 'sent' || settledAt === null) return null
  return durationText(Math.max(0, Date.parse(settledAt) - Date.parse(createdAt)) / 1000)
}
