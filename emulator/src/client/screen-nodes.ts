import { screen } from './screen.ts'

/** "Whatever follows that node", for the moment the screen gets there. */
class NodeAfter {
  constructor(readonly node: Node) {}
}

const resolved = (node: Node | NodeAfter): Node | null =>
  node instanceof NodeAfter ? nextSibling(node.node) : node

const { appendChild, insertBefore, removeChild, replaceChild } = Node.prototype
const readNextSibling = Object.getOwnPropertyDescriptor(Node.prototype, 'nextSibling')?.get
const writeText = Object.getOwnPropertyDescriptor(Node.prototype, 'textContent')
const readClassList = Object.getOwnPropertyDescriptor(Element.prototype, 'classList')?.get
const { setAttribute, removeAttribute } = Element.prototype

const nextSibling = (node: Node) => readNextSibling?.call(node) as Node | null

/** What the framework calls on its nodes; each call waits for the screen when it has to. */
const nodeMembers: PropertyDescriptorMap & ThisType<Node> = {
  appendChild: {
    value(this: Node, child: Node) {
      screen.do(() => void appendChild.call(this, child))
    },
  },
  insertBefore: {
    value(this: Node, child: Node, before: Node | null = null) {
      screen.do(() => void insertBefore.call(this, child, before))
    },
  },
  removeChild: {
    value(this: Node, child: Node | NodeAfter) {
      screen.do(() => {
        const node = resolved(child)
        if (node?.parentNode === this) removeChild.call(this, node)
      })
    },
  },
  replaceChild: {
    value(this: Node, child: Node, old: Node) {
      screen.do(() => void replaceChild.call(this, child, old))
    },
  },
  nextSibling: {
    get(this: Node) {
      return screen.waits ? new NodeAfter(this) : nextSibling(this)
    },
  },
  textContent: {
    get(this: Node) {
      return writeText?.get?.call(this) as string | null
    },
    set(this: Node, text: string) {
      screen.do(() => writeText?.set?.call(this, text))
    },
  },
}

const elementMembers: PropertyDescriptorMap & ThisType<Element> = {
  ...nodeMembers,
  setAttribute: {
    value(this: HTMLElement, name: string, value: string) {
      screen.do(() => (name === 'style' ? setStyle(this, value) : setAttribute.call(this, name, value)))
    },
  },
  removeAttribute: {
    value(this: Element, name: string) {
      screen.do(() => removeAttribute.call(this, name))
    },
  },
  classList: {
    get(this: Element) {
      const list = readClassList?.call(this) as DOMTokenList
      if (!screen.waits) return list
      return {
        add: (name: string) => screen.do(() => list.add(name)),
        remove: (name: string) => screen.do(() => list.remove(name)),
      }
    },
  },
}

/** The style app code gave, and how it read on the element. */
const appStyles = new WeakMap<Element, { given: string; written: string | null }>()

/** App code's style comes and goes; what a built-in component set on its own element stays. */
function setStyle(element: HTMLElement, given: string): void {
  const before = appStyles.get(element)
  const { style } = element
  if (element.getAttribute('style') === (before?.written ?? null)) {
    if (given === '') removeAttribute.call(element, 'style')
    else setAttribute.call(element, 'style', given)
  } else {
    const sample = document.createElement('i').style
    sample.cssText = before?.given ?? ''
    for (const name of namesIn(sample)) style.removeProperty(name)
    sample.cssText = given
    for (const name of namesIn(sample))
      style.setProperty(name, sample.getPropertyValue(name), sample.getPropertyPriority(name))
  }
  appStyles.set(element, { given, written: element.getAttribute('style') })
}

const namesIn = (style: CSSStyleDeclaration) =>
  Array.from({ length: style.length }, (_, index) => style.item(index))

const prototypes = new Map<object, object>()

/** Gives a DOM node the members above; it stays the browser's own node in every other way. */
export function onScreen<T extends Node>(node: T): T {
  const own = Object.getPrototypeOf(node) as object
  let prototype = prototypes.get(own)
  if (!prototype) {
    prototype = Object.create(own, node instanceof Element ? elementMembers : nodeMembers) as object
    prototypes.set(own, prototype)
  }
  return Object.setPrototypeOf(node, prototype) as T
}
