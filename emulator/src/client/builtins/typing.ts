import { control, setAttribute, type Behaviour, type Builtin } from './define.ts'

type Field = HTMLInputElement | HTMLTextAreaElement

/** The base library's default; -1 lifts it. */
const DEFAULT_MAXLENGTH = 140

const asText = (value: unknown) => (value === undefined || value === null ? '' : String(value))

const keyboards: Record<string, string> = { number: 'numeric', digit: 'decimal', idcard: 'text', tel: 'tel' }

function wire(self: Builtin): void {
  const field = control<Field>(self)
  const now = () => ({ value: field.value, cursor: field.selectionStart ?? field.value.length })
  field.addEventListener('input', () => {
    grow(self)
    self.emit('input', { ...now(), keyCode: 0 })
  })
  field.addEventListener('focus', () => self.emit('focus', { value: field.value, height: 0 }))
  field.addEventListener('blur', () => self.emit('blur', now()))
  field.addEventListener('keydown', (event) => {
    if (!(field instanceof HTMLInputElement) || (event as KeyboardEvent).key !== 'Enter') return
    event.preventDefault()
    self.emit('confirm', { value: field.value })
    if (!self.data.confirmHold) field.blur()
  })
}

function update(self: Builtin, name?: string): void {
  const field = control<Field>(self)
  const { data } = self
  if (field instanceof HTMLInputElement) {
    field.type = data.password ? 'password' : 'text'
    setAttribute(field, 'inputmode', keyboards[asText(data.type)])
    field.autocomplete = 'off'
  }
  setAttribute(field, 'placeholder', data.placeholder)
  setAttribute(field, 'aria-label', data.ariaLabel)
  setAttribute(field, 'enterkeyhint', data.confirmType)
  field.disabled = data.disabled === true
  const limit = asText(data.maxlength) === '' ? DEFAULT_MAXLENGTH : Number(data.maxlength)
  setAttribute(field, 'maxlength', limit >= 0 ? limit : undefined)
  if (name === undefined || name === 'value') {
    const value = asText(data.value)
    if (field.value !== value) field.value = value
    grow(self)
  }
  if (name === undefined ? data.focus || data.autoFocus : name === 'focus' && data.focus) field.focus()
  if (name === 'focus' && !data.focus) field.blur()
}

function grow(self: Builtin): void {
  if (!self.data.autoHeight) return
  const field = control<Field>(self)
  field.style.height = 'auto'
  if (field.scrollHeight > 0) field.style.height = `${field.scrollHeight}px`
}

/** input and textarea. */
export const typing: Behaviour = {
  attached: wire,
  changed: update,
  value: (self) => control<Field>(self).value,
  reset: (self) => {
    control<Field>(self).value = ''
  },
}
