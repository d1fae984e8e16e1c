import { around, below, builtinOf, control, nameOf, type Behaviour, type Builtin } from './define.ts'

type Kind = 'checkbox' | 'radio' | 'switch'

const box = (self: Builtin) => control<HTMLInputElement>(self)

function checkedValues(group: Builtin, kind: Kind): string[] {
  return below(group)
    .filter(({ self }) => nameOf(self.node) === kind && box(self).checked)
    .map(({ self }) => String(self.data.value))
}

function announce(self: Builtin, kind: Kind): void {
  if (kind === 'switch') return self.emit('change', { value: box(self).checked })
  const group = around(self, `${kind}-group`)
  if (!group) return
  if (kind === 'radio')
    for (const other of below(group))
      if (nameOf(other.self.node) === 'radio' && other.self !== self) box(other.self).checked = false
  group.emit('change', { value: kind === 'radio' ? self.data.value : checkedValues(group, kind) })
}

/** Flips a switch or checkbox, sets a radio, as a press on it or on its label does. */
export function activateChoice(self: Builtin): void {
  const input = box(self)
  if (input.disabled || (input.type === 'radio' && input.checked)) return
  input.checked = input.type === 'radio' ? true : !input.checked
  announce(self, nameOf(self.node) as Kind)
}

const choice = (kind: Kind): Behaviour => ({
  attached(self) {
    box(self).type = kind === 'radio' ? 'radio' : 'checkbox'
    box(self).addEventListener('change', () => announce(self, kind))
    // a press on the control itself is the browser's; the text beside it is ours
    self.dom.addEventListener('click', ({ target }) => {
      if (target !== box(self)) activateChoice(self)
    })
  },
  changed(self, name) {
    if (name === undefined || name === 'checked') box(self).checked = self.data.checked === true
    box(self).disabled = self.data.disabled === true
    if (self.data.color) self.dom.style.setProperty('--choice', String(self.data.color))
  },
  named: box,
  value: (self) => box(self).checked,
  reset: (self) => {
    box(self).checked = self.data.checked === true
  },
})

export const switchControl = choice('switch')
export const checkbox: Behaviour = withoutValue(choice('checkbox'))
export const radio: Behaviour = withoutValue(choice('radio'))

/** Inside a form the group has the value, not its boxes. */
function withoutValue({ value: _, ...behaviour }: Behaviour): Behaviour {
  return behaviour
}

export const checkboxGroup: Behaviour = { value: (self) => checkedValues(self, 'checkbox') }
export const radioGroup: Behaviour = { value: (self) => checkedValues(self, 'radio')[0] ?? '' }

const labelled = new Set(['checkbox', 'radio', 'switch'])

export const label: Behaviour = {
  tapped(self, target) {
    const choices = below(self).filter((b) => labelled.has(nameOf(b.self.node)))
    const wanted = String(self.data.for ?? '')
    const found = wanted ? byId(self, wanted) : choices[0]?.self
    if (found && !(target && found.dom.contains(target))) activateChoice(found)
  },
}

/** `for` names a control of the same component, anywhere in it. */
function byId(self: Builtin, id: string): Builtin | undefined {
  const found = builtinOf(self.node.ownerShadowRoot?.getElementById(id))
  return found && labelled.has(nameOf(found.self.node)) ? found.self : undefined
}
