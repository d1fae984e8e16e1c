import { PhoneIntersectionObserver, type ObserverOptions } from './intersection-observer.ts'
import { pageCallerOf, type ComponentCaller } from './nodes.ts'
import { SelectorQuery, type QueryHost, type Whereabouts } from './selector-query.ts'

/** The mark WeChat puts on every page and component; uni-app copies it to its own instances and passes those on. */
const NODE_ID = '__wxExparserNodeId__'

/** The queries of one launch: who may be asked about, and what dies with whom. */
export class ComponentQueries {
  private readonly components = new Map<string, ComponentCaller>()
  private readonly observers = new Map<ComponentCaller, Set<PhoneIntersectionObserver>>()
  private readonly host: QueryHost & { remark(text: string): void }
  private lastId = 0

  constructor(host: Omit<QueryHost, 'resolve'> & { remark(text: string): void }) {
    this.host = { ...host, resolve: (target) => this.find(target) }
  }

  /** A component was created: it can be asked, and be named to `wx.create…`. */
  enter(caller: ComponentCaller): void {
    this.lastId += 1
    const id = String(this.lastId)
    this.components.set(id, caller)
    Object.defineProperty(caller, NODE_ID, { value: id })
    caller.createSelectorQuery = () => this.selectorQuery(caller)
    caller.createIntersectionObserver = (options?: ObserverOptions) =>
      this.intersectionObserver(caller, options)
  }

  /** It is gone, and its observers with it. */
  leave(caller: ComponentCaller): void {
    this.components.delete(String(caller[NODE_ID]))
    this.observers.get(caller)?.forEach((observer) => observer.disconnect())
    this.observers.delete(caller)
  }

  /** Runs a callback of app code in its own right: no tap state, errors collected. */
  readonly deliver = (where: string, run: () => void): void => this.host.deliver(where, run)

  selectorQuery(target: unknown): SelectorQuery {
    return new SelectorQuery(this.host, () => this.find(target))
  }

  /** Of whatever `page` gives when it is measured: in a component's `attached` the first page is not there yet. */
  pageQuery(page: () => unknown): SelectorQuery {
    return new SelectorQuery(this.host, () => this.find(page()))
  }

  intersectionObserver(target: unknown, options: ObserverOptions = {}): PhoneIntersectionObserver {
    const caller = this.resolve(target)
    const observer = new PhoneIntersectionObserver(this.host, caller, options)
    const known = this.observers.get(caller) ?? new Set()
    this.observers.set(caller, known.add(observer))
    return observer
  }

  /** @throws for what never was a page or component */
  private find(target: unknown): Whereabouts {
    const id = (target as Record<string, unknown> | null | undefined)?.[NODE_ID]
    if (typeof id !== 'string') throw new Error('neither a page nor a component')
    const caller = this.components.get(id)
    if (caller) return caller
    const { _$: component } = target as Partial<ComponentCaller>
    return component && !this.components.has(String(pageCallerOf(component)[NODE_ID])) ? 'left' : 'removed'
  }

  private resolve(target: unknown): ComponentCaller {
    const caller = this.find(target)
    if (typeof caller === 'string') throw new Error('a page or component that is gone')
    return caller
  }
}
