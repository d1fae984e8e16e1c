import { setAttribute, type Behaviour } from './define.ts'
import { decodeEntities } from './rich-text.ts'

/** `decode` turns the entities that WeChat's text knows into their characters. */
function decode(dom: HTMLElement): void {
  for (const node of dom.childNodes)
    if (node.nodeType === Node.TEXT_NODE && node.nodeValue?.includes('&')) {
      const decoded = decodeEntities(node.nodeValue)
      if (decoded !== node.nodeValue) node.nodeValue = decoded
    }
}

const decoders = new WeakMap<HTMLElement, MutationObserver>()

export const text: Behaviour = {
  detached: ({ dom }) => decoders.get(dom)?.disconnect(),
  changed({ dom, data }) {
    setAttribute(dom, 'selectable', data.selectable || data.userSelect)
    setAttribute(dom, 'space', data.space)
    setAttribute(dom, 'data-overflow', data.overflow)
    if (data.maxLines) dom.style.setProperty('-webkit-line-clamp', String(data.maxLines))
    setAttribute(dom, 'data-lines', data.maxLines)
    if (!data.decode || decoders.has(dom)) return
    decode(dom)
    // the page's data may bring new text
    const observer = new MutationObserver(() => decode(dom))
    observer.observe(dom, { childList: true, characterData: true, subtree: true })
    decoders.set(dom, observer)
  },
}
