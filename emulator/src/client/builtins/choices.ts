import { around, below, control, nameOf, setAttribute, type Behaviour, type Builtin } from './define.ts'

type Kind = 'checkbox' | 'radio' | 'switch'

const box = (self: Builtin) => control<HTMLInputElement>(self)

function checkedValues(group: Builtin, kind: Kind): string[] {
  return below(group)
    .filter(({ self }) => nameOf(self.node) === kind && box(self).checked)
    .map(({ self }) => String(self.data.value))
}

function announce(self: Builtin, kind: Kind): void {
  self.set({ checked: box(self).checked })
  if (kind === 'switch') return self.emit('change', { value: box(self).checked })
  const group = around(self, `${kind}-group`)
  if (!group) return
  if (kind === 'radio') uncheckOthers(self, group)
  group.emit('change', { value: kind === 'radio' ? self.data.value : checkedValues(group, kind) })
}

function uncheckOthers(radio: Builtin, group: Builtin): void {
  for (const { self: other } of below(group))
    if (nameOf(other.node) === 'radio' && other !== radio && box(other).checked) {
      box(other).checked = false
      other.set({ checked: false })
    }
}

/** Flips a switch or checkbox, sets a radio, as a press on it or on its label does. */
export function activateChoice(self: Builtin): void {
  const input = box(self)
  if (input.disabled || (input.type === 'radio' && input.checked)) return
  input.checked = input.type === 'radio' ? true : !input.checked
  announce(self, nameOf(self.node) as Kind)
}

/** What a form's reset goes back to: what the page said first. */
const beginnings = new WeakMap<Builtin, boolean>()

const choice = (kind: Kind): Behaviour => ({
  attached(self) {
    beginnings.set(self, self.data.checked === true)
    box(self).type = kind === 'radio' ? 'radio' : 'checkbox'
    box(self).addEventListener('change', () => announce(self, kind))
    // a press on the control itself is the browser's; the text beside it is ours
    self.dom.addEventListener('click', ({ target }) => {
      if (target !== box(self)) activateChoice(self)
    })
  },
  changed(self, name) {
    const { data, dom } = self
    if (name === undefined || name === 'checked') {
      box(self).checked = data.checked === true
      const group = kind === 'radio' && data.checked === true ? around(self, 'radio-group') : undefined
      if (group) uncheckOthers(self, group)
    }
    box(self).disabled = data.disabled === true
    if (kind === 'switch') setAttribute(dom, 'data-look', data.type === 'checkbox' ? 'checkbox' : 'switch')
    for (const [property, name] of colours) {
      const value = data[name]
      if (value) dom.style.setProperty(property, String(value))
      else dom.style.removeProperty(property)
    }
  },
  named: box,
  value: (self) => box(self).checked,
  reset: (self) => {
    const checked = beginnings.get(self) === true
    box(self).checked = checked
    self.set({ checked })
  },
})

/** Custom properties of the drawing, see components.css, and what sets them. */
const colours = [
  ['--choice', 'color'],
  ['--choice-back', 'backgroundColor'],
  ['--choice-border', 'borderColor'],
  ['--choice-on-back', 'activeBackgroundColor'],
  ['--choice-on-border', 'activeBorderColor'],
  ['--choice-tick', 'iconColor'],
] as const

export const switchControl = choice('switch')
export const checkbox: Behaviour = withoutValue(choice('checkbox'))
export const radio: Behaviour = withoutValue(choice('radio'))

/** Inside a form the group has the value, not its boxes. */
function withoutValue({ value: _, ...behaviour }: Behaviour): Behaviour {
  return behaviour
}

export const checkboxGroup: Behaviour = { value: (self) => checkedValues(self, 'checkbox') }
export const radioGroup: Behaviour = { value: (self) => checkedValues(self, 'radio')[0] ?? '' }
