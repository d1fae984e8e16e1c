import type { Clue, CluePage, ClueStatus } from '@leadbell/contract'
import { defineStore } from 'pinia'
import { computed, ref, shallowRef, watch } from 'vue'
import { getClues } from '@/api/clue-endpoints.ts'
import { readClueCache, writeClueCache } from './clue-cache.ts'
import { sentenceFor } from './messages.ts'
import { useSession } from './session.ts'

export interface ClueFilter {
  /** null: every status. */
  status: ClueStatus | null
  /** Part of the title, the customer's name or the phone number; empty: all. */
  q: string
}

export type ListState =
  | { kind: 'loading' }
  /** `savedAt` is null for what the backend said, a time in milliseconds for what this phone remembers. */
  | { kind: 'ready'; savedAt: number | null }
  | { kind: 'failed'; message: string }

/** What comes after the last lead that is shown. */
export type MoreState = 'idle' | 'loading' | 'failed' | 'end'

const everything: ClueFilter = { status: null, q: '' }

/** A page shown again so soon after a refresh shows what it has. */
const FRESH_MS = 10_000

/** The user's leads as far as they were scrolled, newest assignment first. */
export const useClueList = defineStore('clue-list', () => {
  const items = shallowRef<readonly Clue[]>([])
  const unread = ref(0)
  const filter = ref<ClueFilter>(everything)
  const state = ref<ListState>({ kind: 'loading' })
  const more = ref<MoreState>('idle')
  const session = useSession()
  const isFiltered = computed(() => filter.value.status !== null || filter.value.q !== '')

  /** Counts the questions: an answer to an earlier one is nobody's any more. */
  let question = 0
  let cursor: string | null = null
  let ownerId: string | null = null
  let answeredAt = -Infinity
  let refreshing: Promise<void> | null = null
  let keepsTail = true

  /** Another account on this phone starts with nothing, or with what the phone remembers of its last list. */
  function startFor(id: string | undefined): void {
    if (!id || ownerId === id) return
    ownerId = id
    unread.value = 0
    ask(everything)
    showCached()
  }

  // At once: a page that is shown a moment later must not have the former account's leads in it.
  watch(() => session.session?.user.id, startFor, { immediate: true, flush: 'sync' })

  // Whoever has just logged in looks for what is new, however fresh the list of the session before is.
  watch(
    () => session.session?.token,
    () => {
      answeredAt = -Infinity
    },
    { flush: 'sync' },
  )

  /** The last list this phone has seen, if that is what was asked for. */
  function showCached(): boolean {
    const cached = ownerId && !isFiltered.value ? readClueCache(ownerId) : null
    if (!cached) return false
    items.value = cached.items
    unread.value = cached.unread
    state.value = { kind: 'ready', savedAt: cached.savedAt }
    return true
  }

  function ask(next: ClueFilter): void {
    question++
    refreshing = null
    filter.value = next
    keepsTail = true
    items.value = []
    cursor = null
    more.value = 'idle'
    state.value = { kind: 'loading' }
  }

  /** The first page again. What is on screen stays there until the answer: a refresh never empties the list. */
  function refresh(): Promise<void> {
    if (!session.loggedIn) return Promise.resolve()
    const mine = question
    refreshing ??= loadFirst(mine).finally(() => {
      if (mine === question) refreshing = null
    })
    return refreshing
  }

  /** The same by hand: what was scrolled to goes, and with it whatever went away down there. */
  function refreshAnew(): Promise<void> {
    keepsTail = false
    return refresh()
  }

  async function refreshUnlessFresh(): Promise<void> {
    if (state.value.kind === 'ready' && Date.now() - answeredAt < FRESH_MS) return
    await refresh()
  }

  async function loadFirst(mine: number): Promise<void> {
    if (state.value.kind === 'failed') state.value = { kind: 'loading' }
    const outcome = await getClues(query())
    if (mine !== question) return
    if (!outcome.ok) {
      // Something to read beats an error; the network bar says the rest.
      if (state.value.kind !== 'ready' && !showCached())
        state.value = { kind: 'failed', message: sentenceFor(outcome.error) }
      return
    }
    const page = outcome.result
    answeredAt = Date.now()
    const tail = keepsTail ? tailAfter(page) : []
    keepsTail = true
    items.value = [...page.items, ...tail]
    if (tail.length === 0) continueAt(page.nextCursor)
    unread.value = page.unread
    state.value = { kind: 'ready', savedAt: null }
    if (!isFiltered.value && ownerId) writeClueCache(ownerId, { items: items.value, unread: page.unread })
  }

  /** What was scrolled to below that page: a refresh of the top leaves it, unless the two no longer meet. */
  function tailAfter(page: CluePage): readonly Clue[] {
    if (page.nextCursor === null || state.value.kind !== 'ready' || state.value.savedAt !== null) return []
    const last = page.items.at(-1)
    // In its old place: a lead that was assigned anew says nothing about where the others are.
    const place = items.value.findIndex(
      ({ id, assignedAt }) => id === last?.id && assignedAt === last.assignedAt,
    )
    const fresh = new Set(page.items.map(({ id }) => id))
    return place < 0 ? [] : items.value.slice(place + 1).filter(({ id }) => !fresh.has(id))
  }

  /** Twenty more. Does nothing while some are on their way, or when there are no more. */
  async function loadMore(): Promise<void> {
    if (state.value.kind !== 'ready' || cursor === null || more.value === 'loading') return
    const mine = question
    const from = cursor
    more.value = 'loading'
    const outcome = await getClues({ ...query(), cursor: from })
    // A refresh that started the list anew has moved on.
    if (mine !== question || cursor !== from) return
    if (!outcome.ok) {
      more.value = 'failed'
      return
    }
    const known = new Set(items.value.map(({ id }) => id))
    items.value = [...items.value, ...outcome.result.items.filter(({ id }) => !known.has(id))]
    continueAt(outcome.result.nextCursor)
  }

  function continueAt(next: string | null): void {
    cursor = next
    more.value = next === null ? 'end' : 'idle'
  }

  function query() {
    const { status, q } = filter.value
    return { ...(status && { status }), ...(q && { q }) }
  }

  /** Shows other leads; those that are shown go at once. */
  async function show(next: Partial<ClueFilter>): Promise<void> {
    const wanted = { ...filter.value, ...next }
    if (wanted.status === filter.value.status && wanted.q === filter.value.q) return
    ask(wanted)
    await refresh()
  }

  /** A lead that changed on its own page; one that the filter no longer takes goes. */
  function update(clue: Clue): void {
    const fits = filter.value.status === null || filter.value.status === clue.status
    items.value = fits
      ? items.value.map((item) => (item.id === clue.id ? clue : item))
      : items.value.filter(({ id }) => id !== clue.id)
  }

  /** It went to somebody else, or is deleted. */
  function remove(id: string): void {
    items.value = items.value.filter((item) => item.id !== id)
  }

  /** Opened for the first time. */
  function markRead(id: string, readAt: string): void {
    const clue = items.value.find((item) => item.id === id)
    if (!clue || clue.readAt !== null) return
    update({ ...clue, readAt })
    unread.value = Math.max(0, unread.value - 1)
  }

  /** Among what is shown, or what the phone remembers while nothing was asked for yet. */
  const find = (id: string): Clue | undefined => items.value.find((item) => item.id === id)

  return {
    items,
    unread,
    filter,
    isFiltered,
    state,
    more,
    refresh,
    refreshAnew,
    refreshUnlessFresh,
    loadMore,
    show,
    update,
    remove,
    markRead,
    find,
  }
})
