import { vi } from 'vitest'
import type { MiniProgramPackage } from '../../protocol.ts'
import { demoRelease, type Release } from '../../release.ts'
import { AppUpdates } from '../app-updates.ts'
import { Device, initialState } from '../device.ts'
import { Inspection } from '../inspection.ts'
import { launchMiniProgram, type MiniProgram } from '../mini-program.ts'
import { createScreens } from '../screens.ts'
import { createShell, type Shell } from '../shell/shell.ts'
import { strictTapProfile, type TapProfile } from '../tap-state.ts'
import { compile, type Files } from './compile.ts'
import { FakeLink } from './fake-link.ts'

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
  tapProfile?: TapProfile
  entry?: { url?: string; scene?: number }
  theme?: MiniProgramPackage['theme']
  /** What differs from the demo's. */
  release?: Partial<Release>
  /** Whose WeChat is signed in; with one given, the storage of the phones before is kept. */
  openid?: string
  /** Loads the newer version that the test offers through `updates`. */
  download?: () => Promise<MiniProgramPackage>
}

let phone: { program: MiniProgram } | undefined

/** Runs `files` on a drawn phone in jsdom. The one before it is killed. */
export function startPhone(
  files: Files,
  { tapProfile = strictTapProfile, entry, theme, release, openid, download }: Options = {},
): TestPhone {
  phone?.program.kill()
  if (openid === undefined) localStorage.clear()
  Reflect.set(globalThis, 'testLog', [])
  let packaged = compile({ 'app.js': 'App({ log: [] })', ...files }, theme)
  const inspection = new Inspection()
  const link = new FakeLink(openid)
  const device = new Device(initialState(link.openid))
  const missing: string[] = []
  const updates = new AppUpdates(download ?? (() => Promise.reject(new Error('nothing newer'))))
  const shell = createShell(document.body, '线索铃', {
    navigateBack: () => test.program.pages.back(1),
    goHome: vi.fn(),
    closeApp: () => screens.leave('chats'),
    openApp: () => screens.enter(),
    openMessage: vi.fn(),
    showScreen: (screen) => screens.leave(screen),
    restart: () => test.relaunch(),
    openSettings: vi.fn(),
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
        ...{ program: packaged, updates, device, link, inspection, tapProfile, storage: localStorage },
        release: { ...demoRelease, ...release },
        shell: shell.ui,
        surface: shell.app,
        onPageMissing: (path) => missing.push(path),
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
      const found = document.querySelector<HTMLElement>(
        `.we-page:not([hidden]) [exparser\\:info-attr-id="${id}"]`,
      )
      if (!found) throw new Error(`no #${id} on the page`)
      return found
    },
    part: (name) => document.querySelector<HTMLElement>(`[data-test="${name}"]`),
    tapId: (id) => tap(test.byId(id)),
    press(name) {
      const found = test.part(name)
      if (!found) throw new Error(`no ${name} on the phone`)
      found.click()
    },
    log: () => (Reflect.get(globalThis, 'testLog') as unknown[]) ?? [],
  }
  phone = test
  return test
}

/** A mini-program of one page, whose `Page({…})` body and wxml are given. */
export const onePage = (members: string, wxml: string, more: Files = {}): Files => ({
  'app.json': JSON.stringify({ pages: ['pages/a'] }),
  'pages/a.js': `const log = globalThis.testLog; Page({ ${members} })`,
  'pages/a.wxml': wxml,
  ...more,
})

/** A press and its release at one point: what the framework makes a tap of. */
export function tap(element: Element): void {
  for (const type of ['mousedown', 'mouseup', 'click'])
    element.dispatchEvent(new MouseEvent(type, { bubbles: true, clientX: 5, clientY: 5 }))
}
