import { readdirSync, readFileSync } from 'node:fs'

/** Of this bench's own browsers, from /proc: nothing where there is none. */
export interface BrowserUse {
  /** What the processes hold in memory, shared pages divided among who shares them; bytes. */
  memory: number
  /** Milliseconds of processor time since they began. */
  cpu: number
}

/** Linux counts a process's time in hundredths of a second. */
const TICK_MS = 10

const read = (path: string): string => {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    // it has just ended
    return ''
  }
}

/** Fields of /proc/pid/stat from the third on: the second, the name, may hold anything. */
const statOf = (pid: number) =>
  read(`/proc/${pid}/stat`)
    .replace(/^.*\) /s, '')
    .split(' ')
const parentOf = (pid: number) => Number(statOf(pid)[1])

export function browserUse(): BrowserUse | undefined {
  if (process.platform !== 'linux') return undefined
  const pids = readdirSync('/proc').map(Number).filter(Boolean)
  const parents = new Map(pids.map((pid) => [pid, parentOf(pid)]))
  const isOurs = (pid: number | undefined): boolean =>
    pid !== undefined && pid > 1 && (pid === process.pid || isOurs(parents.get(pid)))
  const browsers = pids.filter((pid) => isOurs(pid) && read(`/proc/${pid}/cmdline`).includes('chrom'))
  const sum = (of: (pid: number) => number) => browsers.reduce((total, pid) => total + of(pid), 0)
  return {
    memory: sum(
      (pid) => Number(/^Pss:\s+(\d+) kB/m.exec(read(`/proc/${pid}/smaps_rollup`))?.[1] ?? 0) * 1024,
    ),
    cpu: sum((pid) => {
      const [user, system] = statOf(pid).slice(11, 13).map(Number)
      return ((user ?? 0) + (system ?? 0)) * TICK_MS
    }),
  }
}
