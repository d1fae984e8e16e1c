import { createRequire } from 'node:module'
import { join } from 'node:path'
import type { Host } from './host.ts'
import { createScriptedWx } from './scripted-wx.ts'
import { camelCase, propertiesOf, type Shown } from './shown.ts'
import type { Surroundings } from './surroundings.ts'

const require = createRequire(import.meta.url)

/** What is used of Tencent's exparser; its own types are none, and j-component's declare a global `wx`. */
interface ExparserNode {
  /** Children with slots filled; a component's only one is its shadow root. */
  __wxSlotChildren: ExparserNode[]
  ownerShadowRoot?: ShadowRootNode | null
  id: string
  dataset?: Record<string, unknown>
  $$?: Element
  /** j-component's own node of its template. */
  _vt: { attrs: { name: string; value: unknown }[]; tagName: string }
  triggerEvent(type: string, detail: object, options: object): void
  triggerPageLifeTime(name: string, args: unknown[]): void
}
interface ShadowRootNode extends ExparserNode {
  getHostNode(): ExparserNode
}
type Dispatch = (target: unknown, event: { type: string }) => unknown
interface Exparser {
  TextNode: new () => { textContent: string }
  VirtualNode: new () => { readonly draws: 'nothing' }
  Event: { dispatchEvent: Dispatch }
  addGlobalErrorListener(listener: (error: Error) => boolean): number
  removeGlobalErrorListener(listener: number): void
}
interface RootComponent {
  dom: HTMLElement
  instance: Record<string, unknown>
  _exparserNode: ExparserNode
  attach(parent: Element): void
  detach(): void
}
interface Simulate {
  load(path: string, tagName: string, options: { rootPath: string }): string
  render(id: string): RootComponent
}

const exparser = require('miniprogram-exparser') as Exparser
const simulate = require('miniprogram-simulate') as Simulate
/** The constructor that simulate put there; uni-app replaces it at load by one that calls it. */
const { Component } = globalThis as unknown as { Component: unknown }

/** Types of the events whose dispatch has begun and not returned, the outermost first. */
const dispatching: string[] = []
const dispatchEvent = exparser.Event.dispatchEvent
exparser.Event.dispatchEvent = (target, event) => {
  dispatching.push(event.type)
  try {
    return dispatchEvent.call(exparser.Event, target, event)
  } finally {
    dispatching.pop()
  }
}

/** wcc keeps a program's templates in one global, as there is one program in a webview: each build has its own here. */
const wxmlGlobals = new Map<string, object>()
const wxmlGlobal = globalThis as { __WXML_GLOBAL__?: object }

interface OpenPage {
  route: string
  root: RootComponent
}

/**
 * Tencent's own component framework in jsdom: exparser with j-component's templates, over what Tencent's wcc
 * compiles. Ours is what stands around it in WeChat: `App`, the page stack and the calls of pages' lifetimes, and `wx`.
 */
export function startExparserHost(dist: string, around: Surroundings, url: string): Host {
  const errors: string[] = []
  const pages: OpenPage[] = []
  const collect = (error: unknown) => void errors.push(error instanceof Error ? error.message : String(error))
  const listener = exparser.addGlobalErrorListener((error) => {
    collect(error)
    return false
  })
  // j-component and Vue say what is wrong on the console
  const console = globalThis.console
  const said = (...words: unknown[]) => collect(words.map(String).join(' '))
  globalThis.console = { ...console, error: said, warn: said }

  let app: Record<string, unknown> = {}
  const wx = createScriptedWx(around, {
    inTap: () => dispatching.includes('tap'),
    navigate(how, to) {
      if (how === 'reLaunch') while (pages.length > 0) close()
      else run(pages.at(-1), 'onHide')
      open(to)
    },
    hideTop: () => run(pages.at(-1), 'onHide'),
    showTop: () => run(pages.at(-1), 'onShow'),
  })
  Object.assign(globalThis, {
    ...{ wx: wx.api, Component, Page: () => collect('Page() is not played here') },
    App: (definition: Record<string, unknown>) => void (app = definition),
    getApp: () => app,
    getCurrentPages: () => pages.map(({ root }) => root.instance),
  })

  // wxs adds to the language's own prototypes, which can be done once
  const own = wxmlGlobals.get(dist) ?? (wxmlGlobals.size > 0 ? { wxs_nf_init: true } : {})
  wxmlGlobals.set(dist, own)
  wxmlGlobal.__WXML_GLOBAL__ = own
  for (const file of Object.keys(require.cache))
    if (file.startsWith(dist)) Reflect.deleteProperty(require.cache, file)
  require(join(dist, 'app.js'))
  const options = { path: url, query: {}, scene: 1001, referrerInfo: {} }
  for (const name of ['onLaunch', 'onShow'])
    (app[name] as ((o: object) => void) | undefined)?.call(app, options)
  open(url)

  function open(to: string): void {
    const [path = '', search = ''] = to.replace(/^\//, '').split('?')
    const root = simulate.render(simulate.load(join(dist, path), 'page', { rootPath: dist }))
    root.instance.route = path
    const page = { route: path, root }
    pages.push(page)
    const query = Object.fromEntries(new URLSearchParams(search))
    root.instance.options = query
    // outside of the document: a touch in it would tell the other host to mind no mouse any more
    const parent = document.createElement('div')
    root.attach(parent)
    run(page, 'onLoad', query)
    if (pages.at(-1) !== page) return
    run(page, 'onShow')
    root._exparserNode.triggerPageLifeTime('show', [])
    run(page, 'onReady')
  }

  function close(): void {
    const page = pages.pop()
    if (!page) return
    run(page, 'onUnload')
    page.root.detach()
  }

  function run(page: OpenPage | undefined, method: string, ...args: unknown[]): void {
    const handler = page?.root.instance[method]
    if (typeof handler !== 'function') return
    try {
      ;(handler as (...args: unknown[]) => unknown).apply(page?.root.instance, args)
    } catch (thrown) {
      collect(thrown)
    }
  }

  const nodeOf = (dom: Element) => (dom as Element & { __wxElement: ExparserNode }).__wxElement

  return {
    shown: () => pages.slice(-1).flatMap(({ root }) => shownOf(root._exparserNode)),
    routes: () => pages.map(({ route }) => route),
    page: () => pages.at(-1)?.root.instance ?? {},
    calls: () => [...wx.calls],
    errors: () => [...errors],
    tap(dom) {
      const touch = new Touch({
        identifier: 1,
        target: dom,
        clientX: 5,
        clientY: 5,
        pageX: 5,
        pageY: 5,
      } as TouchInit)
      const fire = (type: string, touches: Touch[]) =>
        dom.dispatchEvent(
          new TouchEvent(type, { bubbles: true, cancelable: true, touches, changedTouches: [touch] }),
        )
      fire('touchstart', [touch])
      fire('touchend', [])
    },
    tell: (dom, type, value) => nodeOf(dom).triggerEvent(type, { value }, {}),
    press: (part) => wx.press(part),
    network(type) {
      around.network = type
      wx.tellNetwork()
    },
    kill() {
      while (pages.length > 0) close()
      exparser.removeGlobalErrorListener(listener)
      globalThis.console = console
    },
  }
}

/** The composed tree below `node`. Virtual nodes (`wx:if`, slots, shadow roots) draw nothing themselves. */
function shownOf(node: ExparserNode): Shown[] {
  return node.__wxSlotChildren.flatMap((child): Shown[] => {
    if (child instanceof exparser.TextNode) return [child.textContent]
    if (child instanceof exparser.VirtualNode) return shownOf(child)
    const { $$: dom } = child
    // a component with virtualHost
    if (!dom) return shownOf(child)
    const prefix = new RegExp(`^(${ownersOf(child).join('|')})--`)
    const attributes = new Map(child._vt.attrs.map(({ name, value }) => [name, value]))
    return [
      {
        tag: dom.localName.replace(/^wx-/, ''),
        id: child.id,
        classes: [...dom.classList].map((name) => name.replace(prefix, '')),
        dataset: { ...child.dataset },
        style: dom.getAttribute('style') ?? '',
        properties: dom.localName.startsWith('wx-')
          ? propertiesOf((attribute) => attributes.get(attribute) ?? attributes.get(camelCase(attribute)))
          : {},
        children: shownOf(child),
        dom,
      },
    ]
  })
}

/** Tags of the components a node stands in, whose names exparser puts before its classes; external ones come from afar. */
function ownersOf(node: ExparserNode): string[] {
  const host = node.ownerShadowRoot?.getHostNode()
  return host ? [host._vt.tagName, ...ownersOf(host)] : []
}
