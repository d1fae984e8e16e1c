import type { AdminTopic } from '@leadbell/contract'
import { watch } from 'vue'
import type { Outcome } from '../api/outcome.ts'
import { usePages } from './usePages.ts'

/** A paged table under a filter: another `query` begins at its first page. `read` is given the query with its cursor. */
export function useFilteredPages<T, Q extends object>(options: {
  topics: readonly AdminTopic[]
  query: () => Q
  read: (
    query: Q & { cursor?: string },
    signal: AbortSignal,
  ) => Promise<Outcome<{ items: T[]; nextCursor: string | null }>>
}) {
  const pages = usePages<T>({
    topics: options.topics,
    read: (cursor, signal) =>
      options.read({ ...options.query(), ...(cursor !== undefined && { cursor }) }, signal),
  })
  watch(
    () => JSON.stringify(options.query()),
    () => void pages.first(),
    { immediate: true },
  )
  return pages
}
