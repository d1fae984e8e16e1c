import { ringOf, type Ringable } from '../../../ring.ts'

/** `even`: in turn. `by-quota`: whoever can be rung comes first, as long as there is something left to ring with. */
export type Way = 'even' | 'by-quota'

export interface Share<C, M> {
  member: M
  clues: C[]
  /** So many of them ring at once; the others wait. */
  rings: number
}

/** Who gets which lead: every lead once, the shares in the order of `members`, nothing when there are none. */
export function distribute<C, M extends Ringable>(
  clues: readonly C[],
  members: readonly M[],
  way: Way,
): Share<C, M>[] {
  const shares = members.map((member) => ({ member, clues: [] as C[], left: ringsLeft(member) }))
  for (const clue of clues) {
    const ringable = way === 'by-quota' ? shares.filter(({ clues: has, left }) => has.length < left) : []
    leastLoaded(ringable.length > 0 ? ringable : shares)?.clues.push(clue)
  }
  return shares.map(({ member, clues: has, left }) => ({
    member,
    clues: has,
    rings: Math.min(has.length, left),
  }))
}

/** The first of those that have the fewest, which gives leads out in turn. */
function leastLoaded<S extends { clues: unknown[] }>(shares: readonly S[]): S | undefined {
  return shares.reduce<S | undefined>(
    (least, share) => (least && least.clues.length <= share.clues.length ? least : share),
    undefined,
  )
}

function ringsLeft(member: Ringable): number {
  const ring = ringOf(member)
  return ring.kind === 'rings' ? ring.left : 0
}
