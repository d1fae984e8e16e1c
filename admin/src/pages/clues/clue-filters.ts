import { ClueStatus, type Endpoints } from '@leadbell/contract'
import { is } from 'valibot'

/** What the clerk looks for. An empty value does not restrict. */
export interface ClueFilters {
  q: string
  status: ClueStatus | ''
  /** Id of the person who has the leads. */
  owner: string
  unassigned: boolean
}

export const clueStatuses = ClueStatus.options

export const noFilters: ClueFilters = { q: '', status: '', owner: '', unassigned: false }

export const filterNames = ['q', 'status', 'owner', 'unassigned'] as const
type Address = Partial<Record<(typeof filterNames)[number], string>>

export const isFiltered = (filters: ClueFilters) => Object.values(filters).some(Boolean)

/** Anybody can write an address: what it says wrongly restricts nothing. */
export function readFilters({ q = '', status, owner = '', unassigned }: Address): ClueFilters {
  const isUnassigned = unassigned === '1'
  return {
    q: q.trim().slice(0, 64),
    status: is(ClueStatus, status) ? status : '',
    // what nobody has has no owner
    owner: isUnassigned ? '' : owner.trim().slice(0, 64),
    unassigned: isUnassigned,
  }
}

/** The address of filters; the inverse of `readFilters`. */
export const writeFilters = ({ unassigned, ...texts }: ClueFilters) => ({
  ...texts,
  unassigned: unassigned ? '1' : '',
})

/** What the backend is asked. */
export const askFor = ({
  q,
  status,
  owner,
  unassigned,
}: ClueFilters): Endpoints['GET /admin/clues']['query'] => ({
  order: 'unassigned-first',
  ...(q && { q }),
  ...(status && { status }),
  ...(owner && { assigneeId: owner }),
  ...(unassigned && { unassigned: '1' as const }),
})
