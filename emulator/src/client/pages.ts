import type { MiniProgramPackage } from '../protocol.ts'
import { tabPages, windowConfig, type WindowChange, type WindowConfig } from './app-config.ts'
import type { Backend, PageStyles } from './backend.ts'
import type { AppSpace } from './code-space.ts'
import type { Device } from './device.ts'
import { mirrorIds } from './dom-ids.ts'
import { EventChannel } from './event-channel.ts'
import type { Inspection } from './inspection.ts'
import { drawPageMeta, type PageMeta } from './page-meta.ts'
import { watchScroller } from './page-scroll.ts'
import { normalizePath, parsePageUrl } from './paths.ts'

/** What app code holds as a page: its own methods, and what the framework adds. */
export interface PageInstance {
  route?: string
  [member: string]: unknown
}

export interface Page {
  readonly path: string
  readonly query: Record<string, string>
  readonly instance: PageInstance
  /** app.json's window with the page's JSON, and what the page changed since. */
  window: WindowConfig
  readonly scroller: HTMLElement
  refreshing(on: boolean): void
}

/** What the shell draws above the page on top. */
export interface NavigationBar {
  title: string
  background: string
  textStyle: 'black' | 'white'
  custom: boolean
  canGoBack: boolean
  canGoHome: boolean
}

export interface PageSurface {
  readonly mount: HTMLElement
  showNavigation(bar: NavigationBar): void
}

interface Entry extends Page {
  element: HTMLElement
  styles: PageStyles
  changed: WindowChange
  /** What the page's `<page-meta>` said last. */
  meta: PageMeta | undefined
  release(): void
  lifetime(name: 'show' | 'hide'): void
}

/** A failure with the words WeChat uses after `API:fail `. */
export class NavigationError extends Error {}

const MOST_PAGES = 10

/** The page stack and the order of its lifecycles. */
export class Pages {
  private readonly stack: Entry[] = []
  /** By the page's element: a page draws its `<page-meta>` before it is on the stack. */
  private readonly entries = new Map<Element, Entry>()
  private readonly stopMirror: () => void

  constructor(
    private readonly program: MiniProgramPackage,
    private readonly backend: Backend,
    private readonly app: AppSpace,
    private readonly surface: PageSurface,
    private readonly device: Device,
    private readonly inspection: Inspection,
    /** Called before a page is made: its code may not have run yet. */
    private readonly prepare: (path: string) => void,
  ) {
    this.stopMirror = mirrorIds(surface.mount)
  }

  get instances(): PageInstance[] {
    return this.stack.map(({ instance }) => instance)
  }

  get top(): Page | undefined {
    return this.stack.at(-1)
  }

  get routes(): string[] {
    return this.stack.map(({ path }) => path)
  }

  has(url: string): boolean {
    return this.program.pages.includes(parsePageUrl(this.absolute(url)).path)
  }

  /** Opens the first page of a launch, or of a return with another page. */
  launch(url: string): void {
    this.closeDownTo(0)
    this.open(url)
  }

  navigateTo(url: string, events: Record<string, (...args: unknown[]) => void> = {}): EventChannel {
    const target = this.existing(url)
    if (tabPages(this.program).includes(parsePageUrl(target).path))
      throw new NavigationError('can not navigateTo a tabbar page')
    if (this.stack.length >= MOST_PAGES)
      throw new NavigationError(`webview count limit exceed: ${MOST_PAGES} pages are open`)
    const channel = new EventChannel()
    for (const [name, listener] of Object.entries(events)) channel.on(name, listener)
    this.hideTop()
    this.open(target, channel)
    return channel
  }

  redirectTo(url: string): void {
    const target = this.existing(url)
    if (tabPages(this.program).includes(parsePageUrl(target).path))
      throw new NavigationError('can not redirectTo a tabbar page')
    this.closeDownTo(this.stack.length - 1)
    this.open(target)
  }

  reLaunch(url: string): void {
    const target = this.existing(url)
    this.closeDownTo(0)
    this.open(target)
  }

  switchTab(url: string): void {
    const target = this.existing(url)
    if (!tabPages(this.program).includes(parsePageUrl(target).path))
      throw new NavigationError('can not switch to no-tabBar page')
    this.closeDownTo(0)
    this.open(target)
  }

  /** Going back further than the first page ends at the first page. */
  back(delta: number): void {
    if (this.stack.length <= 1) throw new NavigationError('cannot navigate back at first page.')
    this.closeDownTo(Math.max(1, this.stack.length - Math.max(1, Math.trunc(delta))))
    this.showTop()
  }

  /** The mini-program goes to the background or a native page covers it. */
  hideTop(): void {
    const entry = this.stack.at(-1)
    if (!entry) return
    this.call(entry, 'onHide')
    entry.lifetime('hide')
  }

  showTop(): void {
    const entry = this.stack.at(-1)
    if (!entry) return
    this.reveal()
    this.call(entry, 'onShow')
    entry.lifetime('show')
  }

  /** Calls a handler of the page on top, such as `onPullDownRefresh`. */
  callTop(method: string, ...args: unknown[]): void {
    const entry = this.stack.at(-1)
    if (entry) this.call(entry, method, ...args)
  }

  /** Changes the window of the page on top, or of the one that `within` is on. */
  changeWindow(change: WindowChange, within?: Element): void {
    const entry = within ? this.entryAround(within) : this.stack.at(-1)
    if (!entry) throw new NavigationError('no page is open')
    Object.assign(entry.changed, change)
    entry.window = this.windowOf(entry.path, entry.changed)
    this.reveal()
  }

  drawMeta(within: Element, meta: PageMeta): void {
    const entry = this.entryAround(within)
    if (!entry) return
    entry.meta = meta
    this.redrawMeta(entry)
  }

  /** Theme variables of app.json are looked up again. */
  refreshWindows(): void {
    for (const entry of this.stack) entry.window = this.windowOf(entry.path, entry.changed)
    this.reveal()
  }

  /** Pages that go by the phone's font size take on its present one. */
  refreshFontSizes(): void {
    this.stack.forEach((entry) => this.redrawMeta(entry))
  }

  close(): void {
    this.closeDownTo(0)
    this.stopMirror()
  }

  /** A relative url is relative to the page on top. */
  private absolute(url: string): string {
    const top = this.stack.at(-1)
    if (url.startsWith('/') || !top) return url
    const [path = '', search] = url.split(/\?(.*)/s)
    return `/${normalizePath(top.path, path)}${search === undefined ? '' : `?${search}`}`
  }

  private existing(url: unknown): string {
    if (typeof url !== 'string') throw new NavigationError('parameter error: parameter.url should be String')
    const target = this.absolute(url)
    const { path } = parsePageUrl(target)
    if (!this.program.pages.includes(path)) throw new NavigationError(`page "${path}" is not found`)
    return target
  }

  private open(url: string, channel = new EventChannel()): void {
    const { path, query } = parsePageUrl(url)
    this.prepare(path)
    const entry = this.create(path, query, channel)
    this.stack.push(entry)
    this.reveal()
    this.call(entry, 'onLoad', query)
    // onLoad may have led elsewhere already
    if (this.stack.at(-1) !== entry) return
    this.call(entry, 'onShow')
    entry.lifetime('show')
    this.app.flushReady()
    if (this.stack.includes(entry)) this.call(entry, 'onReady')
  }

  private create(path: string, query: Record<string, string>, channel: EventChannel): Entry {
    const element = document.createElement('div')
    element.className = 'we-page'
    element.dataset.route = path
    const scroller = document.createElement('div')
    scroller.className = 'we-page-scroll'
    const placeholder = document.createElement('span')
    scroller.append(placeholder)
    element.append(scroller)
    this.surface.mount.append(element)

    const { result: root, styles } = this.backend.context.collectSheets(() =>
      this.backend.associated.createRoot('page', this.app.space, path),
    )
    const instance = root.get() as unknown as PageInstance
    Object.defineProperty(instance, 'route', { value: path, configurable: true })
    instance.options = query
    instance.getOpenerEventChannel = () => channel
    const window = this.windowOf(path, {})
    const scroll = watchScroller(scroller, window.reachBottomDistance, {
      onScroll: (scrollTop) => this.call(entry, 'onPageScroll', { scrollTop }),
      onReachBottom: () => this.call(entry, 'onReachBottom'),
      ...(window.pullDownRefresh ? { onPull: () => this.pull(entry) } : {}),
    })
    const entry: Entry = {
      path,
      query,
      instance,
      window,
      changed: {},
      meta: undefined,
      scroller,
      element,
      styles,
      refreshing: scroll.refreshing,
      release: () => root.release(),
      lifetime: (name) => root.getComponent().triggerPageLifetime(name, []),
    }
    this.entries.set(element, entry)
    // the framework takes any DOM node for its own kind of element
    type Mount = Parameters<typeof root.attach>[0]
    root.attach(scroller as unknown as Mount, placeholder as unknown as Mount)
    return entry
  }

  private pull(entry: Entry): void {
    entry.refreshing(true)
    this.call(entry, 'onPullDownRefresh')
  }

  private closeDownTo(height: number): void {
    while (this.stack.length > height) {
      const entry = this.stack.pop()
      if (!entry) return
      this.call(entry, 'onUnload')
      entry.release()
      entry.element.remove()
      entry.styles.remove()
      this.entries.delete(entry.element)
    }
  }

  /** Only the page on top is on the screen, and only its styles apply, as in a webview of its own. */
  private reveal(): void {
    const top = this.stack.at(-1)
    for (const entry of this.stack) {
      entry.element.hidden = entry !== top
      entry.styles.enable(entry === top)
    }
    if (!top) return
    const { title, background, textStyle, custom, homeHidden, pageBackground } = top.window
    top.element.style.background = pageBackground
    this.surface.showNavigation({
      title,
      background,
      textStyle,
      custom,
      canGoBack: this.stack.length > 1,
      canGoHome: this.stack.length === 1 && top.path !== this.program.pages[0] && !homeHidden,
    })
  }

  private windowOf(path: string, changed: WindowChange): WindowConfig {
    const kept = Object.fromEntries(Object.entries(changed).filter(([, value]) => value !== undefined))
    return { ...windowConfig(this.program, path, this.device.state.theme), ...kept }
  }

  private entryAround(within: Element): Entry | undefined {
    const element = within.closest('.we-page')
    return element ? this.entries.get(element) : undefined
  }

  private redrawMeta({ meta, path, scroller }: Entry): void {
    const page = scroller.querySelector('wx-page')
    if (!meta || !page) return
    for (const problem of drawPageMeta(page, meta, this.device.state.fontSize))
      this.inspection.note(path, new Error(problem))
  }

  private call({ instance, path }: Page, method: string, ...args: unknown[]): void {
    const handler = instance[method]
    if (typeof handler !== 'function') return
    try {
      ;(handler as (...args: unknown[]) => unknown).apply(instance, args)
    } catch (thrown) {
      this.inspection.error(`${path} ${method}`, thrown)
    }
  }
}
