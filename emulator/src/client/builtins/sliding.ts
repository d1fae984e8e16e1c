import { keepFromPage, watchDrag } from '../drag.ts'
import { numberOf, type Behaviour, type Builtin } from './define.ts'

const limits = ({ data }: Builtin) => {
  const min = numberOf(data.min, 0)
  const max = Math.max(min, numberOf(data.max, 100))
  const step = numberOf(data.step, 1)
  return { min, max, step: step > 0 ? step : 1 }
}

/** To the nearest step from `min`, without the dust of binary fractions. */
function stepped(self: Builtin, value: number): number {
  const { min, max, step } = limits(self)
  const inside = Math.min(max, Math.max(min, value))
  const digits = (String(step).split('.')[1] ?? '').length
  return Number(Math.min(max, min + Math.round((inside - min) / step) * step).toFixed(digits))
}

const valueOf = (self: Builtin) => stepped(self, numberOf(self.data.value, limits(self).min))
const beginnings = new WeakMap<Builtin, number>()

function draw(self: Builtin, value: number): void {
  const { dom, data } = self
  const { min, max } = limits(self)
  const part = max > min ? (value - min) / (max - min) : 0
  const size = Math.min(28, Math.max(12, numberOf(data.blockSize, 28)))
  dom.style.setProperty('--at', String(part))
  dom.style.setProperty('--block', `${size}px`)
  const colour = (name: string, text: unknown) =>
    text ? dom.style.setProperty(name, String(text)) : dom.style.removeProperty(name)
  colour('--slider-done', data.activeColor || data.selectedColor)
  colour('--slider-rest', data.backgroundColor || data.color)
  colour('--slider-block', data.blockColor)
  const label = dom.querySelector(':scope > span') as HTMLElement
  label.hidden = !data.showValue
  label.textContent = data.showValue ? String(value) : ''
  dom.toggleAttribute('disabled', data.disabled === true)
  for (const [name, now] of [
    ['aria-valuemin', min],
    ['aria-valuemax', max],
    ['aria-valuenow', value],
  ] as const)
    dom.setAttribute(name, String(now))
  if (!dom.hasAttribute('role')) dom.setAttribute('role', 'slider')
}

export const slider: Behaviour = {
  attached(self) {
    beginnings.set(self, valueOf(self))
    const track = self.dom.querySelector('.wx-slider-track') as HTMLElement
    const under = (x: number) => {
      const { left, width } = track.getBoundingClientRect()
      const { min, max } = limits(self)
      return stepped(self, min + (width > 0 ? (x - left) / width : 0) * (max - min))
    }
    let value = 0
    const take = (x: number) => {
      value = under(x)
      draw(self, value)
    }
    watchDrag(self.dom, {
      begin(drag) {
        if (self.data.disabled) return false
        take(drag.startX)
        return true
      },
      move(drag, event) {
        keepFromPage(event)
        const before = value
        take(drag.startX + drag.dx)
        if (value !== before) self.emit('changing', { value })
      },
      end() {
        if (value === valueOf(self)) return
        self.set({ value })
        self.emit('change', { value })
      },
    })
  },
  changed: (self) => draw(self, valueOf(self)),
  value: valueOf,
  reset: (self) => self.set({ value: beginnings.get(self) ?? limits(self).min }),
}
