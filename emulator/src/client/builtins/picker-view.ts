import { browserLengths } from '../lengths.ts'
import { around, below, nameOf, type Behaviour, type Builtin } from './define.ts'
import { createWheel, type Wheel } from './wheel.ts'

const DEFAULT_ROW = 34

const wheels = new WeakMap<Builtin, Wheel>()

const columnsOf = (view: Builtin) =>
  below(view)
    .map(({ self }) => self)
    .filter((column) => nameOf(column.node) === 'picker-view-column')

const parts = (column: Builtin) => ({
  rows: column.dom.querySelector('.wx-wheel-rows') as HTMLElement,
  mask: column.dom.querySelector('.wx-wheel-mask') as HTMLElement,
  line: column.dom.querySelector('.wx-wheel-line') as HTMLElement,
})

function announce(view: Builtin): void {
  const value = columnsOf(view).map((column) => wheels.get(column)?.row ?? 0)
  view.set({ value })
  view.emit('change', { value })
}

/** The mark's height is a row's; rows take it on, as WeChat gives them that height. */
function layOut(view: Builtin): void {
  const { data } = view
  const value = Array.isArray(data.value) ? (data.value as unknown[]) : []
  columnsOf(view).forEach((column, index) => {
    const { rows, mask, line } = parts(column)
    line.className = `wx-wheel-line ${String(data.indicatorClass ?? '')}`
    line.style.cssText = browserLengths(String(data.indicatorStyle ?? ''))
    mask.className = `wx-wheel-mask ${String(data.maskClass ?? '')}`
    mask.style.cssText = browserLengths(String(data.maskStyle ?? ''))
    const height = line.offsetHeight || DEFAULT_ROW
    const { clientHeight } = column.dom
    rows.style.paddingTop = `${Math.max(0, (clientHeight - height) / 2)}px`
    for (const row of rows.children) {
      ;(row as HTMLElement).style.height = `${height}px`
      ;(row as HTMLElement).style.overflow = 'hidden'
    }
    line.style.top = mask.style.top = ''
    mask.style.backgroundSize = `100% ${Math.max(0, (clientHeight - height) / 2)}px`
    const wheel = wheels.get(column)
    if (wheel) wheel.turnTo(Number(value[index] ?? wheel.row) || 0)
  })
}

export const pickerView: Behaviour = {
  attached: (self) => queueMicrotask(() => layOut(self)),
  changed: (self) => queueMicrotask(() => layOut(self)),
}

export const pickerViewColumn: Behaviour = {
  attached(self) {
    const view = around(self, 'picker-view')
    if (!view) return self.host.wrong('<picker-view-column> must stand in <picker-view>')
    const { rows, line } = parts(self)
    wheels.set(
      self,
      createWheel({
        ...{ surface: self.dom, rows },
        rowHeight: () => line.offsetHeight || DEFAULT_ROW,
        count: () => rows.children.length,
        onStart: () => view.emit('pickstart', {}),
        onEnd: () => view.emit('pickend', {}),
        onChange: () => announce(view),
      }),
    )
    // rows come and go with the page's data
    const watch = new MutationObserver(() => layOut(view))
    watch.observe(rows, { childList: true })
    watching.set(self, watch)
  },
  detached: (self) => watching.get(self)?.disconnect(),
}

const watching = new WeakMap<Builtin, MutationObserver>()
