import fc from 'fast-check'
import { beforeEach, describe, expect, it, vi } from 'vitest'
import { inAPage } from '../testing/in-a-page.ts'
import { useRefresh } from './useRefresh.ts'

let isHidden = false
/** Each reading that is not answered yet. */
let open: (() => void)[]
let begun: number
const read = () => {
  begun += 1
  return new Promise<void>((resolve) => open.push(resolve))
}
const answer = async () => {
  open.shift()?.()
  await vi.advanceTimersByTimeAsync(0)
}
const look = (hidden: boolean) => {
  isHidden = hidden
  document.dispatchEvent(new Event('visibilitychange'))
}

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
  isHidden = false
  vi.spyOn(document, 'hidden', 'get').mockImplementation(() => isHidden)
  open = []
  begun = 0
})

describe('a change', () => {
  it('is read at once', () => {
    const { change } = inAPage(() => useRefresh(['clues'], read))
    expect(begun).toBe(0)
    change('clues')
    expect(begun).toBe(1)
  })

  it('of another topic is not', () => {
    const { change } = inAPage(() => useRefresh(['clues', 'staff'], read))
    change('deliveries')
    expect(begun).toBe(0)
  })

  it('many times a second is read once a second', async () => {
    const { change } = inAPage(() => useRefresh(['clues'], read))
    for (let tenth = 0; tenth < 49; tenth++) {
      change('clues')
      await answer()
      await vi.advanceTimersByTimeAsync(100)
    }
    expect(begun).toBe(5)
  })

  it('is read as rarely as a page wishes', async () => {
    const { change } = inAPage(() => useRefresh(['clues'], read, 5_000))
    change('clues')
    await answer()
    change('clues')
    await vi.advanceTimersByTimeAsync(4_999)
    expect(begun).toBe(1)
    await vi.advanceTimersByTimeAsync(1)
    expect(begun).toBe(2)
  })

  it('waits until somebody looks', () => {
    const { change } = inAPage(() => useRefresh(['clues'], read))
    look(true)
    change('clues')
    change('clues')
    expect(begun).toBe(0)
    look(false)
    expect(begun).toBe(1)
  })

  it('is nothing to a page that was left', async () => {
    const { change, leave } = inAPage(() => useRefresh(['clues'], read))
    change('clues')
    change('clues')
    leave()
    await answer()
    change('clues')
    look(false)
    await vi.advanceTimersByTimeAsync(10_000)
    expect(begun).toBe(1)
  })
})

it('reads one at a time, never unseen, and always once more after the last change', async () => {
  const steps = fc.array(
    fc.oneof(
      fc.constantFrom<'change' | 'answer' | 'hide' | 'show'>('change', 'answer', 'hide', 'show'),
      fc.integer({ min: 1, max: 1500 }),
    ),
    { maxLength: 40 },
  )
  await fc.assert(
    fc.asyncProperty(steps, async (taken) => {
      open = []
      begun = 0
      isHidden = false
      let begunBeforeChange = -1
      const wrong: string[] = []
      const { change, leave } = inAPage(() =>
        useRefresh(['clues'], () => {
          if (open.length > 0) wrong.push('a second reading')
          if (isHidden) wrong.push('a reading that nobody sees')
          return read()
        }),
      )
      for (const step of taken) {
        if (step === 'change') {
          begunBeforeChange = begun
          change('clues')
        } else if (step === 'answer') await answer()
        else if (step === 'hide' || step === 'show') look(step === 'hide')
        else await vi.advanceTimersByTimeAsync(step)
      }
      look(false)
      await answer()
      await vi.advanceTimersByTimeAsync(1000)
      expect(begun).toBeGreaterThan(begunBeforeChange)
      // and then it is quiet
      await answer()
      await vi.advanceTimersByTimeAsync(60_000)
      expect(open).toHaveLength(0)
      expect(wrong).toEqual([])
      leave()
    }),
  )
})
