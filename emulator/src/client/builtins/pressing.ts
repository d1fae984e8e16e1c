import { numberOf, setAttribute, type Behaviour, type Builtin } from './define.ts'
import { pressFormButton } from './forms.ts'

/** Presses that a node inside keeps to itself. */
const stopped = new WeakSet<Event>()

/** px a finger may move and still press. */
const STILL_PX = 10

function pointOf(event: Event): { x: number; y: number } {
  const { clientX: x = 0, clientY: y = 0 } = (event as TouchEvent).touches?.[0] ?? (event as MouseEvent)
  return { x, y }
}

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
      let pressed: { x: number; y: number } | undefined
      const start = (event: Event) => {
        if (stopped.has(event)) return
        if (self.data.hoverStopPropagation) stopped.add(event)
        if (self.data.disabled) return
        window.clearTimeout(timer)
        pressed = pointOf(event)
        timer = window.setTimeout(() => set(true), ms('hoverStartTime', defaults.start))
      }
      const stop = () => {
        if (!pressed) return
        pressed = undefined
        window.clearTimeout(timer)
        timer = window.setTimeout(() => set(false), ms('hoverStayTime', defaults.stay))
      }
      // a finger that scrolls presses nothing
      const move = (event: Event) => {
        if (!pressed) return
        const { x, y } = pointOf(event)
        if (Math.abs(x - pressed.x) <= STILL_PX && Math.abs(y - pressed.y) <= STILL_PX) return
        pressed = undefined
        window.clearTimeout(timer)
        set(false)
      }
      for (const type of ['touchstart', 'mousedown'])
        self.dom.addEventListener(type, start, { passive: true })
      for (const type of ['touchmove', 'mousemove']) self.dom.addEventListener(type, move, { passive: true })
      for (const type of ['touchend', 'touchcancel', 'mouseup', 'mouseleave'])
        self.dom.addEventListener(type, stop, { passive: true })
    },
  }
}

const buttonHover = hovering({ hoverClass: 'button-hover', start: 20, stay: 70 })

/** What WeChat does when a button of that `open-type` is pressed; what is not here fails by name. */
const openTypes: Record<string, (self: Builtin) => unknown> = {
  share: ({ host, node }) => host.share({ id: node.id, dataset: { ...node.dataset } }),
  openSetting: ({ host, emit }) =>
    host.callApi('openSetting', { complete: (result: object) => emit('opensetting', result) }),
  // WeChat's sheet offers the user's own picture as well; here it is the album alone, and turned away it says nothing
  chooseAvatar: ({ host, emit }) =>
    host.callApi('chooseMedia', {
      count: 1,
      mediaType: ['image'],
      success: ({ tempFiles: [chosen] }: { tempFiles: { tempFilePath: string }[] }) =>
        emit('chooseavatar', { avatarUrl: chosen?.tempFilePath }),
    }),
  agreePrivacyAuthorization(self) {
    self.host.agreePrivacy(self.node.id)
    self.emit('agreeprivacyauthorization', {})
  },
  getPhoneNumber: (self) => answerPhoneNumber(self, 'getPhoneNumber', 'getphonenumber'),
  getRealtimePhoneNumber: (self) =>
    answerPhoneNumber(self, 'getRealtimePhoneNumber', 'getrealtimephonenumber'),
  launchApp: (self) => {
    self.host.missing('<button open-type="launchApp">')
    self.emit('error', { errMsg: 'launchApp:fail scene is not correct' })
  },
}

async function answerPhoneNumber({ host, emit }: Builtin, api: string, event: string): Promise<void> {
  const outcome = await host.askPhoneNumber()
  switch (outcome.kind) {
    case 'refused':
      return emit(event, { errMsg: `${api}:fail no permission`, errno: 102 })
    case 'denied':
      return emit(event, { errMsg: `${api}:fail user deny` })
    case 'allowed':
      return emit(event, { errMsg: `${api}:ok`, code: outcome.code })
  }
}

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
    if (openType) {
      const open = openTypes[openType]
      if (open) open(self)
      else self.host.missing(`<button open-type="${openType}">`)
    }
    const formType = String(self.data.formType ?? '')
    if (formType) pressFormButton(self, formType)
  },
}

const navigatorHover = hovering({ hoverClass: 'navigator-hover', start: 50, stay: 600 })
const navigations: Record<string, string> = {
  navigate: 'navigateTo',
  redirect: 'redirectTo',
  switchTab: 'switchTab',
  reLaunch: 'reLaunch',
  navigateBack: 'navigateBack',
  exit: 'exitMiniProgram',
}

export const navigator: Behaviour = {
  attached: (self) => navigatorHover.attached?.(self),
  tapped(self) {
    const { data, host } = self
    const openType = String(data.openType || 'navigate')
    const api = navigations[openType]
    const leaves = data.target === 'miniProgram' && openType !== 'exit'
    if (!api || leaves)
      return host.missing(`<navigator open-type="${openType}"${leaves ? ' target="miniProgram"' : ''}>`)
    const outcome = {
      success: (result: object) => self.emit('success', result),
      fail: (result: object) => {
        self.emit('fail', result)
        host.wrong(`<navigator>: ${(result as { errMsg?: string }).errMsg ?? api}`)
      },
      complete: (result: object) => self.emit('complete', result),
    }
    const target =
      openType === 'exit'
        ? {}
        : openType === 'navigateBack'
          ? { delta: numberOf(data.delta, 1) }
          : { url: data.url }
    host.callApi(api, { ...target, ...outcome })
  },
}
