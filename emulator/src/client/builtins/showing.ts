import { control, setAttribute, type Behaviour } from './define.ts'

/** `object-fit` and `object-position` of each `mode`. */
const imageModes: Record<string, string> = {
  scaleToFill: 'fill',
  aspectFit: 'contain',
  aspectFill: 'cover',
  widthFix: 'fill',
  heightFix: 'fill',
}
const imagePositions = new Set([
  ...['top', 'bottom', 'center', 'left', 'right'],
  ...['top left', 'top right', 'bottom left', 'bottom right'],
])

export const image: Behaviour = {
  attached(self) {
    const img = control<HTMLImageElement>(self)
    img.alt = ''
    img.addEventListener('load', () =>
      self.emit('load', { width: img.naturalWidth, height: img.naturalHeight }),
    )
    img.addEventListener('error', () => self.emit('error', { errMsg: `GET ${img.src.slice(0, 80)} failed` }))
  },
  changed(self, name) {
    const img = control<HTMLImageElement>(self)
    const mode = String(self.data.mode || 'scaleToFill')
    if (imagePositions.has(mode)) {
      img.style.objectFit = 'none'
      img.style.objectPosition = mode
    } else if (imageModes[mode]) img.style.objectFit = imageModes[mode]
    else self.host.missing(`<image mode="${mode}">`)
    setAttribute(self.dom, 'mode', mode)
    if (name !== undefined && name !== 'src') return
    const src = String(self.data.src ?? '')
    setAttribute(img, 'src', src && self.host.assetUrl(src))
  },
}

export const text: Behaviour = {
  changed(self) {
    setAttribute(self.dom, 'selectable', self.data.selectable || self.data.userSelect)
    setAttribute(self.dom, 'space', self.data.space)
    if (self.data.decode) self.host.missing('<text decode>')
  },
}

const DEFAULT_THRESHOLD = 50

export const scrollView: Behaviour = {
  attached(self) {
    const { dom } = self
    let last = { top: 0, left: 0 }
    let wasAtEnd = false
    let wasAtStart = true
    dom.addEventListener('scroll', () => {
      const { scrollTop, scrollLeft, scrollHeight, scrollWidth } = dom
      const moved = { deltaX: last.left - scrollLeft, deltaY: last.top - scrollTop }
      last = { top: scrollTop, left: scrollLeft }
      self.emit('scroll', { scrollTop, scrollLeft, scrollHeight, scrollWidth, ...moved })
      const threshold = (name: string) => Number(self.data[name] ?? DEFAULT_THRESHOLD)
      const atEnd = scrollTop + dom.clientHeight >= scrollHeight - threshold('lowerThreshold')
      const atStart = scrollTop <= threshold('upperThreshold')
      if (atEnd && !wasAtEnd) self.emit('scrolltolower', { direction: 'bottom' })
      if (atStart && !wasAtStart) self.emit('scrolltoupper', { direction: 'top' })
      wasAtEnd = atEnd
      wasAtStart = atStart
    })
  },
  changed(self, name) {
    const { dom, data } = self
    dom.style.overflowX = data.scrollX ? 'auto' : 'hidden'
    dom.style.overflowY = data.scrollY ? 'auto' : 'hidden'
    const behavior = data.scrollWithAnimation ? 'smooth' : 'auto'
    if (name === 'scrollTop') dom.scrollTo({ top: Number(data.scrollTop), behavior })
    if (name === 'scrollLeft') dom.scrollTo({ left: Number(data.scrollLeft), behavior })
    if (name === 'scrollIntoView' && data.scrollIntoView)
      dom
        .querySelector(`[exparser\\:info-attr-id="${CSS.escape(String(data.scrollIntoView))}"]`)
        ?.scrollIntoView({ behavior })
  },
}

/** Swiped by hand, as a scroller with snap points; it does not turn its own pages. */
export const swiper: Behaviour = {
  attached(self) {
    let current = Number(self.data.current)
    self.dom.addEventListener('scrollend', () => {
      const next = self.data.vertical
        ? Math.round(self.dom.scrollTop / (self.dom.clientHeight || 1))
        : Math.round(self.dom.scrollLeft / (self.dom.clientWidth || 1))
      if (next === current) return
      current = next
      self.emit('change', { current, source: 'touch' })
    })
  },
  changed(self, name) {
    const { dom, data } = self
    setAttribute(dom, 'vertical', data.vertical)
    if (data.autoplay && name === undefined) self.host.missing('<swiper autoplay>')
    if (data.circular && name === undefined) self.host.missing('<swiper circular>')
    if (name !== undefined && name !== 'current') return
    const at = Number(data.current)
    dom.scrollTo?.(
      data.vertical ? { top: at * dom.clientHeight } : { left: at * dom.clientWidth, behavior: 'auto' },
    )
  },
}

const rowsOf = (range: unknown, key: string): string[] =>
  Array.isArray(range)
    ? range.map((row: unknown) =>
        String(key && typeof row === 'object' && row ? (row as Record<string, unknown>)[key] : row),
      )
    : []

export const picker: Behaviour = {
  tapped(self) {
    const { data, host } = self
    if (data.disabled) return
    const mode = String(data.mode || 'selector')
    if (mode !== 'selector') return host.missing(`<picker mode="${mode}">`)
    const rows = rowsOf(data.range, String(data.rangeKey ?? ''))
    void host.pickRow(rows, Number(data.value ?? 0)).then((row) => {
      if (row === null) self.emit('cancel', {})
      else self.emit('change', { value: String(row) })
    })
  },
  value: (self) => self.data.value,
}
