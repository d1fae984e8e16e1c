import { onScopeDispose, ref, watch } from 'vue'

/** Long enough to be seen by somebody who looks elsewhere. */
const HIGHLIGHT_MS = 4_000
const NAMED = 3

/**
 * Rows whose message rang while somebody looked at them: their ids, for a moment, and a sentence to be told. Rows that
 * appear with a message that rang already are not news.
 */
export function useJustSent<T extends { id: string }>(
  rows: () => readonly T[],
  row: {
    /** The id of the row's message, if that rang. */
    sentId: (row: T) => string | undefined
    /** What is said to have arrived. */
    name: (row: T) => string
  },
) {
  const justSent = ref<ReadonlySet<string>>(new Set())
  const told = ref('')
  const ends = new Set<ReturnType<typeof setTimeout>>()

  onScopeDispose(() => ends.forEach(clearTimeout))
  watch(rows, (now, before) => {
    const known = new Map(before.map((one) => [one.id, one]))
    const sent = now.filter((one) => {
      const was = known.get(one.id)
      const id = row.sentId(one)
      return was !== undefined && id !== undefined && id !== row.sentId(was)
    })
    if (sent.length > 0) show(sent)
  })

  function show(sent: readonly T[]): void {
    const ids = sent.map(({ id }) => id)
    justSent.value = new Set([...justSent.value, ...ids])
    const names = sent.slice(0, NAMED).map(row.name).join('、')
    told.value = `${names}${sent.length > NAMED ? `等 ${sent.length} 条` : ''}已送达`
    const end = setTimeout(() => {
      ends.delete(end)
      justSent.value = new Set([...justSent.value].filter((id) => !ids.includes(id)))
    }, HIGHLIGHT_MS)
    ends.add(end)
  }

  return { justSent, told }
}
