import { DeliveryState, type Statistics } from '@leadbell/contract'
import { deliveryStateWords, durationText } from '../../words.ts'
import { shortDay } from './range.ts'

type Day = Statistics['days'][number]

/** The backend counts no further. */
const MOST_UNASSIGNED = 10_000

/** 93.2%; 100% only when nothing is missing, and 0% only when nothing was sent. */
export function percentText(rate: number | null): string {
  if (rate === null) return '—'
  const percent = Math.round(rate * 1000) / 10
  if (percent === 100 && rate < 1) return '99.9%'
  if (percent === 0 && rate > 0) return '0.1%'
  return `${percent}%`
}

export const unassignedText = (count: number): string =>
  count >= MOST_UNASSIGNED ? `${MOST_UNASSIGNED}+` : String(count)

export const notSent = ({ assigned, sent }: Day): number => assigned - sent

export const secondsText = (seconds: number | null): string =>
  seconds === null ? '—' : durationText(seconds)

/** The states that something is in, in the order in which a message passes them. */
export const statesInUse = (
  states: Statistics['states'],
): { text: string; state: DeliveryState; count: number }[] =>
  DeliveryState.options
    .map((state) => ({ state, text: deliveryStateWords[state].text, count: states[state] ?? 0 }))
    .filter(({ count }) => count > 0)

/** What the chart of the days says, for whoever does not see it. */
export function daysSentence(days: Day[]): string {
  const [first, last] = [days.at(0), days.at(-1)]
  const busiest = days.reduce<Day | undefined>(
    (most, day) => (most && most.assigned >= day.assigned ? most : day),
    undefined,
  )
  if (!first || !last || !busiest || busiest.assigned === 0) return '这段时间没有提醒'
  const assigned = days.reduce((sum, day) => sum + day.assigned, 0)
  const sent = days.reduce((sum, day) => sum + day.sent, 0)
  return (
    `${shortDay(first.day)} 到 ${shortDay(last.day)} 共 ${assigned} 条提醒，已送达 ${sent} 条，` +
    `最多的一天是 ${shortDay(busiest.day)}，${busiest.assigned} 条`
  )
}

/** What the chart of the states says. */
export function statesSentence(states: Statistics['states']): string {
  const said = statesInUse(states).map(({ text, count }) => `${text} ${count} 条`)
  return said.length === 0 ? '这段时间没有提醒' : `提醒现在的状态：${said.join('，')}`
}
