import { browserLengths } from '../lengths.ts'
import { isOff, numberOf, setAttribute, type Behaviour, type Builtin } from './define.ts'

/** Shows its children while the window is as wide and as high as it says. */
export const matchMedia: Behaviour = {
  attached(self) {
    const page = self.dom.closest('.we-page')
    if (!page || typeof ResizeObserver !== 'function') return
    const observer = new ResizeObserver(() => measure(self))
    observer.observe(page)
    watching.set(self, observer)
  },
  detached: (self) => watching.get(self)?.disconnect(),
  changed: measure,
}

const watching = new WeakMap<Builtin, ResizeObserver>()

function measure({ dom, data }: Builtin): void {
  const page = dom.closest('.we-page')
  const width = page?.clientWidth || window.innerWidth
  const height = page?.clientHeight || window.innerHeight
  const given = (name: string) =>
    data[name] === undefined || data[name] === null ? undefined : numberOf(data[name], 0)
  const within = (value: number, least?: number, exact?: number, most?: number) =>
    (least === undefined || value >= least) &&
    (exact === undefined || value === exact) &&
    (most === undefined || value <= most)
  const matches =
    within(width, given('minWidth'), given('width'), given('maxWidth')) &&
    within(height, given('minHeight'), given('height'), given('maxHeight')) &&
    (!data.orientation || data.orientation === (width > height ? 'landscape' : 'portrait'))
  dom.toggleAttribute('data-off', !matches)
}

/** A page over the page, with its six moments; a press on the veil closes it. */
export const pageContainer: Behaviour = {
  attached(self) {
    const veil = self.dom.querySelector('.wx-page-container-veil')
    veil?.addEventListener('click', () => {
      self.emit('clickoverlay', {})
      if (self.data.show === true) self.set({ show: false })
    })
    for (const part of [veil, self.dom.querySelector('.wx-page-container-body')])
      part?.addEventListener('touchmove', (event) => event.stopPropagation(), { passive: true })
  },
  changed(self, name) {
    const { dom, data } = self
    const duration = numberOf(data.duration, 300)
    setAttribute(dom, 'data-position', String(data.position || 'bottom'))
    setAttribute(dom, 'data-round', data.round)
    dom.style.setProperty('--duration', `${duration}ms`)
    dom.style.zIndex = String(numberOf(data.zIndex, 100))
    const veil = dom.querySelector<HTMLElement>('.wx-page-container-veil')
    const body = dom.querySelector<HTMLElement>('.wx-page-container-body')
    if (veil) {
      veil.style.cssText = browserLengths(String(data.overlayStyle || ''))
      veil.hidden = data.overlay !== undefined && isOff(data.overlay)
    }
    if (body) body.style.cssText = browserLengths(String(data.customStyle || ''))
    const shown = data.show === true
    if ((name !== undefined && name !== 'show') || shown === dom.hasAttribute('data-show')) return
    dom.toggleAttribute('data-show', shown)
    const [before, during, after] = shown
      ? ['beforeenter', 'enter', 'afterenter']
      : ['beforeleave', 'leave', 'afterleave']
    self.emit(before, {})
    self.emit(during, {})
    window.setTimeout(() => self.emit(after, {}), duration)
  },
}

/** Its children stand above the page: fixed in the window, whatever place they were written at. */
export const rootPortal: Behaviour = {
  attached: place,
  changed: place,
}

function place({ dom, data }: Builtin): void {
  const out = data.enable === undefined || data.enable === null || !isOff(data.enable)
  dom.toggleAttribute('data-portal', out)
}
