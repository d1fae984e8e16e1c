import { browserLengths } from '../lengths.ts'
import { setAttribute, type Behaviour } from './define.ts'

/** The elements WeChat's rich-text draws, and the attributes each may have beside `class` and `style`. */
const trusted: Record<string, readonly string[]> = {
  ...Object.fromEntries(
    [
      ...['a', 'abbr', 'address', 'article', 'aside', 'b', 'bdi', 'big', 'blockquote', 'br', 'caption'],
      ...['center', 'cite', 'code', 'dd', 'del', 'div', 'dl', 'dt', 'em', 'fieldset', 'footer', 'h1', 'h2'],
      ...['h3', 'h4', 'h5', 'h6', 'header', 'hr', 'i', 'ins', 'label', 'legend', 'li', 'mark', 'nav', 'p'],
      ...['pre', 'q', 'rt', 'ruby', 's', 'section', 'small', 'span', 'strong', 'sub', 'sup', 'tbody'],
      ...['tfoot', 'thead', 'tr', 'tt', 'u', 'ul'],
    ].map((name) => [name, []]),
  ),
  bdo: ['dir'],
  col: ['span', 'width'],
  colgroup: ['span', 'width'],
  font: ['color', 'face', 'size'],
  img: ['alt', 'src', 'height', 'width'],
  ol: ['start', 'type'],
  table: ['width', 'border', 'cellspacing', 'cellpadding'],
  td: ['colspan', 'height', 'rowspan', 'width'],
  th: ['colspan', 'height', 'rowspan', 'width'],
}

/** A node as app code writes it in `nodes`. */
interface RichNode {
  type?: unknown
  name?: unknown
  attrs?: unknown
  children?: unknown
  text?: unknown
}

/** Everything outside the trusted list goes, its content too: no script, no frame, no listener gets through. */
function drawElement(
  name: string,
  attributes: (name: string) => string | null,
  children: Node[],
  assetUrl: (src: string) => string,
): HTMLElement | null {
  const tag = name.toLowerCase()
  const allowed = trusted[tag]
  if (!allowed) return null
  const element = document.createElement(tag)
  for (const attribute of ['class', 'style', ...allowed]) {
    const value = attributes(attribute)
    if (value === null) continue
    if (attribute === 'style') element.style.cssText = browserLengths(value)
    else element.setAttribute(attribute, attribute === 'src' ? safeUrl(value, assetUrl) : value)
  }
  element.append(...children)
  return element
}

const safeUrl = (src: string, assetUrl: (src: string) => string) =>
  /^\s*(javascript|vbscript):/i.test(src) ? '' : assetUrl(src)

const entities: Record<string, string> = {
  ...{ nbsp: '\u00a0', ensp: '\u2002', emsp: '\u2003', lt: '<', gt: '>', amp: '&', quot: '"', apos: "'" },
}

/** The few entities WeChat decodes in text nodes. */
export const decodeEntities = (text: string) =>
  text.replace(/&(\w+);/g, (whole, name: string) => entities[name] ?? whole)

function fromNodes(nodes: unknown, assetUrl: (src: string) => string): Node[] {
  if (!Array.isArray(nodes)) return []
  return nodes.flatMap((node: RichNode | null): Node[] => {
    if (typeof node !== 'object' || node === null) return []
    if (node.type === 'text') return [document.createTextNode(decodeEntities(String(node.text ?? '')))]
    const attrs = (typeof node.attrs === 'object' && node.attrs !== null ? node.attrs : {}) as Record<
      string,
      unknown
    >
    const attribute = (name: string) => (attrs[name] === undefined ? null : String(attrs[name]))
    const drawn = drawElement(
      String(node.name ?? ''),
      attribute,
      fromNodes(node.children, assetUrl),
      assetUrl,
    )
    return drawn ? [drawn] : []
  })
}

function fromHtml(html: string, assetUrl: (src: string) => string): Node[] {
  // a document of its own: nothing in it loads or runs
  const { body } = new DOMParser().parseFromString(html, 'text/html')
  const convert = (parent: Node): Node[] =>
    [...parent.childNodes].flatMap((node): Node[] => {
      if (node.nodeType === Node.TEXT_NODE) return [document.createTextNode(node.textContent ?? '')]
      if (!('getAttribute' in node)) return []
      const element = node as Element
      const drawn = drawElement(
        element.localName,
        (name) => element.getAttribute(name),
        convert(element),
        assetUrl,
      )
      return drawn ? [drawn] : []
    })
  return convert(body)
}

/** `nodes` as an array of nodes or as HTML text; presses inside reach the component only. */
export const richText: Behaviour = {
  changed({ dom, data, host }, name) {
    setAttribute(dom, 'selectable', data.userSelect)
    setAttribute(dom, 'space', data.space)
    if (name !== undefined && name !== 'nodes') return
    const { nodes } = data
    const assetUrl = (src: string) => host.assetUrl(src)
    dom.replaceChildren(
      ...(typeof nodes === 'string' ? fromHtml(nodes, assetUrl) : fromNodes(nodes, assetUrl)),
    )
  },
}
