import type { ImportResult } from '@leadbell/contract'
import { isConflict, isMomentary, type ApiError, type Outcome } from '../../api/outcome.ts'
import { randomId } from '../../api/random-id.ts'

const CHUNK_ROWS = 200

/** Rows that go in one request, by their ids. The same key again is answered as before and imports nothing twice. */
export interface Chunk {
  key: string
  ids: readonly number[]
}

/** `chunks` are those without an answer, in order; the first may have arrived, and nobody knows. */
export interface ImportRun {
  total: number
  imported: number
  chunks: readonly Chunk[]
}

/** `paused`: the same chunk may be repeated. `refused`: nothing of it was imported, and it never will be as it is. */
type RunEnd = { kind: 'done' } | { kind: 'paused'; error: ApiError } | { kind: 'refused'; error: ApiError }

/** Each chunk with a key of its own, in the order of the ids. */
export function planRun(ids: readonly number[], newKey: () => string = randomId): ImportRun {
  const chunks = Array.from({ length: Math.ceil(ids.length / CHUNK_ROWS) }, (_, n) => ({
    key: newKey(),
    ids: ids.slice(n * CHUNK_ROWS, (n + 1) * CHUNK_ROWS),
  }))
  return { total: ids.length, imported: 0, chunks }
}

/** Sends chunk after chunk until all are in or one is not. `onProgress` hears of each that is in, before the next goes. */
export async function carryOn(
  run: ImportRun,
  send: (chunk: Chunk) => Promise<Outcome<ImportResult>>,
  onProgress: (run: ImportRun, done: Chunk) => void,
): Promise<RunEnd> {
  let present = run
  for (const chunk of run.chunks) {
    const outcome = await send(chunk)
    if (!outcome.ok) return { kind: isRepeatable(outcome.error) ? 'paused' : 'refused', error: outcome.error }
    present = {
      ...present,
      imported: present.imported + outcome.value.imported,
      chunks: present.chunks.slice(1),
    }
    onProgress(present, chunk)
  }
  return { kind: 'done' }
}

/** A conflict is the same chunk still at work; the key keeps no such answer. */
const isRepeatable = (error: ApiError) => isMomentary(error) || isConflict(error)
