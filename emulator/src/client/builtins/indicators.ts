import { browserLengths } from '../lengths.ts'
import { numberOf, type Behaviour, type Builtin } from './define.ts'

/** Drawings of ours in a field of 24 × 24, by the `type` of WeChat's icon: its colour and its shape. */
const disc = '<circle cx="12" cy="12" r="10" fill="currentColor" stroke="none"/>'
const ring = '<circle cx="12" cy="12" r="9.2"/>'
const icons: Record<string, readonly [string, string]> = {
  success: ['#07c160', `${disc}<path d="m7 12.3 3.4 3.4L17.2 9" stroke="#fff" stroke-width="1.8"/>`],
  success_no_circle: ['#07c160', '<path d="m4 12.5 5.2 5.2L20 7" stroke-width="2"/>'],
  info: ['#10aeff', `${disc}<path d="M12 11v6M12 7.2v.2" stroke="#fff" stroke-width="2"/>`],
  warn: ['#fa5151', `${disc}<path d="M12 6.5v7M12 16.8v.2" stroke="#fff" stroke-width="2"/>`],
  waiting: ['#10aeff', `${disc}<path d="M12 6.5V12l3.6 2.4" stroke="#fff" stroke-width="1.8"/>`],
  cancel: ['#fa5151', `${ring}<path d="m8.6 8.6 6.8 6.8M15.4 8.6l-6.8 6.8"/>`],
  download: ['#07c160', `${ring}<path d="M12 6.8v8.4M8.4 12l3.6 3.6 3.6-3.6"/>`],
  search: ['#b2b2b2', '<circle cx="10.5" cy="10.5" r="6.5"/><path d="m15.4 15.4 5.1 5.1"/>'],
  clear: [
    '#b2b2b2',
    `${disc}<path d="m8.4 8.4 7.2 7.2M15.6 8.4l-7.2 7.2" stroke="#fff" stroke-width="1.6"/>`,
  ],
  circle: ['#c9c9c9', ring],
}

const lengthOf = (value: unknown, fallback: string) => {
  const text = String(value ?? '')
  if (text === '') return fallback
  return /^[\d.]+$/.test(text) ? `${text}px` : browserLengths(text)
}

export const icon: Behaviour = {
  changed({ dom, data, host }) {
    const type = String(data.type ?? '')
    const drawing = icons[type]
    dom.style.width = dom.style.height = lengthOf(data.size, '23px')
    dom.style.color = String(data.color || drawing?.[0] || '')
    dom.innerHTML = drawing
      ? `<svg viewBox="0 0 24 24" fill="none" stroke="currentColor" stroke-width="1.4" stroke-linecap="round" stroke-linejoin="round">${drawing[1]}</svg>`
      : ''
    if (type && !drawing) host.missing(`<icon type="${type}">`)
  },
}

/** Where a progress bar stands while it moves, and what ends the movement. */
const moving = new WeakMap<Builtin, { shown: number; timer: number }>()

export const progress: Behaviour = {
  attached: (self) => void moving.set(self, { shown: 0, timer: 0 }),
  detached: (self) => window.clearTimeout(moving.get(self)?.timer),
  changed(self, name) {
    const { dom, data } = self
    const [bar, label] = [dom.querySelector('.wx-progress-bar'), dom.querySelector(':scope > span')]
    const inner = dom.querySelector('.wx-progress-inner')
    if (!(bar instanceof HTMLElement && label instanceof HTMLElement && inner instanceof HTMLElement)) return
    const percent = Math.min(100, Math.max(0, numberOf(data.percent, 0)))
    bar.style.height = lengthOf(data.strokeWidth, '6px')
    bar.style.background = String(data.backgroundColor || '')
    bar.style.borderRadius = inner.style.borderRadius = lengthOf(data.borderRadius, '0')
    inner.style.background = String(data.activeColor || data.color || '')
    label.hidden = !data.showInfo
    label.style.fontSize = lengthOf(data.fontSize, '16px')
    label.textContent = `${percent}%`
    dom.setAttribute('role', 'progressbar')
    dom.setAttribute('aria-valuenow', String(percent))
    if (name === undefined || name === 'percent' || name === 'active') move(self, inner, percent)
  },
}

/** `active` moves 30 ms a percent, from 0 or, with `active-mode="forwards"`, from where the bar stood. */
function move(self: Builtin, inner: HTMLElement, percent: number): void {
  const state = moving.get(self)
  if (!state) return
  window.clearTimeout(state.timer)
  inner.style.transition = 'none'
  if (!self.data.active) {
    inner.style.width = `${percent}%`
    state.shown = percent
    return
  }
  const from = self.data.activeMode === 'forwards' ? state.shown : 0
  const time = Math.abs(percent - from) * numberOf(self.data.duration, 30)
  inner.style.width = `${from}%`
  void inner.offsetWidth
  inner.style.transition = `width ${time}ms linear`
  inner.style.width = `${percent}%`
  state.shown = percent
  state.timer = window.setTimeout(() => self.emit('activeend', { curPercent: percent }), time)
}
