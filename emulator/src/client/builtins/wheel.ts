import { keepFromPage, watchDrag } from '../drag.ts'

export interface WheelParts {
  /** What is touched. */
  surface: HTMLElement
  /** What moves: the rows. */
  rows: HTMLElement
  /** Height of one row in px; 0 while nothing is laid out. */
  rowHeight(): number
  count(): number
  /** The user begins and ends to turn it. */
  onStart?(): void
  onEnd?(): void
  /** It came to rest at another row. */
  onChange(row: number): void
  /** Another row passes under the mark while it turns. */
  onPass?(row: number): void
}

export interface Wheel {
  readonly row: number
  /** Turns it without telling. */
  turnTo(row: number, animated?: boolean): void
}

/** ms a fling goes on for when the finger leaves. */
const FLING_MS = 160
const TURN_MS = 200
/** Less than this is a press on a row, not a drag. */
const DRAG_PX = 4

/** A wheel as WeChat's pickers have: dragged, scrolled, or a row pressed. */
export function createWheel(parts: WheelParts): Wheel {
  const { surface, rows } = parts
  let row = 0
  let passed = 0
  let dragging = false
  let endsDrag = false

  const clamp = (value: number) => Math.min(Math.max(0, parts.count() - 1), Math.max(0, value))
  const place = (offset: number, animated: boolean) => {
    rows.style.transition = animated ? `transform ${TURN_MS}ms ease-out` : ''
    rows.style.transform = `translateY(${-offset}px)`
  }
  const rest = (to: number, animated: boolean) => {
    const target = clamp(to)
    place(target * parts.rowHeight(), animated)
    passed = target
    if (target === row) return
    row = target
    parts.onChange(row)
  }
  const userTurns = (to: number) => {
    parts.onStart?.()
    rest(to, true)
    parts.onEnd?.()
  }

  watchDrag(surface, {
    begin: () => parts.count() > 0,
    move(drag, event) {
      keepFromPage(event)
      if (!dragging && Math.abs(drag.dy) < DRAG_PX) return
      if (!dragging) parts.onStart?.()
      dragging = true
      const height = parts.rowHeight() || 1
      // beyond the ends it follows a third of the way
      const wanted = row * height - drag.dy
      const most = Math.max(0, (parts.count() - 1) * height)
      const beyond = wanted < 0 ? wanted : wanted > most ? wanted - most : 0
      place(wanted - beyond + beyond / 3, false)
      const under = clamp(Math.round(wanted / height))
      if (under !== passed) {
        passed = under
        parts.onPass?.(under)
      }
    },
    end(drag) {
      if (!dragging) return
      dragging = false
      // a mouse's click follows its release in the same task, however busy the machine is
      endsDrag = true
      setTimeout(() => (endsDrag = false))
      const height = parts.rowHeight() || 1
      rest(Math.round((row * height - drag.dy - drag.vy * FLING_MS) / height), true)
      parts.onEnd?.()
    },
  })
  let scrolled = 0
  surface.addEventListener(
    'wheel',
    (event) => {
      keepFromPage(event)
      scrolled += event.deltaY
      const steps = Math.trunc(scrolled / STEP_PX)
      if (steps === 0) return
      scrolled -= steps * STEP_PX
      userTurns(row + steps)
    },
    { passive: false },
  )
  surface.addEventListener('click', (event) => {
    if (endsDrag) return
    const pressed = [...rows.children].findIndex(
      (child) => event.target instanceof Node && child.contains(event.target),
    )
    if (pressed >= 0) return userTurns(pressed)
    const height = parts.rowHeight()
    if (height === 0) return
    const { top } = rows.getBoundingClientRect()
    const at = Math.floor((event.clientY - top) / height)
    if (at >= 0 && at < parts.count()) userTurns(at)
  })

  return {
    get row() {
      return row
    },
    turnTo(to, animated = false) {
      row = passed = clamp(to)
      place(row * parts.rowHeight(), animated)
    },
  }
}

/** px of a mouse wheel for one row. */
const STEP_PX = 40
