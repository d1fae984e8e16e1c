import { computed, ref, shallowReactive, shallowRef } from 'vue'
import { isBlank, type ClueCells, type DraftRow, type Field } from './clue-rows.ts'

/**
 * The rows of the preview. To watch 20,000 cells would take longer than a key: whoever reads many rows depends on
 * `rows` and `revision`, and a row on screen is drawn from its `watched` self.
 */
export function useRows() {
  const rows = shallowRef<readonly DraftRow[]>([])
  /** Counts every change of the text. */
  const revision = ref(0)
  const removed = shallowRef<{ count: number; before: readonly DraftRow[] } | null>(null)
  let nextId = 1

  /** Those that have something in them. */
  const filled = computed(() => {
    void revision.value
    return rows.value.filter((row) => !isBlank(row))
  })

  function enter(cells: readonly ClueCells[]): void {
    restore(cells.map((one) => ({ ...one, id: nextId++ })))
  }

  function restore(entered: readonly DraftRow[]): void {
    nextId = entered.reduce((most, { id }) => Math.max(most, id + 1), nextId)
    change(entered.map((row) => ({ ...row })))
  }

  function edit(row: DraftRow, field: Field, text: string): void {
    watched(row)[field] = text
    revision.value += 1
  }

  function remove(ids: ReadonlySet<number>): void {
    const before = rows.value
    change(before.filter(({ id }) => !ids.has(id)))
    removed.value = { count: before.length - rows.value.length, before }
  }

  /** What was typed since the removal stays. */
  function undoRemoval(): void {
    if (removed.value) change(removed.value.before)
  }

  /** Those that are imported leave for good. */
  function drop(ids: readonly number[]): void {
    const gone = new Set(ids)
    change(rows.value.filter(({ id }) => !gone.has(id)))
  }

  function change(next: readonly DraftRow[]): void {
    rows.value = next
    removed.value = null
    revision.value += 1
  }

  return {
    rows,
    filled,
    revision,
    removed,
    enter,
    restore,
    edit,
    remove,
    undoRemoval,
    drop,
    clear: () => change([]),
  }
}
/** The same for the same row. */
export const watched = (row: DraftRow): DraftRow => shallowReactive(row)

export type Rows = ReturnType<typeof useRows>
