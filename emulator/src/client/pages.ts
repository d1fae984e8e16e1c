import * as glassEasel from 'glass-easel'
import type { MiniProgramPackage } from '../protocol.ts'
import { homePage, windowConfig, type WindowChange, type WindowConfig } from './app-config.ts'
import type { Backend, PageStyles } from './backend.ts'
import type { AppSpace } from './code-space.ts'
import { rememberTabBar } from './custom-tab-bar.ts'
import type { Device } from './device.ts'
import { mirrorIds } from './dom-ids.ts'
import { EventChannel } from './event-channel.ts'
import type { Inspection } from './inspection.ts'
import { drawPageMeta, type PageMeta } from './page-meta.ts'
import { watchScroller } from './page-scroll.ts'
import { normalizePath, parsePageUrl } from './paths.ts'
import { CUSTOM_TAB_BAR } from './page-code.ts'
import type { TabBar, TabBarView } from './tab-bar.ts'

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
  /** What `wx.enableAlertBeforeUnload` asks before the user goes back; undefined: nothing. */
  alert: string | undefined
  /** `wx.hideShareMenu` took 转发 from the menu. */
  shareHidden: boolean
  refreshing(on: boolean): void
}

/** What the shell draws above the page on top. */
export interface NavigationBar {
  title: string
  background: string
  textStyle: 'black' | 'white'
  custom: boolean
  loading: boolean
  canGoBack: boolean
  canGoHome: boolean
}

export interface PageSurface {
  readonly mount: HTMLElement
  showNavigation(bar: NavigationBar): void
  /** Undefined: no bar with this page. */
  showTabBar(bar: TabBarView | undefined): void
}

/** What a launch gives its pages. */
export interface PagesParts {
  program: MiniProgramPackage
  backend: Backend
  app: AppSpace
  surface: PageSurface
  device: Device
  inspection: Inspection
  tabBar: TabBar
  /** Called before a page is made: its code may not have run yet. */
  prepare(path: string): void
  /** Whether app.wxss counts for the page; not in an independent subpackage. */
  hasAppStyles(path: string): boolean
  /** WeChat's question before a page is left; false: the user stays. */
  confirmLeaving(message: string): Promise<boolean>
}

interface Entry extends Page {
  element: HTMLElement
  styles: PageStyles
  changed: WindowChange
  /** What the page's `<page-meta>` said last. */
  meta: PageMeta | undefined
  release(): void
  lifetime(name: 'show' | 'hide' | 'routeDone'): void
}

/** A failure with the words WeChat uses after `API:fail `. */
export class NavigationError extends Error {}

const MOST_PAGES = 10

/** The page stack and the order of its lifecycles. */
export class Pages {
  private readonly stack: Entry[] = []
  /** Tab pages stay when another tab is shown, in the order of their first visits. */
  private readonly tabs = new Map<string, Entry>()
  /** By the page's element: a page draws its `<page-meta>` before it is on the stack. */
  private readonly entries = new Map<Element, Entry>()
  private readonly stopMirror: () => void

  constructor(private readonly parts: PagesParts) {
    this.stopMirror = mirrorIds(parts.surface.mount)
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
    return this.parts.program.pages.includes(this.pathOf(url))
  }

  /** The page that a url names, seen from the page on top. */
  pathOf(url: string): string {
    return parsePageUrl(this.absolute(url)).path
  }

  /** Opens the first page of a launch, or of a return with another page. */
  launch(url: string): void {
    this.closeAll()
    this.open(url)
  }

  navigateTo(url: string, events: Record<string, (...args: unknown[]) => void> = {}): EventChannel {
    const target = this.existing(url)
    if (this.isTab(parsePageUrl(target).path)) throw new NavigationError('can not navigateTo a tabbar page')
    if (this.stack.length >= MOST_PAGES) throw new NavigationError('webview count limit exceed')
    const channel = new EventChannel()
    for (const [name, listener] of Object.entries(events)) channel.on(name, listener)
    this.hideTop()
    this.open(target, channel)
    return channel
  }

  redirectTo(url: string): void {
    const target = this.existing(url)
    if (this.isTab(parsePageUrl(target).path)) throw new NavigationError('can not redirectTo a tabbar page')
    this.closeDownTo(this.stack.length - 1)
    this.open(target)
  }

  reLaunch(url: string): void {
    const target = this.existing(url)
    this.closeAll()
    this.open(target)
  }

  /** Leaves every page that is no tab; the tab that was shown stays alive below. */
  switchTab(url: string): void {
    const target = this.existing(url)
    const { path, query } = parsePageUrl(target)
    if (!this.isTab(path)) throw new NavigationError('can not switch to no-tabBar page')
    if (Object.keys(query).length > 0)
      this.parts.inspection.remark(`switchTab: ${url}: a tab page gets no query`)
    if (this.stack.at(-1)?.path === path) return
    if (this.isTab(this.stack.at(-1)?.path)) this.hideTop()
    this.closeWhile(() => this.stack.length > 0 && !this.isTab(this.stack.at(-1)?.path))
    this.stack.pop()
    const kept = this.tabs.get(path)
    if (!kept) return this.open(`/${path}`)
    this.stack.push(kept)
    this.showTop()
    this.arrive(kept)
  }

  /** A press on WeChat's own bar: the page of the tab hears of it. */
  pressTab(index: number): void {
    const item = this.parts.tabBar.item(index)
    if (!item) return
    this.switchTab(`/${item.pagePath}`)
    this.callTop('onTabItemTap', { index, pagePath: item.pagePath, text: item.text })
  }

  /** Going back further than the first page ends at the first page. */
  back(delta: number): void {
    if (this.stack.length <= 1) throw new NavigationError('cannot navigate back at first page.')
    this.closeDownTo(Math.max(1, this.stack.length - Math.max(1, Math.trunc(delta))))
    this.showTop()
    const top = this.stack.at(-1)
    if (top) this.arrive(top)
  }

  /** Back as the user does it: a page may have asked WeChat to ask first. False: the user stays. */
  async leave(delta: number): Promise<boolean> {
    const { top } = this
    if (this.stack.length > 1 && top?.alert !== undefined) {
      const agreed = await this.parts.confirmLeaving(top.alert)
      if (!agreed || this.top !== top) return false
    }
    this.back(delta)
    return true
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

  /** Calls a handler of the page on top, such as `onPullDownRefresh`, and gives what it returned. */
  callTop(method: string, ...args: unknown[]): unknown {
    const entry = this.stack.at(-1)
    return entry && this.call(entry, method, ...args)
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
    for (const entry of this.entries.values()) entry.window = this.windowOf(entry.path, entry.changed)
    this.reveal()
  }

  /** Pages that go by the phone's font size take on its present one. */
  refreshFontSizes(): void {
    this.entries.forEach((entry) => this.redrawMeta(entry))
  }

  /** The bar under the pages was changed. */
  refreshTabBar(): void {
    const top = this.stack.at(-1)
    if (top) this.parts.surface.showTabBar(this.parts.tabBar.view(top.path))
  }

  close(): void {
    this.closeAll()
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
    if (!this.parts.program.pages.includes(path)) throw new NavigationError(`page "${path}" is not found`)
    return target
  }

  private open(url: string, channel = new EventChannel()): void {
    const { path, query } = parsePageUrl(url)
    this.parts.prepare(path)
    const entry = this.create(path, query, channel)
    this.stack.push(entry)
    if (this.isTab(path)) this.tabs.set(path, entry)
    this.reveal()
    this.call(entry, 'onLoad', query)
    // onLoad may have led elsewhere already
    if (this.stack.at(-1) !== entry) return
    this.call(entry, 'onShow')
    entry.lifetime('show')
    this.parts.app.flushReady()
    if (this.stack.includes(entry)) this.call(entry, 'onReady')
    this.arrive(entry)
  }

  /** The way to the page is over: `onRouteDone`, in a task of its own, for a page slides in on a phone. */
  private arrive(entry: Entry): void {
    setTimeout(() => {
      if (this.stack.at(-1) !== entry) return
      this.call(entry, 'onRouteDone')
      entry.lifetime('routeDone')
    }, 0)
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
    this.parts.surface.mount.append(element)

    const { backend, app } = this.parts
    const { result: roots, styles } = backend.context.collectSheets(() => {
      const root = backend.associated.createRoot('page', app.space, path)
      const drawsTabs =
        this.isTab(path) && this.parts.tabBar.isCustom && CUSTOM_TAB_BAR in this.parts.program.configs
      return {
        root,
        tabs: drawsTabs
          ? backend.associated.createRoot('custom-tab-bar', app.space, CUSTOM_TAB_BAR)
          : undefined,
      }
    })
    const { root, tabs } = roots
    if (!this.parts.hasAppStyles(path)) styles.drop('app.css')
    fillProperties(root.getComponent() as unknown as glassEasel.GeneralComponent, query)
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
      alert: undefined,
      shareHidden: false,
      scroller,
      element,
      styles,
      refreshing: scroll.refreshing,
      release: () => {
        root.release()
        tabs?.release()
      },
      lifetime: (name) => root.getComponent().triggerPageLifetime(name, []),
    }
    this.entries.set(element, entry)
    // the framework takes any DOM node for its own kind of element
    type Mount = Parameters<typeof root.attach>[0]
    root.attach(scroller as unknown as Mount, placeholder as unknown as Mount)
    if (tabs) {
      rememberTabBar(element, tabs.get())
      const place = document.createElement('span')
      element.append(place)
      tabs.attach(element as unknown as Mount, place as unknown as Mount)
    }
    return entry
  }

  private pull(entry: Entry): void {
    entry.refreshing(true)
    this.call(entry, 'onPullDownRefresh')
  }

  private isTab(path: string | undefined): boolean {
    return path !== undefined && this.parts.tabBar.indexOf(path) >= 0
  }

  private closeDownTo(height: number): void {
    this.closeWhile(() => this.stack.length > height)
  }

  private closeWhile(more: () => boolean): void {
    while (more()) {
      const entry = this.stack.pop()
      // an app that redirects before its first page is there
      if (!entry) return
      this.discard(entry)
    }
  }

  /** The stack from its top down, then the tabs that were alive without being shown. */
  private closeAll(): void {
    this.closeDownTo(0)
    for (const entry of [...this.tabs.values()].reverse()) this.discard(entry)
  }

  private discard(entry: Entry): void {
    this.call(entry, 'onUnload')
    entry.release()
    entry.element.remove()
    entry.styles.remove()
    this.entries.delete(entry.element)
    if (this.tabs.get(entry.path) === entry) this.tabs.delete(entry.path)
  }

  /** Only the page on top is on the screen, and only its styles apply, as in a webview of its own. */
  private reveal(): void {
    const top = this.stack.at(-1)
    for (const entry of this.entries.values()) {
      entry.element.hidden = entry !== top
      entry.styles.enable(entry === top)
    }
    if (!top) return
    const { program, surface } = this.parts
    const { title, background, textStyle, custom, loading, homeHidden } = top.window
    const isHome = top.path === homePage(program) || this.isTab(top.path)
    top.element.style.background = top.window.pageBackground
    top.element.dataset.pull = top.window.backgroundTextStyle
    surface.showNavigation({
      ...{ title, background, textStyle, custom, loading },
      canGoBack: this.stack.length > 1,
      canGoHome: this.stack.length === 1 && !isHome && !homeHidden,
    })
    this.refreshTabBar()
  }

  private windowOf(path: string, changed: WindowChange): WindowConfig {
    const kept = Object.fromEntries(Object.entries(changed).filter(([, value]) => value !== undefined))
    return { ...windowConfig(this.parts.program, path, this.parts.device.state.theme), ...kept }
  }

  private entryAround(within: Element): Entry | undefined {
    const element = within.closest('.we-page')
    return element ? this.entries.get(element) : undefined
  }

  private redrawMeta({ meta, path, scroller }: Entry): void {
    const page = scroller.querySelector('wx-page')
    if (!meta || !page) return
    for (const problem of drawPageMeta(page, meta, this.parts.device.state.fontSize))
      this.parts.inspection.note(path, new Error(problem))
  }

  private call({ instance, path }: Page, method: string, ...args: unknown[]): unknown {
    const handler = instance[method]
    if (typeof handler !== 'function') return undefined
    try {
      return (handler as (...args: unknown[]) => unknown).apply(instance, args)
    } catch (thrown) {
      this.parts.inspection.error(`${path} ${method}`, thrown)
      return undefined
    }
  }
}

/** A page made by `Component` may declare what of its query it takes as properties. */
function fillProperties(component: glassEasel.GeneralComponent, query: Record<string, string>): void {
  const declared = Object.entries(query).filter(([name]) => glassEasel.Component.hasProperty(component, name))
  if (declared.length > 0) component.setData(Object.fromEntries(declared))
}
