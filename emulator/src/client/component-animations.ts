import { browserLengths } from './lengths.ts'
import { domOf, select, type ComponentCaller } from './queries/nodes.ts'

/** One key frame of `this.animate` (official page of Component animations). */
type KeyFrame = Record<string, unknown>

const units: Record<string, string> = {
  ...{ translateX: 'px', translateY: 'px', translateZ: 'px', translate: 'px', translate3d: 'px' },
  ...{
    rotate: 'deg',
    rotateX: 'deg',
    rotateY: 'deg',
    rotateZ: 'deg',
    skew: 'deg',
    skewX: 'deg',
    skewY: 'deg',
  },
  ...{ scale: '', scaleX: '', scaleY: '', scaleZ: '', scale3d: '', matrix: '', matrix3d: '' },
}
const unitless = new Set(['opacity', 'zIndex', 'z-index', 'fontWeight', 'lineHeight', 'flexGrow'])

function frameOf(frame: KeyFrame): Keyframe {
  const transforms: string[] = []
  const css: Record<string, string | number> = {}
  for (const [name, value] of Object.entries(frame)) {
    if (name === 'offset') css.offset = Number(value)
    else if (name === 'ease') css.easing = String(value)
    else if (name === 'rotate3d' && Array.isArray(value))
      transforms.push(`rotate3d(${value.slice(0, 3).join(',')},${String(value[3])}deg)`)
    else if (name in units) {
      const values = (Array.isArray(value) ? value : [value]) as unknown[]
      transforms.push(
        `${name}(${values.map((v) => (typeof v === 'number' ? `${v}${units[name] ?? ''}` : browserLengths(String(v)))).join(',')})`,
      )
    } else {
      const property = name.replace(/-([a-z])/g, (_, letter: string) => letter.toUpperCase())
      css[property === 'float' ? 'cssFloat' : property] =
        typeof value === 'number'
          ? unitless.has(name)
            ? value
            : `${value}px`
          : browserLengths(String(value))
    }
  }
  return transforms.length > 0 ? { ...css, transform: transforms.join(' ') } : css
}

const playing = new WeakMap<Element, Animation[]>()

/**
 * `animate` and `clearAnimation` of a page or component. `deliver` runs their callbacks, `missing` names what is not
 * played.
 */
export function giveAnimations(
  caller: ComponentCaller,
  deliver: (where: string, run: () => void) => void,
  missing: (what: string) => void,
): void {
  caller.animate = (selector: string, frames: KeyFrame[], duration: unknown, callback?: unknown) => {
    // with a timeline in place of the callback the scroll position drives it
    if (typeof callback === 'object' && callback !== null) return missing('animate with a ScrollTimeline')
    const done = () => {
      if (typeof callback === 'function') deliver('animate callback', callback as () => void)
    }
    const time = Number(duration) || 0
    const running = select(caller, selector).flatMap((node) => {
      const dom = domOf(node)
      // jsdom has none
      if (!dom || typeof dom.animate !== 'function') return []
      const animation = dom.animate(frames.map(frameOf), { duration: time, fill: 'forwards' })
      playing.set(dom, [...(playing.get(dom) ?? []), animation])
      return [animation]
    })
    if (running.length === 0) window.setTimeout(done, time)
    // one that is cleared has no end to tell
    else void Promise.all(running.map(({ finished }) => finished)).then(done, () => undefined)
  }
  caller.clearAnimation = (selector: string, options?: unknown, callback?: unknown) => {
    const told = typeof options === 'function' ? options : callback
    for (const node of select(caller, selector)) {
      const dom = domOf(node)
      if (!dom) continue
      playing.get(dom)?.forEach((animation) => animation.cancel())
      playing.delete(dom)
    }
    window.setTimeout(() => {
      if (typeof told === 'function') deliver('clearAnimation callback', told as () => void)
    }, 0)
  }
}
