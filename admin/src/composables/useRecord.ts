import type { AdminTopic } from '@leadbell/contract'
import { shallowRef, watch } from 'vue'
import type { Outcome } from '../api/outcome.ts'
import { useReading } from './useReading.ts'

/** The one record whose id is chosen; it is read again when one of `topics` changed. Null before it is read. */
export function useRecord<T>(options: {
  id: () => string | undefined
  topics: readonly AdminTopic[]
  read: (id: string, signal: AbortSignal) => Promise<Outcome<T>>
}) {
  const record = shallowRef<T | null>(null)
  const present = () => {
    const id = options.id()
    return {
      read: (signal: AbortSignal): Promise<Outcome<T | null>> =>
        id === undefined ? Promise.resolve({ ok: true, value: null }) : options.read(id, signal),
      accept: (value: T | null) => {
        record.value = value
      },
    }
  }
  const { error, loading, show } = useReading<T | null>({ topics: options.topics, present })
  const again = () => show(present())
  watch(
    options.id,
    () => {
      record.value = null
      error.value = null
      void again()
    },
    { immediate: true },
  )

  return { record, error, loading, again }
}
