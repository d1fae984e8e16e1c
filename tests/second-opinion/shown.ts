/** What a page shows, in one form for both hosts. */
export interface ShownElement {
  /** As in wxml: `view`, `button`, `quota-bar`. */
  tag: string
  id: string
  /** As app code wrote them: without the prefixes that keep components apart. Their order means nothing. */
  classes: string[]
  dataset: Record<string, unknown>
  /** The `style` attribute of the wxml, as the framework hands it to the DOM. */
  style: string
  /** What a built-in component was told to show. */
  properties: Record<string, unknown>
  children: Shown[]
  /** What a finger would touch. */
  dom: Element
}
export type Shown = ShownElement | string

export const isElement = (node: Shown): node is ShownElement => typeof node !== 'string'

/** Texts that stand side by side are one text to the reader; an empty one is none. */
export function joinTexts(nodes: readonly Shown[]): Shown[] {
  const joined: Shown[] = []
  for (const node of nodes) {
    const last = joined.at(-1)
    if (node === '') continue
    if (typeof node === 'string' && typeof last === 'string') joined[joined.length - 1] = last + node
    else joined.push(node)
  }
  return joined
}

/** The tree as indented lines, so that a difference reads as a difference of lines. */
export function outline(nodes: readonly Shown[], depth = 0): string {
  const indent = '  '.repeat(depth)
  return joinTexts(nodes)
    .map((node) => {
      if (!isElement(node)) return `${indent}${JSON.stringify(node)}`
      const head = `${indent}${node.tag}${node.id && ` #${node.id}`}${[...node.classes]
        .sort()
        .map((name) => ` .${name}`)
        .join('')}`
      const { style, properties } = node
      const facts = [
        ...pairs('data-', node.dataset),
        ...pairs('', style ? { ...properties, style } : properties),
      ]
      const inside = outline(node.children, depth + 1)
      return [head + facts.map((fact) => ` ${fact}`).join(''), ...(inside ? [inside] : [])].join('\n')
    })
    .join('\n')
}

const pairs = (prefix: string, values: Record<string, unknown>) =>
  Object.keys(values)
    .sort()
    .map((name) => `${prefix}${name}=${JSON.stringify(values[name]) ?? 'undefined'}`)

export function* allElements(nodes: readonly Shown[]): Generator<ShownElement> {
  for (const node of nodes) {
    if (!isElement(node)) continue
    yield node
    yield* allElements(node.children)
  }
}

/** Every text a reader sees, in order. */
export function texts(nodes: readonly Shown[]): string[] {
  return joinTexts(nodes)
    .flatMap((node) => (isElement(node) ? texts(node.children) : [node.trim()]))
    .filter(Boolean)
}

/** `#id` or `.class`, the nth of them. @throws when there is none. */
export function find(nodes: readonly Shown[], selector: string, nth = 0): ShownElement {
  const name = selector.slice(1)
  const isMatch = ({ id, classes }: ShownElement) =>
    selector.startsWith('#') ? id === name : classes.includes(name)
  const found = [...allElements(nodes)].filter(isMatch)[nth]
  if (!found) throw new Error(`no ${selector} (${nth}) among\n${outline(nodes)}`)
  return found
}

/**
 * What built-in components are told to show, by the type of the property. An attribute that is not there is worth its
 * type's empty value: one host keeps attributes, the other properties with defaults.
 */
const shownProperties = {
  value: 'text',
  placeholder: 'text',
  src: 'text',
  mode: 'text',
  'confirm-type': 'text',
  'form-type': 'text',
  'open-type': 'text',
  'hover-class': 'text',
  'aria-label': 'text',
  'aria-role': 'text',
  'root-font-size': 'text',
  'page-font-size': 'text',
  password: 'flag',
  disabled: 'flag',
  checked: 'flag',
  focus: 'flag',
  hidden: 'flag',
  'scroll-x': 'flag',
  'scroll-y': 'flag',
  'user-select': 'flag',
  maxlength: 'number',
} as const

/** Those of them that `read` knows and that say something. */
export function propertiesOf(read: (attribute: string) => unknown): Record<string, unknown> {
  const shown: Record<string, unknown> = {}
  for (const [attribute, type] of Object.entries(shownProperties)) {
    const value = read(attribute)
    if (value === undefined || value === null || value === '' || (type === 'flag' && !value)) continue
    shown[attribute] = type === 'flag' ? true : type === 'number' ? Number(value) : String(value)
  }
  return shown
}

export const camelCase = (attribute: string) =>
  attribute.replace(/-(\w)/g, (_, letter: string) => letter.toUpperCase())
