import type { Shown } from './shown.ts'

/** A call of app code on `wx`. */
export interface HostCall {
  name: string
  /** What app code asked for, callbacks left out. */
  arg: unknown
  /** Made before the dispatch of a tap had returned. */
  inTap: boolean
}

/** A built mini-program that runs, whoever runs it. */
export interface Host {
  /** The page on top, without its outermost element. */
  shown(): Shown[]
  /** Paths of the open pages, the one on top last. */
  routes(): string[]
  /** App code's own object for the page on top. */
  page(): Record<string, unknown>
  calls(): HostCall[]
  /** What app code threw, and what the framework had to say against it. */
  errors(): string[]
  /** A finger down and up on this element, without waiting for what follows. */
  tap(dom: Element): void
  /** What a built-in component tells of its user; `value` is what stands in the field. */
  tell(dom: Element, type: 'input' | 'confirm' | 'blur', value: string): void
  /** A press on something WeChat draws over the page. */
  press(part: Part): void
  network(type: 'wifi' | 'none'): void
  kill(): void
}

export type Part = 'subscribe-allow' | 'subscribe-cancel' | 'modal-confirm' | 'modal-cancel' | 'settings-back'
