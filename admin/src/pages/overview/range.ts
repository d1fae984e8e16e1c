import type { Statistics } from '@leadbell/contract'

/** Whole days in Beijing, both of them within. */
export interface Days {
  first: string
  last: string
}

export type Range = { kind: 'latest'; count: 7 | 30 } | { kind: 'chosen'; days: Days }

/** What the address says of a range. */
export const rangeKeys = ['days', 'from', 'to'] as const
type Address = Record<(typeof rangeKeys)[number], string | undefined>

/** More than that the backend does not count at once. */
export const MOST_DAYS = 92
const DAY_MS = 24 * 3600_000
const BEIJING = '+08:00'

/** What the address says; the last seven days when it says nothing that can be read. */
export function rangeOf({ days, from, to }: Partial<Address>): Range {
  if (isDay(from) && isDay(to) && from <= to) return { kind: 'chosen', days: { first: from, last: to } }
  return { kind: 'latest', count: days === '30' ? 30 : 7 }
}

/** The address of a range; the inverse of `rangeOf`. */
export function queryOf(range: Range): Address {
  switch (range.kind) {
    case 'latest':
      return { days: range.count === 7 ? undefined : String(range.count), from: undefined, to: undefined }
    case 'chosen':
      return { days: undefined, from: range.days.first, to: range.days.last }
  }
}

/** The latest days end with today, as it is in Beijing. */
export function daysOf(range: Range, now: Date): Days {
  if (range.kind === 'chosen') return range.days
  const last = new Date(now.getTime() + 8 * 3600_000).toISOString().slice(0, 10)
  return { first: dayAfter(last, 1 - range.count), last }
}

/** From the first midnight until before the midnight after the last day. */
export const momentsOf = ({ first, last }: Days): { from: string; to: string } => ({
  from: `${first}T00:00:00.000${BEIJING}`,
  to: `${dayAfter(last, 1)}T00:00:00.000${BEIJING}`,
})

/** One entry for each of the days, in their order; a day nothing is said of had no message. */
export function everyDay({ first, last }: Days, said: Statistics['days']): Statistics['days'] {
  const known = new Map(said.map((entry) => [entry.day, entry]))
  const days: Statistics['days'] = []
  for (let day = first; day <= last; day = dayAfter(day, 1))
    days.push(known.get(day) ?? { day, assigned: 0, sent: 0, medianSecondsToRing: null })
  return days
}

/** The day so many days later, or earlier. */
export const dayAfter = (day: string, count: number): string =>
  new Date(Date.parse(day) + count * DAY_MS).toISOString().slice(0, 10)

/** 11/3, as it stands below a chart. */
export const shortDay = (day: string): string => `${Number(day.slice(5, 7))}/${Number(day.slice(8))}`

function isDay(text: unknown): text is string {
  if (typeof text !== 'string' || !/^20\d\d-\d\d-\d\d$/.test(text)) return false
  const time = Date.parse(text)
  return !Number.isNaN(time) && new Date(time).toISOString().startsWith(text)
}
