import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { createLoop } from './loop.ts'

beforeEach(() => vi.useFakeTimers())
afterEach(() => vi.useRealTimers())

const failNever = (error: unknown) => {
  throw error
}

describe('a loop', () => {
  it('turns at once, then every while, and says how long it has been quiet', async () => {
    const turn = vi.fn(async () => undefined)
    const loop = createLoop({ pollMs: 1000, turn, onError: failNever })
    expect(loop.quietFor()).toBeUndefined()
    loop.start()
    await vi.advanceTimersByTimeAsync(900)
    expect(turn).toHaveBeenCalledTimes(1)
    expect(loop.quietFor()).toBe(900)
    await vi.advanceTimersByTimeAsync(100)
    expect(turn).toHaveBeenCalledTimes(2)
    expect(loop.quietFor()).toBe(0)
    await loop.stop()
  })

  it('is quiet while a turn hangs, unless the turn says that it goes on', async () => {
    let end = (): void => undefined
    const turn = () => new Promise<void>((resolve) => (end = resolve))
    const loop = createLoop({ pollMs: 1000, turn, onError: failNever })
    loop.start()
    await vi.advanceTimersByTimeAsync(60_000)
    expect(loop.quietFor()).toBe(60_000)
    loop.beat()
    await vi.advanceTimersByTimeAsync(10)
    expect(loop.quietFor()).toBe(10)
    const stopped = loop.stop()
    end()
    await stopped
  })
})
