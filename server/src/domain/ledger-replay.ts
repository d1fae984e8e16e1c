/**
 * What the book of one (openid, template) comes to. One acceptance may be told twice, by the phone's report and by
 * WeChat's popup event, in any order and late (wechat-platform.md §8.3); the messages it paid for may be booked before
 * it. So the balance is defined by what happened when, not by what was heard of first.
 */
export type LedgerFact =
  | { kind: 'grant'; source: 'report' | 'event'; at: number }
  | { kind: 'spend'; at: number }
  | { kind: 'zero'; at: number }

/** A report and an event of the same panel are at most this far apart. Two panels of one person seldom are closer. */
export const SAME_ACCEPTANCE_MS = 120_000

/** The balance after all of it: grants add one, a message takes one, `zero` takes the rest; never below zero. */
export function replay(facts: readonly LedgerFact[]): number {
  const grants = acceptances(facts).map((at): LedgerFact => ({ kind: 'grant', source: 'event', at }))
  const timeline = [...grants, ...facts.filter(({ kind }) => kind !== 'grant')]
  timeline.sort((a, b) => a.at - b.at || rank[a.kind] - rank[b.kind])
  let balance = 0
  for (const { kind } of timeline) {
    if (kind === 'grant') balance += 1
    else balance = kind === 'zero' ? 0 : Math.max(0, balance - 1)
  }
  return balance
}

// in the same instant: what was in the book when a message was sent was accepted before
const rank: Record<LedgerFact['kind'], number> = { grant: 0, zero: 1, spend: 2 }

/**
 * When the acceptances were. As many reports as possible are taken for the acceptance of an event, which no order of
 * arrival can change; of two clocks the earlier one is believed, since the message it paid for may have been at once.
 */
function acceptances(facts: readonly LedgerFact[]): number[] {
  const timesOf = (source: 'report' | 'event') =>
    facts
      .flatMap((fact) => (fact.kind === 'grant' && fact.source === source ? [fact.at] : []))
      .sort((a, b) => a - b)
  const reports = timesOf('report')
  const events = timesOf('event')
  const times: number[] = []
  for (let report = reports.shift(), event = events.shift(); report !== undefined || event !== undefined;) {
    const first = Math.min(report ?? Infinity, event ?? Infinity)
    const isBoth = Math.abs((report ?? Infinity) - (event ?? Infinity)) <= SAME_ACCEPTANCE_MS
    times.push(first)
    const isReport = report === first
    if (isBoth || isReport) report = reports.shift()
    if (isBoth || !isReport) event = events.shift()
  }
  return times
}
