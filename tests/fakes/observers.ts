/** `createIntersectionObserver` by script: a test says which block came near the screen. */
interface Observer {
  selector: string
  margins: Record<string, number>
  isConnected: boolean
  tell: (result: { intersectionRatio: number; dataset: { block: number } }) => void
}

export function createObservers() {
  const all: Observer[] = []
  const connected = () => all.filter(({ isConnected }) => isConnected)

  return {
    connected,
    created: () => all.length,
    /** Block `block` comes near the screen, or leaves it. */
    block: (block: number, intersectionRatio = 0.5) =>
      connected().forEach(({ tell }) => tell({ intersectionRatio, dataset: { block } })),

    create() {
      const observer: Observer = { selector: '', margins: {}, isConnected: false, tell: () => {} }
      all.push(observer)
      const handle = {
        relativeToViewport(margins: Record<string, number>) {
          observer.margins = margins
          return handle
        },
        observe(selector: string, tell: Observer['tell']) {
          Object.assign(observer, { selector, tell, isConnected: true })
        },
        disconnect() {
          observer.isConnected = false
        },
      }
      return handle
    },
  }
}
