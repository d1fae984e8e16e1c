import type { BatchAssignBody, BatchAssignResult } from '@leadbell/contract'
import { computed, onScopeDispose, ref, shallowRef } from 'vue'
import { call } from '../../../api/call.ts'
import type { ApiError } from '../../../api/outcome.ts'
import { sendOnce } from '../../../api/send-once.ts'

/** Small enough that progress moves and that a stop comes soon. */
const CHUNK = 50

/** `failed`: a chunk was not answered or refused as a whole; `retry` goes on with it. `stopped`: `retry` goes on. */
type BatchPhase = 'idle' | 'sending' | 'failed' | 'stopped' | 'finished'
export type BatchLine = BatchAssignResult['results'][number]

interface Chunk {
  body: BatchAssignBody
  send: ReturnType<typeof sendOnce>
}

/** Assigns many leads, chunk by chunk. A chunk is sent again under its own key, so nothing is lost or done twice. */
export function useBatch() {
  const phase = ref<BatchPhase>('idle')
  const error = shallowRef<ApiError | null>(null)
  /** Of the chunks that were answered, in the order of the items. */
  const lines = shallowRef<BatchLine[]>([])
  const total = ref(0)
  const stopping = ref(false)
  let waiting: Chunk[] = []
  let running: Promise<void> = Promise.resolve()

  onScopeDispose(() => (stopping.value = true))

  function start(items: BatchAssignBody['items'], reason: string): void {
    if (phase.value !== 'idle') return
    total.value = items.length
    for (let from = 0; from < items.length; from += CHUNK)
      waiting.push({
        body: {
          items: items.slice(from, from + CHUNK),
          ...(reason.trim() && { reason: reason.trim() }),
        },
        send: sendOnce(),
      })
    running = run()
  }

  async function run(): Promise<void> {
    phase.value = 'sending'
    stopping.value = false
    error.value = null
    for (let chunk = waiting[0]; chunk; chunk = waiting[0]) {
      const { body, send } = chunk
      const outcome = await send(body, (key) => call('POST /admin/assignments', { body, key }))
      if (!outcome.ok) {
        error.value = outcome.error
        phase.value = 'failed'
        return
      }
      lines.value = [...lines.value, ...outcome.value.results]
      waiting = waiting.slice(1)
      if (stopping.value && waiting.length > 0) {
        phase.value = 'stopped'
        return
      }
    }
    phase.value = 'finished'
  }

  return {
    phase,
    error,
    lines,
    total,
    stopping,
    assigned: computed(() => lines.value.filter(({ ok }) => ok).length),
    start,
    /** Goes on with the chunk that failed, or after a stop. */
    retry: () => {
      if (phase.value === 'failed' || phase.value === 'stopped') running = run()
    },
    /** After the chunk that is under way; resolves when that is answered. */
    stop: async () => {
      stopping.value = true
      await running
    },
  }
}
