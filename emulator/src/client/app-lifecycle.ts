import type { Inspection } from './inspection.ts'

/** How a mini-program was opened, as `onLaunch` and `onShow` are told. */
export interface EnterOptions {
  path: string
  query: Record<string, string>
  scene: number
  referrerInfo: Record<string, never>
  apiCategory: 'default'
}

/** The hooks app code registers with `App({...})`; uni-app passes all of them there. */
export interface AppInstance {
  [member: string]: unknown
}

export type AppEvent = 'show' | 'hide' | 'error' | 'unhandledRejection' | 'pageNotFound' | 'themeChange'

const hooks: Record<AppEvent, string> = {
  show: 'onShow',
  hide: 'onHide',
  error: 'onError',
  unhandledRejection: 'onUnhandledRejection',
  pageNotFound: 'onPageNotFound',
  themeChange: 'onThemeChange',
}

type Listener = (detail: unknown) => void

/** The one App of a launch: its hooks, the `wx.onX` listeners beside them, and whether it is on the screen. */
export class AppLifecycle {
  instance: AppInstance | undefined
  launchOptions: EnterOptions
  enterOptions: EnterOptions
  /** Milliseconds since 1970; undefined while on the screen. */
  hiddenSince: number | undefined
  private readonly listeners = new Map<AppEvent, Set<Listener>>()

  constructor(
    options: EnterOptions,
    private readonly inspection: Inspection,
  ) {
    this.launchOptions = options
    this.enterOptions = options
  }

  listen(event: AppEvent, listener: Listener): void {
    const known = this.listeners.get(event) ?? new Set()
    this.listeners.set(event, known.add(listener))
  }

  /** Without a listener: all of them, as `wx.offX()` does. */
  unlisten(event: AppEvent, listener?: Listener): void {
    if (listener) this.listeners.get(event)?.delete(listener)
    else this.listeners.delete(event)
  }

  hasHandler(event: AppEvent): boolean {
    return typeof this.instance?.[hooks[event]] === 'function' || (this.listeners.get(event)?.size ?? 0) > 0
  }

  launch(): void {
    this.hook('onLaunch', this.launchOptions)
  }

  /** The hook of `App` first, then the `wx.onX` listeners. */
  fire(event: AppEvent, detail: unknown): void {
    this.hook(hooks[event], detail)
    for (const listener of [...(this.listeners.get(event) ?? [])])
      this.guarded(`wx.on ${event}`, () => listener(detail))
  }

  private hook(name: string, detail: unknown): void {
    const { instance } = this
    const handler = instance?.[name]
    if (typeof handler === 'function')
      this.guarded(`App.${name}`, () => (handler as Listener).call(instance, detail))
  }

  /** An error inside onError itself must not call onError again. */
  private guarded(where: string, run: () => void): void {
    try {
      run()
    } catch (thrown) {
      if (where !== 'App.onError') this.inspection.error(where, thrown)
    }
  }
}
