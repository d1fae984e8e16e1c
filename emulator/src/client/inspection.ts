/** One call of a `wx` API. `arg` is a JSON copy, `tap` the tap state at the moment of the call. */
export interface HostCall {
  name: string
  arg: unknown
  tap: boolean
  /** Milliseconds since 1970. */
  at: number
  /** What the callbacks were told, as a JSON copy; absent while it is open, and for synchronous calls. */
  answer?: unknown
}

export interface HostError {
  where: string
  message: string
  stack?: string
}

/** One call of `setData`, of a page or of a component on it. */
export interface SetDataCall {
  /** The page's path. */
  page: string
  /** Length of the data as JSON in UTF-8, which is what crosses from app code to the screen on a phone. */
  bytes: number
  keys: string[]
}

/** How much `setData` moved since the start, or since `reset`. */
export class SetDataMeter {
  calls = 0
  bytes = 0
  largest = 0
  /** The last LOG_LENGTH calls, oldest first. */
  log: SetDataCall[] = []

  count(page: string, data: unknown): void {
    const bytes = new TextEncoder().encode(JSON.stringify(data) ?? '').length
    this.calls += 1
    this.bytes += bytes
    this.largest = Math.max(this.largest, bytes)
    this.log.push({ page, bytes, keys: Object.keys(data ?? {}) })
    if (this.log.length > LOG_LENGTH) this.log.shift()
  }

  reset(): void {
    this.calls = this.bytes = this.largest = 0
    this.log = []
  }
}

export const LOG_LENGTH = 2000

/** What tests and the desk may look at. Nothing in the emulator reads its own record. */
export class Inspection {
  calls: HostCall[] = []
  errors: HostError[] = []
  /** What the component framework remarks, as WeChat does in its console; nothing failed. */
  warnings: string[] = []
  /** Rates that WeChat would complain about (wechat-platform.md §14 H29). */
  violations: string[] = []
  readonly setData = new SetDataMeter()
  /** The script files that ran since the last launch, in order. */
  loaded: string[] = []
  private listeners = new Set<(error: HostError) => void>()

  /** The returned function books what came back. */
  call(name: string, arg: unknown, tap: boolean): (answer: unknown) => void {
    const call: HostCall = { name, arg: jsonCopy(arg), tap, at: Date.now() }
    this.calls.push(call)
    return (answer) => void (call.answer = jsonCopy(answer))
  }

  /** Collects an error that app code threw and tells the listeners (the app's `onError`). */
  error(where: string, thrown: unknown): void {
    const error = this.note(where, thrown)
    for (const listener of this.listeners) listener(error)
  }

  /** Collects something wrong that no app code threw. Both kinds are seen in the console. */
  note(where: string, thrown: unknown): HostError {
    const error: HostError =
      thrown instanceof Error
        ? { where, message: thrown.message, ...(thrown.stack ? { stack: thrown.stack } : {}) }
        : { where, message: describe(thrown) }
    this.errors.push(error)
    say(`${where}: ${error.stack ?? error.message}`)
    return error
  }

  /** Keeps what is odd without being wrong; the console hears of it once. */
  remark(...texts: string[]): void {
    for (const text of texts) {
      if (!this.warnings.includes(text)) say(text)
      this.warnings.push(text)
    }
  }

  onError(listener: (error: HostError) => void): () => void {
    this.listeners.add(listener)
    return () => this.listeners.delete(listener)
  }
}

/** The one place where the emulator writes to the console: what is wrong with app code must not be silent. */
function say(text: string): void {
  // eslint-disable-next-line no-console
  console.warn(`[mini-program] ${text}`)
}

function jsonCopy(value: unknown): unknown {
  try {
    return value === undefined ? undefined : (JSON.parse(JSON.stringify(value)) as unknown)
  } catch {
    return '(not JSON)'
  }
}

function describe(value: unknown): string {
  if (typeof value === 'string') return value
  if (typeof value === 'object' && value !== null && 'errMsg' in value) return String(value.errMsg)
  return JSON.stringify(value) ?? String(value)
}
