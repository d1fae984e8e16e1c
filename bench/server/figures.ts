import { measureAssignments } from './assign.ts'
import { measureDeliveries, measureWithEvents } from './deliver.ts'
import { goals } from './goals.ts'
import { measureLatency } from './latency.ts'
import { measureMemory } from './memory.ts'
import { median, pairedRatio } from './rounds.ts'
import { runStorms } from './storms.ts'
import type { Line } from './table.ts'

/** How much is done: enough for a figure, or for a look. */
export interface Extent {
  rounds: number
  assignments: number
  deliveries: number
  latencySeconds: number
  memoryMessages: number
}

export const extents: Record<'full' | 'quick', Extent> = {
  full: { rounds: 7, assignments: 800, deliveries: 1500, latencySeconds: 20, memoryMessages: 60_000 },
  quick: { rounds: 5, assignments: 300, deliveries: 1000, latencySeconds: 5, memoryMessages: 8_000 },
}

/** The measurements in the order of the table; each has a database of its own. */
export const figures: ((url: string, extent: Extent) => Promise<Line[]>)[] = [
  assignments,
  deliveries,
  deliveriesWithEvents,
  latency,
  memory,
  storms,
]

async function assignments(url: string, { rounds, assignments: each }: Extent): Promise<Line[]> {
  const { ours, byHand, byHandPrepared, overHttp, inBatches } = await measureAssignments(url, {
    rounds,
    each,
  })
  const ratio = pairedRatio(ours, byHand)
  const goal = goals.assignmentsOfRawSql
  return [
    {
      ...line('assignments, in the domain / same rows by hand', ours, byHand),
      goal: `≥ ${goal}`,
      ok: ratio >= goal,
    },
    line('  / same rows by hand, prepared statements', ours, byHandPrepared),
    line('  over HTTP, one a request / by hand', overHttp, byHand),
    line('  over HTTP, 100 a request / by hand', inBatches, byHand),
  ]
}

async function deliveries(url: string, { rounds, deliveries: each }: Extent): Promise<Line[]> {
  const { ours, bossWork, bossOneBatch, bossLoop, sendsOnly } = await measureDeliveries(url, { rounds, each })
  const faster = median(bossWork) > median(bossOneBatch) ? bossWork : bossOneBatch
  const goal = goals.deliveriesOfPgBoss
  return [
    {
      ...line('deliveries / pg-boss work(), 2 × batches of 250', ours, bossWork),
      goal: `≥ ${goal}`,
      ok: pairedRatio(ours, faster) >= goal,
    },
    line('  / pg-boss work(), one batch of 64', ours, bossOneBatch),
    line('  / pg-boss fetch-send-complete, 4 loops of 16', ours, bossLoop),
    line('  / bare sends, no database', ours, sendsOnly),
  ]
}

async function deliveriesWithEvents(url: string, { rounds, deliveries: each }: Extent): Promise<Line[]> {
  const figures = await measureWithEvents(url, { rounds, each })
  return [
    {
      what: 'deliveries while an event about each comes in',
      figure: aSecond(figures),
      ceiling: '',
    },
  ]
}

async function latency(url: string, { latencySeconds: seconds }: Extent): Promise<Line[]> {
  const { count, p50, p99, bareP50 } = await measureLatency(url, { aSecond: 50, seconds })
  const goal = goals.latencyP50Ms
  const ms = (value: number) => `${value.toFixed(0)} ms`
  return [
    {
      what: `assign → WeChat has it, 50/s, ${count} messages, p50 / a bare send`,
      figure: ms(p50),
      ceiling: ms(bareP50),
      goal: `≤ ${goal} ms`,
      ok: p50 <= goal,
    },
    { what: '  p99', figure: ms(p99), ceiling: ms(bareP50) },
  ]
}

async function memory(url: string, { memoryMessages }: Extent): Promise<Line[]> {
  const { count, seconds, heap, rss } = await measureMemory(url, memoryMessages)
  const mb = (bytes: number) => `${(bytes / 2 ** 20).toFixed(1)} MB`
  const growth = heap[1] / heap[0] - 1
  const goal = goals.heapGrowth
  return [
    {
      what: `heap, last / first quarter of ${count} messages in ${seconds.toFixed(0)} s`,
      figure: mb(heap[1]),
      ceiling: mb(heap[0]),
      ratio: heap[1] / heap[0],
      goal: `≤ ${1 + goal}`,
      ok: growth <= goal,
    },
    { what: '  resident', figure: mb(rss[1]), ceiling: mb(rss[0]), ratio: rss[1] / rss[0] },
  ]
}

async function storms(url: string): Promise<Line[]> {
  const all = await runStorms(url)
  return all.map(({ storm, backends, eventsLost, inDoubt, messages, kills, duplicates, lost, refreshes }) => {
    const exact = storm === 'token' || eventsLost === 0
    const events = eventsLost === 0 ? 'every event' : `${eventsLost * 100} % of events lost, ${inDoubt}`
    return {
      what:
        storm === 'kill'
          ? `kill storm: ${messages} messages, ${backends} processes, ${kills} kills, ${events}`
          : `token storm: ${messages} messages, ${backends} processes, ${refreshes ?? 0} refreshes`,
      figure: `${duplicates} twice, ${lost} lost`,
      ceiling: '',
      ...(exact && {
        goal: `${goals.stormDuplicates}, ${goals.stormLost}`,
        ok: duplicates <= goals.stormDuplicates && lost <= goals.stormLost,
      }),
    }
  })
}

const line = (what: string, values: readonly number[], ceiling: readonly number[]): Line => ({
  what,
  figure: aSecond(values),
  ceiling: aSecond(ceiling),
  ratio: pairedRatio(values, ceiling),
})

const aSecond = (values: readonly number[]) => `${Math.round(median(values))}/s`
