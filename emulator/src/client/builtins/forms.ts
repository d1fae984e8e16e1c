import type * as glassEasel from 'glass-easel'
import { activateChoice } from './choices.ts'
import { around, below, builtinOf, control, nameOf, type Builtin } from './define.ts'
import type { Behaviour } from './define.ts'

/**
 * What a component of the app's own is to the form around it, by WeChat's built-in behaviours: a field itself
 * (`wx://form-field`), a frame around fields (`wx://form-field-group`) or around a button that submits
 * (`wx://form-field-button`).
 */
export type FormRole = 'field' | 'group' | 'button'

export const formBehaviors: Readonly<Record<string, FormRole>> = {
  'wx://form-field': 'field',
  'wx://form-field-group': 'group',
  'wx://form-field-button': 'button',
}

const roles = new WeakMap<object, Set<FormRole>>()

export function takeFormRole(component: glassEasel.GeneralComponent, role: FormRole): void {
  roles.set(component, (roles.get(component) ?? new Set()).add(role))
}

const plays = (node: unknown, role: FormRole) => roles.get(node as object)?.has(role) === true

/** submit collects every named control; the event carries the tap state of the press (H9). */
export function pressFormButton(button: Builtin, formType: string): void {
  const form = around(button, 'form')
  if (!form) return
  if (!reaches(button, form))
    return form.host.wrong('<button form-type> in a component needs the behavior wx://form-field-button')
  if (formType === 'reset') {
    for (const { self, behaviour } of controlsOf(form)) behaviour.reset?.(self)
    return form.emit('reset', {})
  }
  const value: Record<string, unknown> = {}
  for (const { self, behaviour } of controlsOf(form))
    if (self.data.name && behaviour.value) value[String(self.data.name)] = behaviour.value(self)
  for (const { data } of fieldsOf(form)) if (data.name) value[String(data.name)] = data.value
  form.emit('submit', { value })
}

/** A button inside a component reaches the form outside only when every component between lets it. */
function reaches(button: Builtin, form: Builtin): boolean {
  let owner = button.node.ownerShadowRoot
  while (owner && owner !== form.node.ownerShadowRoot) {
    const host = owner.getHostNode()
    if (!plays(host, 'button')) return false
    owner = host.ownerShadowRoot
  }
  return true
}

/** The shadow trees a form looks into: its own, and those of `wx://form-field-group` components in them. */
function treesOf(form: Builtin): Set<unknown> {
  const trees = new Set<unknown>([form.node.ownerShadowRoot])
  forEachBelow(form.node, (node) => {
    if (plays(node, 'group') && trees.has(node.ownerShadowRoot))
      trees.add((node as glassEasel.GeneralComponent).getShadowRoot())
  })
  return trees
}

function controlsOf(form: Builtin) {
  const trees = treesOf(form)
  return below(form).filter(({ self }) => trees.has(self.node.ownerShadowRoot))
}

function fieldsOf(form: Builtin): { data: Record<string, unknown> }[] {
  const trees = treesOf(form)
  const found: { data: Record<string, unknown> }[] = []
  forEachBelow(form.node, (node) => {
    if (plays(node, 'field') && trees.has(node.ownerShadowRoot))
      found.push(node as unknown as { data: Record<string, unknown> })
  })
  return found
}

function forEachBelow(node: glassEasel.Element, run: (node: glassEasel.Element) => void): void {
  node.forEachComposedChild((child) => {
    if (!('forEachComposedChild' in child)) return
    run(child)
    forEachBelow(child, run)
  })
}

const labelled = new Set(['checkbox', 'radio', 'switch', 'button', 'input', 'textarea'])

export const label: Behaviour = {
  tapped(self, target) {
    const inside = below(self).filter((b) => labelled.has(nameOf(b.self.node)))
    const wanted = String(self.data.for ?? '')
    const found = wanted ? byId(self, wanted) : inside[0]?.self
    // a press on a control inside is that one's own
    if (!found || inside.some((b) => target && b.self.dom.contains(target))) return
    activate(found)
  },
}

function activate(found: Builtin): void {
  switch (nameOf(found.node)) {
    case 'checkbox':
    case 'radio':
    case 'switch':
      return activateChoice(found)
    case 'button':
      return found.node.triggerEvent('tap', { x: 0, y: 0 }, { bubbles: true, composed: true })
    default:
      return control(found).focus()
  }
}

/** `for` names a control of the same component, anywhere in it. */
function byId(self: Builtin, id: string): Builtin | undefined {
  const found = builtinOf(self.node.ownerShadowRoot?.getElementById(id))
  return found && labelled.has(nameOf(found.self.node)) ? found.self : undefined
}
