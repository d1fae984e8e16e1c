type Attributes = Record<string, string | boolean | ((event: Event) => void) | undefined>
type Child = Node | string | null

/** An element in one line: functions are listeners (`onclick`), true an empty attribute, false or undefined none. */
export function h<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  attributes: Attributes = {},
  ...children: Child[]
): HTMLElementTagNameMap[K] {
  const element = document.createElement(tag)
  for (const [name, value] of Object.entries(attributes)) {
    if (typeof value === 'function') element.addEventListener(name.slice(2), value)
    else if (value === true) element.setAttribute(name, '')
    else if (value !== false && value !== undefined) element.setAttribute(name, value)
  }
  element.append(...children.filter((child): child is Node | string => child !== null))
  return element
}

/** A drawing of ours, as markup; never text from outside. */
export function icon(name: keyof typeof paths): HTMLElement {
  const holder = h('span', { class: `we-icon we-icon-${name}`, 'aria-hidden': 'true' })
  holder.innerHTML = `<svg viewBox="0 0 24 24" fill="none" stroke="currentColor" stroke-width="1.6" stroke-linecap="round" stroke-linejoin="round">${paths[name]}</svg>`
  return holder
}

const paths = {
  back: '<path d="M15 4.5 7.5 12l7.5 7.5"/>',
  home: '<path d="m4 11 8-7 8 7v9h-5.5v-6h-5v6H4z"/>',
  tick: '<path d="m5 12.5 4.5 4.5L19 7.5"/>',
  cross: '<path d="m6 6 12 12M18 6 6 18"/>',
  chevron: '<path d="m9.5 6 6 6-6 6"/>',
  bell: '<path d="M12 4a5.5 5.5 0 0 0-5.5 5.5c0 4.5-2 6-2 6.5h15c0-.5-2-2-2-6.5A5.5 5.5 0 0 0 12 4ZM10 19.2a2.2 2.2 0 0 0 4 0"/>',
  phone:
    '<path d="M7 4.5 9.5 4l2 4.5-2 1.5a9.5 9.5 0 0 0 4.5 4.5l1.5-2 4.5 2-.5 2.5a2.5 2.5 0 0 1-2.5 2A13.5 13.5 0 0 1 5 7a2.5 2.5 0 0 1 2-2.5Z"/>',
  dots: '<g fill="currentColor" stroke="none"><circle cx="5.5" cy="12" r="1.7"/><circle cx="12" cy="12" r="2.6"/><circle cx="18.5" cy="12" r="1.7"/></g>',
  target:
    '<circle cx="12" cy="12" r="7.6" stroke-width="2"/><circle cx="12" cy="12" r="3.1" fill="currentColor" stroke="none"/>',
  search: '<circle cx="11" cy="11" r="6"/><path d="m15.5 15.5 4 4"/>',
  wifi: '<path d="M3.5 9.5a12.5 12.5 0 0 1 17 0M6.5 13a8 8 0 0 1 11 0M9.5 16.3a3.8 3.8 0 0 1 5 0"/><circle cx="12" cy="19" r=".6" fill="currentColor"/>',
  share: '<path d="M14 5.5 20 11l-6 5.5v-3.6c-4.5 0-7.4 1.3-9.5 4.6.6-5.2 3.7-8.6 9.500-9.100z"/>',
  gear: '<circle cx="12" cy="12" r="3"/><path d="M12 3.500v2.500M12 18v2.500M3.500 12H6M18 12h2.500M6 6l1.800 1.800M16.200 16.200 18 18M6 18l1.800-1.800M16.200 7.800 18 6"/>',
  again: '<path d="M19 12a7 7 0 1 1-2.200-5.100M19.500 4v4h-4"/>',
  chat: '<path d="M12 4.5c-4.700 0-8.500 3-8.500 6.800 0 2.100 1.200 4 3.100 5.200l-.6 3 3.200-1.800c.9.200 1.800.4 2.800.4 4.700 0 8.500-3 8.500-6.800S16.700 4.500 12 4.500Z"/>',
  people:
    '<circle cx="10" cy="8.5" r="3.500"/><path d="M4 19c0-3.300 2.700-5.500 6-5.500s6 2.200 6 5.500ZM15.500 5.500a3 3 0 0 1 0 6M18 14.500c1.400.9 2.200 2.500 2.200 4.500"/>',
  compass: '<circle cx="12" cy="12" r="8.5"/><path d="m15.500 8.500-2 5-5 2 2-5Z"/>',
  person: '<circle cx="12" cy="8" r="3.800"/><path d="M5 19.500c0-3.700 3.100-6 7-6s7 2.300 7 6Z"/>',
  grid: '<circle cx="8" cy="8" r="2.200"/><circle cx="16" cy="8" r="2.200"/><circle cx="8" cy="16" r="2.200"/><circle cx="16" cy="16" r="2.200"/>',
  up: '<path d="m6 14.500 6-6 6 6"/>',
  info: '<circle cx="12" cy="12" r="8.5"/><path d="M12 11v5M12 8v.01"/>',
} as const

/** A sheet from below with a veil behind it. */
export function sheet(className: string, attributes: Attributes, ...children: Child[]) {
  const body = h('div', { class: `we-sheet ${className}`, role: 'dialog', ...attributes }, ...children)
  return { veil: h('div', { class: 'we-veil' }, body), body }
}
