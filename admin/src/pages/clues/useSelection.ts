import type { AdminClue } from '@leadbell/contract'
import { computed, ref, shallowRef } from 'vue'

/** BatchAssignBody takes no more at once. */
export const MOST_SELECTED = 200

/** Leads chosen over several pages, each as it was seen last: its version says what the clerk decided on. */
export function useSelection() {
  const chosen = shallowRef<ReadonlyMap<string, AdminClue>>(new Map())
  /** Something was not chosen because there are enough. */
  const isFull = ref(false)

  function select(clues: readonly AdminClue[], on: boolean): void {
    const next = new Map(chosen.value)
    isFull.value = false
    for (const clue of clues)
      if (!on) next.delete(clue.id)
      else if (next.has(clue.id) || next.size < MOST_SELECTED) next.set(clue.id, clue)
      else isFull.value = true
    chosen.value = next
  }

  function forget(ids: readonly string[]): void {
    const next = new Map(chosen.value)
    for (const id of ids) next.delete(id)
    chosen.value = next
    isFull.value = false
  }

  return {
    chosen,
    isFull,
    clues: computed(() => [...chosen.value.values()]),
    select,
    forget,
    clear: () => forget([...chosen.value.keys()]),
    /** Rows that were read again. */
    seen: (clues: readonly AdminClue[]) => {
      const again = clues.filter(({ id }) => chosen.value.has(id))
      if (again.length > 0)
        chosen.value = new Map([...chosen.value, ...again.map((clue) => [clue.id, clue] as const)])
    },
  }
}
