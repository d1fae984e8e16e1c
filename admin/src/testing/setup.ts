import { enableAutoUnmount } from '@vue/test-utils'
import { afterEach, beforeEach, vi } from 'vitest'

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

// Hooks run backwards: what a page has put beside itself is there until it is unmounted.
enableAutoUnmount(afterEach)

// Element Plus's forms check with a library that reports wrong input as a warning; thrown, it would count as right.
Object.assign(globalThis, { ASYNC_VALIDATOR_NO_WARNING: 1 })
