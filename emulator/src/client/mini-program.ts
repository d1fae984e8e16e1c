import type { MiniProgramPackage } from '../protocol.ts'
import type { Release } from '../release.ts'
import { appName, effectiveTheme, tabPages } from './app-config.ts'
import { appConsole, catchVueErrors, collectErrors } from './app-errors.ts'
import { AppLifecycle, type AppInstance, type EnterOptions } from './app-lifecycle.ts'
import { AppTimers } from './app-timers.ts'
import type { AppUpdates } from './app-updates.ts'
import { documentBackend } from './backend.ts'
import type { BuiltinHost } from './builtins/define.ts'
import { createAppSpace, type AppDefinition } from './code-space.ts'
import type { Device } from './device.ts'
import type { Inspection } from './inspection.ts'
import { ModuleLoader, type AppGlobals } from './module-loader.ts'
import { PageCode } from './page-code.ts'
import { normalizePath, parsePageUrl } from './paths.ts'
import type { PhoneLink } from './phone-link.ts'
import { Pages, type PageSurface } from './pages.ts'
import { PrivacyGate } from './privacy-gate.ts'
import { ComponentQueries } from './queries/component-queries.ts'
import { packageRootOf, subPackagesOf } from './sub-packages.ts'
import { TapState, type TapProfile } from './tap-state.ts'
import type { WxHost } from './wx/host.ts'
import { createWx } from './wx/index.ts'
import type { ShellUi } from './wx/shell-ui.ts'

export interface LaunchSurroundings {
  program: MiniProgramPackage
  release: Release
  updates: AppUpdates
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
 * Starts the app's code as WeChat does: `wx` first (H50), then app.js and what else runs at launch, then
 * `onLaunch`, `onShow` and the first page.
 */
export function launchMiniProgram(
  around: LaunchSurroundings,
  entry: { url?: string; scene?: number } = {},
): MiniProgram {
  const { program, release, updates, device, inspection, link, shell, surface, storage } = around
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
    agreePrivacy: (buttonId) => privacy.agreeBy(buttonId),
    missing: (what) => builtinHost.wrong(`${what} is not part of this emulator`),
    wrong: (words) => void inspection.note('template', new Error(words)),
    drawPageMeta: (within, meta) => pages.drawMeta(within, meta),
    changeWindow: (within, change) => pages.changeWindow(change, within),
  }
  backend.context.onUnknownTag = (tag) => builtinHost.missing(`<${tag}>`)
  backend.context.setTheme(effectiveTheme(program, device.state.theme))
  document.documentElement.dataset.componentStyle = program.app.style === 'v2' ? 'v2' : 'v1'

  const queries = new ComponentQueries({
    later: (run) => void window.setTimeout(() => running && run(), 0),
    remark: (text) => void inspection.warnings.push(text),
    deliver: (where, run) =>
      tap.withoutPress(() => {
        try {
          run()
        } catch (thrown) {
          inspection.error(where, thrown)
        }
      }),
  })
  const app = createAppSpace(program, backend, builtinHost, { tap, inspection, queries })
  const code = new PageCode(program, (path) => app.define(path, () => load(`${path}.js`)))
  const pages = new Pages(program, backend, app, surface, device, inspection, (path) => code.visit(path))
  const privacy = new PrivacyGate({
    ...{ release, device, link, inspection, timers, shell, pages },
    appName: appName(program),
    alive: () => running,
  })
  const host: WxHost = {
    ...{ program, release, updates, device, link, inspection, tap, timers, lifecycle, shell, pages, storage },
    ...{ queries, privacy },
    showMissing: around.onPageMissing,
    alive: () => running,
    atEnd: (end) => void endings.push(end),
  }
  wx = createWx(host)
  Reflect.set(globalThis, 'wx', wx)

  endings.push(
    collectErrors(inspection, lifecycle),
    device.onChange((now, before) => {
      if (now.fontSize !== before.fontSize) pages.refreshFontSizes()
      const theme = effectiveTheme(program, now.theme)
      if (theme === effectiveTheme(program, before.theme)) return
      backend.context.setTheme(theme)
      pages.refreshWindows()
      lifecycle.fire('themeChange', { theme })
    }),
  )
  if (tabPages(program).length > 0) builtinHost.missing('tabBar')
  const subPackages = subPackagesOf(program.app)
  if (subPackages.some(({ independent }) => independent)) builtinHost.missing('an independent subpackage')

  const provided: AppGlobals = {
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
  }
  inspection.loaded = []
  const modules = new ModuleLoader(program.sources, provided, {
    reaches(from, file) {
      const root = packageRootOf(subPackages, file)
      return root === '' || root === packageRootOf(subPackages, from)
    },
    executing: (file) => void inspection.loaded.push(file),
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
  code.launch()

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
