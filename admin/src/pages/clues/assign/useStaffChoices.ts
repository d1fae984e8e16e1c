import type { StaffMember } from '@leadbell/contract'
import { computed, onScopeDispose, ref, shallowRef, watch, type Ref } from 'vue'
import { call } from '../../../api/call.ts'
import { isGone, type Outcome } from '../../../api/outcome.ts'
import { useReading } from '../../../composables/useReading.ts'
import { ringOf } from '../../../ring.ts'

const SEARCH_AFTER_MS = 250

interface Found {
  items: StaffMember[]
  nextCursor: string | null
}
/** Null: gone. */
type Known = [id: string, present: StaffMember | null]

/**
 * Field staff to choose from, as the search says, and the chosen ones with their quotas as they are now. Who
 * can no longer be given a lead is taken out of `chosen` and named in `dropped`.
 */
export function useStaffChoices(chosen: Ref<StaffMember[]>) {
  const typed = ref('')
  /** What the shown people were searched by. */
  const searched = ref<string | null>(null)
  const people = shallowRef<StaffMember[]>([])
  const next = ref<string | null>(null)
  const pages = ref(1)
  const dropped = ref<string[]>([])
  let pause: ReturnType<typeof setTimeout> | undefined

  const { error, loading, show } = useReading({
    topics: ['staff'],
    present: () => found(searched.value ?? '', pages.value, { byItself: true }),
  })
  watch(typed, () => {
    clearTimeout(pause)
    pause = setTimeout(() => void search(), SEARCH_AFTER_MS)
  })
  onScopeDispose(() => clearTimeout(pause))
  void search()

  async function search(): Promise<void> {
    await show(found(typed.value.trim(), 1))
  }

  /** `byItself`: nobody asked, so nothing moves; but what is chosen is read too, whether or not it is shown. */
  function found(q: string, count: number, { byItself = false } = {}) {
    return {
      read: async (signal: AbortSignal) => {
        const read = await readPages(q, count, signal)
        if (!read.ok) return read
        const { items } = read.value
        return done({ ...read.value, hidden: byItself ? await readHidden(items, signal) : [] })
      },
      accept: ({ items, nextCursor, hidden }: Found & { hidden: Known[] }) => {
        const offered = items.filter(isOffered)
        people.value = byItself ? inPlace(people.value, offered) : ringableFirst(offered)
        next.value = nextCursor
        pages.value = count
        searched.value = q
        keep(new Map([...items.map((member): Known => [member.id, member]), ...hidden]))
      },
    }
  }

  /** Those chosen whom the search does not show. */
  function readHidden(shown: StaffMember[], signal: AbortSignal): Promise<Known[]> {
    const ids = new Set(shown.map(({ id }) => id))
    const hidden = chosen.value.filter(({ id }) => !ids.has(id))
    return Promise.all(
      hidden.map(async (member): Promise<Known> => [member.id, await readOne(member, signal)]),
    )
  }

  function keep(present: ReadonlyMap<string, StaffMember | null>): void {
    const now = chosen.value.map((member) => {
      const known = present.get(member.id)
      return known === undefined ? member : known && isOffered(known) ? known : null
    })
    const gone = chosen.value.filter((_member, n) => now[n] === null)
    if (gone.length > 0) dropped.value = gone.map(({ realname }) => realname)
    chosen.value = now.filter((member) => member !== null)
  }

  return {
    typed,
    searched,
    people,
    hasMore: computed(() => next.value !== null),
    loading,
    error,
    dropped,
    more: () => show(found(searched.value ?? '', pages.value + 1)),
    again: search,
  }
}

const done = <T>(value: T) => ({ ok: true as const, value })
const isOffered = ({ disabled, role }: StaffMember) => !disabled && role === 'staff'

function ringableFirst(members: StaffMember[]): StaffMember[] {
  const rings = (member: StaffMember) => ringOf(member).kind === 'rings'
  return [...members.filter(rings), ...members.filter((member) => !rings(member))]
}

/** Nothing moves under a hand that is about to click: known people keep their places, new ones come last. */
function inPlace(shown: StaffMember[], found: StaffMember[]): StaffMember[] {
  const now = new Map(found.map((member) => [member.id, member]))
  const stayed = shown.flatMap(({ id }) => now.get(id) ?? [])
  const known = new Set(stayed.map(({ id }) => id))
  return [...stayed, ...ringableFirst(found.filter(({ id }) => !known.has(id)))]
}

/** Pages from the first one on, so that somebody who moved between pages is neither missing nor there twice. */
async function readPages(q: string, count: number, signal: AbortSignal): Promise<Outcome<Found>> {
  const items: StaffMember[] = []
  let cursor: string | undefined
  for (let page = 0; page < count; page++) {
    const query = { role: 'staff' as const, q, limit: '50', cursor }
    const outcome = await call('GET /admin/staff', { query, signal })
    if (!outcome.ok) return outcome
    items.push(...outcome.value.items)
    if (outcome.value.nextCursor === null) return done({ items, nextCursor: null })
    cursor = outcome.value.nextCursor
  }
  return done({ items, nextCursor: cursor ?? null })
}

/** Null when the account is gone; as known so far when that cannot be read. */
async function readOne(member: StaffMember, signal: AbortSignal): Promise<StaffMember | null> {
  const outcome = await call('GET /admin/staff/{id}', { path: { id: member.id }, signal })
  if (outcome.ok) return outcome.value
  return isGone(outcome.error) ? null : member
}
