import { beforeEach, describe, expect, it, vi } from 'vitest'
import { effectScope, nextTick, ref } from 'vue'
import { useAnnouncement } from './useAnnouncement.ts'

const scope = () => {
  const said = ref({ text: '', rests: true })
  const running = effectScope()
  const told = running.run(() =>
    useAnnouncement(
      () => said.value.text,
      () => said.value.rests,
    ),
  )
  const say = async (text: string, rests = false) => {
    said.value = { text, rests }
    await nextTick()
    return told?.value
  }
  return { say, told: () => told?.value, leave: () => running.stop() }
}
beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
})

describe('an announcement', () => {
  it('is made at once, and then not more often than every five seconds', async () => {
    const { say, told } = scope()
    expect(await say('送达 1')).toBe('送达 1')
    expect(await say('送达 2')).toBe('送达 1')
    expect(await say('送达 3')).toBe('送达 1')
    vi.advanceTimersByTime(4_999)
    expect(told()).toBe('送达 1')
    vi.advanceTimersByTime(1)
    expect(told()).toBe('送达 3')
    expect(await say('送达 4')).toBe('送达 3')
  })

  it('does not wait when everything has come to rest', async () => {
    const { say } = scope()
    await say('送达 1')
    expect(await say('全部送达', true)).toBe('全部送达')
  })

  it('of numbers that go on at rest waits its five seconds', async () => {
    const { say, told } = scope()
    await say('送达 1')
    await say('送达 2，等待 2', true)
    expect(await say('送达 3，等待 1', true)).toBe('送达 2，等待 2')
    vi.advanceTimersByTime(5_000)
    expect(told()).toBe('送达 3，等待 1')
  })

  it('is taken back at once, and the next one is made at once', async () => {
    const { say } = scope()
    await say('送达 1')
    expect(await say('', true)).toBe('')
    expect(await say('送达 2')).toBe('送达 2')
  })

  it('leaves nothing running behind', async () => {
    const { say, leave } = scope()
    await say('送达 1')
    leave()
    expect(vi.getTimerCount()).toBe(0)
  })
})
