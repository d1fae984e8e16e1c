import type { Clue, CluePage } from '@leadbell/contract'
import { ok } from './backend.ts'
import type { FakeHost } from './host.ts'

/** `GET /clues` as the backend answers it: by cursor, status and search, newest assignment first. */
export function servePages(host: FakeHost, clues: () => readonly Clue[]): void {
  host.backend['GET /clues'] = ({ query }) => ok(pageOf(clues(), query))
}

export function pageOf(
  clues: readonly Clue[],
  { status, q = '', cursor }: Record<string, string>,
  size = 20,
): CluePage {
  const matching = clues
    .filter((clue) => !status || clue.status === status)
    .filter(({ title, customerName, phone }) => [title, customerName, phone].some((text) => text.includes(q)))
  // Like the real one, the cursor names a place in the order and survives that its lead goes.
  const rest = cursor ? matching.filter((clue) => placeOf(clue) < cursor) : matching
  const items = rest.slice(0, size)
  return {
    items,
    nextCursor: rest.length > size ? placeOf(items.at(-1)) : null,
    unread: clues.filter(({ readAt }) => readAt === null).length,
  }
}

const placeOf = (clue: Clue | undefined) => `${clue?.assignedAt} ${clue?.id.padStart(8, '0')}`
