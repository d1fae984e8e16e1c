import type { AdminTopic } from '@leadbell/contract'
import { onScopeDispose, ref } from 'vue'
import type { ApiError, Outcome } from '../api/outcome.ts'
import { useRefresh } from './useRefresh.ts'

interface Reading<T> {
  read: (signal: AbortSignal) => Promise<Outcome<T>>
  accept: (value: T) => void
}

/**
 * What a page shows of the backend: read when somebody asks for it, and again by itself when one of `topics` changed.
 * A reading that fails leaves what is on screen; of two readings the later one counts, whichever is answered last.
 */
export function useReading<T>(options: {
  topics: readonly AdminTopic[]
  /** What is on screen, when it is read again by itself. */
  present: () => Reading<T>
  atMostEveryMs?: number
}) {
  const error = ref<ApiError | null>(null)
  /** Somebody waits for it: a reading that happens by itself is not shown. */
  const loading = ref(false)
  const loaded = ref(false)
  let latest: AbortController | undefined
  let waitedFor: Promise<void> | undefined
  let isOver = false

  onScopeDispose(() => {
    isOver = true
    latest?.abort()
  })
  useRefresh(options.topics, readByItself, options.atMostEveryMs)

  /** Never overtakes what somebody waits for; that one may be older than the change, so it does not replace this. */
  async function readByItself(): Promise<void> {
    while (waitedFor) await waitedFor
    if (!isOver) await take(options.present())
  }

  async function show(reading: Reading<T>): Promise<void> {
    loading.value = true
    const mine = take(reading)
    waitedFor = mine
    try {
      await mine
    } finally {
      if (waitedFor === mine) {
        waitedFor = undefined
        loading.value = false
      }
    }
  }

  async function take({ read, accept }: Reading<T>): Promise<void> {
    latest?.abort()
    const mine = new AbortController()
    latest = mine
    try {
      const outcome = await read(mine.signal)
      if (mine.signal.aborted) return
      error.value = outcome.ok ? null : outcome.error
      if (!outcome.ok) return
      accept(outcome.value)
      loaded.value = true
    } catch (thrown) {
      if (!mine.signal.aborted) throw thrown
    }
  }

  return {
    error,
    loading,
    /** Whether there ever was an answer; before it, a table is neither empty nor full. */
    loaded,
    show,
  }
}
