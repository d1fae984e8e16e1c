import { createWheel, type Wheel } from '../../builtins/wheel.ts'
import { h, sheet } from '../dom.ts'
import type { Overlay } from '../overlay.ts'

/** What a `<picker>` shows: one wheel a column. */
export interface PickerRequest {
  /** `header-text`; empty: none. */
  title: string
  columns: string[][]
  /** The row each column stands at. */
  chosen: number[]
  /** The user turned a column to another row. */
  turned(column: number, row: number): void
  /** 确定 with the rows, or null: 取消, or a press beside the sheet. */
  done(rows: number[] | null): void
}

/** The sheet while it is open. */
export interface PickerHandle {
  /** Other rows, other choices: the days of another month, the cities of another province. */
  update(columns: string[][], chosen: number[]): void
}

/** Height of a row in px, as picker.css draws it. */
const ROW = 48

/** The sheet of WeChat's `<picker>`: 取消 and 确定 above wheels. */
export function showPickerSheet(overlay: Overlay, request: PickerRequest): PickerHandle {
  let wheels: { wheel: Wheel; rows: HTMLElement; texts: string[] }[] = []
  const body = h('div', { class: 'we-picker-wheels' })

  const finish = (rows: number[] | null) => {
    close()
    request.done(rows)
  }
  const build = (texts: string[], column: number) => {
    const rows = h('div', { class: 'we-wheel-rows' })
    const surface = h(
      'div',
      { class: 'we-wheel', role: 'listbox', 'data-test': `picker-column-${column}` },
      rows,
      h('div', { class: 'we-wheel-mask' }),
      h('div', { class: 'we-wheel-line' }),
    )
    const mark = (row: number) =>
      [...rows.children].forEach((child, index) => child.setAttribute('aria-selected', String(index === row)))
    const wheel = createWheel({
      ...{ surface, rows },
      rowHeight: () => ROW,
      count: () => rows.children.length,
      onChange(row) {
        mark(row)
        request.turned(column, row)
      },
    })
    body.append(surface)
    const fill = (next: string[]) => {
      rows.replaceChildren(...next.map((text) => h('div', { class: 'we-wheel-row', role: 'option' }, text)))
    }
    fill(texts)
    return { wheel, rows, texts, fill, mark }
  }
  const update = (columns: string[][], chosen: number[]) => {
    if (columns.length !== wheels.length) {
      body.replaceChildren()
      wheels = columns.map(build)
    }
    columns.forEach((texts, column) => {
      const part = wheels[column] as ReturnType<typeof build>
      if (part.texts.join('\n') !== texts.join('\n')) part.fill(texts)
      part.texts = texts
      if (part.wheel.row !== (chosen[column] ?? 0)) part.wheel.turnTo(chosen[column] ?? 0)
      part.mark(part.wheel.row)
    })
  }

  const { veil, body: box } = sheet(
    'we-picker',
    { 'data-test': 'picker' },
    h(
      'div',
      { class: 'we-picker-head' },
      h(
        'button',
        {
          type: 'button',
          class: 'we-picker-cancel',
          'data-test': 'picker-cancel',
          onclick: () => finish(null),
        },
        '取消',
      ),
      h('h2', {}, request.title),
      h(
        'button',
        {
          type: 'button',
          class: 'we-picker-confirm',
          'data-test': 'picker-confirm',
          onclick: () => finish(wheels.map(({ wheel }) => wheel.row)),
        },
        '确定',
      ),
    ),
    body,
  )
  box.addEventListener('click', (event) => event.stopPropagation())
  veil.addEventListener('click', () => finish(null))
  const close = overlay.add(veil, () => request.done(null))
  update(request.columns, request.chosen)
  return { update }
}
