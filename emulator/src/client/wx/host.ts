import type { MiniProgramPackage } from '../../protocol.ts'
import type { AppLifecycle } from '../app-lifecycle.ts'
import type { AppTimers } from '../app-timers.ts'
import type { Device } from '../device.ts'
import type { Inspection } from '../inspection.ts'
import type { Pages } from '../pages.ts'
import type { PhoneLink } from '../phone-link.ts'
import type { TapState } from '../tap-state.ts'
import type { ShellUi } from './shell-ui.ts'

/** Everything the `wx` API stands on, for one launch of the mini-program. */
export interface WxHost {
  program: MiniProgramPackage
  device: Device
  link: PhoneLink
  inspection: Inspection
  tap: TapState
  timers: AppTimers
  lifecycle: AppLifecycle
  shell: ShellUi
  /** Set once the app's code has run. */
  pages: Pages
  /** Whether this launch is still the one on the phone; late answers to a killed app are dropped. */
  alive(): boolean
  storage: Storage
}
