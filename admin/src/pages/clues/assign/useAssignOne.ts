import { AdminClue, type AssignResult } from '@leadbell/contract'
import { ref, shallowRef } from 'vue'
import { call } from '../../../api/call.ts'
import type { ApiError } from '../../../api/outcome.ts'
import { presentRecord } from '../../../api/present-record.ts'
import { sendOnce } from '../../../api/send-once.ts'

interface Order {
  clueId: string
  assigneeId: string
  version: number
  reason: string
}

/**
 * Assigns one lead. A lead that somebody changed meanwhile is not an error but a `conflict`: the lead as it is now,
 * whose version a deliberate second try has to name.
 */
export function useAssignOne(found: AdminClue | null = null) {
  const busy = ref(false)
  const error = shallowRef<ApiError | null>(null)
  const conflict = shallowRef(found)
  const send = sendOnce()

  async function assign({ clueId, assigneeId, version, reason }: Order): Promise<AssignResult | undefined> {
    if (busy.value) return undefined
    busy.value = true
    error.value = null
    const path = { id: clueId }
    const body = { assigneeId, version, ...(reason.trim() && { reason: reason.trim() }) }
    const outcome = await send({ path, body }, (key) =>
      call('POST /admin/clues/{id}/assign', { path, body, key }),
    )
    busy.value = false
    if (outcome.ok) return outcome.value
    const present = presentRecord(AdminClue, outcome.error)
    if (present) conflict.value = present
    else error.value = outcome.error
    return undefined
  }

  return { busy, error, conflict, assign }
}
