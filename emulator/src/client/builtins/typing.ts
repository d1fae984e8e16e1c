import { control, setAttribute, type Behaviour, type Builtin } from './define.ts'

type Field = HTMLInputElement | HTMLTextAreaElement

/** The base library's default; -1 lifts it. */
const DEFAULT_MAXLENGTH = 140

const asText = (value: unknown) => (value === undefined || value === null ? '' : String(value))

/** `inputmode` by `type`; text and nickname have the ordinary keyboard. */
const keyboards: Record<string, string> = { number: 'numeric', digit: 'decimal', idcard: 'text', tel: 'tel' }

function wire(self: Builtin): void {
  const field = control<Field>(self)
  const now = () => ({ value: field.value, cursor: field.selectionStart ?? field.value.length })
  field.addEventListener('input', () => {
    grow(self)
    self.emit('input', { ...now(), keyCode: 0 })
  })
  field.addEventListener('focus', () => {
    followUser(self, true)
    self.emit('focus', { value: field.value, height: 0 })
  })
  field.addEventListener('blur', () => {
    followUser(self, false)
    self.emit('blur', now())
  })
  field.addEventListener('keydown', (event) => {
    if ((event as KeyboardEvent).key !== 'Enter' || !confirms(self)) return
    event.preventDefault()
    self.emit('confirm', { value: field.value })
    if (!self.data.confirmHold) field.blur()
  })
}

/** In a textarea the key is a line break unless `confirm-type` makes it another one. */
function confirms(self: Builtin): boolean {
  if (control<Field>(self) instanceof HTMLInputElement) return true
  return !['', 'return'].includes(asText(self.data.confirmType))
}

/** `focus` follows the user, so that a page that sets it again is heard again. */
function followUser(self: Builtin, focus: boolean): void {
  if (self.data.focus !== focus) self.node.setData({ focus })
}

function update(self: Builtin, name?: string): void {
  const field = control<Field>(self)
  const { data } = self
  if (field instanceof HTMLInputElement) {
    field.type = data.password || data.type === 'safe-password' ? 'password' : 'text'
    setAttribute(field, 'inputmode', keyboards[asText(data.type)])
    field.autocomplete = 'off'
  }
  setAttribute(field, 'placeholder', data.placeholder)
  setAttribute(field, 'enterkeyhint', data.confirmType === 'return' ? 'enter' : data.confirmType)
  field.disabled = data.disabled === true
  const limit = asText(data.maxlength) === '' ? DEFAULT_MAXLENGTH : Number(data.maxlength)
  setAttribute(field, 'maxlength', limit >= 0 ? limit : undefined)
  if (name === undefined || name === 'value') {
    const value = asText(data.value)
    if (field.value !== value) field.value = value
  }
  if (name === undefined || name === 'value' || name === 'autoHeight') grow(self)
  if (name === undefined ? data.focus || data.autoFocus : name === 'focus' && data.focus) field.focus()
  if (name === 'focus' && !data.focus) field.blur()
}

function grow(self: Builtin): void {
  const field = control<Field>(self)
  if (!(field instanceof HTMLTextAreaElement)) return
  field.style.height = self.data.autoHeight ? 'auto' : ''
  if (self.data.autoHeight && field.scrollHeight > 0) field.style.height = `${field.scrollHeight}px`
}

/** input and textarea. */
export const typing: Behaviour = {
  attached: wire,
  changed: update,
  named: (self) => control(self),
  value: (self) => control<Field>(self).value,
  reset: (self) => {
    control<Field>(self).value = ''
  },
}
