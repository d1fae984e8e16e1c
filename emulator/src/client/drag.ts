/** A finger on the screen, or the mouse with its button down. Lengths in px, from where it began. */
export interface Drag {
  readonly startX: number
  readonly startY: number
  dx: number
  dy: number
  /** px per ms of the last movement. */
  vx: number
  vy: number
}

export interface DragListeners {
  /** `false`: not this one. */
  begin?(drag: Drag): boolean | undefined
  move(drag: Drag, event: Event): void
  /** `cancelled` when the system took the finger away. */
  end(drag: Drag, cancelled: boolean): void
}

/** A touch is followed by mouse events of the same press within this time, which are no press of their own. */
export const GHOST_MOUSE_MS = 1000

interface Point {
  clientX: number
  clientY: number
}

/** Tells of every drag that begins on `element`, wherever it goes then. */
export function watchDrag(element: HTMLElement, listeners: DragListeners): void {
  let drag: Drag | undefined
  let at = { x: 0, y: 0, time: 0 }
  let lastTouch = -Infinity

  const begin = ({ clientX, clientY }: Point, time: number): boolean => {
    const next: Drag = { startX: clientX, startY: clientY, dx: 0, dy: 0, vx: 0, vy: 0 }
    if (listeners.begin?.(next) === false) return false
    drag = next
    at = { x: clientX, y: clientY, time }
    return true
  }
  const move = ({ clientX, clientY }: Point, event: Event) => {
    if (!drag) return
    const elapsed = Math.max(1, event.timeStamp - at.time)
    drag.vx = (clientX - at.x) / elapsed
    drag.vy = (clientY - at.y) / elapsed
    drag.dx = clientX - drag.startX
    drag.dy = clientY - drag.startY
    at = { x: clientX, y: clientY, time: event.timeStamp }
    listeners.move(drag, event)
  }
  const end = (cancelled: boolean) => {
    const done = drag
    drag = undefined
    if (done) listeners.end(done, cancelled)
  }

  element.addEventListener(
    'touchstart',
    (event) => {
      lastTouch = event.timeStamp
      const touch = event.touches[0]
      if (touch && event.touches.length === 1) begin(touch, event.timeStamp)
    },
    { passive: true },
  )
  element.addEventListener(
    'touchmove',
    (event) => {
      const touch = event.touches[0]
      if (touch) move(touch, event)
    },
    { passive: false },
  )
  element.addEventListener('touchend', () => end(false))
  element.addEventListener('touchcancel', () => end(true))
  element.addEventListener('mousedown', (event) => {
    if (event.button !== 0 || event.timeStamp - lastTouch < GHOST_MOUSE_MS) return
    if (!begin(event, event.timeStamp)) return
    // the mouse may leave the element with its button down
    const follow = (moved: MouseEvent) => move(moved, moved)
    const release = () => {
      window.removeEventListener('mousemove', follow, true)
      window.removeEventListener('mouseup', release, true)
      end(false)
    }
    window.addEventListener('mousemove', follow, true)
    window.addEventListener('mouseup', release, true)
  })
}

/** Keeps the page under a drag from scrolling or being pulled by it. */
export function keepFromPage(event: Event): void {
  if (event.cancelable) event.preventDefault()
  event.stopPropagation()
}
