import type * as glassEasel from 'glass-easel'
import { domOf, identityOf, pageRect, pageScroller, select, type ComponentCaller } from './nodes.ts'
import type { QueryHost } from './selector-query.ts'

export interface ObserverOptions {
  /** @default [0] */
  thresholds?: number[]
  /** @default 0 */
  initialRatio?: number
  /** @default false: the first match only */
  observeAll?: boolean
}

/** px by which the reference area grows; negative ones shrink it. */
export interface Margins {
  left?: number
  top?: number
  right?: number
  bottom?: number
}

type Callback = (result: object) => void

/** `wx.createIntersectionObserver()` over the browser's own observer, whose root here is the page's window. */
export class PhoneIntersectionObserver {
  private reference: { selector?: string; margins: Margins } | undefined
  private readonly observers = new Set<IntersectionObserver>()

  constructor(
    private readonly host: QueryHost & { remark(text: string): void },
    private readonly on: ComponentCaller,
    private readonly options: ObserverOptions,
  ) {}

  relativeTo(selector: string, margins: Margins = {}): this {
    return this.refer({ selector, margins })
  }

  relativeToViewport(margins: Margins = {}): this {
    return this.refer({ margins })
  }

  /** Nodes that come later are not observed. @throws without a reference area */
  observe(selector: string, callback: Callback): void {
    const { reference } = this
    if (!reference) throw new Error('relativeTo or relativeToViewport should be called before observe')
    const matches = select(this.on, selector)
    const targets = this.options.observeAll ? matches : matches.slice(0, 1)
    if (targets.length === 0)
      this.host.remark(`node "${selector}" is not found: its intersection observer never fires`)
    for (const target of targets) this.watch(target, reference, callback)
  }

  disconnect(): void {
    this.observers.forEach((observer) => observer.disconnect())
    this.observers.clear()
  }

  private refer(reference: NonNullable<typeof this.reference>): this {
    // the browser's observer has one root, WeChat intersects several
    if (this.reference) throw new Error('a second reference area is not part of this emulator')
    this.reference = reference
    return this
  }

  private watch(
    target: glassEasel.Element,
    { selector, margins }: NonNullable<typeof this.reference>,
    callback: Callback,
  ): void {
    const dom = domOf(target)
    if (!dom) return
    const root = selector === undefined ? pageScroller(dom) : this.elementAt(selector)
    if (!root) return
    if (!root.contains(dom))
      return this.host.remark(`a node outside "${selector}" cannot intersect it in this emulator`)

    const { thresholds = [0], initialRatio = 0 } = this.options
    let before: number | undefined = initialRatio
    const observer = new IntersectionObserver(
      (entries) => {
        for (const entry of entries) {
          if (!this.observers.has(observer)) return
          const ratio = entry.intersectionRatio
          const isNews = before === undefined || crosses(before, ratio, thresholds)
          before = undefined
          if (isNews)
            this.host.deliver('createIntersectionObserver callback', () => callback(resultOf(target, entry)))
        }
      },
      { root, rootMargin: marginText(margins), threshold: thresholds },
    )
    this.observers.add(observer)
    observer.observe(dom)
  }

  private elementAt(selector: string): Element | undefined {
    const [node] = select(this.on, selector)
    if (!node) this.host.remark(`node "${selector}" is not found: nothing can intersect it`)
    return node && domOf(node)
  }
}

/** The browser always tells the first measurement; WeChat only one that left `initialRatio` over a threshold. */
const crosses = (from: number, to: number, thresholds: readonly number[]) =>
  from !== to && thresholds.some((threshold) => (from - threshold) * (to - threshold) <= 0)

const marginText = ({ top = 0, right = 0, bottom = 0, left = 0 }: Margins) =>
  `${top}px ${right}px ${bottom}px ${left}px`

function resultOf(target: glassEasel.Element, entry: IntersectionObserverEntry): object {
  const rect = (given: DOMRectReadOnly) => pageRect(given, entry.target)
  const { left, top, right, bottom } = rect(entry.rootBounds ?? new DOMRectReadOnly())
  return {
    ...identityOf(target),
    intersectionRatio: entry.intersectionRatio,
    intersectionRect: rect(entry.intersectionRect),
    boundingClientRect: rect(entry.boundingClientRect),
    relativeRect: { left, top, right, bottom },
    time: Date.now(),
  }
}
