import { Yes } from '@leadbell/contract'
import type { Context as HonoContext } from 'hono'
import * as v from 'valibot'
import { editClue, listAllClues, readClue } from '../domain/admin-clues.ts'
import type { Actor } from '../domain/actor.ts'
import { assignClue, assignClues, recallClue } from '../domain/assignment.ts'
import { decodeCsv } from '../domain/clue-csv.ts'
import { importClues } from '../domain/clue-import.ts'
import { createClue, deleteClue } from '../domain/clues.ts'
import { done, type Outcome } from '../domain/refusal.ts'
import type { On } from './endpoint.ts'
import type { HttpEnv } from './env.ts'
import { check, readBody } from './input.ts'

/** Takes more than other bodies. */
export const IMPORT_PATH = '/admin/clues/import'

/** What the back office does with leads. */
export function addAdminClueRoutes(on: On): void {
  on('GET /admin/clues', (r, _actor, ctx) => listAllClues(ctx, r.query))
  on('POST /admin/clues', (r, _actor, ctx) => createClue(ctx, r.body))
  on('POST /admin/clues/import', (r, _actor, ctx) => importClues(ctx, r.body), { readBody: readImport })
  on('GET /admin/clues/{id}', (r, _actor, ctx) => readClue(ctx, r.path.id))
  on('PUT /admin/clues/{id}', (r, _actor, ctx) => editClue(ctx, r.path.id, r.body))
  on('DELETE /admin/clues/{id}', (r, _actor, ctx) => deleteClue(ctx, r.path.id))
  on('POST /admin/clues/{id}/assign', (r, actor, ctx) => assignClue(ctx, nameOf(actor), r.path.id, r.body))
  on('POST /admin/clues/{id}/recall', (r, actor, ctx) => recallClue(ctx, nameOf(actor), r.path.id, r.body))
  on('POST /admin/assignments', (r, actor, ctx) => assignClues(ctx, nameOf(actor), r.body))
}

/** A token is nobody in particular. */
const nameOf = (actor: Actor) => (actor.kind === 'account' ? actor.name : null)

const ImportQuery = v.object({ partial: v.optional(Yes), dryRun: v.optional(Yes) })

/** The contract's JSON, or the file itself as `text/csv`, with `?partial=1` and `?dryRun=1`. */
async function readImport(c: HonoContext<HttpEnv>): Promise<Outcome<unknown>> {
  if (!/^text\/csv\b/i.test(c.req.header('content-type') ?? '')) return readBody(c)
  const query = check(ImportQuery, c.req.query())
  if (!query.ok) return query
  const csv = decodeCsv(new Uint8Array(await c.req.arrayBuffer()))
  const { partial, dryRun } = query.value
  return csv.ok ? done({ csv: csv.value, partial: partial === '1', dryRun: dryRun === '1' }) : csv
}
