import type { AdminTopic } from '@leadbell/contract'
import { computed, ref, shallowRef } from 'vue'
import type { Outcome } from '../api/outcome.ts'
import { useReading } from './useReading.ts'

interface Page<T> {
  items: T[]
  nextCursor: string | null
}

/** A table that the backend pages by cursor; the shown page is read again when one of `topics` changed. */
export function usePages<T>(options: {
  topics: readonly AdminTopic[]
  read: (cursor: string | undefined, signal: AbortSignal) => Promise<Outcome<Page<T>>>
}) {
  const items = shallowRef<T[]>([])
  /** Where each page up to the shown one begins; the first begins nowhere. */
  const begins = ref<(string | undefined)[]>([undefined])
  const next = ref<string | null>(null)

  const pageAt = (wanted: (string | undefined)[]) => ({
    read: (signal: AbortSignal) => options.read(wanted.at(-1), signal),
    accept: (page: Page<T>) => {
      items.value = page.items
      next.value = page.nextCursor
      begins.value = wanted
    },
  })
  const { error, loading, loaded, show } = useReading({
    topics: options.topics,
    present: () => pageAt(begins.value),
  })

  return {
    items,
    error,
    loading,
    loaded,
    pageNumber: computed(() => begins.value.length),
    hasNext: computed(() => next.value !== null),
    /** After a filter changed: the cursors of before are of no use, even when this reading fails. */
    first: async () => {
      begins.value = [undefined]
      next.value = null
      await show(pageAt([undefined]))
    },
    again: () => show(pageAt(begins.value)),
    forward: async () => {
      if (next.value !== null) await show(pageAt([...begins.value, next.value]))
    },
    back: async () => {
      if (begins.value.length > 1) await show(pageAt(begins.value.slice(0, -1)))
    },
  }
}
