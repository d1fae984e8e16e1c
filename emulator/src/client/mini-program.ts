import * as glassEasel from 'glass-easel'
import type { MiniProgramPackage } from '../protocol.ts'
import { effectiveTheme, tabPages } from './app-config.ts'
import { AppLifecycle, type AppInstance, type EnterOptions } from './app-lifecycle.ts'
import { AppTimers } from './app-timers.ts'
import { documentBackend } from './backend.ts'
import type { BuiltinHost } from './builtins/define.ts'
import { createAppSpace, type AppDefinition } from './code-space.ts'
import type { Device } from './device.ts'
import type { Inspection } from './inspection.ts'
import { ModuleLoader } from './module-loader.ts'
import { normalizePath, parsePageUrl } from './paths.ts'
import type { PhoneLink } from './phone-link.ts'
import { Pages, type PageSurface } from './pages.ts'
import { TapState, type TapProfile } from './tap-state.ts'
import type { WxHost } from './wx/host.ts'
import { createWx } from './wx/index.ts'
import type { ShellUi } from './wx/shell-ui.ts'

export interface LaunchSurroundings {
  program: MiniProgramPackage
  device: Device
  link: PhoneLink
  inspection: Inspection
  shell: ShellUi
  surface: PageSurface
  storage: Storage
  tapProfile: TapProfile
  /** The page a launch wanted is not there and the app did nothing about it. */
  onPageMissing(path: string): void
}

/** A running mini-program, from its launch until it is killed. */
export interface MiniProgram {
  readonly pages: Pages
  readonly tap: TapState
  /** To the background. */
  hide(): void
  /** Back on the screen; with a url the app is shown at that page, as a message card does (H49). */
  show(entry?: { url: string; scene: number }): void
  kill(): void
}

export const DEFAULT_SCENE = 1001

/**
 * Starts the app's code as WeChat does: `wx` first (H50), then app.js, then every page's and component's file,
 * then `onLaunch`, `onShow` and the first page.
 */
export function launchMiniProgram(
  around: LaunchSurroundings,
  entry: { url?: string; scene?: number } = {},
): MiniProgram {
  const { program, device, inspection, link, shell, surface, storage } = around
  const url = entry.url ?? program.pages[0] ?? ''
  const options = enterOptions(url, entry.scene ?? DEFAULT_SCENE)
  let running = true

  const tap = new TapState(around.tapProfile)
  const timers = new AppTimers(tap, inspection)
  const lifecycle = new AppLifecycle(options, inspection)
  const backend = documentBackend()
  const endings: (() => void)[] = []

  let wx: Record<string, unknown> = {}
  const builtinHost: BuiltinHost = {
    callApi: (name, callOptions) => (wx[name] as (o: object) => void)(callOptions),
    press: (run) => tap.press(run),
    assetUrl: (src) => assetUrl(src, pages.top?.path ?? ''),
    pickRow: (rows, chosen) => new Promise((resolve) => shell.pickRow(rows, chosen, resolve)),
    missing: (what) => inspection.note('template', new Error(`${what} is not part of this emulator`)),
  }
  backend.context.onUnknownTag = (tag) => builtinHost.missing(`<${tag}>`)
  backend.context.setTheme(effectiveTheme(program, device.state.theme))
  document.documentElement.dataset.componentStyle = program.app.style === 'v2' ? 'v2' : 'v1'

  const app = createAppSpace(program, backend, builtinHost, { tap, inspection })
  const pages = new Pages(program, backend, app, surface, device, inspection)
  const host: WxHost = {
    ...{ program, device, link, inspection, tap, timers, lifecycle, shell, pages, storage },
    alive: () => running,
  }
  wx = createWx(host)
  Reflect.set(globalThis, 'wx', wx)

  endings.push(
    collectErrors(inspection, lifecycle),
    device.onChange((now, before) => {
      const theme = effectiveTheme(program, now.theme)
      if (theme === effectiveTheme(program, before.theme)) return
      backend.context.setTheme(theme)
      pages.refreshWindows()
      lifecycle.fire('themeChange', { theme })
    }),
  )
  if (tabPages(program).length > 0) builtinHost.missing('tabBar')

  const modules = new ModuleLoader(program.sources, {
    wx,
    App: (instance: AppInstance) => void (lifecycle.instance = instance),
    Page: (definition: AppDefinition) => app.Page(definition),
    Component: (definition: AppDefinition) => app.Component(definition),
    Behavior: (definition: object) => app.Behavior(definition),
    getApp: () => lifecycle.instance,
    getCurrentPages: () => pages.instances,
    setTimeout: timers.setTimeout,
    setInterval: timers.setInterval,
    clearTimeout: timers.clearTimeout,
    clearInterval: timers.clearInterval,
    console: appConsole(inspection),
  })
  const load = (file: string) => {
    try {
      modules.load(file)
    } catch (thrown) {
      inspection.error(`load ${file}`, thrown)
    }
  }
  load('app.js')
  catchVueErrors(lifecycle.instance, inspection)
  for (const path of program.order) app.define(path, () => load(`${path}.js`))

  lifecycle.launch()
  lifecycle.fire('show', options)
  openEntry(url, options, true)

  function openEntry(target: string, entered: EnterOptions, isEntryPage: boolean): void {
    if (pages.has(`/${target.replace(/^\//, '')}`)) return pages.launch(`/${target.replace(/^\//, '')}`)
    lifecycle.fire('pageNotFound', { path: entered.path, query: entered.query, isEntryPage })
    if (!lifecycle.hasHandler('pageNotFound')) around.onPageMissing(entered.path)
  }

  return {
    pages,
    tap,
    hide() {
      if (lifecycle.hiddenSince !== undefined) return
      pages.hideTop()
      lifecycle.hiddenSince = Date.now()
      lifecycle.fire('hide', {})
    },
    show(next) {
      const wasHidden = lifecycle.hiddenSince !== undefined
      lifecycle.hiddenSince = undefined
      if (next) lifecycle.enterOptions = enterOptions(next.url, next.scene)
      if (wasHidden || next) lifecycle.fire('show', lifecycle.enterOptions)
      if (next) openEntry(next.url, lifecycle.enterOptions, false)
      else if (wasHidden) pages.showTop()
    },
    kill() {
      if (!running) return
      pages.close()
      running = false
      timers.stop()
      endings.forEach((end) => end())
    },
  }
}

function enterOptions(url: string, scene: number): EnterOptions {
  return { ...parsePageUrl(url), scene, referrerInfo: {} }
}

/** data: and http(s): as they are, the package's own files under /app/. */
function assetUrl(src: string, page: string): string {
  if (/^(data:|https?:|blob:)/.test(src)) return src
  return `/app/${normalizePath(page, src)}`
}

/** App code's console: errors are collected, for uni-app's Vue reports failed async handlers only there. */
function appConsole(inspection: Inspection): object {
  const error = (...args: unknown[]) => {
    const thrown = args.find((arg) => arg instanceof Error)
    inspection.note('console.error', thrown ?? args.map(String).join(' '))
  }

  return Object.assign(Object.create(console) as object, { error })
}

/** Errors of the framework and of forgotten promises; every collected error reaches the app's `onError`. */
function collectErrors(inspection: Inspection, lifecycle: AppLifecycle): () => void {
  const framework = (error: unknown) => {
    inspection.error('framework', error)
    return false
  }
  const warning = (message: string) => {
    inspection.warnings.push(message)
    return false
  }
  glassEasel.addGlobalErrorListener(framework)
  glassEasel.addGlobalWarningListener(warning)
  const rejected = (event: PromiseRejectionEvent) => {
    inspection.note('unhandledrejection', event.reason)
    lifecycle.fire('unhandledRejection', { reason: event.reason as unknown })
  }
  const thrown = (event: ErrorEvent) => {
    if (event.error) inspection.error('window.onerror', event.error)
  }
  window.addEventListener('unhandledrejection', rejected)
  window.addEventListener('error', thrown)
  const stop = inspection.onError((error) => lifecycle.fire('error', error.stack ?? error.message))
  return () => {
    glassEasel.removeGlobalErrorListener(framework)
    glassEasel.removeGlobalWarningListener(warning)
    window.removeEventListener('unhandledrejection', rejected)
    window.removeEventListener('error', thrown)
    stop()
  }
}

interface VueApp {
  $vm?: { $?: { appContext?: { config?: { errorHandler?: ErrorHandler } } } }
}
type ErrorHandler = (this: unknown, error: unknown, ...rest: unknown[]) => unknown

/** uni-app sends a throwing handler to the app's errorHandler, which only calls App.onError: else it is silent. */
function catchVueErrors(instance: AppInstance | undefined, inspection: Inspection): void {
  const config = (instance as VueApp | undefined)?.$vm?.$?.appContext?.config
  if (!config) return
  const original = config.errorHandler
  config.errorHandler = function (error, ...rest) {
    // uni-app's own handler goes on to App.onError
    inspection.note('vue', error)
    return original?.call(this, error, ...rest)
  }
}
