import type { ImportResult } from '@leadbell/contract'
import type { ApiError, Outcome } from '../../api/outcome.ts'
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
export type RunEnd =
  { kind: 'done' } | { kind: 'paused'; error: ApiError } | { kind: 'refused'; error: ApiError }

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

/** Refused because of the moment: too late, too early or too much at once. The key keeps no such answer. */
const momentary = new Set([408, 409, 425, 429])

function isRepeatable(error: ApiError): boolean {
  switch (error.kind) {
    case 'unreachable':
    case 'broken':
    case 'unauthorized':
      return true
    case 'refused':
      return error.code >= 500 || momentary.has(error.code)
  }
}
