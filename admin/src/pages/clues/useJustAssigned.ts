import type { AdminDelivery, Endpoints } from '@leadbell/contract'
import { defineStore } from 'pinia'
import { readonly, shallowRef, watch } from 'vue'
import { call } from '../../api/call.ts'
import type { Outcome } from '../../api/outcome.ts'
import { useReading } from '../../composables/useReading.ts'
import { useSession } from '../../stores/session.ts'
import { announcementOf, follow, isAtRest, mayChange, notSent, seen, type Followed } from './just-assigned.ts'
import { useAnnouncement } from './useAnnouncement.ts'

const MOST_PAGES = 5
const PAGE_SIZE = '50'

/** Stays while the clerk looks at another page, and is nobody else's. */
const useFollowed = defineStore('just-assigned', () => {
  const session = useSession()
  const followed = shallowRef<Followed>(new Map())
  watch(
    () => session.user?.id,
    () => (followed.value = new Map()),
  )
  return { followed }
})

/** What becomes of the messages about the leads that this clerk has assigned, until it is closed. */
export function useJustAssigned() {
  const store = useFollowed()
  const reading = useReading({
    topics: ['deliveries'],
    present: () => (mayChange(store.followed) ? all() : nothing),
  })
  const told = useAnnouncement(
    () => announcementOf(store.followed),
    () => isAtRest(store.followed),
  )

  const all = () => ({
    read: (signal: AbortSignal) => readNewest(notSent(store.followed), signal),
    accept: (deliveries: AdminDelivery[]) => {
      store.followed = seen(store.followed, deliveries)
    },
  })
  const again = () => reading.show(all())

  // what was refused may have been sent again from another page
  if (notSent(store.followed).length > 0) void again()

  return {
    followed: () => store.followed,
    error: readonly(reading.error),
    told,
    again,
    add: async (ids: readonly string[]) => {
      store.followed = follow(store.followed, ids)
      await again()
    },
    close: () => {
      store.followed = new Map()
    },
  }
}

const nothing = {
  read: (): Promise<Outcome<AdminDelivery[]>> => Promise.resolve({ ok: true, value: [] }),
  accept: () => {},
}

/** The newest delivery of each of these leads, as far as it is among the newest of all. */
async function readNewest(ids: readonly string[], signal: AbortSignal): Promise<Outcome<AdminDelivery[]>> {
  const missing = new Set(ids)
  const found: AdminDelivery[] = []
  let cursor: string | undefined
  for (let page = 0; page < MOST_PAGES && missing.size > 0; page++) {
    const query: Endpoints['GET /admin/deliveries']['query'] = { limit: PAGE_SIZE, ...(cursor && { cursor }) }
    const outcome = await call('GET /admin/deliveries', { query, signal })
    if (!outcome.ok) return outcome
    const { items, nextCursor } = outcome.value
    for (const delivery of items) if (missing.delete(delivery.clueId)) found.push(delivery)
    if (nextCursor === null) break
    cursor = nextCursor
  }
  return { ok: true, value: found }
}
