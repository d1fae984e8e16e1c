import { enableAutoUnmount } from '@vue/test-utils'
import { afterEach, beforeEach, vi } from 'vitest'

enableAutoUnmount(afterEach)

// A warning of Vue's or an error that somebody logged is a fault of the page.
beforeEach(() => {
  for (const way of ['warn', 'error'] as const)
    vi.spyOn(console, way).mockImplementation((...said: unknown[]) => {
      throw new Error(`console.${way}: ${said.map(String).join(' ')}`)
    })
})

afterEach(() => {
  vi.restoreAllMocks()
  vi.useRealTimers()
  localStorage.clear()
  document.body.innerHTML = ''
})
