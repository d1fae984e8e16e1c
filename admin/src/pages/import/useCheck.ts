import type { ImportResult } from '@leadbell/contract'
import { computed, onScopeDispose, ref, shallowRef, watch } from 'vue'
import { call } from '../../api/call.ts'
import type { ApiError } from '../../api/outcome.ts'
import { csvOf, fieldHeadings, fields, placeOfRow, type DraftRow, type Field } from './clue-rows.ts'
import type { Rows } from './useRows.ts'

/** After the last key: whoever types does not want to be corrected in the middle of a word. */
const PAUSE_MS = 400

/** What the backend says about a cell; without a field about the whole row. */
export interface CellRemark {
  kind: 'error' | 'warning'
  field: Field | null
  message: string
}
type Remarks = ReadonlyMap<number, readonly CellRemark[]>

/** `current`: the remarks are about the rows as they are now. */
type CheckState = 'waiting' | 'checking' | 'current' | 'failed'

/**
 * Has the backend look at the rows as if they were imported, a moment after each change. Of several answers that of
 * the latest question counts; the remarks of the last one stay on screen until then, and when there is no answer. While
 * rows are imported and leave nothing is asked.
 */
export function useCheck({ rows, filled, revision }: Rows, isImporting: () => boolean) {
  const remarks = shallowRef<Remarks>(new Map())
  const state = ref<CheckState>('current')
  const error = ref<ApiError | null>(null)
  let pause: ReturnType<typeof setTimeout> | undefined
  let asking: AbortController | undefined

  watch(
    revision,
    () => {
      stop()
      state.value = filled.value.length > 0 ? 'waiting' : 'current'
      if (filled.value.length > 0 && !isImporting()) pause = setTimeout(() => void checkNow(), PAUSE_MS)
    },
    { flush: 'sync' },
  )
  onScopeDispose(stop)

  function stop(): void {
    clearTimeout(pause)
    asking?.abort()
  }

  async function checkNow(): Promise<void> {
    stop()
    const mine = new AbortController()
    asking = mine
    state.value = 'checking'
    const asked = rows.value
    try {
      const csv = await csvOf(asked)
      const outcome = await call('POST /admin/clues/import', {
        body: { csv, dryRun: true },
        signal: mine.signal,
      })
      if (mine.signal.aborted) return
      error.value = outcome.ok ? null : outcome.error
      state.value = outcome.ok ? 'current' : 'failed'
      if (outcome.ok) remarks.value = remarksOf(outcome.value, asked)
    } catch (thrown) {
      if (!mine.signal.aborted) throw thrown
    }
  }

  /** True when the remarks are about the rows as they are, after a question to the backend if need be. */
  async function upToDate(): Promise<boolean> {
    if (state.value !== 'current') await checkNow()
    return state.value === 'current'
  }

  /** Of rows that are gone. */
  function forget(): void {
    stop()
    remarks.value = new Map()
    error.value = null
  }

  const has = (kind: CellRemark['kind']) => (row: DraftRow) =>
    remarks.value.get(row.id)?.some((remark) => remark.kind === kind) ?? false
  const wrong = computed(() => filled.value.filter(has('error')))
  const doubtful = computed(() => filled.value.filter(has('warning')))
  const right = computed(() => filled.value.filter((row) => !has('error')(row)))

  return { remarks, state, error, wrong, doubtful, right, checkNow, upToDate, forget }
}
export type Check = ReturnType<typeof useCheck>

function remarksOf(result: ImportResult, asked: readonly DraftRow[]): Remarks {
  const found = new Map<number, CellRemark[]>()
  for (const { row, errors, warnings } of result.rows) {
    const about = asked[placeOfRow(row)]
    if (!about || errors.length + warnings.length === 0) continue
    found.set(about.id, [
      ...errors.map((remark) => read('error', remark)),
      ...warnings.map((remark) => read('warning', remark)),
    ])
  }
  return found
}

const read = (
  kind: CellRemark['kind'],
  { column, message }: { column: string; message: string },
): CellRemark => ({
  kind,
  field: fields.find((field) => fieldHeadings[field] === column) ?? null,
  message,
})
