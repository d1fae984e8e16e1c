import { html, nothing, type TemplateResult } from 'lit-html'
import { ifDefined } from 'lit-html/directives/if-defined.js'

export { html, nothing, ifDefined, type TemplateResult }
export type View = TemplateResult | typeof nothing

export interface Segments<T extends string> {
  label: string
  values: Readonly<Record<T, string>>
  /** The one that holds; undefined: none of them. */
  value: T | undefined
  choose: (value: T) => void
  /** What a value means, told when the pointer rests on it. */
  hints?: Readonly<Record<T, string>>
  /** Keeps the words beside it for those who cannot see only. */
  bare?: boolean
}

/** A row of a few values, one of which holds. */
export function segments<T extends string>({ label, values, value, choose, hints, bare }: Segments<T>): View {
  const group = html`<div class="segments" role="group" aria-label=${label}>
    ${Object.entries<string>(values).map(
      ([key, word]) =>
        html`<button
          type="button"
          data-value=${key}
          title=${ifDefined(hints?.[key as T])}
          aria-pressed=${String(key === value)}
          @click=${() => choose(key as T)}
        >
          ${word}
        </button>`,
    )}
  </div>`
  return bare ? group : html`<div class="choice"><span>${label}</span>${group}</div>`
}

/** A switch of two states. */
export const toggle = (label: string, on: boolean, change: (on: boolean) => void): View =>
  html`<label class="toggle"
    ><input
      type="checkbox"
      role="switch"
      .checked=${on}
      @change=${(event: Event) => change((event.target as HTMLInputElement).checked)}
    /><span>${label}</span></label
  >`

export const section = (title: string, content: unknown, aside: unknown = nothing): View =>
  html`<section class="part" aria-label=${title}>
    <header>
      <h3>${title}</h3>
      ${aside}
    </header>
    ${content}
  </section>`

export const button = (
  word: unknown,
  press: () => void,
  {
    kind = 'quiet',
    test,
    label,
  }: { kind?: 'quiet' | 'action' | 'danger' | 'link'; test?: string; label?: string } = {},
): View =>
  html`<button
    type="button"
    class=${kind}
    data-test=${ifDefined(test)}
    aria-label=${ifDefined(label)}
    @click=${press}
  >
    ${word}
  </button>`

/** What a form holds when it is sent, blanks cut off; empty fields are ''. */
export function fieldsOf(event: Event): Record<string, string> {
  event.preventDefault()
  const form = event.target as HTMLFormElement
  return Object.fromEntries([...new FormData(form)].map(([name, value]) => [name, String(value).trim()]))
}

/** WeChat's time of day, as a log shows it. */
export const clockOf = (at: number): string => new Date(at).toLocaleTimeString('zh-CN', { hour12: false })

export const dateOf = (at: number): string =>
  new Date(at).toLocaleDateString('zh-CN', { month: 'long', day: 'numeric', weekday: 'short' })
