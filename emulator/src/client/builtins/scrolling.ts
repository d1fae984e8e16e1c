import { keepFromPage, watchDrag } from '../drag.ts'
import { browserLengths } from '../lengths.ts'
import { isOff, numberOf, setAttribute, type Behaviour, type Builtin } from './define.ts'

const DEFAULT_THRESHOLD = 50
const REFRESHER_THRESHOLD = 45

/** A length as wxml may give it: a number of px, or with a unit. */
function lengthOf(value: unknown, on: Element): number {
  const text = String(value ?? '')
  if (!/[a-z]/i.test(text)) return numberOf(text, 0)
  const probe = document.createElement('div')
  probe.style.cssText = `position:absolute;visibility:hidden;width:${browserLengths(text)}`
  on.append(probe)
  const { width } = probe.getBoundingClientRect()
  probe.remove()
  return width || numberOf(text, 0)
}

function listen(self: Builtin): void {
  const { dom } = self
  let last = { top: 0, left: 0 }
  const edge = { start: true, end: false, left: true, right: false }
  dom.addEventListener('scroll', () => {
    const { scrollTop, scrollLeft, scrollHeight, scrollWidth } = dom
    const moved = { deltaX: last.left - scrollLeft, deltaY: last.top - scrollTop }
    last = { top: scrollTop, left: scrollLeft }
    self.emit('scroll', { scrollTop, scrollLeft, scrollHeight, scrollWidth, ...moved })
    const threshold = (name: string) =>
      self.data[name] === undefined || self.data[name] === null
        ? DEFAULT_THRESHOLD
        : lengthOf(self.data[name], dom)
    const [upper, lower] = [threshold('upperThreshold'), threshold('lowerThreshold')]
    const now = {
      start: scrollTop <= upper,
      end: scrollTop + dom.clientHeight >= scrollHeight - lower,
      left: scrollLeft <= upper,
      right: scrollLeft + dom.clientWidth >= scrollWidth - lower,
    }
    if (self.data.scrollY && moved.deltaY !== 0) {
      if (now.end && !edge.end) self.emit('scrolltolower', { direction: 'bottom' })
      if (now.start && !edge.start) self.emit('scrolltoupper', { direction: 'top' })
    }
    if (self.data.scrollX && moved.deltaX !== 0) {
      if (now.right && !edge.right) self.emit('scrolltolower', { direction: 'right' })
      if (now.left && !edge.left) self.emit('scrolltoupper', { direction: 'left' })
    }
    Object.assign(edge, now)
  })
}

/** `dragstart`, `dragging`, `dragend` of an `enhanced` one; a mouse drags it too, which a browser's does not. */
function listenDrag(self: Builtin): void {
  const { dom } = self
  let from = { left: 0, top: 0 }
  let began = false
  let byMouse = false
  const tell = (type: string, velocity?: { x: number; y: number }) => {
    if (self.data.enhanced !== true) return
    const { scrollTop, scrollLeft } = dom
    self.emit(type, { scrollTop, scrollLeft, ...(velocity ? { velocity } : {}) })
  }
  watchDrag(dom, {
    begin() {
      from = { left: dom.scrollLeft, top: dom.scrollTop }
      began = false
      return true
    },
    move(drag, event) {
      if (!began && Math.max(Math.abs(drag.dx), Math.abs(drag.dy)) < 5) return
      if (!began) tell('dragstart')
      began = true
      byMouse = event instanceof MouseEvent
      if (byMouse && !refreshers.get(self)?.pulling && !isOff(self.data.scrollEnabled)) {
        if (self.data.scrollX) dom.scrollLeft = from.left - drag.dx
        if (self.data.scrollY) dom.scrollTop = from.top - drag.dy
      }
      if (self.data.scrollY) event.stopPropagation()
      tell('dragging')
    },
    end(drag) {
      if (began) tell('dragend', { x: drag.vx, y: drag.vy })
    },
  })
}

/** The pull at the top of a scroll-view of its own, with its five events. */
class Refresher {
  pulling = false
  private busy = false
  private distance = 0

  constructor(private readonly self: Builtin) {
    const { dom } = self
    watchDrag(dom, {
      begin: () => {
        this.distance = 0
        return self.data.refresherEnabled === true && dom.scrollTop <= 0 && !this.busy
      },
      move: (drag, event) => {
        if (!this.pulling && drag.dy < 5) return
        this.pulling = true
        keepFromPage(event)
        this.shift(Math.max(0, drag.dy / 2), false)
        self.emit('refresherpulling', { dy: this.distance, deltaY: this.distance })
      },
      end: () => {
        if (!this.pulling) return
        this.pulling = false
        if (this.distance >= this.threshold) return this.start()
        this.shift(0, true)
        self.emit('refresherabort', { dy: this.distance })
      },
    })
  }

  private get threshold(): number {
    return numberOf(this.self.data.refresherThreshold, REFRESHER_THRESHOLD)
  }

  private shift(distance: number, animated: boolean): void {
    this.distance = distance
    const part = this.self.dom.querySelector<HTMLElement>(':scope > .wx-refresher')
    if (!part) return
    part.style.transition = animated ? 'height 0.2s' : ''
    part.style.height = `${distance}px`
    part.toggleAttribute('data-ready', distance >= this.threshold)
    setAttribute(part, 'data-busy', this.busy)
    setAttribute(part, 'data-look', String(this.self.data.refresherDefaultStyle || 'black'))
    part.style.background = String(this.self.data.refresherBackground || '')
  }

  private start(): void {
    if (this.busy) return
    this.busy = true
    this.shift(this.threshold, true)
    this.self.set({ refresherTriggered: true })
    this.self.emit('refresherrefresh', { dy: this.threshold })
  }

  /** `refresher-triggered` was set by the page. */
  follow(): void {
    const wanted = this.self.data.refresherTriggered === true
    if (wanted) return this.start()
    if (!this.busy) return
    this.busy = false
    this.shift(0, true)
    this.self.emit('refresherrestore', { dy: 0 })
  }
}

const refreshers = new WeakMap<Builtin, Refresher>()

/** The ScrollViewContext of an enhanced scroll-view. */
const context = (self: Builtin) => ({
  get scrollEnabled() {
    return !isOff(self.data.scrollEnabled)
  },
  set scrollEnabled(on: boolean) {
    self.set({ scrollEnabled: on })
  },
  scrollTo({ top, left, animated = true }: { top?: number; left?: number; animated?: boolean }) {
    self.dom.scrollTo({
      ...(top === undefined ? {} : { top }),
      ...(left === undefined ? {} : { left }),
      behavior: animated ? 'smooth' : 'auto',
    })
  },
  scrollIntoView(selector: string) {
    const found = self.node.ownerShadowRoot?.querySelector(selector)
    const target = found?.getBackendElement() as unknown
    if (target instanceof Element) target.scrollIntoView({ block: 'start', inline: 'start' })
  },
})

export const scrollView: Behaviour = {
  node: (self) => (self.data.enhanced === true ? context(self) : null),
  attached(self) {
    listen(self)
    refreshers.set(self, new Refresher(self))
    listenDrag(self)
  },
  changed(self, name) {
    const { dom, data } = self
    const locked = isOff(data.scrollEnabled)
    dom.style.overflowX = data.scrollX && !locked ? 'auto' : 'hidden'
    dom.style.overflowY = data.scrollY && !locked ? 'auto' : 'hidden'
    setAttribute(dom, 'data-flex', data.enableFlex)
    setAttribute(dom, 'data-x', data.scrollX)
    setAttribute(
      dom,
      'data-bar',
      data.enhanced === true && data.showScrollbar !== undefined && !isOff(data.showScrollbar),
    )
    setAttribute(dom, 'data-paging', data.enhanced === true && data.pagingEnabled === true)
    dom.style.overscrollBehavior = isOff(data.bounces) ? 'none' : ''
    if (name === undefined || name === 'refresherTriggered') refreshers.get(self)?.follow()
    const behavior = data.scrollWithAnimation ? 'smooth' : 'auto'
    const to = (where: ScrollToOptions) =>
      dom.scrollTo?.({ ...where, behavior: name === undefined ? 'auto' : behavior })
    if (name === 'scrollTop' || (name === undefined && data.scrollTop))
      to({ top: lengthOf(data.scrollTop, dom) })
    if (name === 'scrollLeft' || (name === undefined && data.scrollLeft))
      to({ left: lengthOf(data.scrollLeft, dom) })
    if ((name === 'scrollIntoView' || name === undefined) && data.scrollIntoView) intoView(self, to)
  },
}

/** Brings a child to the beginning of the view; the page around it stays where it is. */
function intoView(self: Builtin, to: (where: ScrollToOptions) => void): void {
  const { dom, data } = self
  const target = dom.querySelector(`[exparser\\:info-attr-id="${CSS.escape(String(data.scrollIntoView))}"]`)
  if (!target) return
  const [own, its] = [dom.getBoundingClientRect(), target.getBoundingClientRect()]
  const offset = numberOf(data.scrollIntoViewOffset, 0)
  if (data.scrollX && !data.scrollY) to({ left: dom.scrollLeft + its.left - own.left + offset })
  else to({ top: dom.scrollTop + its.top - own.top + offset })
}
