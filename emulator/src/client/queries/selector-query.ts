import type * as glassEasel from 'glass-easel'
import { builtinOf } from '../builtins/define.ts'
import { screen } from '../screen.ts'
import { domOf, identityOf, pageRect, scrollerOf, select, type ComponentCaller } from './nodes.ts'

/** What `NodesRef.fields` may ask for. */
export interface NodeFields {
  id?: boolean
  dataset?: boolean
  mark?: boolean
  rect?: boolean
  size?: boolean
  scrollOffset?: boolean
  node?: boolean
  context?: boolean
  properties?: string[]
  computedStyle?: string[]
}
type Answer = Record<string, unknown>
type Callback = (answer: unknown) => void

/** A page or component that can be measured, or why it cannot: taken out of its page, or its page was left. */
export type Whereabouts = ComponentCaller | 'removed' | 'left'
/** Asked when it is measured: a query may be made before the first page is there. */
type Whom = () => Whereabouts

interface Question {
  on: Whom
  /** Absent: the page's window. */
  selector?: string
  all: boolean
  fields: NodeFields
  callback: Callback | undefined
}

/** What a query needs of the mini-program it belongs to. */
export interface QueryHost {
  /** The page or component that app code means by `target`. @throws when it never was one */
  resolve(target: unknown): Whereabouts
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
    private on: Whom,
  ) {}

  in(target: unknown): this {
    this.host.resolve(target)
    this.on = () => this.host.resolve(target)
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

  /**
   * `callback` gets every answer in the order of the questions, after their own callbacks. Who asks about a page that
   * was left gets none: what would answer went with it.
   */
  exec(callback?: (answers: unknown[]) => void): void {
    this.host.later(() => {
      // what was set before is on the screen before it is measured
      screen.flush()
      if (this.questions.some(({ on }) => on() === 'left')) return
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

  /** `{node}`: the canvas of `<canvas type="2d">`, the scroller of an enhanced `<scroll-view>`. */
  node(callback?: unknown): SelectorQuery {
    return this.ask({ node: true }, callback)
  }

  /** `{context}`: of players, maps and editors, which the emulator has none of. */
  context(callback?: unknown): SelectorQuery {
    return this.ask({ context: true }, callback)
  }
}

function answer({ on: whom, selector, all, fields }: Question): Answer | Answer[] | null {
  const on = whom()
  if (typeof on === 'string') return all ? [] : null
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
    ...(fields.node && { node: nodeOf(node) }),
    ...(fields.context && { context: null }),
    ...Object.fromEntries((fields.properties ?? []).map((name) => [name, data[name]])),
    ...Object.fromEntries((fields.computedStyle ?? []).map((name) => [name, styleOf(style, name)])),
  }
}

function nodeOf(node: glassEasel.Element): unknown {
  const found = builtinOf(node)
  return found?.behaviour.node?.(found.self) ?? null
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
