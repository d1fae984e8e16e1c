/** What a page's own scroller tells: `onPageScroll`, `onReachBottom`, and the pull at its top. */
export interface ScrollListeners {
  onScroll(top: number): void
  onReachBottom(): void
  /** Absent when the page has no pull-down refresh. */
  onPull?: () => void
}

const PULL_DISTANCE = 60
const PULL_MOST = 90

/** Wires a scroller; `refreshing` shows and hides the dots above the page. */
export function watchScroller(
  scroller: HTMLElement,
  reachBottomDistance: number,
  listeners: ScrollListeners,
): { refreshing(on: boolean): void } {
  let atBottom = false
  scroller.addEventListener('scroll', () => {
    listeners.onScroll(scroller.scrollTop)
    const near = scroller.scrollTop + scroller.clientHeight >= scroller.scrollHeight - reachBottomDistance
    if (near && !atBottom) listeners.onReachBottom()
    atBottom = near
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
  return { refreshing }
}

function watchPull(
  scroller: HTMLElement,
  shift: (distance: number, animated: boolean) => void,
  onPull: () => void,
): void {
  let start: number | undefined
  let distance = 0
  const begin = (y: number) => {
    start = scroller.scrollTop <= 0 ? y : undefined
    distance = 0
  }
  const move = (y: number) => {
    if (start === undefined) return
    distance = Math.min(PULL_MOST, Math.max(0, (y - start) / 2))
    if (distance > 0) shift(distance, false)
  }
  const end = () => {
    if (start === undefined) return
    start = undefined
    if (distance >= PULL_DISTANCE) onPull()
    else if (distance > 0) shift(0, true)
  }
  const y = (event: TouchEvent) => event.touches[0]?.clientY ?? 0
  scroller.addEventListener('touchstart', (event) => begin(y(event)), { passive: true })
  scroller.addEventListener('touchmove', (event) => move(y(event)), { passive: true })
  scroller.addEventListener('touchend', end)
  scroller.addEventListener('mousedown', (event) => begin(event.clientY))
  scroller.addEventListener('mousemove', (event) => event.buttons === 1 && move(event.clientY))
  scroller.addEventListener('mouseup', end)
}
