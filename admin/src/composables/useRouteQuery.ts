import { computed, type ComputedRef } from 'vue'
import { useRoute, useRouter } from 'vue-router'

/**
 * The filters of a page, kept in its address: a link leads to what it names, and going back restores it. What is
 * empty is left out.
 */
export function useRouteQuery<K extends string>(keys: readonly K[]) {
  type Query = Partial<Record<K, string>>
  const route = useRoute()
  const router = useRouter()
  const path = route.path
  let last: Query = {}

  const query: ComputedRef<Query> = computed(() => {
    // on the way to another page, whose filters may have the same names
    if (route.path !== path) return last
    last = Object.fromEntries(
      keys.flatMap((key) => {
        const value = route.query[key]
        return typeof value === 'string' && value !== '' ? [[key, value]] : []
      }),
    ) as Query
    return last
  })
  const merged = (said: { [P in K]?: string | undefined }) => {
    const all: Record<string, unknown> = { ...route.query, ...said }
    return Object.fromEntries(
      Object.entries(all).filter(
        (entry): entry is [string, string] => !!entry[1] && typeof entry[1] === 'string',
      ),
    )
  }

  return {
    query,
    /** A filter: going back does not go through each of them. */
    change: (said: { [P in K]?: string | undefined }) => router.replace({ query: merged(said) }),
    /** A place: going back leaves it. */
    visit: (said: { [P in K]?: string | undefined }) => router.push({ query: merged(said) }),
  }
}
