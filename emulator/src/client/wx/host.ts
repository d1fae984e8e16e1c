import type { ClientProfile } from '../../profiles.ts'
import type { MiniProgramPackage } from '../../protocol.ts'
import type { Release } from '../../release.ts'
import type { AppLifecycle } from '../app-lifecycle.ts'
import type { AppTimers } from '../app-timers.ts'
import type { AppUpdates } from '../app-updates.ts'
import type { Device } from '../device.ts'
import type { PhoneFiles } from '../files.ts'
import type { Inspection } from '../inspection.ts'
import type { PackageDownloads } from '../package-downloads.ts'
import type { Pages } from '../pages.ts'
import type { ComponentQueries } from '../queries/component-queries.ts'
import type { Permissions } from '../permissions.ts'
import type { PhoneLink } from '../phone-link.ts'
import type { PrivacyGate } from '../privacy-gate.ts'
import type { TabBar } from '../tab-bar.ts'
import type { TapState } from '../tap-state.ts'
import type { ShellUi } from './shell-ui.ts'

/** Everything the `wx` API stands on, for one launch of the mini-program. */
export interface WxHost {
  program: MiniProgramPackage
  release: Release
  device: Device
  profile: ClientProfile
  link: PhoneLink
  inspection: Inspection
  tap: TapState
  timers: AppTimers
  lifecycle: AppLifecycle
  shell: ShellUi
  updates: AppUpdates
  privacy: PrivacyGate
  /** 「页面不存在」 in place of a page. */
  showMissing(path: string): void
  /** Set once the app's code has run. */
  pages: Pages
  queries: ComponentQueries
  tabBar: TabBar
  downloads: PackageDownloads
  files: PhoneFiles
  /** What the user allowed scope by scope: `getSetting`'s authSetting. */
  permissions: Permissions
  /** The browser's URL of a file as app code names it. */
  assetUrl(src: string): string
  /** Whether this launch is still the one on the phone; late answers to a killed app are dropped. */
  alive(): boolean
  storage: Storage
  /** Runs `end` when this launch is over. */
  atEnd(end: () => void): void
}
