import { describe, expect, it } from 'vitest'
import type { CallRecord } from '../protocol.ts'
import { newChangeBook } from './changes.ts'
import type { PushRecord } from './push/record.ts'

const call = (at: number): CallRecord => ({ at, call: 'token', errcode: 0, request: {}, latencyMs: 0 })
const push = (at: number): PushRecord => ({
  event: { kind: 'change', openid: 'o', at, templateId: 'T' },
  outcome: 'waiting',
  attempts: [],
})

describe('what changed since it was last asked', () => {
  it('is what is new, and what is not as it was, under the name it had', () => {
    const book = newChangeBook()
    const [first, second, third] = [call(1), call(2), push(3)]
    book.call(first)
    book.call(second)
    const all = book.after(undefined)
    expect(all.calls.map(({ record }) => record.at)).toEqual([1, 2])
    expect(book.after(all.mark)).toMatchObject({ isAfresh: false, calls: [], pushes: [] })

    book.push(third)
    first.durationMs = 5
    book.call(first)
    const more = book.after(all.mark)
    expect(more.calls).toEqual([{ id: all.calls[0]?.id, record: first }])
    expect(more.pushes.map(({ record }) => record)).toEqual([third])
    expect(book.after(more.mark)).toMatchObject({ calls: [], pushes: [] })
  })

  it('is everything for who comes from another run, whatever number was reached there', () => {
    const [before, now] = [newChangeBook(), newChangeBook()]
    for (let at = 0; at < 5; at++) before.call(call(at))
    now.call(call(9))
    const { isAfresh, calls } = now.after(before.after(undefined).mark)
    expect(isAfresh).toBe(true)
    expect(calls.map(({ record }) => record.at)).toEqual([9])
    const [old] = before.after('').calls
    expect(calls.map(({ id }) => id)).not.toContain(old?.id)
  })

  it('what was forgotten does not come back when it changes', () => {
    const book = newChangeBook()
    const waiting = push(1)
    book.push(waiting)
    const { mark } = book.after(undefined)
    book.forget()
    waiting.outcome = 'abandoned'
    book.push(waiting)
    expect(book.after(mark)).toMatchObject({ isAfresh: true, pushes: [] })
  })

  it('the newest thousand are kept', () => {
    const book = newChangeBook()
    for (let at = 1; at <= 2500; at++) book.call(call(at))
    const { calls } = book.after(undefined)
    expect(calls).toHaveLength(1000)
    expect(calls.at(-1)?.record.at).toBe(2500)
  })
})
