import { DeliveryState, type DeliveryQuery } from '@leadbell/contract'
import * as v from 'valibot'
import { deliveryStateWords } from '../../words.ts'

/** The filters of the address, named as the backend's. */
export const filterKeys = ['state', 'assigneeId', 'clueId'] as const
type DeliveryFilter = Partial<Record<(typeof filterKeys)[number], string>>

type StateChoice = DeliveryState | 'all'

/** What somebody should do something about comes first. */
const order: readonly DeliveryState[] = ['waiting', 'refused', 'dead', 'in_doubt', 'ready', 'leased', 'sent']
export const stateChoices: readonly { value: StateChoice; text: string }[] = [
  { value: 'all', text: '全部' },
  ...order.map((state) => ({ value: state, text: deliveryStateWords[state].text })),
]

/** What the backend understands of an address that somebody may have typed. */
export function queryOf({ state, assigneeId, clueId }: DeliveryFilter): v.InferInput<typeof DeliveryQuery> {
  return {
    ...(v.is(DeliveryState, state) && { state }),
    ...(assigneeId && { assigneeId }),
    ...(clueId && { clueId }),
  }
}
