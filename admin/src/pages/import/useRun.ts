import { onScopeDispose, ref, shallowRef } from 'vue'
import { call } from '../../api/call.ts'
import type { ApiError } from '../../api/outcome.ts'
import { csvOf } from './clue-rows.ts'
import { carryOn, planRun, type Chunk, type ImportRun } from './import-run.ts'
import type { Rows } from './useRows.ts'

/** The import that is going on: none, at work, or waiting for 继续. `keep` is told before anything is sent. */
export function useRun({ rows, drop }: Rows, keep: () => void) {
  const run = shallowRef<ImportRun | null>(null)
  const working = ref(false)
  const error = ref<ApiError | null>(null)
  const leaving = new AbortController()
  // a chunk without an answer is repeated under its key by whoever comes back
  onScopeDispose(() => leaving.abort())

  async function send({ key, ids }: Chunk) {
    const wanted = new Set(ids)
    // the same rows in the same order each time: under one key the backend takes one request only
    const csv = await csvOf(rows.value.filter(({ id }) => wanted.has(id)))
    return call('POST /admin/clues/import', { body: { csv, partial: false }, key, signal: leaving.signal })
  }

  function progress(next: ImportRun, { ids }: Chunk): void {
    run.value = next
    drop(ids)
    keep()
  }

  /** Imports the rows, or goes on with those that are left. Null while there is something to go on with. */
  async function start(ids?: readonly number[]): Promise<{ imported: number } | null> {
    if (working.value) return null
    run.value = ids ? planRun(ids) : run.value
    if (!run.value) return null
    working.value = true
    error.value = null
    keep()
    try {
      const end = await carryOn(run.value, send, progress)
      const { imported } = run.value
      if (end.kind !== 'done') error.value = end.error
      if (end.kind !== 'paused') run.value = null
      keep()
      return end.kind === 'paused' ? null : { imported }
    } catch (thrown) {
      if (!leaving.signal.aborted) throw thrown
      return null
    } finally {
      working.value = false
    }
  }

  /** Back to the table. What was sent last may be in: then the check says so at its phone numbers. */
  function giveUp(): void {
    run.value = null
    error.value = null
    keep()
  }

  return { run, working, error, start, giveUp, restore: (kept: ImportRun | null) => void (run.value = kept) }
}
export type Run = ReturnType<typeof useRun>
