import type { ClientProfile } from '../profiles.ts'
import type { MiniProgramPackage } from '../protocol.ts'
import type { Release } from '../release.ts'
import { networkDelays, speedOf, durationOf, type NetworkDelays } from '../network-speeds.ts'
import { appName, effectiveTheme, homePage } from './app-config.ts'
import { appConsole, catchVueErrors, collectErrors } from './app-errors.ts'
import { appGlobals } from './app-globals.ts'
import { AppLifecycle, type EnterOptions } from './app-lifecycle.ts'
import { AppTimers } from './app-timers.ts'
import type { AppUpdates } from './app-updates.ts'
import { documentBackend } from './backend.ts'
import type { BuiltinHost } from './builtins/define.ts'
import { createAppSpace } from './code-space.ts'
import type { Device } from './device.ts'
import { PhoneFiles } from './files.ts'
import type { Inspection } from './inspection.ts'
import { ModuleLoader, type PackageRules } from './module-loader.ts'
import { PackageDownloads, preloadedBy } from './package-downloads.ts'
import { PageCode } from './page-code.ts'
import { normalizePath, parsePageUrl } from './paths.ts'
import { Permissions } from './permissions.ts'
import type { PhoneLink } from './phone-link.ts'
import { Pages, type PageSurface } from './pages.ts'
import { PrivacyGate } from './privacy-gate.ts'
import { ComponentQueries } from './queries/component-queries.ts'
import { Sharing } from './sharing.ts'
import { packageRootOf, subPackagesOf } from './sub-packages.ts'
import { TabBar } from './tab-bar.ts'
import { TapState } from './tap-state.ts'
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
  /** What the phone's WeChat answers where the sources leave it open; fixed for the launch. */
  profile: ClientProfile
  /** How a subpackage comes to the phone. @default by the phone's network: late on a slow one, never without one */
  downloadPackage?: (root: string) => Promise<void>
  /** The page a launch wanted is not there and the app did nothing about it. */
  onPageMissing(path: string): void
}

/** A running mini-program, from its launch until it is killed. */
export interface MiniProgram {
  readonly pages: Pages
  readonly tap: TapState
  readonly sharing: Sharing
  /** Milliseconds since 1970; undefined while it is on the screen. */
  readonly hiddenSince: number | undefined
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
  const { program, release, updates, device, inspection, link, shell, surface, storage, profile } = around
  const url = (entry.url || homePage(program)).replace(/^\//, '')
  const options = enterOptions(url, entry.scene ?? DEFAULT_SCENE)
  let running = true

  const tap = new TapState(profile)
  const timers = new AppTimers(tap, inspection)
  const lifecycle = new AppLifecycle(options, inspection)
  const backend = documentBackend()
  const endings: (() => void)[] = []

  let wx: Record<string, unknown> = {}
  const builtinHost: BuiltinHost = {
    share: (target) => void sharing.share('button', target),
    async askPhoneNumber() {
      const code = await link.phoneNumberCode().catch(() => undefined)
      if (code === undefined) return { kind: 'refused' }
      const allowed = await new Promise<boolean>((answer) =>
        shell.askPermission({ what: '获取你的手机号', why: '' }, (said) => answer(said === true)),
      )
      return allowed ? { kind: 'allowed', code } : { kind: 'denied' }
    },
    callApi: (name, callOptions) => (wx[name] as (o: object) => unknown)(callOptions),
    press: (run) => tap.press(run),
    assetUrl: (src) => files.urlOf(src) ?? assetUrl(src, pages.top?.path ?? ''),
    showPicker: (request) => shell.showPicker(request),
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
    remark: (text) => void inspection.remark(text),
    deliver: (where, run) =>
      tap.withoutPress(() => {
        try {
          run()
        } catch (thrown) {
          inspection.error(where, thrown)
        }
      }),
  })
  const app = createAppSpace(program, backend, builtinHost, { tap, profile, inspection, queries })
  const code = new PageCode(program, (path) => app.define(path, () => load(`${path}.js`)))
  const tabBar = new TabBar(program, () => device.state.theme)
  const downloads = new PackageDownloads(program, around.downloadPackage ?? overTheNetwork(program, device))
  downloads.bring(parsePageUrl(url).path)
  const pages = new Pages({
    ...{ program, backend, app, surface, device, inspection, tabBar },
    prepare(path) {
      if (!downloads.isIndependent(path)) startApp()
      code.visit(path)
      for (const name of preloadedBy(program, path, device.network)) {
        const root = downloads.rootNamed(name)
        if (root === undefined)
          inspection.note('preloadRule', new Error(`preloadRule of ${path}: no package ${name}`))
        // a preload that fails is tried again when a page needs it
        else
          downloads.fetch(root).catch((error: unknown) => inspection.remark(`preloadRule: ${String(error)}`))
      }
    },
    hasAppStyles: (path) => !downloads.isIndependent(path),
    confirmLeaving: (message) =>
      new Promise((resolve) =>
        shell.askModal(
          {
            ...{ title: '', content: message, showCancel: true, confirmText: '确定', cancelText: '取消' },
            ...{ confirmColor: undefined, cancelColor: undefined, editable: false, placeholderText: '' },
          },
          ({ confirm }) => resolve(confirm),
        ),
      ),
  })
  const privacy = new PrivacyGate({
    ...{ release, profile, device, link, inspection, timers, shell, pages },
    appName: appName(program),
    alive: () => running,
  })
  const files = new PhoneFiles(storage, link.openid, program.appid)
  const permissions = new Permissions(storage, link.openid, program.appid, shell)
  const sharing = new Sharing({
    ...{ pages, shell, inspection },
    appName: appName(program),
    assetUrl: builtinHost.assetUrl,
  })
  const host: WxHost = {
    ...{ program, release, updates, device, link, inspection, tap, timers, lifecycle, shell, pages, storage },
    ...{ queries, privacy, profile, tabBar, downloads, files, permissions },
    assetUrl: builtinHost.assetUrl,
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
  const subPackages = subPackagesOf(program.app)
  const provided = {
    wx,
    ...appGlobals({
      ...{ program, release, lifecycle, timers, app, pages, inspection },
      console: appConsole(inspection),
    }),
  }
  inspection.loaded = []
  const packageRules: PackageRules = {
    reaches(from, file) {
      const root = packageRootOf(subPackages, file)
      return root === packageRootOf(subPackages, from) || (root === '' && !downloads.isIndependent(from))
    },
    fetch: (file) => downloads.fetchFor(file),
    executing: (file) => void inspection.loaded.push(file),
  }
  const { resolveAlias } = program.app
  const modules = new ModuleLoader(program.sources, provided, packageRules, resolveAlias)
  const load = (file: string) => {
    try {
      modules.load(file)
    } catch (thrown) {
      inspection.error(`load ${file}`, thrown)
    }
  }
  let appStarted = false
  /** An independent subpackage runs without it; then the first page of another package starts it. */
  function startApp(): void {
    if (appStarted) return
    appStarted = true
    load('app.js')
    catchVueErrors(lifecycle.instance, inspection)
    code.launch()
    lifecycle.launch()
    lifecycle.fire('show', options)
  }

  if (!downloads.isIndependent(options.path)) startApp()
  openEntry(url, options, true)

  function openEntry(target: string, entered: EnterOptions, isEntryPage: boolean): void {
    const absolute = `/${target.replace(/^\//, '')}`
    if (pages.has(absolute)) {
      if (downloads.has(entered.path)) return pages.launch(absolute)
      downloads.fetchFor(entered.path).then(
        () => running && pages.launch(absolute),
        (error: unknown) => {
          inspection.note('launch', error)
          if (running) around.onPageMissing(entered.path)
        },
      )
      return
    }
    lifecycle.fire('pageNotFound', { path: entered.path, query: entered.query, isEntryPage })
    if (!lifecycle.hasHandler('pageNotFound')) around.onPageMissing(entered.path)
  }

  return {
    pages,
    tap,
    sharing,
    get hiddenSince() {
      return lifecycle.hiddenSince
    },
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
  return { ...parsePageUrl(url), scene, referrerInfo: {}, apiCategory: 'default' }
}

/** A package takes as long as its scripts would on the phone's network. */
function overTheNetwork(program: MiniProgramPackage, device: Device, delays: NetworkDelays = networkDelays) {
  return async (root: string): Promise<void> => {
    const speed = speedOf(device.state, delays)
    if (!speed) throw new Error('network is not available')
    const files = Object.entries(program.sources).filter(([file]) => file.startsWith(`${root}/`))
    const bytes = files.reduce((sum, [, source]) => sum + source.length, 0)
    const ms = durationOf(speed, bytes, Math.random)
    if (ms > 0) await new Promise((resolve) => setTimeout(resolve, ms))
  }
}

/** data: and http(s): as they are, the package's own files under /app/. */
function assetUrl(src: string, page: string): string {
  if (/^(data:|https?:|blob:)/.test(src)) return src
  return `/app/${normalizePath(page, src)}`
}
