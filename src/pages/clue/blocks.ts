import type { Clue } from '@leadbell/contract'
import { assignedWhen, statusWord } from './clue-words.ts'

/** As many as one page of the backend's answer. */
export const BLOCK_SIZE = 20

/** Two blocks on either side: with the observer's margins that covers a screen and a quick flick. */
const REACH = 2

export interface Row {
  id: string
  title: string
  status: string
  meta: string
  isUnread: boolean
}

export interface Block {
  count: number
  /** null where nobody looks: the block keeps its height and holds nothing. */
  rows: Row[] | null
}

/**
 * What the view is given of a list: the rows around block `center`, and the bare height of the rest. So neither the
 * data nor the nodes of the page grow with the list.
 */
export function blocksAround(items: readonly Clue[], center: number): Block[] {
  const blocks = Math.ceil(items.length / BLOCK_SIZE)
  // The list may have become shorter than where the user was.
  const middle = Math.min(center, blocks - 1)
  return Array.from({ length: blocks }, (_, index) => {
    const clues = items.slice(index * BLOCK_SIZE, (index + 1) * BLOCK_SIZE)
    return { count: clues.length, rows: Math.abs(index - middle) <= REACH ? clues.map(toRow) : null }
  })
}

const toRow = (clue: Clue): Row => ({
  id: clue.id,
  title: clue.title,
  status: statusWord(clue.status),
  meta: `${clue.customerName} · ${assignedWhen(clue)}`,
  isUnread: clue.readAt === null,
})
