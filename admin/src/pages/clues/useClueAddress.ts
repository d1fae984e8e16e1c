import { computed } from 'vue'
import { useRouteQuery } from '../../composables/useRouteQuery.ts'
import {
  filterNames,
  isFiltered,
  noFilters,
  readFilters,
  writeFilters,
  type ClueFilters,
} from './clue-filters.ts'

/** What the address says: the filters, and which lead is open beside the table. */
export function useClueAddress() {
  const { query, change, visit } = useRouteQuery([...filterNames, 'open'])
  const filters = computed(() => readFilters(query.value))

  function filter(said: Partial<ClueFilters>): Promise<unknown> {
    const next = { ...filters.value, ...said }
    if (said.unassigned) next.owner = ''
    if (said.owner) next.unassigned = false
    return change(writeFilters(next))
  }

  return {
    filters,
    filtered: computed(() => isFiltered(filters.value)),
    filter,
    clearFilters: () => filter(noFilters),
    openId: computed(() => query.value.open),
    openClue: (id: string) => visit({ open: id }),
    closeClue: () => change({ open: undefined }),
  }
}
