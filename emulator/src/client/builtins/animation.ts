import { browserLengths } from '../lengths.ts'
import type { Builtin } from './define.ts'

/** What `wx.createAnimation().export()` gives, and the `animation` attribute takes. */
export interface ExportedAnimation {
  actions: AnimationStep[]
}
interface AnimationStep {
  animates: { type: string; args: unknown[] }[]
  option: {
    transformOrigin?: string
    transition?: { duration?: number; timingFunction?: string; delay?: number }
  }
}

const px = (value: unknown) => (typeof value === 'number' ? `${value}px` : String(value))
const deg = (value: unknown) => `${Number(value)}deg`
const plain = String

const units: Record<string, (value: unknown) => string> = {
  ...{ translate: px, translateX: px, translateY: px, translateZ: px, translate3d: px },
  ...{ rotate: deg, rotateX: deg, rotateY: deg, rotateZ: deg, skew: deg, skewX: deg, skewY: deg },
  ...{ scale: plain, scaleX: plain, scaleY: plain, scaleZ: plain, scale3d: plain },
  ...{ matrix: plain, matrix3d: plain },
}

/** The transform and the styles that one step ends with. */
function endOf(step: AnimationStep): { transform: string; styles: Record<string, string> } {
  const transforms: string[] = []
  const styles: Record<string, string> = {}
  for (const { type, args } of step.animates) {
    const unit = units[type]
    if (type === 'style') {
      const [name, value] = args
      styles[String(name)] = browserLengths(
        typeof value === 'number' ? lengthOf(String(name), value) : String(value),
      )
    } else if (type === 'rotate3d') {
      transforms.push(`rotate3d(${args.slice(0, 3).map(String).join(',')},${deg(args[3])})`)
    } else if (unit) transforms.push(`${type}(${args.map(unit).join(',')})`)
  }
  return { transform: browserLengths(transforms.join(' ')), styles }
}

const unitless = new Set(['opacity', 'background-color', 'backgroundColor', 'z-index'])
const lengthOf = (name: string, value: number) => (unitless.has(name) ? String(value) : `${value}px`)

const running = new WeakMap<Builtin, number>()

/** Plays the `animation` attribute: its steps one after another, each from where the one before ended. */
export function playAnimation(self: Builtin): void {
  const { animation } = self.data
  const actions = (animation as Partial<ExportedAnimation> | null | undefined)?.actions
  if (!Array.isArray(actions)) return
  window.clearTimeout(running.get(self))
  const { style } = self.dom
  const play = (index: number) => {
    const step = actions[index]
    if (!step) return
    const { transition = {}, transformOrigin } = step.option ?? {}
    const { duration = 400, timingFunction = 'linear', delay = 0 } = transition
    const { transform, styles } = endOf(step)
    style.transition = `all ${duration}ms ${timingFunction} ${delay}ms`
    style.transformOrigin = transformOrigin ?? '50% 50% 0'
    if (transform) style.transform = transform
    for (const [name, value] of Object.entries(styles)) style.setProperty(cssName(name), value)
    running.set(
      self,
      window.setTimeout(() => play(index + 1), duration + delay),
    )
  }
  // the browser must have drawn the state before, or there is nothing to move from
  running.set(
    self,
    window.setTimeout(() => play(0), 0),
  )
}

const cssName = (name: string) => name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)
