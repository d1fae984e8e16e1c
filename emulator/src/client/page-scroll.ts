/** What a page's own scroller tells: `onPageScroll`, `onReachBottom`, and the pull at its top. */
export interface ScrollListeners {
  onScroll(top: number): void
  onReachBottom(): void
  /** Absent when the page has no pull-down refresh. */
  onPull?: () => void
}

const PULL_DISTANCE = 60
const PULL_MOST = 90
/** px of an upward drag that count as an attempt to scroll a page which has nothing to scroll. */
const DRAG_UP = 10

/** Wires a scroller; `refreshing` shows and hides the dots above the page. */
export function watchScroller(
  scroller: HTMLElement,
  reachBottomDistance: number,
  listeners: ScrollListeners,
): { refreshing(on: boolean): void } {
  const bottom = bottomWatcher(scroller, reachBottomDistance, listeners.onReachBottom)
  scroller.addEventListener('scroll', () => {
    listeners.onScroll(scroller.scrollTop)
    bottom.scrolled()
  })

  const dots = document.createElement('div')
  dots.className = 'we-pull-dots'
  dots.innerHTML = '<i></i><i></i><i></i>'
  scroller.before(dots)
  const shift = (distance: number, animated: boolean) => {
    scroller.style.transition = animated ? 'translate .2s' : ''
    scroller.style.translate = distance > 0 ? `0 ${distance}px` : ''
    dots.style.opacity = distance > 8 ? '1' : '0'
  }
  const refreshing = (on: boolean) => {
    dots.toggleAttribute('data-busy', on)
    shift(on ? PULL_DISTANCE : 0, true)
  }
  if (listeners.onPull) watchPull(scroller, shift, listeners.onPull)
  watchDrag(scroller, {
    move: () => undefined,
    end: (distance) => {
      if (distance <= -DRAG_UP) bottom.draggedUp()
    },
  })
  return { refreshing }
}

/** Tells the end once each time it is come to; a page that has grown since has another end. */
function bottomWatcher(scroller: HTMLElement, reachBottomDistance: number, onReachBottom: () => void) {
  /** The page's height when its end was told; undefined while away from it. */
  let toldAt: number | undefined
  return {
    scrolled() {
      const height = scroller.scrollHeight
      const near = scroller.scrollTop + scroller.clientHeight >= height - reachBottomDistance
      const isNew = toldAt === undefined || height > toldAt
      toldAt = near ? height : undefined
      if (near && isNew) onReachBottom()
    },
    /** A short page never scrolls: the user's attempt counts. */
    draggedUp() {
      if (scroller.scrollHeight <= scroller.clientHeight) onReachBottom()
    },
  }
}

function watchPull(
  scroller: HTMLElement,
  shift: (distance: number, animated: boolean) => void,
  onPull: () => void,
): void {
  let fromTop = false
  const pulled = (distance: number) => (fromTop ? Math.min(PULL_MOST, Math.max(0, distance / 2)) : 0)
  watchDrag(scroller, {
    begin: () => (fromTop = scroller.scrollTop <= 0),
    move: (distance) => {
      if (pulled(distance) > 0) shift(pulled(distance), false)
    },
    end: (distance) => {
      if (pulled(distance) >= PULL_DISTANCE) onPull()
      else if (pulled(distance) > 0) shift(0, true)
    },
  })
}

interface DragListeners {
  begin?(): void
  /** px downwards since the beginning; negative upwards. */
  move(distance: number): void
  end(distance: number): void
}

/** A finger, or the mouse with its button down. */
function watchDrag(element: HTMLElement, listeners: DragListeners): void {
  let start: number | undefined
  let distance = 0
  const begin = (y: number) => {
    start = y
    distance = 0
    listeners.begin?.()
  }
  const move = (y: number) => {
    if (start === undefined) return
    distance = y - start
    listeners.move(distance)
  }
  const end = () => {
    if (start === undefined) return
    start = undefined
    listeners.end(distance)
  }
  const y = (event: TouchEvent) => event.touches[0]?.clientY ?? 0
  element.addEventListener('touchstart', (event) => begin(y(event)), { passive: true })
  element.addEventListener('touchmove', (event) => move(y(event)), { passive: true })
  element.addEventListener('touchend', end)
  element.addEventListener('touchcancel', end)
  element.addEventListener('mousedown', (event) => begin(event.clientY))
  element.addEventListener('mousemove', (event) => event.buttons === 1 && move(event.clientY))
  element.addEventListener('mouseup', end)
}
