import { vi } from 'vitest'
import type { MiniProgramPackage } from '../../protocol.ts'
import { Device, initialState } from '../device.ts'
import { Inspection } from '../inspection.ts'
import { launchMiniProgram, type MiniProgram } from '../mini-program.ts'
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
}

let phone: { program: MiniProgram } | undefined

/** Runs `files` on a drawn phone in jsdom. The one before it is killed. */
export function startPhone(
  files: Files,
  { tapProfile = strictTapProfile, entry, theme }: Options = {},
): TestPhone {
  phone?.program.kill()
  localStorage.clear()
  Reflect.set(globalThis, 'testLog', [])
  const packaged = compile({ 'app.js': 'App({ log: [] })', ...files }, theme)
  const inspection = new Inspection()
  const device = new Device(initialState('oTestPhone'))
  const link = new FakeLink()
  const missing: string[] = []
  const shell = createShell(document.body, '线索铃', {
    navigateBack: () => test.program.pages.back(1),
    goHome: vi.fn(),
    closeApp: vi.fn(),
    openApp: vi.fn(),
    openMessage: vi.fn(),
    showScreen: vi.fn(),
    restart: vi.fn(),
    openSettings: vi.fn(),
  })
  shell.show('app')
  const launch = (at?: Options['entry']) =>
    launchMiniProgram(
      {
        ...{ program: packaged, device, link, inspection, tapProfile, storage: localStorage },
        shell: shell.ui,
        surface: shell.app,
        onPageMissing: (path) => missing.push(path),
      },
      at,
    )
  const test: TestPhone = {
    ...{ link, inspection, device, shell, missing },
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
