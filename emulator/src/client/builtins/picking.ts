import type { PickerHandle } from '../shell/pickers/picker-sheet.ts'
import type { Behaviour, Builtin } from './define.ts'
import { dateColumns, timeColumns, today, type DateFields } from './picker-dates.ts'
import { regionColumns } from './picker-regions.ts'

/** What one mode of the picker shows and gives. */
export interface PickerColumns {
  columns: string[][]
  chosen: number[]
  /** The columns after the user turned one; absent when they do not depend on each other. */
  turned?(rows: number[]): PickerColumns
  /** `event.detail` of `change` for these rows. */
  detail(rows: number[]): { value: unknown } & Record<string, unknown>
}

const modes = {
  selector: (self) => {
    const columns = [texts(self, self.data.range)]
    const row = Number(self.data.value) || 0
    // a number on iOS, a text in the devtools: WeChat's own examples take both
    return { columns, chosen: [row], detail: ([at = 0]) => ({ value: String(at) }) }
  },
  multiSelector: (self) => {
    const range = Array.isArray(self.data.range) ? (self.data.range as unknown[]) : []
    const columns = range.map((column) => texts(self, column))
    const value = Array.isArray(self.data.value) ? (self.data.value as unknown[]) : []
    return {
      columns,
      chosen: columns.map((_, column) => Number(value[column]) || 0),
      detail: (rows) => ({ value: rows }),
    }
  },
  time: ({ data }) => timeColumns(word(data.value), word(data.start), word(data.end)),
  date: ({ data }) =>
    dateColumns(
      word(data.value) || today(),
      word(data.start),
      word(data.end),
      fieldsOf[word(data.fields)] ?? 'day',
    ),
  region: ({ data, host }) => {
    if (data.level === 'sub-district') host.missing('<picker mode="region" level="sub-district">')
    return regionColumns(Array.isArray(data.value) ? data.value.map(String) : [], {
      customItem: word(data.customItem),
      level: word(data.level) || 'region',
    })
  },
} satisfies Record<string, (self: Builtin) => PickerColumns>

const fieldsOf: Record<string, DateFields> = { year: 'year', month: 'month', day: 'day' }
const word = (value: unknown) => (typeof value === 'string' ? value : '')
const isMode = (name: string): name is keyof typeof modes => name in modes

function texts({ data }: Builtin, range: unknown): string[] {
  const key = word(data.rangeKey)
  if (!Array.isArray(range)) return []
  return range.map((row: unknown) =>
    String(key && typeof row === 'object' && row ? (row as Record<string, unknown>)[key] : row),
  )
}

const open = new WeakMap<Builtin, { handle: PickerHandle; rows: number[] }>()

function columnsOf(self: Builtin): PickerColumns | undefined {
  const mode = word(self.data.mode) || 'selector'
  if (isMode(mode)) return modes[mode](self)
  self.host.missing(`<picker mode="${mode}">`)
  return undefined
}

export const picker: Behaviour = {
  tapped(self) {
    if (self.data.disabled || open.has(self)) return
    let shown = columnsOf(self)
    if (!shown) return
    const multi = self.data.mode === 'multiSelector'
    const state = { rows: clamped(shown) }
    const handle = self.host.showPicker({
      title: word(self.data.headerText),
      columns: shown.columns,
      chosen: state.rows,
      turned(column, row) {
        state.rows[column] = row
        if (multi) self.emit('columnchange', { column, value: row })
        const next = shown?.turned?.(state.rows)
        if (!next) return
        shown = next
        state.rows.splice(0, state.rows.length, ...next.chosen)
        handle.update(next.columns, next.chosen)
      },
      done(rows) {
        open.delete(self)
        if (rows === null) return self.emit('cancel', {})
        const detail = shown?.detail(rows) ?? { value: rows }
        self.set({ value: detail.value })
        self.emit('change', detail)
      },
    })
    open.set(self, { handle, rows: state.rows })
  },
  changed(self, name) {
    const opened = open.get(self)
    if (!opened || self.data.mode !== 'multiSelector' || (name !== 'range' && name !== 'value')) return
    // the page answers columnchange with the columns that follow from it
    const next = columnsOf(self)
    if (!next) return
    const rows = name === 'value' ? next.chosen : opened.rows
    opened.rows.splice(0, opened.rows.length, ...clamped({ ...next, chosen: rows }))
    opened.handle.update(next.columns, opened.rows)
  },
  value: (self) => self.data.value,
  reset(self) {
    const mode = word(self.data.mode) || 'selector'
    const empty = { selector: 0, multiSelector: [], time: '', date: '', region: [] }
    self.set({ value: isMode(mode) ? empty[mode] : '' })
  },
}

const clamped = ({ columns, chosen }: PickerColumns): number[] =>
  columns.map((rows, column) => Math.max(0, Math.min(rows.length - 1, chosen[column] ?? 0)))
