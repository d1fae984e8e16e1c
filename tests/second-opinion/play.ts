import { inject, vi } from 'vitest'
import { startEmulatorHost } from './emulator-host.ts'
import { startExparserHost } from './exparser-host.ts'
import type { Host, HostCall, Part } from './host.ts'
import { find, outline, type Shown } from './shown.ts'
import { surroundings, type Surroundings } from './surroundings.ts'

export const hosts = { emulator: startEmulatorHost, exparser: startExparserHost }
export type HostName = keyof typeof hosts

const NOW = new Date('2026-11-23T12:00:00+08:00')

/** One host under a script's hands. Every step waits until nothing more happens by itself. */
export class Player {
  private seen: Record<string, string> = {}

  constructor(private readonly host: Host) {}

  get shown(): Shown[] {
    return this.host.shown()
  }

  async tap(selector: string, nth = 0): Promise<void> {
    this.host.tap(find(this.shown, selector, nth).dom)
    await settled()
  }
  /** Until the tap's own dispatch is over, and no longer. */
  async dispatchTap(dom: Element): Promise<void> {
    this.host.tap(dom)
    // one of the frameworks begins the dispatch in a microtask of its own
    await Promise.resolve()
  }
  settle = () => settled()
  async tell(selector: string, type: 'input' | 'confirm' | 'blur', value = ''): Promise<void> {
    this.host.tell(find(this.shown, selector).dom, type, value)
    await settled()
  }
  async press(part: Part): Promise<void> {
    this.host.press(part)
    await settled()
  }
  async network(type: 'wifi' | 'none'): Promise<void> {
    this.host.network(type)
    await settled()
  }
  /** What WeChat calls on the page itself: `onReachBottom`, `onPullDownRefresh`. */
  async call(lifetime: string): Promise<void> {
    const handler = this.host.page()[lifetime] as () => void
    handler.call(this.host.page())
    await settled()
  }
  page = () => this.host.page()
  calls = () => this.host.calls()
  errors = () => this.host.errors()

  /** Remembers what is on the screen now, to be compared under this name. */
  see(name: string): void {
    this.seen[name] = `${this.host.routes().join(' > ')}\n${outline(this.shown)}`
  }

  /** What was seen, and what the app asked of WeChat meanwhile. */
  report(): Report {
    return { seen: this.seen, calls: this.host.calls().flatMap(told), errors: this.host.errors() }
  }
}

export interface Report {
  seen: Record<string, string>
  calls: string[]
  errors: string[]
}
export type Script = (player: Player) => Promise<void>

/** The real one: a message between ports is no timer, and comes in a turn of the loop. */
const immediate = globalThis.setImmediate

/** A second is longer than anything these pages wait for by themselves, and shorter than their minutes. */
export async function settled(): Promise<void> {
  for (let passed = 0; passed < 1000; passed += 50) {
    await vi.advanceTimersByTimeAsync(50)
    await new Promise((resolve) => immediate(resolve))
  }
}

/** Runs a build on one host at a fixed time; `given` is made anew for each. */
export async function playOn(
  name: HostName,
  given: () => Partial<Surroundings>,
  url: string,
  script: Script,
  dist = inject('builtMiniProgram'),
): Promise<Report> {
  vi.setSystemTime(NOW)
  const host = hosts[name](dist, surroundings(given()), url)
  try {
    const player = new Player(host)
    await settled()
    await script(player)
    return player.report()
  } finally {
    host.kill()
  }
}

/** What a reader of a log would want of a call: reads of the disk and listeners are not told. */
function told({ name, arg }: HostCall): string[] {
  const options = (arg ?? {}) as Record<string, unknown>
  switch (name) {
    case 'request':
      return [
        `${String(options.method)} ${new URL(String(options.url)).pathname.replace(/\/[a-z\d]{15,}$/, '/…')}`,
      ]
    case 'showModal':
      return [`showModal ${String(options.content)}`]
    case 'showToast':
      return [`showToast ${String(options.title)}`]
    case 'navigateTo':
    case 'reLaunch':
      return [`${name} ${String(options.url)}`]
    case 'requestSubscribeMessage':
      return [`${name} ${JSON.stringify(options.tmplIds)}`]
    default:
      return /Sync$|^(on|off|create)[A-Z]|^getApp|\./.test(name) ? [] : [name]
  }
}
