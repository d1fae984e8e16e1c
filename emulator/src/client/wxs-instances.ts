import type * as glassEasel from 'glass-easel'
import { browserLengths } from './lengths.ts'
import { domOf, pageRect } from './queries/nodes.ts'

/** What a WXS function gets as `ownerInstance` and `event.instance`: the screen's side of a node. */
export interface WxsInstance {
  selectComponent(selector: string): WxsInstance | null
  selectAllComponents(selector: string): WxsInstance[]
  setStyle(style: string | Record<string, unknown>): WxsInstance
  addClass(name: string): WxsInstance
  removeClass(name: string): WxsInstance
  hasClass(name: string): boolean
  getDataset(): object
  getState(): object
  getComputedStyle(names: string[]): Record<string, string>
  getBoundingClientRect(): object | null
  callMethod(name: string, argument: unknown): void
  triggerEvent(name: string, detail: unknown): void
  requestAnimationFrame(run: () => void): number
  setTimeout(run: () => void, ms: number): number
  clearTimeout(id: number): void
}

const instances = new WeakMap<glassEasel.Element, WxsInstance>()

const dashed = (name: string) => name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)

export function wxsInstance(node: glassEasel.Element): WxsInstance {
  const known = instances.get(node)
  if (known) return known
  const state = {}
  const component = node as Partial<glassEasel.GeneralComponent>
  const tree = () => component.getShadowRoot?.() ?? node.ownerShadowRoot
  const instance: WxsInstance = {
    selectComponent: (selector) => {
      const found = tree()?.querySelector(selector)
      return found ? wxsInstance(found) : null
    },
    selectAllComponents: (selector) => (tree()?.querySelectorAll(selector) ?? []).map(wxsInstance),
    setStyle(style) {
      const dom = domOf(node)
      if (!(dom instanceof HTMLElement)) return instance
      const lines =
        typeof style === 'string'
          ? style.split(';').map((line) => line.split(/:(.*)/s) as [string, string?])
          : Object.entries(style).map(([name, value]) => [dashed(name), String(value)] as [string, string?])
      for (const [name, value] of lines)
        if (name.trim()) dom.style.setProperty(name.trim(), browserLengths((value ?? '').trim()))
      return instance
    },
    addClass: (name) => (node.classList?.toggle(name, true), instance),
    removeClass: (name) => (node.classList?.toggle(name, false), instance),
    hasClass: (name) => node.classList?.contains(name) === true,
    getDataset: () => ({ ...node.dataset }),
    getState: () => state,
    getComputedStyle(names) {
      const dom = domOf(node)
      const style = dom && getComputedStyle(dom)
      return Object.fromEntries(names.map((name) => [name, style?.getPropertyValue(dashed(name)) ?? '']))
    },
    getBoundingClientRect() {
      const dom = domOf(node)
      return dom ? pageRect(dom.getBoundingClientRect(), dom) : null
    },
    callMethod(name, argument) {
      const caller = component.getMethodCaller?.() as unknown as Record<string, unknown> | undefined
      const method = caller?.[name]
      if (typeof method !== 'function')
        throw new Error(`callMethod: ${component.is ?? 'the node'} has no method "${name}"`)
      method.call(caller, argument)
    },
    triggerEvent: (name, detail) => node.triggerEvent(name, detail, {}),
    requestAnimationFrame: (run) => requestAnimationFrame(() => run()),
    setTimeout: (run, ms) => window.setTimeout(run, ms),
    clearTimeout: (id) => window.clearTimeout(id),
  }
  instances.set(node, instance)
  return instance
}
