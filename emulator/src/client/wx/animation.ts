type Step = { animates: { type: string; args: unknown[] }[]; option: object }

const transforms = [
  ...['matrix', 'matrix3d', 'rotate', 'rotate3d', 'rotateX', 'rotateY', 'rotateZ', 'scale', 'scale3d'],
  ...['scaleX', 'scaleY', 'scaleZ', 'skew', 'skewX', 'skewY', 'translate', 'translate3d', 'translateX'],
  ...['translateY', 'translateZ'],
]
const styles: Record<string, string> = {
  opacity: 'opacity',
  backgroundColor: 'background-color',
  width: 'width',
  height: 'height',
  top: 'top',
  left: 'left',
  bottom: 'bottom',
  right: 'right',
}

const withUnit = (value: unknown, property: string) =>
  typeof value === 'number' && property !== 'opacity' && property !== 'background-color'
    ? `${value}px`
    : value

interface Options {
  duration?: number
  timingFunction?: string
  delay?: number
  transformOrigin?: string
}

/**
 * `wx.createAnimation`: collects steps and hands them over with `export()`, in the shape that the `animation`
 * attribute of a component takes.
 */
export function createAnimation(given: Options = {}): Record<string, (...args: unknown[]) => unknown> {
  let steps: Step[] = []
  let current: Step['animates'] = []
  const optionOf = (own: Options) => {
    const {
      duration = 400,
      timingFunction = 'linear',
      delay = 0,
      transformOrigin = '50% 50% 0',
    } = {
      ...given,
      ...own,
    }
    return { transition: { duration, timingFunction, delay }, transformOrigin }
  }
  const animation: Record<string, (...args: unknown[]) => unknown> = {
    step(own) {
      steps.push({ animates: current, option: optionOf((own ?? {}) as Options) })
      current = []
      return animation
    },
    export() {
      const actions = steps
      steps = []
      return { actions }
    },
  }
  for (const type of transforms)
    animation[type] = (...args) => {
      current.push({ type, args })
      return animation
    }
  for (const [name, property] of Object.entries(styles))
    animation[name] = (value) => {
      current.push({ type: 'style', args: [property, withUnit(value, property)] })
      return animation
    }
  return animation
}
