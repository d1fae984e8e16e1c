import { settle } from './open.ts'

const words = (node: Element) => (node.textContent ?? '').replace(/\s+/g, ' ').trim()

/** Dialogs, drawers and messages hang below the body, outside of what was mounted. */
export const bodyText = () => words(document.body)

const isShown = (node: Element) => node.closest('[style*="display: none"]') === null

/** The last shown button with these words or this label: what lies on top. */
export function button(name: string): HTMLButtonElement {
  const found = [...document.querySelectorAll('button')].filter(
    (one) => isShown(one) && (words(one) === name || one.getAttribute('aria-label') === name),
  )
  const last = found.at(-1)
  if (!last) throw new Error(`no button ${name} in: ${bodyText()}`)
  return last
}

export const hasButton = (name: string) =>
  [...document.querySelectorAll('button')].some((one) => isShown(one) && words(one) === name)

export async function press(name: string): Promise<void> {
  button(name).click()
  await settle()
}

/** Presses a key where the focus is; answers the event, which tells whether somebody took it. */
export async function pressKey(key: string, held: KeyboardEventInit = {}): Promise<KeyboardEvent> {
  const event = new KeyboardEvent('keydown', { key, bubbles: true, cancelable: true, ...held })
  const at = document.activeElement ?? document.body
  at.dispatchEvent(event)
  await settle()
  return event
}

/** The shown dialog with this title. */
export function dialog(title: string): HTMLElement | undefined {
  return [...document.querySelectorAll<HTMLElement>('[role=dialog]')].find(
    (one) => isShown(one) && one.getAttribute('aria-label') === title,
  )
}

export async function type(selector: string, text: string): Promise<void> {
  const field = document.querySelector<HTMLInputElement>(selector)
  if (!field) throw new Error(`no field ${selector}`)
  field.value = text
  field.dispatchEvent(new Event('input', { bubbles: true }))
  await settle()
}
