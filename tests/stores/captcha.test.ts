import { beforeEach, describe, expect, it, vi } from 'vitest'
import { CAPTCHA_USABLE_MS, useCaptcha } from '@/stores/captcha.ts'
import { ok, type BackendAnswer } from '../fakes/backend.ts'
import { useFakeHost, type FakeHost } from '../fakes/host.ts'

let host: FakeHost
beforeEach(() => {
  host = useFakeHost()
})

describe('the captcha', () => {
  it('has a key of its own for each picture', async () => {
    await useCaptcha().load()
    const first = useCaptcha().checkKey
    await useCaptcha().load()
    expect(useCaptcha().checkKey).not.toBe(first)
  })

  it('a late answer does not replace a newer picture: its key would not fit', async () => {
    const answers: ((answer: BackendAnswer) => void)[] = []
    host.backend['GET /sys/randomImage/{checkKey}'] = () => new Promise((resolve) => answers.push(resolve))
    const loads = [useCaptcha().load(), useCaptcha().load()]
    await host.settled()
    answers[1]?.(ok('data:image/svg+xml,second', 0))
    await host.settled()
    answers[0]?.(ok('data:image/svg+xml,first', 0))
    await Promise.all(loads)
    expect(useCaptcha().image).toBe('data:image/svg+xml,second')
  })

  it('is stale shortly before the backend forgets it', async () => {
    vi.useFakeTimers()
    await useCaptcha().load()
    vi.advanceTimersByTime(CAPTCHA_USABLE_MS)
    expect(useCaptcha().isStale()).toBe(false)
    vi.advanceTimersByTime(1)
    expect(useCaptcha().isStale()).toBe(true)
  })
})
