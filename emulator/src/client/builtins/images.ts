import { control, setAttribute, type Behaviour, type Builtin } from './define.ts'

/** `object-fit` of each `mode`; widthFix and heightFix take their other side from the picture. */
const fits: Record<string, string> = {
  scaleToFill: 'fill',
  aspectFit: 'contain',
  aspectFill: 'cover',
  widthFix: 'fill',
  heightFix: 'fill',
}
/** The crops show the picture at its own size, from that corner. */
const crops = new Set([
  ...['top', 'bottom', 'center', 'left', 'right'],
  ...['top left', 'top right', 'bottom left', 'bottom right'],
])

/** lazy-load fetches a picture this far below the window, as WeChat does with three screens. */
const LAZY_MARGIN = '300% 0px'

const lazy = new WeakMap<Builtin, IntersectionObserver>()

function load(self: Builtin): void {
  const img = control<HTMLImageElement>(self)
  const src = String(self.data.src ?? '')
  const url = src && self.host.assetUrl(src)
  const waits = self.data.lazyLoad === true && url !== '' && typeof IntersectionObserver === 'function'
  lazy.get(self)?.disconnect()
  if (!waits) return setAttribute(img, 'src', url)
  img.removeAttribute('src')
  const observer = new IntersectionObserver(
    (entries) => {
      if (!entries.some(({ isIntersecting }) => isIntersecting)) return
      observer.disconnect()
      setAttribute(img, 'src', url)
    },
    { root: self.dom.closest('.we-page-scroll'), rootMargin: LAZY_MARGIN },
  )
  observer.observe(self.dom)
  lazy.set(self, observer)
}

const listen = (self: Builtin, img: HTMLImageElement) => {
  img.alt = ''
  img.draggable = false
  img.addEventListener('load', () => {
    img.style.visibility = ''
    self.emit('load', { width: img.naturalWidth, height: img.naturalHeight })
  })
  img.addEventListener('error', () => {
    // a phone leaves the place empty; a browser would draw its broken picture there
    img.style.visibility = 'hidden'
    self.emit('error', { errMsg: `GET ${img.src.slice(0, 80)} failed` })
  })
}

export const image: Behaviour = {
  attached: (self) => listen(self, control(self)),
  detached: (self) => lazy.get(self)?.disconnect(),
  changed(self, name) {
    const img = control<HTMLImageElement>(self)
    const mode = String(self.data.mode || 'scaleToFill')
    const fit = fits[mode]
    if (crops.has(mode)) {
      img.style.objectFit = 'none'
      img.style.objectPosition = mode
    } else if (fit) {
      img.style.objectFit = fit
      img.style.objectPosition = ''
    } else self.host.missing(`<image mode="${mode}">`)
    setAttribute(self.dom, 'mode', mode)
    if (name === undefined || name === 'src') load(self)
  },
}

export const coverImage: Behaviour = {
  attached: (self) => listen(self, control(self)),
  changed(self) {
    const src = String(self.data.src ?? '')
    setAttribute(control(self), 'src', src && self.host.assetUrl(src))
  },
}
