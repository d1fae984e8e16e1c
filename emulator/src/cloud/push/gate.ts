/** Lets at most `most` of the given works run at once; the others wait in line. */
export function gate(most: number): <T>(work: () => Promise<T>) => Promise<T> {
  let running = 0
  const line: (() => void)[] = []
  return async (work) => {
    if (running >= most) await new Promise<void>((enter) => line.push(enter))
    else running++
    try {
      return await work()
    } finally {
      const next = line.shift()
      // who is next takes this one's place, so nobody slips in between
      if (next) next()
      else running--
    }
  }
}
