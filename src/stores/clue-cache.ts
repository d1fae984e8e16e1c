import type { Clue } from '@leadbell/contract'
import { readStored, writeStored } from './storage.ts'

/** Enough to work through without a network, little enough to write after every refresh. */
const KEPT = 100

interface ClueCache {
  /** The account whose leads these are: the next one on this phone must not see them. */
  ownerId: string
  items: readonly Clue[]
  unread: number
  /** Milliseconds since 1970. */
  savedAt: number
}

const isCache = (value: unknown): value is ClueCache =>
  typeof (value as ClueCache | null)?.ownerId === 'string' && Array.isArray((value as ClueCache).items)

/** The last list of this account, or null. */
export function readClueCache(ownerId: string): ClueCache | null {
  const cache = readStored('leadbell.clues', isCache)
  return cache?.ownerId === ownerId ? cache : null
}

export function writeClueCache(
  ownerId: string,
  { items, unread }: Pick<ClueCache, 'items' | 'unread'>,
): void {
  const cache: ClueCache = { ownerId, items: items.slice(0, KEPT), unread, savedAt: Date.now() }
  writeStored('leadbell.clues', cache)
}
