import type { Desk, Tab } from './desk.ts'
import { tabs } from './desk.ts'
import { html, type View } from './html.ts'

const names = Object.keys(tabs) as Tab[]

/** The tabs and the panel of the chosen one, as WAI-ARIA has them: arrows go along, Tab goes into the panel. */
export function tabbed(desk: Desk, panel: View): View {
  const go = (event: KeyboardEvent) => {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key]
    const last = names.length - 1
    const here = names.indexOf(desk.tab)
    const to =
      step !== undefined
        ? (here + step + names.length) % names.length
        : event.key === 'Home'
          ? 0
          : event.key === 'End'
            ? last
            : undefined
    const name = to === undefined ? undefined : names[to]
    if (name === undefined) return
    event.preventDefault()
    desk.show(name)
    document.getElementById(`tab-${name}`)?.focus()
  }
  return html`<section class="panels">
    <div class="tabs" role="tablist" aria-label="模拟台" @keydown=${go}>
      ${names.map(
        (name) =>
          html`<button
            type="button"
            role="tab"
            id=${`tab-${name}`}
            aria-controls="desk-panel"
            aria-selected=${String(name === desk.tab)}
            tabindex=${name === desk.tab ? '0' : '-1'}
            @click=${() => desk.show(name)}
          >
            ${tabs[name]}
          </button>`,
      )}
    </div>
    <div class="panel" id="desk-panel" role="tabpanel" tabindex="0" aria-labelledby=${`tab-${desk.tab}`}>
      ${panel}
    </div>
  </section>`
}
