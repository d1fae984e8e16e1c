import { enableAutoUnmount } from '@vue/test-utils'
import { createPinia, setActivePinia } from 'pinia'
import { afterEach, beforeEach, expect, vi } from 'vitest'
import { resetHooks } from './fakes/uni-app.ts'

beforeEach(() => {
  resetHooks()
  setActivePinia(createPinia())
  vi.spyOn(console, 'warn')
  vi.spyOn(console, 'error')
})

enableAutoUnmount(afterEach)

// A warning of Vue or Pinia is a mistake in a page: it fails the test that caused it.
afterEach(() => {
  expect(vi.mocked(console.warn).mock.calls).toEqual([])
  expect(vi.mocked(console.error).mock.calls).toEqual([])
  vi.restoreAllMocks()
  vi.unstubAllGlobals()
  vi.useRealTimers()
})
