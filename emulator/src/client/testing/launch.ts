import { vi } from 'vitest'
import { profileOf, type ClientProfile, type Platform } from '../../profiles.ts'
import type { MiniProgramPackage } from '../../protocol.ts'
import { demoRelease, type Release } from '../../release.ts'
import { AppUpdates } from '../app-updates.ts'
import { Device, initialState } from '../device.ts'
import { Inspection } from '../inspection.ts'
import { launchMiniProgram, type MiniProgram } from '../mini-program.ts'
import { screen } from '../screen.ts'
import { createScreens } from '../screens.ts'
import { createShell, type Shell } from '../shell/shell.ts'
import { compile, type Files } from './compile.ts'
import { FakeLink } from './fake-link.ts'

export { onePage } from './one-page.ts'

export interface TestPhone {
  program: MiniProgram
  link: FakeLink
  inspection: Inspection
  device: Device
  shell: Shell
  missing: string[]
  updates: AppUpdates
  /** Kills what runs and starts the same package again, on the same storage. */
  relaunch(entry?: { url?: string; scene?: number }): void
  /** An element by its id in wxml, on the shown page. */
  byId(id: string): HTMLElement
  /** A part of the shell by its data-test. */
  part(name: string): HTMLElement | null
  tapId(id: string): void
  press(name: string): void
  /** What app code put into `globalThis.testLog`. */
  log(): unknown[]
}

interface Options {
  /** @default 'strict' */
  platform?: Platform
  /** What differs from the platform's answers. */
  profile?: Partial<ClientProfile>
  entry?: { url?: string; scene?: number }
  theme?: MiniProgramPackage['theme']
  /** What differs from the demo's. */
  release?: Partial<Release>
  /** Whose WeChat is signed in; with one given, the storage of the phones before is kept. */
  openid?: string
  /** Loads the newer version that the test offers through `updates`. */
  download?: () => Promise<MiniProgramPackage>
  /** How a subpackage comes. */
  downloadPackage?: (root: string) => Promise<void>
  /** Sets what WeChat and the phone answer before the app's code runs. */
  prepare?: (before: { link: FakeLink; device: Device }) => void
}

let phone: { program: MiniProgram } | undefined

const isPackage = (files: Files | MiniProgramPackage): files is MiniProgramPackage => 'templates' in files

/** Runs `files`, or what the emulator compiled of a build, on a drawn phone in jsdom. The one before it is killed. */
export function startPhone(
  files: Files | MiniProgramPackage,
  { platform = 'strict', profile: overrides, entry, theme, release, openid, ...more }: Options = {},
): TestPhone {
  const { download, downloadPackage, prepare } = more
  phone?.program.kill()
  if (openid === undefined) localStorage.clear()
  Reflect.set(globalThis, 'testLog', [])
  let packaged = isPackage(files) ? files : compile({ 'app.js': 'App({ log: [] })', ...files }, theme)
  const inspection = new Inspection()
  const link = new FakeLink(openid)
  const device = new Device({ ...initialState(link.openid), platform })
  prepare?.({ link, device })
  const missing: string[] = []
  const updates = new AppUpdates(download ?? (() => Promise.reject(new Error('nothing newer'))))
  const shell = createShell(document.body, '线索铃', {
    navigateBack: () => void test.program.pages.leave(1),
    goHome: vi.fn(),
    pressTab: (index) => test.program.pages.pressTab(index),
    closeApp: () => screens.leave('chats'),
    openApp: () => screens.enter(),
    openMessage: vi.fn(),
    refuse: (templateId) => link.refuse(templateId),
    showScreen: (screen) => screens.leave(screen),
    restart: () => test.relaunch(),
    openSettings: vi.fn(),
    canShare: () => test.program.sharing.isOffered,
    share: () => void test.program.sharing.share('menu'),
    allowNotifications: (allowed) =>
      void link
        .changeState({ notifications: allowed ? 'authorized' : 'denied' })
        .then((state) => device.update(state)),
  })
  device.onChange((state) => shell.updateState(state))
  shell.updateState(device.state)
  const screens = createScreens(
    shell,
    () => test.program,
    () => test.relaunch(),
  )
  shell.show('app')
  const launch = (at?: Options['entry']) => {
    packaged = updates.packageForLaunch(packaged)
    return launchMiniProgram(
      {
        ...{ program: packaged, updates, device, link, inspection, storage: localStorage },
        profile: profileOf(device.state.platform, overrides),
        release: { ...demoRelease, ...release },
        shell: shell.ui,
        surface: shell.app,
        onPageMissing: (path) => missing.push(path),
        ...(downloadPackage ? { downloadPackage } : {}),
      },
      at,
    )
  }
  const test: TestPhone = {
    ...{ link, inspection, device, shell, missing, updates },
    program: launch(entry),
    relaunch(at) {
      test.program.kill()
      test.program = launch(at)
    },
    byId(id) {
      screen.flush()
      const found = document.querySelector<HTMLElement>(
        `.we-page:not([hidden]) [exparser\\:info-attr-id="${id}"]`,
      )
      if (!found) throw new Error(`no #${id} on the page`)
      return found
    },
    part: (name) => document.querySelector<HTMLElement>(`[data-test="${name}"]`),
    tapId(id) {
      tap(test.byId(id))
      screen.flush()
    },
    press(name) {
      const found = test.part(name)
      if (!found) throw new Error(`no ${name} on the phone`)
      found.click()
      screen.flush()
    },
    log: () => (Reflect.get(globalThis, 'testLog') as unknown[]) ?? [],
  }
  phone = test
  return test
}

/** A press and its release at one point: what the framework makes a tap of. */
export function tap(element: Element): void {
  for (const type of ['mousedown', 'mouseup', 'click'])
    element.dispatchEvent(new MouseEvent(type, { bubbles: true, clientX: 5, clientY: 5 }))
}
