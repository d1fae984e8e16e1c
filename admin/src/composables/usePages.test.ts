import fc from 'fast-check'
import { beforeEach, describe, expect, it, vi } from 'vitest'
import type { Outcome } from '../api/outcome.ts'
import { inAPage } from '../testing/in-a-page.ts'
import { usePages } from './usePages.ts'

interface Row {
  /** Which reading it is of. */
  of: number
}
interface Asked {
  number: number
  cursor: string | undefined
  signal: AbortSignal
  answer: (outcome: Outcome<{ items: Row[]; nextCursor: string | null }>) => void
}
let asked: Asked[]

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
  asked = []
})

const openTable = () =>
  inAPage(() =>
    usePages<Row>({
      topics: ['clues'],
      read: (cursor, signal) =>
        new Promise((resolve, reject) => {
          asked.push({ number: asked.length, cursor, signal, answer: resolve })
          signal.addEventListener('abort', () => reject(signal.reason as Error))
        }),
    }),
  )
const settle = () => vi.advanceTimersByTimeAsync(0)
/** A page of one row; after page three there is none. */
const answer = async (reading: Asked | undefined) => {
  if (!reading) return
  const page = reading.cursor === undefined ? 1 : Number(reading.cursor)
  const nextCursor = page < 3 ? String(page + 1) : null
  reading.answer({ ok: true, value: { items: [{ of: reading.number }], nextCursor } })
  await settle()
}
const fail = async (reading: Asked | undefined) => {
  reading?.answer({ ok: false, error: { kind: 'unreachable' } })
  await settle()
}
const open = () => asked.filter(({ signal }) => !signal.aborted)

describe('pages', () => {
  it('are turned by the cursors of the answers, forward and back', async () => {
    const { used: table } = openTable()
    void table.first()
    await answer(asked[0])
    expect(table).toMatchObject({
      pageNumber: { value: 1 },
      hasNext: { value: true },
      loaded: { value: true },
    })
    void table.forward()
    await answer(asked[1])
    void table.forward()
    await answer(asked[2])
    expect(table).toMatchObject({ pageNumber: { value: 3 }, hasNext: { value: false } })
    await table.forward()
    void table.back()
    await answer(asked[3])
    expect(asked.map(({ cursor }) => cursor)).toEqual([undefined, '2', '3', '2'])
    expect(table.pageNumber.value).toBe(2)
  })

  it('are turned once by two hasty clicks', async () => {
    const { used: table } = openTable()
    void table.first()
    await answer(asked[0])
    void table.forward()
    void table.forward()
    await answer(asked[2])
    expect(table.pageNumber.value).toBe(2)
    expect(asked[1]?.signal.aborted).toBe(true)
  })

  it('begin anew with another filter, even when its first page does not come', async () => {
    const { used: table, change } = openTable()
    void table.first()
    await answer(asked[0])
    void table.forward()
    await answer(asked[1])
    void table.first()
    await fail(asked[2])
    expect(table.error.value).toEqual({ kind: 'unreachable' })
    change('clues')
    expect(asked[3]?.cursor).toBeUndefined()
    await table.forward()
    expect(asked).toHaveLength(4)
  })
})

describe('a reading that fails', () => {
  it('leaves the rows and the page', async () => {
    const { used: table } = openTable()
    void table.first()
    await answer(asked[0])
    void table.forward()
    await fail(asked[1])
    expect(table).toMatchObject({
      items: { value: [{ of: 0 }] },
      pageNumber: { value: 1 },
      error: { value: { kind: 'unreachable' } },
      loading: { value: false },
    })
    void table.again()
    await answer(asked[2])
    expect(table.error.value).toBeNull()
  })

  it('before any answer is no empty table', async () => {
    const { used: table } = openTable()
    void table.first()
    await fail(asked[0])
    expect(table.loaded.value).toBe(false)
  })
})

describe('a change', () => {
  it('is read without anything to be seen of it', async () => {
    const { used: table, change } = openTable()
    void table.first()
    await answer(asked[0])
    change('clues')
    expect(table.loading.value).toBe(false)
    await answer(asked[1])
    expect(table.items.value).toEqual([{ of: 1 }])
  })

  it('while somebody waits for a page is read after that page', async () => {
    const { used: table, change } = openTable()
    void table.first()
    change('clues')
    expect(asked).toHaveLength(1)
    await answer(asked[0])
    expect(table.loading.value).toBe(false)
    expect(asked).toHaveLength(2)
  })

  it('gives way to what somebody asks for', async () => {
    const { used: table, change } = openTable()
    void table.first()
    await answer(asked[0])
    change('clues')
    void table.forward()
    expect(asked[1]?.signal.aborted).toBe(true)
    await answer(asked[2])
    expect(table).toMatchObject({ pageNumber: { value: 2 }, items: { value: [{ of: 2 }] } })
  })
})

it('a page that is left lets go of its reading, and begins no other', async () => {
  const { used: table, change, leave } = openTable()
  void table.first()
  change('clues')
  leave()
  expect(asked[0]?.signal.aborted).toBe(true)
  await settle()
  expect(asked).toHaveLength(1)
})

it('whatever happens in whatever order, one reading counts at a time and the last change is on screen', async () => {
  const steps = fc.array(
    fc.constantFrom<
      'change' | 'first' | 'forward' | 'back' | 'again' | 'answer' | 'answer a stale one' | 'fail' | 'wait'
    >(
      'change',
      'change',
      'first',
      'forward',
      'back',
      'again',
      'answer',
      'answer a stale one',
      'fail',
      'wait',
    ),
    { maxLength: 40 },
  )
  await fc.assert(
    fc.asyncProperty(steps, async (taken) => {
      asked = []
      let askedBeforeChange = -1
      const answered = new Set<Asked>()
      const next = () => open().find((reading) => !answered.has(reading))
      const done = (reading: Asked | undefined) => {
        if (reading) answered.add(reading)
        return reading
      }
      const { used: table, change, leave } = openTable()
      for (const step of taken) {
        if (step === 'change') {
          askedBeforeChange = asked.length
          change('clues')
        } else if (step === 'answer') await answer(done(next()))
        else if (step === 'answer a stale one') await answer(asked.find(({ signal }) => signal.aborted))
        else if (step === 'fail') await fail(done(next()))
        else if (step === 'wait') await vi.advanceTimersByTimeAsync(700)
        else void table[step]()
        await settle()
        expect(open().filter((reading) => !answered.has(reading)).length).toBeLessThanOrEqual(1)
      }
      for (let turn = 0; turn < 4; turn++) {
        await answer(done(next()))
        await vi.advanceTimersByTimeAsync(1000)
      }
      expect(next()).toBeUndefined()
      expect(table.loading.value).toBe(false)
      if (askedBeforeChange >= 0) expect(asked.length).toBeGreaterThan(askedBeforeChange)
      leave()
    }),
    { numRuns: 300 },
  )
})
