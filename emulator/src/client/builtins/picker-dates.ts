import type { PickerColumns } from './picking.ts'

export type DateFields = 'year' | 'month' | 'day'

const two = (n: number) => String(n).padStart(2, '0')

export function today(now = new Date()): string {
  return `${now.getFullYear()}-${two(now.getMonth() + 1)}-${two(now.getDate())}`
}

const range = (from: number, to: number) =>
  Array.from({ length: Math.max(0, to - from + 1) }, (_, index) => from + index)

/** The years of a date picker without `start` and `end`: a client's own choice, no source gives it. */
const YEARS = { first: 1900, last: 2099 }

/** Numbers of `YYYY-MM-DD` or a beginning of it; what is absent is `fallback`'s. */
function parts(text: string, fallback: readonly [number, number, number]): [number, number, number] {
  const found = /^(\d{1,4})(?:-(\d{1,2}))?(?:-(\d{1,2}))?$/.exec(text.trim())
  if (!found) return [...fallback]
  return [Number(found[1]), Number(found[2] ?? fallback[1]), Number(found[3] ?? fallback[2])]
}

/**
 * The wheels of `<picker mode="date">`: 年 alone, 年 and 月, or all three; nothing outside `start` … `end` can be
 * chosen. The value has as many parts as `fields` asks for.
 */
export function dateColumns(value: string, start: string, end: string, fields: DateFields): PickerColumns {
  const from = parts(start, [YEARS.first, 1, 1])
  const to = parts(end, [YEARS.last, 12, 31])
  const wanted = parts(value, parts(today(), [2000, 1, 1]))
  return at(wanted)

  function at([wantedYear, wantedMonth, wantedDay]: readonly [number, number, number]): PickerColumns {
    const years = range(from[0], to[0])
    const year = nearest(years, wantedYear)
    const months = range(year === from[0] ? from[1] : 1, year === to[0] ? to[1] : 12)
    const month = nearest(months, wantedMonth)
    const days = range(
      year === from[0] && month === from[1] ? from[2] : 1,
      year === to[0] && month === to[1] ? Math.min(to[2], daysIn(year, month)) : daysIn(year, month),
    )
    const day = nearest(days, wantedDay)
    const count = { year: 1, month: 2, day: 3 }[fields]
    const all = [years, months, days].slice(0, count)
    const now = [year, month, day].slice(0, count)
    const read = (rows: number[]) => all.map((column, index) => column[rows[index] ?? 0] ?? 0)
    return {
      columns: all.map((column, index) => column.map((n) => `${n}${'年月日'.charAt(index)}`)),
      chosen: all.map((column, index) => column.indexOf(now[index] ?? 0)),
      turned(rows) {
        const [y = year, m = month, d = day] = read(rows)
        return at([y, m, d])
      },
      detail(rows) {
        const [y = 0, ...rest] = read(rows)
        return { value: [String(y).padStart(4, '0'), ...rest.map(two)].join('-') }
      },
    }
  }
}

const daysIn = (year: number, month: number) => new Date(year, month, 0).getDate()

const nearest = (values: readonly number[], wanted: number) =>
  Math.min(values.at(-1) ?? wanted, Math.max(values[0] ?? wanted, wanted))

/** The wheels of `<picker mode="time">`: hour and minute between `start` and `end`, both included. */
export function timeColumns(value: string, start: string, end: string): PickerColumns {
  const from = minutes(start) ?? 0
  const to = minutes(end) ?? 24 * 60 - 1
  const now = new Date()
  return at(minutes(value) ?? now.getHours() * 60 + now.getMinutes())

  function at(wanted: number): PickerColumns {
    const time = nearest([from, to], wanted)
    const hours = range(Math.floor(from / 60), Math.floor(to / 60))
    const hour = Math.floor(time / 60)
    const within = range(hour === hours[0] ? from % 60 : 0, hour === hours.at(-1) ? to % 60 : 59)
    const read = (rows: number[]) => [hours[rows[0] ?? 0] ?? 0, within[rows[1] ?? 0] ?? 0] as const
    return {
      columns: [hours.map(two), within.map(two)],
      chosen: [hours.indexOf(hour), within.indexOf(nearest(within, time % 60))],
      turned(rows) {
        const [h, m] = read(rows)
        return at(h * 60 + m)
      },
      detail: (rows) => ({ value: read(rows).map(two).join(':') }),
    }
  }
}

function minutes(text: string): number | undefined {
  const found = /^(\d{1,2}):(\d{1,2})$/.exec(text.trim())
  return found ? Number(found[1]) * 60 + Number(found[2]) : undefined
}
