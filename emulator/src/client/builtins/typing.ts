import { browserLengths } from '../lengths.ts'
import { control, numberOf, setAttribute, type Behaviour, type Builtin } from './define.ts'

type Field = HTMLInputElement | HTMLTextAreaElement

/** The base library's default; -1 lifts it. */
const DEFAULT_MAXLENGTH = 140
/** What the drawn phone tells of its keyboard, which it does not draw: px and seconds. */
const KEYBOARD = { height: 0, duration: 0 }

const asText = (value: unknown) => (value === undefined || value === null ? '' : String(value))

/** `inputmode` by `type`; text, nickname and safe-password have the ordinary keyboard. */
const keyboards: Record<string, string> = {
  number: 'numeric',
  digit: 'decimal',
  idcard: 'text',
  tel: 'tel',
  text: '',
  nickname: '',
  'safe-password': '',
}

/** What no key of that keyboard types; what a page sets by itself is taken as it is. */
const foreign: Record<string, RegExp> = { number: /\D/g, digit: /[^\d.]/g, idcard: /[^\dXx]/g }

function wire(self: Builtin): void {
  const field = control<Field>(self)
  let lines = 1
  field.addEventListener('input', (event) => {
    if ((event as InputEvent).isComposing) return
    typed(self, keyCodeOf(event as InputEvent))
  })
  field.addEventListener('compositionend', () => typed(self, 0))
  field.addEventListener('focus', () => {
    followUser(self, true)
    placeCursor(self)
    self.emit('focus', { value: field.value, height: KEYBOARD.height })
    self.emit('keyboardheightchange', KEYBOARD)
  })
  field.addEventListener('blur', () => {
    followUser(self, false)
    self.emit('keyboardheightchange', { height: 0, duration: 0 })
    self.emit('blur', { value: field.value, cursor: cursorOf(field) })
  })
  field.addEventListener('keydown', (event) => {
    const { key, isComposing } = event as KeyboardEvent
    if (key !== 'Enter' || isComposing || !confirms(self)) return
    event.preventDefault()
    self.emit('confirm', { value: field.value })
    if (!self.data.confirmHold) field.blur()
  })
  if (field instanceof HTMLTextAreaElement)
    field.addEventListener('input', () => {
      const now = measure(field)
      if (now.lineCount === lines) return
      lines = now.lineCount
      self.emit('linechange', now)
    })
}

const cursorOf = (field: Field) => field.selectionStart ?? field.value.length

function keyCodeOf({ inputType, data }: InputEvent): number {
  if (inputType === 'deleteContentBackward') return 8
  return data?.length === 1 ? (data.codePointAt(0) ?? 0) : 0
}

/** The user changed the text. A listener that returns text has it put in place of what was typed. */
function typed(self: Builtin, keyCode: number): void {
  const field = control<Field>(self)
  const strange = foreign[asText(self.data.type)]
  if (strange?.test(field.value)) field.value = field.value.replace(strange, '')
  grow(self)
  self.set({ value: field.value })
  const now = { value: field.value, cursor: cursorOf(field), keyCode }
  self.emit('input', now, (answer) => {
    const given =
      typeof answer === 'string' ? { value: answer } : (answer as { value?: unknown; cursor?: unknown })
    if (typeof given?.value !== 'string') return
    field.value = given.value
    self.set({ value: given.value })
    if (typeof given.cursor === 'number') field.setSelectionRange(given.cursor, given.cursor)
    grow(self)
  })
}

/** In a textarea the key is a line break unless `confirm-type` makes it another one. */
function confirms(self: Builtin): boolean {
  if (control<Field>(self) instanceof HTMLInputElement) return true
  return !['', 'return'].includes(asText(self.data.confirmType))
}

/** `focus` follows the user, so that a page that sets it again is heard again. */
function followUser(self: Builtin, focus: boolean): void {
  if (self.data.focus !== focus) self.set({ focus })
}

/** `cursor`, or `selection-start` with `selection-end`, for the moment the field takes the focus. */
function placeCursor({ data, dom }: Builtin): void {
  const field = dom.firstElementChild as Field
  const [from, to] = [numberOf(data.selectionStart, -1), numberOf(data.selectionEnd, -1)]
  const cursor = numberOf(data.cursor, -1)
  if (from >= 0 && to >= 0) field.setSelectionRange(from, to)
  else if (cursor >= 0) field.setSelectionRange(cursor, cursor)
}

function update(self: Builtin, name?: string): void {
  const field = control<Field>(self)
  const { data, dom } = self
  if (field instanceof HTMLInputElement) {
    const type = asText(data.type) || 'text'
    if (keyboards[type] === undefined) self.host.missing(`<input type="${type}">`)
    field.type = data.password || type === 'safe-password' ? 'password' : 'text'
    setAttribute(field, 'inputmode', keyboards[type])
    field.autocomplete = 'off'
  }
  setAttribute(field, 'placeholder', data.placeholder)
  setAttribute(field, 'enterkeyhint', data.confirmType === 'return' ? 'enter' : data.confirmType)
  drawPlaceholder(self)
  setAttribute(dom, 'data-bare', data.disableDefaultPadding)
  dom.style.caretColor = asText(data.cursorColor)
  field.disabled = data.disabled === true
  const limit = numberOf(data.maxlength, DEFAULT_MAXLENGTH)
  setAttribute(field, 'maxlength', limit >= 0 ? limit : undefined)
  if (name === undefined || name === 'value') {
    const value = asText(data.value)
    // what a page sets beyond the limit is cut, as typing would be
    const fits = limit >= 0 ? value.slice(0, limit) : value
    if (field.value !== fits) field.value = fits
  }
  if (name === undefined || name === 'value' || name === 'autoHeight') grow(self)
  if (name === undefined ? data.focus || data.autoFocus : name === 'focus' && data.focus) field.focus()
  if (name === 'focus' && !data.focus) field.blur()
  if (name === 'cursor' || name === 'selectionEnd') placeCursor(self)
}

/** The placeholder's own style reaches the browser's through custom properties, see components.css. */
function drawPlaceholder({ data, dom }: Builtin): void {
  const sample = document.createElement('i')
  sample.style.cssText = browserLengths(asText(data.placeholderStyle))
  for (const property of ['color', 'font-size', 'font-weight', 'text-align']) {
    const value = sample.style.getPropertyValue(property)
    if (value) dom.style.setProperty(`--placeholder-${property}`, value)
    else dom.style.removeProperty(`--placeholder-${property}`)
  }
  const classes = asText(data.placeholderClass).trim()
  if (classes) applyClasses(dom, classes)
}

/** A class cannot stand on a pseudo-element: its colour and size are read off an element that has it. */
function applyClasses(dom: HTMLElement, classes: string): void {
  const probe = document.createElement('span')
  probe.className = classes
  probe.hidden = true
  dom.append(probe)
  const { color, fontSize, fontWeight } = getComputedStyle(probe)
  const own = getComputedStyle(dom)
  if (color !== own.color) dom.style.setProperty('--placeholder-color', color)
  if (fontSize !== own.fontSize) dom.style.setProperty('--placeholder-font-size', fontSize)
  if (fontWeight !== own.fontWeight) dom.style.setProperty('--placeholder-font-weight', fontWeight)
  probe.remove()
}

function measure(field: HTMLTextAreaElement): { height: number; heightRpx: number; lineCount: number } {
  const style = getComputedStyle(field)
  const line = numberOf(style.lineHeight, numberOf(style.fontSize, 16) * 1.4)
  const padding = numberOf(style.paddingTop, 0) + numberOf(style.paddingBottom, 0)
  const lineCount =
    field.scrollHeight > 0
      ? Math.max(1, Math.round((field.scrollHeight - padding) / line))
      : field.value.split('\n').length
  const height = lineCount * line
  return { height, heightRpx: (height * 750) / (window.innerWidth || 375), lineCount }
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
    self.set({ value: '' })
    grow(self)
  },
}
