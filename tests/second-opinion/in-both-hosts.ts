import { afterAll, beforeAll, vi } from 'vitest'

/** What jsdom has not and both hosts ask for: a browser's observer that sees nothing, and one clock for both. */
export function inBothHosts(): void {
  beforeAll(() => {
    vi.useFakeTimers()
    vi.stubGlobal(
      'IntersectionObserver',
      class {
        observe() {}
        disconnect() {}
      },
    )
  })
  afterAll(() => {
    vi.unstubAllGlobals()
    vi.useRealTimers()
  })
}
