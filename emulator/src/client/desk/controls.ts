import { h } from '../shell/dom.ts'

export interface Choice<T extends string> {
  element: HTMLElement
  select(value: T): void
}

/** A row of a few values, one of which holds. */
export function choice<T extends string>(
  label: string,
  values: Record<T, string>,
  choose: (value: T) => void,
): Choice<T> {
  const buttons = Object.entries<string>(values).map(([value, word]) =>
    h('button', { type: 'button', 'data-value': value, onclick: () => choose(value as T) }, word),
  )
  return {
    element: h(
      'div',
      { class: 'choice' },
      h('span', {}, label),
      h('div', { class: 'segments', role: 'group', 'aria-label': label }, ...buttons),
    ),
    select(value) {
      for (const button of buttons)
        button.setAttribute('aria-pressed', String(button.dataset.value === value))
    },
  }
}

export const section = (title: string, ...content: HTMLElement[]) =>
  h('section', { class: 'panel' }, h('h2', {}, title), ...content)
