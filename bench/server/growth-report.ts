import type { Operation } from './growth-operations.ts'
import { summarize, type Plan } from './plans.ts'

/** The issue's: so many times as long at most. */
const LIMIT = 2

export interface Result {
  operation: Operation
  youngMs: number
  grownMs: number
  /** On the grown database. */
  plans: Plan[]
  /** Those of them that read a big table whole. */
  seqScans: Plan[]
}

/** The table, the plans, and what is wrong with them; answers how many goals are missed. */
export function report(results: readonly Result[], say: (line: string) => void): number {
  say('\nMedians in milliseconds:')
  console.table(
    Object.fromEntries(
      results.map(({ operation, youngMs, grownMs, seqScans }) => [
        operation.name,
        {
          young: round(youngMs),
          grown: round(grownMs),
          ratio: round(grownMs / youngMs),
          'whole table': seqScans.length > 0 ? 'yes' : '',
          goal: operation.goal ? `≤ ${LIMIT}` : '',
        },
      ]),
    ),
  )
  say('\nHow the tables are read:')
  for (const { operation, plans } of results) {
    say(operation.name)
    for (const way of summarize(plans)) say(`  ${way}`)
  }
  const slow = results.filter(
    ({ operation, youngMs, grownMs }) => operation.goal && grownMs / youngMs > LIMIT,
  )
  const whole = results.filter(({ seqScans }) => seqScans.length > 0)
  for (const { operation } of slow) say(`✗ ${operation.name} takes more than ${LIMIT} times as long`)
  for (const { operation, seqScans } of whole)
    for (const query of new Set(seqScans.map((plan) => plan.query)))
      say(`${operation.goal ? '✗' : '·'} ${operation.name} reads a big table whole: ${query}`)
  return slow.length + whole.filter(({ operation }) => operation.goal).length
}

const round = (value: number) => Math.round(value * 100) / 100
