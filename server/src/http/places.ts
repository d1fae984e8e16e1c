/** Counts who is there: so many of one caller, so many of all. */
export interface Places {
  /** Answers how to leave, which counts once; undefined when there is no place. */
  take(caller: string): (() => void) | undefined
}

export function createPlaces(options: {
  each: number
  all: number
  onChange: (taken: number) => void
}): Places {
  const takenBy = new Map<string, number>()
  let taken = 0

  function change(caller: string, by: 1 | -1): void {
    taken += by
    const left = (takenBy.get(caller) ?? 0) + by
    if (left > 0) takenBy.set(caller, left)
    else takenBy.delete(caller)
    options.onChange(taken)
  }

  return {
    take: (caller) => {
      if (taken >= options.all || (takenBy.get(caller) ?? 0) >= options.each) return undefined
      change(caller, 1)
      let isThere = true
      return () => {
        if (isThere) change(caller, -1)
        isThere = false
      }
    },
  }
}
