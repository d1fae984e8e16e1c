import { homePage } from './app-config.ts'
import type { AppInstance, AppLifecycle } from './app-lifecycle.ts'
import type { AppTimers } from './app-timers.ts'
import type { AppDefinition, AppSpace } from './code-space.ts'
import type { Inspection } from './inspection.ts'
import type { AppGlobals } from './module-loader.ts'
import type { Pages } from './pages.ts'
import type { MiniProgramPackage } from '../protocol.ts'
import type { Release } from '../release.ts'

interface Parts {
  program: MiniProgramPackage
  release: Release
  lifecycle: AppLifecycle
  timers: AppTimers
  app: AppSpace
  pages: Pages
  inspection: Inspection
  console: object
}

/** The global names that WeChat gives app code besides `wx`, `require`, `module` and `exports`. */
export function appGlobals(parts: Parts): AppGlobals {
  const { program, release, lifecycle, timers, app, pages, inspection } = parts
  /** What `getApp({ allowDefault: true })` gives while there is no App; it becomes a part of the real one. */
  let stand: AppInstance | undefined
  return {
    App: (instance: AppInstance) => {
      lifecycle.instance = stand ? Object.assign(stand, instance) : instance
    },
    getApp: (options?: { allowDefault?: boolean }) =>
      lifecycle.instance ?? (options?.allowDefault === true ? (stand ??= {}) : undefined),
    Page: (definition: AppDefinition) => app.Page(definition),
    Component: (definition: AppDefinition) => app.Component(definition),
    Behavior: (definition: object) => app.Behavior(definition),
    getCurrentPages: () => pages.instances,
    setTimeout: timers.setTimeout,
    setInterval: timers.setInterval,
    clearTimeout: timers.clearTimeout,
    clearInterval: timers.clearInterval,
    console: parts.console,
    requirePlugin: (name: string) => {
      const words = `requirePlugin(${JSON.stringify(name)}): plug-ins are not part of this emulator`
      inspection.note('requirePlugin', new Error(words))
      throw new Error(words)
    },
    __wxConfig: {
      pages: program.pages,
      entryPagePath: `${homePage(program)}.html`,
      global: { window: program.app.window ?? {} },
      tabBar: program.app.tabBar ?? {},
      accountInfo: { appId: program.appid },
      envVersion: release.envVersion,
      debug: false,
    },
  }
}
