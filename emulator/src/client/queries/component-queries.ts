import { PhoneIntersectionObserver, type ObserverOptions } from './intersection-observer.ts'
import type { ComponentCaller } from './nodes.ts'
import { SelectorQuery, type QueryHost } from './selector-query.ts'

/** The mark WeChat puts on every page and component; uni-app copies it to its own instances and passes those on. */
const NODE_ID = '__wxExparserNodeId__'

/** The queries of one launch: who may be asked about, and what dies with whom. */
export class ComponentQueries {
  private readonly components = new Map<string, ComponentCaller>()
  private readonly observers = new Map<ComponentCaller, Set<PhoneIntersectionObserver>>()
  private readonly host: QueryHost & { remark(text: string): void }
  private lastId = 0

  constructor(host: Omit<QueryHost, 'resolve'> & { remark(text: string): void }) {
    this.host = { ...host, resolve: (target) => this.resolve(target) }
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

  selectorQuery(target: unknown): SelectorQuery {
    return new SelectorQuery(this.host, this.resolve(target))
  }

  intersectionObserver(target: unknown, options: ObserverOptions = {}): PhoneIntersectionObserver {
    const caller = this.resolve(target)
    const observer = new PhoneIntersectionObserver(this.host, caller, options)
    const known = this.observers.get(caller) ?? new Set()
    this.observers.set(caller, known.add(observer))
    return observer
  }

  private resolve(target: unknown): ComponentCaller {
    const id = (target as Record<string, unknown> | null | undefined)?.[NODE_ID]
    const caller = typeof id === 'string' ? this.components.get(id) : undefined
    if (!caller) throw new Error('neither a page nor a component, or one that is gone')
    return caller
  }
}
