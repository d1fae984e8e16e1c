import { keepFromPage, watchDrag } from '../drag.ts'
import { browserLengths } from '../lengths.ts'
import { around, below, nameOf, numberOf, setAttribute, type Behaviour, type Builtin } from './define.ts'

type Source = '' | 'autoplay' | 'touch'

const easings: Record<string, string> = {
  default: 'cubic-bezier(0.2, 0.6, 0.3, 1)',
  linear: 'linear',
  easeInCubic: 'cubic-bezier(0.32, 0, 0.67, 0)',
  easeOutCubic: 'cubic-bezier(0.33, 1, 0.68, 1)',
  easeInOutCubic: 'cubic-bezier(0.65, 0, 0.35, 1)',
}
/** A fling of this many px per ms turns the page whatever the distance. */
const FLING = 0.4
const DRAG_PX = 5
const EDGE = 0.001

/** One swiper's pages: where they stand, who turned them, and what turns them next. */
class Pages {
  /** The page that is shown. */
  current = 0
  /** Pages moved from the first, fractions while a finger drags; circular ones go on beyond the ends. */
  private at = 0
  private frame = 0
  private autoplay: number | undefined
  private moving: { source: Source; timer: number } | undefined
  private held = false
  /** Where each item was drawn last, in pages from the first that is shown. */
  private readonly offsets = new WeakMap<Builtin, number>()

  constructor(private readonly self: Builtin) {}

  get items(): Builtin[] {
    return below(this.self)
      .map(({ self }) => self)
      .filter((item) => nameOf(item.node) === 'swiper-item' && this.isOwn(item))
  }

  private isOwn(item: Builtin): boolean {
    return item.dom.parentElement?.closest('wx-swiper') === this.self.dom
  }

  private get track(): HTMLElement {
    return this.self.dom.querySelector('.wx-swiper-track') as HTMLElement
  }

  private get shownAtOnce(): number {
    return Math.max(1, numberOf(this.self.data.displayMultipleItems, 1))
  }

  private get vertical(): boolean {
    return this.self.data.vertical === true
  }

  get circular(): boolean {
    return this.self.data.circular === true && this.items.length > this.shownAtOnce
  }

  private get last(): number {
    const { length } = this.items
    return Math.max(0, this.circular ? length - 1 : length - this.shownAtOnce)
  }

  /** px of one page along the axis. */
  private get pageSize(): number {
    const size = this.vertical ? this.track.clientHeight : this.track.clientWidth
    return size / this.shownAtOnce
  }

  /** Lays the pages out around `at`; `towards` says on which side a page waits that could stand on either. */
  draw(towards = 0): void {
    const { items, circular, shownAtOnce } = this
    const { length } = items
    const share = 100 / shownAtOnce
    const middle = (shownAtOnce - 1) / 2 + Math.sign(towards) * EDGE
    items.forEach((item, index) => {
      let offset = index - this.at
      // a page beyond one end stands at the other
      if (circular) {
        while (offset < middle - length / 2) offset += length
        while (offset >= middle + length / 2) offset -= length
      }
      const { style } = item.dom
      style[this.vertical ? 'height' : 'width'] = `${share}%`
      style[this.vertical ? 'width' : 'height'] = '100%'
      // one that changes ends does not fly across
      if (Math.sign(offset - (this.offsets.get(item) ?? offset)) * Math.sign(towards) > 0)
        style.transition = 'none'
      this.offsets.set(item, offset)
      style.transform = this.vertical ? `translateY(${offset * 100}%)` : `translateX(${offset * 100}%)`
    })
    this.drawDots()
  }

  private drawDots(): void {
    const { data, dom } = this.self
    const dots = dom.querySelector('.wx-swiper-dots') as HTMLElement
    dots.hidden = !data.indicatorDots
    if (!data.indicatorDots) return dots.replaceChildren()
    const { items } = this
    while (dots.children.length > items.length) dots.lastChild?.remove()
    while (dots.children.length < items.length) dots.append(document.createElement('i'))
    ;[...dots.children].forEach((dot, index) => {
      const on = index >= this.current && index < this.current + this.shownAtOnce
      dot.toggleAttribute('data-on', on)
      const colour = on ? data.indicatorActiveColor || '#000000' : data.indicatorColor || 'rgba(0, 0, 0, .3)'
      ;(dot as HTMLElement).style.background = String(colour)
    })
  }

  /** Items came or went, or the layout changed. */
  refresh(): void {
    if (this.moving || this.held) return
    const to = this.asked() ?? this.current
    this.current = this.at = Math.min(this.last, Math.max(0, to))
    this.draw()
  }

  /** What `current` or `current-item-id` ask for. */
  private asked(): number | undefined {
    const { currentItemId, current } = this.self.data
    if (currentItemId) {
      const index = this.items.findIndex((item) => item.data.itemId === currentItemId)
      return index < 0 ? undefined : index
    }
    return current === undefined || current === null ? undefined : numberOf(current, 0)
  }

  /** The page set `current`. */
  follow(): void {
    const to = this.asked()
    if (to === undefined || this.held || to === this.current) return
    if (to < 0 || to > this.last) return
    this.go(to, '')
  }

  /** Turns to a page; `to` may lie beyond the ends of a circular swiper. */
  private go(to: number, source: Source): void {
    this.stop()
    const { length } = this.items
    if (length === 0) return
    const target = this.circular ? ((to % length) + length) % length : Math.min(this.last, Math.max(0, to))
    const goal = this.circular && source !== '' ? to : target
    const duration = numberOf(this.self.data.duration, 500)
    const changes = target !== this.current
    this.current = target
    if (changes) {
      const itemId = this.items[target]?.data.itemId ?? ''
      this.self.set({ current: target })
      this.self.emit('change', { current: target, currentItemId: itemId, source })
    }
    const finish = () => {
      this.stop()
      this.at = target
      this.transition(false)
      this.draw()
      this.self.emit('animationfinish', {
        current: target,
        currentItemId: this.items[target]?.data.itemId ?? '',
        source,
      })
      this.rewind()
    }
    const from = this.at
    this.transition(false)
    this.draw(goal - from)
    // the browser begins the movement from where the pages stand now
    void this.track.offsetWidth
    this.at = goal
    this.transition(true, duration)
    this.draw(goal - from)
    this.moving = { source, timer: window.setTimeout(finish, duration) }
    this.watchMovement(from, goal, duration)
  }

  private transition(on: boolean, duration = 0): void {
    const easing = easings[String(this.self.data.easingFunction || 'default')] ?? 'ease'
    for (const { dom } of this.items) dom.style.transition = on ? `transform ${duration}ms ${easing}` : 'none'
  }

  /** `transition` events follow the movement frame by frame. */
  private watchMovement(from: number, to: number, duration: number): void {
    const began = performance.now()
    const tick = () => {
      const part = duration > 0 ? Math.min(1, (performance.now() - began) / duration) : 1
      this.tell((to - from) * part)
      if (part < 1) this.frame = requestAnimationFrame(tick)
    }
    this.frame = requestAnimationFrame(tick)
  }

  private tell(pages: number): void {
    const moved = pages * this.pageSize
    this.self.emit('transition', this.vertical ? { dx: 0, dy: moved } : { dx: moved, dy: 0 })
  }

  private stop(): void {
    cancelAnimationFrame(this.frame)
    if (this.moving) window.clearTimeout(this.moving.timer)
    this.moving = undefined
  }

  /** Starts the clock of `autoplay` anew. */
  rewind(): void {
    window.clearTimeout(this.autoplay)
    const { data } = this.self
    if (data.autoplay !== true) return
    this.autoplay = window.setTimeout(
      () => {
        const beyond = this.current >= this.last && !this.circular
        if (this.items.length > 1 && !this.held) this.go(beyond ? 0 : this.current + 1, 'autoplay')
        if (!this.moving) this.rewind()
      },
      numberOf(data.interval, 5000),
    )
  }

  listen(): void {
    let taken: boolean | undefined
    let from = 0
    watchDrag(this.self.dom, {
      begin: () => {
        if (this.self.data.disableTouch || this.items.length < 2) return false
        taken = undefined
        from = this.current
        return true
      },
      move: (drag, event) => {
        const along = this.vertical ? drag.dy : drag.dx
        const across = this.vertical ? drag.dx : drag.dy
        if (taken === undefined && Math.max(Math.abs(along), Math.abs(across)) > DRAG_PX) {
          taken = Math.abs(along) > Math.abs(across)
          if (taken) {
            this.stop()
            window.clearTimeout(this.autoplay)
            this.held = true
            this.transition(false)
          }
        }
        if (!taken) return
        keepFromPage(event)
        const pages = -along / (this.pageSize || 1)
        const wanted = from + pages
        const beyond = this.circular ? 0 : wanted < 0 ? wanted : Math.max(0, wanted - this.last)
        this.at = wanted - beyond + beyond / 3
        this.draw()
        this.tell(pages)
      },
      end: (drag, cancelled) => {
        if (!taken) return
        this.held = false
        const speed = this.vertical ? drag.vy : drag.vx
        const pages = -(this.vertical ? drag.dy : drag.dx) / (this.pageSize || 1)
        const fling = Math.abs(speed) > FLING && Math.abs(pages) < 0.5 ? -Math.sign(speed) : 0
        this.go(from + (cancelled ? 0 : Math.round(pages) || fling), 'touch')
      },
    })
  }

  end(): void {
    this.stop()
    window.clearTimeout(this.autoplay)
  }
}

const swipers = new WeakMap<Builtin, Pages>()

export const swiper: Behaviour = {
  attached(self) {
    const pages = new Pages(self)
    swipers.set(self, pages)
    pages.listen()
  },
  detached: (self) => swipers.get(self)?.end(),
  changed(self, name) {
    const pages = swipers.get(self)
    if (!pages) return
    const { dom, data } = self
    setAttribute(dom, 'vertical', data.vertical)
    const track = dom.querySelector<HTMLElement>('.wx-swiper-track')
    if (track) {
      const [before, after] = [data.previousMargin, data.nextMargin].map((m) =>
        browserLengths(String(m || '0px')),
      )
      track.style.inset = data.vertical ? `${before} 0 ${after} 0` : `0 ${after} 0 ${before}`
    }
    if (name === 'current' || name === 'currentItemId') return pages.follow()
    pages.refresh()
    if (name === undefined || name === 'autoplay' || name === 'interval') pages.rewind()
  },
}

const ownerOf = new WeakMap<Builtin, Builtin>()

/** An item that comes or goes has the pages laid out again, once all of one change are there. */
const redraw = (item: Builtin) => {
  const owner = ownerOf.get(item)
  if (owner) queueMicrotask(() => swipers.get(owner)?.refresh())
}

export const swiperItem: Behaviour = {
  attached(self) {
    const owner = around(self, 'swiper')
    if (!owner) return self.host.wrong('<swiper-item> must stand in <swiper>')
    ownerOf.set(self, owner)
    redraw(self)
  },
  detached: redraw,
}
