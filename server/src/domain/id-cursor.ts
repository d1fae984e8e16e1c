import { parseId } from './ids.ts'
import { done, refuse, type Outcome } from './refusal.ts'

/** The place in a list that is in the order of ids. */
export function readIdCursor(cursor: string | undefined): Outcome<number | undefined> {
  if (cursor === undefined) return done(undefined)
  const id = parseId(Buffer.from(cursor, 'base64url').toString())
  return id === undefined ? refuse('cursor-bad') : done(id)
}

/** Cuts the one row that was read beyond the page, whose being there says that the list goes on. */
export function pageOf<Row>(
  rows: readonly Row[],
  limit: number,
  placeOf: (row: Row) => number | string,
): { shown: readonly Row[]; nextCursor: string | null } {
  const shown = rows.slice(0, limit)
  const last = shown.at(-1)
  const nextCursor =
    rows.length > limit && last ? Buffer.from(String(placeOf(last))).toString('base64url') : null
  return { shown, nextCursor }
}
