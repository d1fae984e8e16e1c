import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { saveOften } from './state-file.ts'

describe('a state that is saved often', () => {
  beforeEach(() => void vi.useFakeTimers())
  afterEach(() => void vi.useRealTimers())

  it('is fifty milliseconds old at the most, and whole at the end', () => {
    const save = vi.fn()
    const saving = saveOften(save, vi.fn())
    vi.advanceTimersByTime(150)
    expect(save).toHaveBeenCalledTimes(3)
    saving.stop()
    vi.advanceTimersByTime(1000)
    expect(save).toHaveBeenCalledTimes(4)
  })

  it('rests the longer the longer it took, so that a large one costs a twentieth of a core', () => {
    const save = vi.fn()
    const slow = vi.spyOn(performance, 'now').mockReturnValueOnce(0).mockReturnValueOnce(30)
    const saving = saveOften(save, vi.fn())
    vi.advanceTimersByTime(50 + 599)
    expect(save).toHaveBeenCalledTimes(1)
    vi.advanceTimersByTime(1)
    expect(save).toHaveBeenCalledTimes(2)
    saving.stop()
    slow.mockRestore()
  })

  it('that cannot be written is tried again, and said once until it could be', () => {
    const lines: string[] = []
    const isFull = [true, true, false, true]
    const save = () => {
      if (isFull.shift()) throw new Error('写不了')
    }
    const saving = saveOften(save, (line) => lines.push(line))
    vi.advanceTimersByTime(150)
    expect(lines).toEqual(['写不了'])
    saving.stop()
    expect(lines).toEqual(['写不了', '写不了'])
  })
})
