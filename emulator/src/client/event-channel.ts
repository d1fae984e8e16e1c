type Listener = (...args: unknown[]) => void

/** What `navigateTo({ events })` opens between two pages. */
export class EventChannel {
  private readonly listeners = new Map<string, Set<Listener>>()

  readonly on = (name: string, listener: Listener): void => {
    const known = this.listeners.get(name) ?? new Set()
    this.listeners.set(name, known.add(listener))
  }

  readonly once = (name: string, listener: Listener): void => {
    const run = (...args: unknown[]) => {
      this.off(name, run)
      listener(...args)
    }
    this.on(name, run)
  }

  readonly off = (name: string, listener?: Listener): void => {
    if (listener) this.listeners.get(name)?.delete(listener)
    else this.listeners.delete(name)
  }

  readonly emit = (name: string, ...args: unknown[]): void => {
    for (const listener of [...(this.listeners.get(name) ?? [])]) listener(...args)
  }
}
