import type * as glassEasel from 'glass-easel'
import { domOf, identityOf, pageRect, scrollerOf, select, type ComponentCaller } from './nodes.ts'

/** What `NodesRef.fields` may ask for. */
export interface NodeFields {
  id?: boolean
  dataset?: boolean
  mark?: boolean
  rect?: boolean
  size?: boolean
  scrollOffset?: boolean
  properties?: string[]
  computedStyle?: string[]
}
type Answer = Record<string, unknown>
type Callback = (answer: unknown) => void

interface Question {
  on: ComponentCaller
  /** Absent: the page's window. */
  selector?: string
  all: boolean
  fields: NodeFields
  callback: Callback | undefined
}

/** What a query needs of the mini-program it belongs to. */
export interface QueryHost {
  /** The page or component that app code means by `target`. @throws when it is neither */
  resolve(target: unknown): ComponentCaller
  /** Runs app code's callback in its own right: no tap state, errors collected. */
  deliver(where: string, run: () => void): void
  /** Runs later, and never when the mini-program was killed meanwhile. */
  later(run: () => void): void
}

/** `wx.createSelectorQuery()`: everything asked is measured at once, some time after `exec`. */
export class SelectorQuery {
  private readonly questions: Question[] = []

  constructor(
    private readonly host: QueryHost,
    private on: ComponentCaller,
  ) {}

  in(target: unknown): this {
    this.on = this.host.resolve(target)
    return this
  }

  select(selector: string): NodesRef {
    return this.nodes(false, selector)
  }

  selectAll(selector: string): NodesRef {
    return this.nodes(true, selector)
  }

  selectViewport(): NodesRef {
    return this.nodes(false)
  }

  /** `callback` gets every answer in the order of the questions, after their own callbacks. */
  exec(callback?: (answers: unknown[]) => void): void {
    this.host.later(() => {
      const answers = this.questions.map(answer)
      this.questions.forEach((question, index) => {
        const { callback: own } = question
        if (own) this.host.deliver('createSelectorQuery callback', () => own(answers[index]))
      })
      if (typeof callback === 'function')
        this.host.deliver('createSelectorQuery exec', () => callback(answers))
    })
  }

  private nodes(all: boolean, selector?: string): NodesRef {
    const place = { on: this.on, all, ...(selector === undefined ? {} : { selector }) }
    return new NodesRef((fields, callback) => {
      const own = typeof callback === 'function' ? (callback as Callback) : undefined
      this.questions.push({ ...place, fields, callback: own })
      return this
    })
  }
}

/** What a query selected; each method asks one thing and gives the query back. */
export class NodesRef {
  constructor(private readonly ask: (fields: NodeFields, callback?: unknown) => SelectorQuery) {}

  fields(fields: NodeFields, callback?: unknown): SelectorQuery {
    return this.ask(fields, callback)
  }

  boundingClientRect(callback?: unknown): SelectorQuery {
    return this.ask({ id: true, dataset: true, rect: true, size: true }, callback)
  }

  scrollOffset(callback?: unknown): SelectorQuery {
    return this.ask({ id: true, dataset: true, scrollOffset: true }, callback)
  }
}

function answer({ on, selector, all, fields }: Question): Answer | Answer[] | null {
  if (selector === undefined) return viewport(scrollerOf(on), fields)
  const found = select(on, selector).map((node) => describe(node, fields))
  return all ? found : (found[0] ?? null)
}

function viewport(scroller: Element | undefined, fields: NodeFields): Answer {
  const { clientWidth: width = 0, clientHeight: height = 0 } = scroller ?? {}
  return {
    ...(fields.id && { id: '' }),
    ...(fields.dataset && { dataset: {} }),
    ...(fields.rect && { left: 0, top: 0, right: width, bottom: height }),
    ...(fields.size && { width, height }),
    ...(fields.scrollOffset && scrolled(scroller)),
  }
}

function describe(node: glassEasel.Element, fields: NodeFields): Answer {
  const dom = domOf(node)
  const { width, height, ...edges } = dom ? pageRect(dom.getBoundingClientRect(), dom) : nowhere
  const { id, dataset } = identityOf(node)
  const style = dom && fields.computedStyle?.length ? getComputedStyle(dom) : undefined
  const { data = {} } = node as { data?: Record<string, unknown> }
  return {
    ...(fields.id && { id }),
    ...(fields.dataset && { dataset }),
    ...(fields.mark && { mark: node.collectMarks() }),
    ...(fields.rect && edges),
    ...(fields.size && { width, height }),
    ...(fields.scrollOffset && scrolled(dom)),
    ...Object.fromEntries((fields.properties ?? []).map((name) => [name, data[name]])),
    ...Object.fromEntries((fields.computedStyle ?? []).map((name) => [name, styleOf(style, name)])),
  }
}

const nowhere = { left: 0, top: 0, right: 0, bottom: 0, width: 0, height: 0 }

const styleOf = (style: CSSStyleDeclaration | undefined, name: string) =>
  style?.getPropertyValue(name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)) ?? ''

const scrolled = (dom: Element | undefined) => ({
  scrollLeft: dom?.scrollLeft ?? 0,
  scrollTop: dom?.scrollTop ?? 0,
  scrollWidth: dom?.scrollWidth ?? 0,
  scrollHeight: dom?.scrollHeight ?? 0,
})
