import type { AdminTopic } from '@leadbell/contract'
import { computed, onScopeDispose, ref, shallowRef } from 'vue'
import type { ApiError, Outcome } from '../api/outcome.ts'
import { useRefresh } from './useRefresh.ts'

interface Page<T> {
  items: T[]
  nextCursor: string | null
}

/**
 * A table that the backend pages by cursor. Reads the shown page again when one of `topics` changed. A reading that
 * fails leaves the rows that are on screen; of two readings the later one counts, whichever is answered last.
 */
export function usePages<T>(options: {
  topics: readonly AdminTopic[]
  read: (cursor: string | undefined, signal: AbortSignal) => Promise<Outcome<Page<T>>>
}) {
  const items = shallowRef<T[]>([])
  /** Where each page up to the shown one begins; the first begins nowhere. */
  const begins = ref<(string | undefined)[]>([undefined])
  const next = ref<string | null>(null)
  const error = ref<ApiError | null>(null)
  /** Somebody waits for it: a reading that happens by itself is not shown. */
  const loading = ref(false)
  const loaded = ref(false)
  let reading: AbortController | undefined

  onScopeDispose(() => reading?.abort())
  useRefresh(options.topics, () => show(begins.value, { quiet: true }))

  async function show(wanted: (string | undefined)[], { quiet = false } = {}): Promise<void> {
    // what somebody waits for is not overtaken by what happens by itself
    if (quiet && loading.value) return
    reading?.abort()
    const mine = new AbortController()
    reading = mine
    if (!quiet) loading.value = true
    try {
      const outcome = await options.read(wanted.at(-1), mine.signal)
      if (mine.signal.aborted) return
      if (!outcome.ok) {
        error.value = outcome.error
        return
      }
      error.value = null
      items.value = outcome.value.items
      next.value = outcome.value.nextCursor
      begins.value = wanted
      loaded.value = true
    } catch (thrown) {
      if (!mine.signal.aborted) throw thrown
    } finally {
      if (reading === mine) loading.value = false
    }
  }

  return {
    items,
    error,
    loading,
    /** Whether there ever was an answer; before it, a table is neither empty nor full. */
    loaded,
    pageNumber: computed(() => begins.value.length),
    hasNext: computed(() => next.value !== null),
    /** After a filter changed. */
    first: () => show([undefined]),
    again: () => show(begins.value),
    forward: async () => {
      if (next.value !== null) await show([...begins.value, next.value])
    },
    back: async () => {
      if (begins.value.length > 1) await show(begins.value.slice(0, -1))
    },
  }
}
