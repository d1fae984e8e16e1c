import type * as glassEasel from 'glass-easel'

/** What app code holds as a page or component: the framework's component is behind `_$`. */
export interface ComponentCaller {
  _$: glassEasel.GeneralComponent
  [member: string]: unknown
}

/** WeChat's `{left, top, right, bottom, width, height}`, in px of the page's own window. */
export interface Rect {
  left: number
  top: number
  right: number
  bottom: number
  width: number
  height: number
}

/** `id` and `dataset` as every answer about a node carries them. */
export const identityOf = (node: glassEasel.Element) => ({ id: node.id, dataset: { ...node.dataset } })

/** The DOM element behind a node; undefined for one that draws none, such as a virtual host. */
export function domOf(node: glassEasel.Element): Element | undefined {
  const dom = node.getBackendElement() as unknown
  return dom instanceof Element ? dom : undefined
}

export function select(caller: ComponentCaller, selector: string): glassEasel.Element[] {
  return caller._$.getShadowRoot()?.querySelectorAll(selector) ?? []
}

/** The scroller of the page an element is on: on a phone it is the page's window. */
export const pageScroller = (dom: Element) => dom.closest('.we-page-scroll')

/** The page that a component is on, or was. */
function pageOf(component: glassEasel.GeneralComponent): glassEasel.GeneralComponent {
  let node = component
  while (node.ownerShadowRoot) node = node.ownerShadowRoot.getHostNode()
  return node
}

/** What app code holds as that page. */
export const pageCallerOf = (component: glassEasel.GeneralComponent): ComponentCaller =>
  pageOf(component).getMethodCaller() as unknown as ComponentCaller

/** The same for a component, which may draw no element of its own. */
export function scrollerOf(caller: ComponentCaller): Element | undefined {
  const dom = domOf(pageOf(caller._$))
  return (dom && pageScroller(dom)) ?? undefined
}

/** Measured from the page's own corner, which lies below the navigation bar. */
export function pageRect(rect: DOMRectReadOnly, on: Element): Rect {
  const origin = on.closest('.we-page')?.getBoundingClientRect() ?? { left: 0, top: 0 }
  const { width, height } = rect
  const [left, top] = [rect.left - origin.left, rect.top - origin.top]
  return { left, top, right: left + width, bottom: top + height, width, height }
}
