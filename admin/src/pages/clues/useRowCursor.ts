import { nextTick, ref, watch, type Ref } from 'vue'

/**
 * The one row of a table that the Tab key reaches. It stays on its record while rows come and go around it; when the
 * record itself goes, the next one takes its place, and the focus with it.
 */
export function useRowCursor(
  rows: () => readonly { id: string }[],
  body: Ref<HTMLTableSectionElement | undefined>,
) {
  const cursor = ref(0)
  let id: string | undefined = rows()[0]?.id

  watch(rows, async (now) => {
    const hadFocus = hasFocus()
    const found = now.findIndex((row) => row.id === id)
    place(found >= 0 ? found : Math.max(0, Math.min(cursor.value, now.length - 1)))
    await nextTick()
    // a row that moved or went has lost it
    if (hadFocus && !hasFocus()) focusRow()
  })

  function place(index: number): void {
    cursor.value = index
    id = rows()[index]?.id
  }

  const hasFocus = () => body.value?.contains(document.activeElement) ?? false
  const focusRow = () => body.value?.querySelectorAll<HTMLElement>('tr')[cursor.value]?.focus()

  return {
    cursor,
    place,
    focusRow,
    /** Answers the row it came to, which is the same one at either end. */
    move: (by: 1 | -1): number => {
      place(Math.max(0, Math.min(rows().length - 1, cursor.value + by)))
      focusRow()
      return cursor.value
    },
  }
}
