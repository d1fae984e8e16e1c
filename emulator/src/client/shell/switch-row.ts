import { h } from './dom.ts'

interface SwitchRow {
  label: string
  on: boolean
  /** Its data-test. */
  test: string
  disabled?: boolean
  change(on: boolean): void
}

/** One row of a settings page that is on or off. */
export const switchRow = ({ label, on, test, disabled = false, change }: SwitchRow): HTMLElement =>
  h(
    'button',
    {
      type: 'button',
      class: 'we-settings-row',
      role: 'switch',
      'aria-checked': String(on),
      'data-test': test,
      disabled,
      onclick: () => change(!on),
    },
    h('span', {}, label),
    h('i', { class: 'we-toggle' }),
  )
