import { around, below, setAttribute, type Behaviour, type Builtin } from './define.ts'

/** Presses that a node inside keeps to itself. */
const stopped = new WeakSet<Event>()

/** hover-class for the time of a press. `defaults` are the base library's start and stay times in ms. */
export function hovering(defaults: { hoverClass: string; start: number; stay: number }): Behaviour {
  return {
    attached(self) {
      const set = (on: boolean) => {
        const name = String(self.data.hoverClass || defaults.hoverClass)
        if (name !== '' && name !== 'none') self.node.classList?.toggle(name, on)
      }
      const ms = (name: string, fallback: number) =>
        self.data[name] === undefined ? fallback : Number(self.data[name])
      let timer: number | undefined
      const start = (event: Event) => {
        if (stopped.has(event)) return
        if (self.data.hoverStopPropagation) stopped.add(event)
        if (self.data.disabled) return
        window.clearTimeout(timer)
        timer = window.setTimeout(() => set(true), ms('hoverStartTime', defaults.start))
      }
      const stop = () => {
        window.clearTimeout(timer)
        timer = window.setTimeout(() => set(false), ms('hoverStayTime', defaults.stay))
      }
      for (const type of ['touchstart', 'mousedown'])
        self.dom.addEventListener(type, start, { passive: true })
      for (const type of ['touchend', 'touchcancel', 'mouseup', 'mouseleave'])
        self.dom.addEventListener(type, stop, { passive: true })
    },
  }
}

const buttonHover = hovering({ hoverClass: 'button-hover', start: 20, stay: 70 })

export const button: Behaviour = {
  attached: (self) => buttonHover.attached?.(self),
  changed(self) {
    const { data, dom } = self
    setAttribute(dom, 'disabled', data.disabled)
    setAttribute(dom, 'loading', data.loading)
    setAttribute(dom, 'plain', data.plain)
    setAttribute(dom, 'type', data.type || 'default')
    setAttribute(dom, 'size', data.size)
    setAttribute(dom, 'role', data.ariaRole || data.role || 'button')
  },
  tapped(self) {
    if (self.data.disabled) return
    const openType = String(self.data.openType ?? '')
    if (openType === 'openSetting')
      self.host.callApi('openSetting', { complete: (result: object) => self.emit('opensetting', result) })
    else if (openType === 'agreePrivacyAuthorization') {
      self.host.agreePrivacy(self.node.id)
      self.emit('agreeprivacyauthorization', {})
    } else if (openType) self.host.missing(`<button open-type="${openType}">`)
    const formType = String(self.data.formType ?? '')
    const form = formType ? around(self, 'form') : undefined
    if (form) finishForm(form, formType)
  },
}

/** submit collects every named control; the event carries the tap state of the press (H9). */
function finishForm(form: Builtin, formType: string): void {
  const controls = below(form)
  if (formType === 'reset') {
    for (const { self, behaviour } of controls) behaviour.reset?.(self)
    return form.emit('reset', {})
  }
  const value: Record<string, unknown> = {}
  for (const { self, behaviour } of controls)
    if (self.data.name && behaviour.value) value[String(self.data.name)] = behaviour.value(self)
  form.emit('submit', { value })
}

const navigatorHover = hovering({ hoverClass: 'navigator-hover', start: 50, stay: 600 })
const navigations: Record<string, string> = {
  navigate: 'navigateTo',
  redirect: 'redirectTo',
  switchTab: 'switchTab',
  reLaunch: 'reLaunch',
  navigateBack: 'navigateBack',
}

export const navigator: Behaviour = {
  attached: (self) => navigatorHover.attached?.(self),
  tapped(self) {
    const openType = String(self.data.openType || 'navigate')
    const api = navigations[openType]
    if (!api || self.data.target === 'miniProgram')
      return self.host.missing(`<navigator open-type="${openType}">`)
    self.host.callApi(api, { url: self.data.url, delta: Number(self.data.delta ?? 1) })
  },
}
