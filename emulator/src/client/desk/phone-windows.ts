import type { HostCall, HostError } from '../inspection.ts'
import type { PhoneHandle } from '../phone.ts'
import type { MiniProgramPackage } from '../../protocol.ts'

type PhoneWindow = Window & { __phone?: PhoneHandle; __package?: MiniProgramPackage }

/** The phones' own windows, by openid: frames of this page. */
export class PhoneWindows {
  private readonly frames = new Map<string, HTMLIFrameElement>()

  /** Remembers the frame; for lit's `ref`. */
  hold(openid: string, frame: Element | undefined): void {
    if (frame) this.frames.set(openid, frame as HTMLIFrameElement)
    else this.frames.delete(openid)
  }

  /** Undefined while the phone starts, and for one that is off. */
  handle(openid: string): PhoneHandle | undefined {
    return this.window(openid)?.__phone
  }

  /** Every page of the mini-program on it. */
  pages(openid: string): readonly string[] {
    return this.window(openid)?.__package?.pages ?? []
  }

  restart(openid: string): void {
    this.window(openid)?.location.reload()
  }

  restartAll(): void {
    for (const openid of this.frames.keys()) this.restart(openid)
  }

  private window(openid: string): PhoneWindow | undefined {
    return (this.frames.get(openid)?.contentWindow as PhoneWindow | null) ?? undefined
  }
}

/** `at` is on WeChat's clock, as it was when the call was seen. */
export interface SeenCall extends HostCall {
  id: string
}
export interface SeenError extends HostError {
  id: string
  at: number
}

const MOST = 1000

/** What one phone's mini-program called, restarts included: a phone forgets when it starts anew, the desk does not. */
export class PhoneLog {
  calls: SeenCall[] = []
  errors: SeenError[] = []
  private handle: PhoneHandle | undefined
  private starts = 0
  private errorCount = 0
  /** Calls of earlier starts. */
  private past: SeenCall[] = []
  /** How far WeChat's clock was ahead when a call was first seen. */
  private readonly ahead = new Map<string, number>()

  /** `aheadMs`: how far WeChat's clock is ahead of the machine's. */
  read(handle: PhoneHandle | undefined, aheadMs: number): void {
    if (!handle) return
    if (handle !== this.handle) {
      this.handle = handle
      this.starts += 1
      this.errorCount = 0
      this.past = this.calls.slice(-MOST)
    }
    // all of them anew each time: an answer comes after its call
    const first = Math.max(0, handle.calls.length - MOST)
    const present = handle.calls.slice(first).map((call, n): SeenCall => {
      const id = `${this.starts}.${first + n}`
      if (!this.ahead.has(id)) this.ahead.set(id, aheadMs)
      return { ...call, id, at: call.at + (this.ahead.get(id) ?? 0) }
    })
    this.calls = [...this.past, ...present]
    for (const error of handle.errors.slice(this.errorCount))
      this.errors.push({ ...error, at: Date.now() + aheadMs, id: `${this.starts}.${this.errorCount++}` })
    this.errors = this.errors.slice(-MOST)
  }
}
