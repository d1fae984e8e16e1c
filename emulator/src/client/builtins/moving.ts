import { keepFromPage, watchDrag } from '../drag.ts'
import { browserLengths } from '../lengths.ts'
import { around, below, isOff, nameOf, numberOf, type Behaviour, type Builtin } from './define.ts'

/** How long a movement that the page asked for takes. */
const MOVE_MS = 250

interface Place {
  x: number
  y: number
}
const places = new WeakMap<Builtin, Place>()

/** How far the view may go in its area, in px; an area smaller than its view lets it go the other way. */
function bounds(view: Builtin, area: Builtin): { left: number; right: number; top: number; bottom: number } {
  const across = area.dom.clientWidth - view.dom.offsetWidth
  const down = area.dom.clientHeight - view.dom.offsetHeight
  return {
    left: Math.min(0, across),
    right: Math.max(0, across),
    top: Math.min(0, down),
    bottom: Math.max(0, down),
  }
}

const between = (value: number, least: number, most: number) => Math.min(most, Math.max(least, value))

function lengthOf(value: unknown, area: Builtin): number {
  const text = String(value ?? '')
  if (!text.includes('rpx')) return numberOf(text, 0)
  const width = area.dom.closest('.we-page')?.clientWidth ?? window.innerWidth
  return (numberOf(text, 0) * width) / 750
}

function place(view: Builtin, to: Place, source: string, animated: boolean): void {
  const now = places.get(view) ?? { x: 0, y: 0 }
  places.set(view, to)
  view.dom.style.transition = animated ? `transform ${MOVE_MS}ms ease-out` : 'none'
  view.dom.style.transform = `translate(${to.x}px, ${to.y}px)`
  if (now.x !== to.x || now.y !== to.y) view.emit('change', { x: to.x, y: to.y, source })
}

/** Takes on what the page set: one axis, or both when it is drawn first. */
function follow(view: Builtin, axis?: 'x' | 'y'): void {
  const area = around(view, 'movable-area')
  if (!area) return
  const within = bounds(view, area)
  const { data } = view
  const now = places.get(view) ?? { x: 0, y: 0 }
  const x = axis === 'y' || data.x === undefined || data.x === null ? now.x : lengthOf(data.x, area)
  const y = axis === 'x' || data.y === undefined || data.y === null ? now.y : lengthOf(data.y, area)
  const to = { x: between(x, within.left, within.right), y: between(y, within.top, within.bottom) }
  place(
    view,
    to,
    '',
    places.has(view) && data.animation !== undefined ? !isOff(data.animation) : places.has(view),
  )
}

export const movableView: Behaviour = {
  attached(self) {
    if (!around(self, 'movable-area')) self.host.wrong('<movable-view> must stand in <movable-area>')
    let from: Place = { x: 0, y: 0 }
    let started = false
    watchDrag(self.dom, {
      begin() {
        if (self.data.disabled || !['horizontal', 'vertical', 'all'].includes(String(self.data.direction)))
          return false
        from = places.get(self) ?? { x: 0, y: 0 }
        started = false
        return true
      },
      move(drag, event) {
        const area = around(self, 'movable-area')
        if (!area) return
        keepFromPage(event)
        if (!started) {
          started = true
          self.emit(Math.abs(drag.dx) > Math.abs(drag.dy) ? 'htouchmove' : 'vtouchmove', {})
        }
        const direction = String(self.data.direction)
        const wanted = {
          x: direction === 'vertical' ? from.x : from.x + drag.dx,
          y: direction === 'horizontal' ? from.y : from.y + drag.dy,
        }
        const within = bounds(self, area)
        const inside = {
          x: between(wanted.x, within.left, within.right),
          y: between(wanted.y, within.top, within.bottom),
        }
        const out = inside.x !== wanted.x || inside.y !== wanted.y
        // beyond the area it follows half of the way, and goes back when it is let go
        const to =
          out && self.data.outOfBounds
            ? { x: inside.x + (wanted.x - inside.x) / 2, y: inside.y + (wanted.y - inside.y) / 2 }
            : inside
        place(self, to, out && self.data.outOfBounds ? 'touch-out-of-bounds' : 'touch', false)
      },
      end() {
        const area = around(self, 'movable-area')
        const now = places.get(self)
        if (!area || !now) return
        const within = bounds(self, area)
        const inside = {
          x: between(now.x, within.left, within.right),
          y: between(now.y, within.top, within.bottom),
        }
        if (inside.x !== now.x || inside.y !== now.y) place(self, inside, 'out-of-bounds', true)
      },
    })
  },
  changed(self, name) {
    if (name === undefined || name === 'x' || name === 'y') follow(self, name)
    for (const side of ['width', 'height'] as const)
      if (!self.dom.style[side] && self.data[side])
        self.dom.style[side] = browserLengths(String(self.data[side]))
  },
}

/** A view may have been laid out before its area was. */
export const movableArea: Behaviour = {
  attached: (self) =>
    queueMicrotask(() =>
      below(self).forEach(({ self: view }) => {
        if (nameOf(view.node) === 'movable-view') follow(view)
      }),
    ),
}
