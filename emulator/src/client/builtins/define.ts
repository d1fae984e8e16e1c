import type * as glassEasel from 'glass-easel'
import type { WindowChange } from '../app-config.ts'
import { ariaStates, type BuiltinPropertyType, type BuiltinTemplate } from '../builtin-templates.ts'
import type { PageMeta } from '../page-meta.ts'
import type { PickerHandle, PickerRequest } from '../shell/pickers/picker-sheet.ts'
import { screen } from '../screen.ts'
import { playAnimation } from './animation.ts'

/** `refused`: WeChat has not given this mini-program the 手机号 ability. */
export type PhoneNumberOutcome = { kind: 'allowed'; code: string } | { kind: 'denied' } | { kind: 'refused' }

/** What built-in components need of the phone around them. */
export interface BuiltinHost {
  /** Calls a `wx` API with the tap state of the press that is being delivered; gives what it returns. */
  callApi(name: string, options: object): unknown
  /** Runs what the user's press reaches inside a built-in component. */
  press(run: () => void): void
  /** The URL of an image source as app code wrote it. */
  assetUrl(src: string): string
  showPicker(request: PickerRequest): PickerHandle
  /** Asks for the user's phone number; what the page gets is a code for its backend. */
  askPhoneNumber(): Promise<PhoneNumberOutcome>
  /** 转发 by a button: the page's `onShareAppMessage` hears of it as its target. */
  share(target: object): void
  /** A press on a button with open-type agreePrivacyAuthorization; its id in wxml. */
  agreePrivacy(buttonId: string): void
  /** Something the emulator does not draw: collected as an error, in words. */
  missing(what: string): void
  /** Something that does not work on a phone either: the same. */
  wrong(words: string): void
  drawPageMeta(within: Element, meta: PageMeta): void
  /** Changes the window of the page that `within` is on; undefined takes a change back. */
  changeWindow(within: Element, change: WindowChange): void
}

/** One built-in component on a page. */
export interface Builtin {
  readonly node: glassEasel.GeneralComponent
  readonly dom: HTMLElement
  readonly data: Readonly<Record<string, unknown>>
  readonly host: BuiltinHost
  /**
   * Fires an event at the component's own listeners; it does not bubble. `answered` gets what a listener
   * returned.
   */
  emit(type: string, detail: object, answered?: (answer: unknown) => void): void
  /** The user changed a property: `model:` bindings follow, and the page may set the old value again. */
  set(change: Record<string, unknown>): void
}

/** How a built-in component behaves; every part is optional. */
export interface Behaviour {
  attached?(self: Builtin): void
  detached?(self: Builtin): void
  /** `name` is absent for the first call, which comes after `attached`. */
  changed?(self: Builtin, name?: string): void
  tapped?(self: Builtin, target: Element | null): void
  /** Where `aria-label` and `aria-role` go, when that is the control inside. */
  named?(self: Builtin): Element
  /** What a form collects under the component's `name`. */
  value?(self: Builtin): unknown
  reset?(self: Builtin): void
  /** What `SelectorQuery.node()` gives. */
  node?(self: Builtin): unknown
}

const behaviours = new WeakMap<glassEasel.GeneralComponent, { self: Builtin; behaviour: Behaviour }>()

/** The built-in behind a node of the composed tree, when it is one. */
export function builtinOf(node: unknown): { self: Builtin; behaviour: Behaviour } | undefined {
  return node ? behaviours.get(node as glassEasel.GeneralComponent) : undefined
}

/** The control inside, such as the `<input>` of `wx-input`: the first element of the template. */
export const control = <T extends HTMLElement>({ dom }: Builtin) => dom.firstElementChild as T

export function nameOf(node: glassEasel.GeneralComponent): string {
  return node.is.replace(/^wx:\/\//, '')
}

/** The nearest built-in of that name around `self`. */
export function around(self: Builtin, name: string): Builtin | undefined {
  let node = self.node.getComposedParent()
  while (node) {
    const found = builtinOf(node)
    if (found && nameOf(found.self.node) === name) return found.self
    node = node.getComposedParent()
  }
  return undefined
}

/** Every built-in below `self` in the composed tree, in document order. */
export function below(self: Builtin): { self: Builtin; behaviour: Behaviour }[] {
  const found: { self: Builtin; behaviour: Behaviour }[] = []
  const walk = (node: glassEasel.Element) => {
    node.forEachComposedChild((child) => {
      const builtin = builtinOf(child)
      if (builtin) found.push(builtin)
      if ('forEachComposedChild' in child) walk(child)
    })
  }
  walk(self.node)
  return found
}

const propertyTypes = {
  string: { type: String, value: '' },
  number: { type: Number, value: 0 },
  boolean: { type: Boolean, value: false },
  any: { type: null, value: undefined },
} satisfies Record<BuiltinPropertyType, object>

/** The framework's builder changes its type with every step; this is what we use of it. */
interface Builder {
  options(options: object): Builder
  template(template: object): Builder
  property(name: string, definition: object): Builder
  init(run: (context: BuilderContext) => void): Builder
  registerComponent(): glassEasel.GeneralComponentDefinition
}
interface BuilderContext {
  self: unknown
  lifetime(name: string, run: () => void): void
  observer(name: string, run: () => void): void
}

/** Registers one built-in so that every component of the space may use its tag. */
export function defineBuiltin(
  space: glassEasel.ComponentSpace,
  templates: Record<string, unknown>,
  { name, properties, unplayed }: BuiltinTemplate,
  behaviour: Behaviour,
  host: BuiltinHost,
): void {
  const path = `wx://${name}`
  if (!templates[path]) throw new Error(`the package brings no template for <${name}>`)
  let builder = (space.define(path) as unknown as Builder)
    .options({ multipleSlots: false, virtualHost: false })
    .template({ groupList: templates, content: templates[path] })
  for (const [property, type] of Object.entries(properties))
    builder = builder.property(property, propertyTypes[type])
  builder = builder.init(({ self: caller, lifetime, observer }) => {
    const node = ((caller as { _$?: unknown })._$ ?? caller) as glassEasel.GeneralComponent
    let dom: HTMLElement | undefined
    const self: Builtin = {
      node,
      host,
      get dom() {
        // the framework forgets it when the component goes, which the screen may hear of later
        dom ??= node.getBackendElement() as unknown as HTMLElement
        return dom
      },
      get data() {
        return node.data as Record<string, unknown>
      },
      emit: (type, detail, answered) =>
        node.triggerEvent(type, detail, answered ? { handleListenerReturn: (a) => void answered(a) } : {}),
      set: (change) => void node.setData(change),
    }
    behaviours.set(node, { self, behaviour })
    let attached = false
    const apply = (property?: string) => {
      setAttribute(self.dom, 'hidden', self.data.hidden)
      const named = behaviour.named?.(self) ?? self.dom
      setAttribute(named, 'aria-label', self.data.ariaLabel)
      setAttribute(named, 'role', self.data.ariaRole || self.data.role)
      setAttribute(named, 'aria-hidden', self.data.ariaHidden === true && 'true')
      for (const state of ariaStates) {
        const value = self.data[state]
        setAttribute(named, dashed(state), typeof value === 'boolean' ? String(value) : value)
      }
      if (property === 'animation' || property === undefined) playAnimation(self)
      behaviour.changed?.(self, property)
    }
    lifetime('attached', () => {
      attached = true
      void self.dom
      if (behaviour.tapped)
        node.addListener('tap', (event: glassEasel.ShadowedEvent<unknown>) => {
          const origin = (event as unknown as { target: glassEasel.Element }).target
          const pressed = origin.getBackendElement() as unknown
          host.press(() => behaviour.tapped?.(self, pressed instanceof Element ? pressed : null))
        })
      screen.do(() => {
        behaviour.attached?.(self)
        apply()
      })
      for (const property of unplayed) if (self.data[property]) host.missing(`<${name} ${dashed(property)}>`)
    })
    lifetime('detached', () => screen.do(() => behaviour.detached?.(self)))
    for (const property of Object.keys(properties))
      observer(property, () => {
        if (attached) screen.do(() => apply(property))
      })
  })
  space.setGlobalUsingComponent(name, builder.registerComponent())
}

/** A property's name as it stands in wxml. */
export const dashed = (property: string) => property.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)

/** A number as wxml gives it, as text or number; `fallback` when it is none. */
export function numberOf(value: unknown, fallback: number): number {
  if (value === '' || value === null || value === undefined) return fallback
  const number = typeof value === 'string' ? parseFloat(value) : Number(value)
  return Number.isFinite(number) ? number : fallback
}

/** Whether a property that is on by default was turned off. */
export const isOff = (value: unknown) => value === false || value === 'false'

/** true → empty attribute; false, '', undefined, null → none. */
export function setAttribute(dom: Element, name: string, value: unknown): void {
  if (value === undefined || value === null || value === false || value === '') dom.removeAttribute(name)
  else dom.setAttribute(name, value === true ? '' : String(value))
}
