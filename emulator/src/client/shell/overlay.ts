/** What lies over the pages: modals, sheets, the panel. Each is taken away once, with or without an answer. */
export class Overlay {
  private readonly open = new Map<HTMLElement, () => void>()

  constructor(readonly element: HTMLElement) {}

  /** Shows `part`; `dismissed` is told when it goes without an answer. Returns what takes it away. */
  add(part: HTMLElement, dismissed: () => void): () => void {
    this.element.append(part)
    this.open.set(part, dismissed)
    return () => {
      this.open.delete(part)
      part.remove()
    }
  }

  /** The mini-program under it is gone or shows another page. */
  clear(): void {
    for (const [part, dismissed] of [...this.open]) {
      this.open.delete(part)
      part.remove()
      dismissed()
    }
  }
}
