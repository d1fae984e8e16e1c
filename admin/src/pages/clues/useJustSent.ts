import type { AdminClue } from '@leadbell/contract'
import { onScopeDispose, ref, watch } from 'vue'

const HIGHLIGHT_MS = 4_000
const NAMED = 3

/** Rows whose message rang while somebody looked at them, and how that is told. */
export function useJustSent(rows: () => readonly AdminClue[]) {
  const justSent = ref<ReadonlySet<string>>(new Set())
  const told = ref('')
  const ends = new Set<ReturnType<typeof setTimeout>>()

  onScopeDispose(() => ends.forEach(clearTimeout))
  watch(rows, (now, before) => {
    const known = new Map(before.map((clue) => [clue.id, clue]))
    const sent = now.filter((clue) => {
      const was = known.get(clue.id)
      return was !== undefined && isSent(clue) && !(isSent(was) && was.delivery?.id === clue.delivery?.id)
    })
    if (sent.length > 0) show(sent)
  })

  function show(sent: AdminClue[]): void {
    const ids = sent.map(({ id }) => id)
    justSent.value = new Set([...justSent.value, ...ids])
    const names = sent.slice(0, NAMED).map(({ title }) => `「${title}」`)
    told.value = `${names.join('')}${sent.length > NAMED ? `等 ${sent.length} 条` : ''}已送达`
    const end = setTimeout(() => {
      ends.delete(end)
      justSent.value = new Set([...justSent.value].filter((id) => !ids.includes(id)))
    }, HIGHLIGHT_MS)
    ends.add(end)
  }

  return { justSent, told }
}

const isSent = ({ delivery }: AdminClue) => delivery?.state === 'sent'
