import { describe, expect, it } from 'vitest'
import type { ApiError, Outcome } from './outcome.ts'
import { sendOnce } from './send-once.ts'

const unreachable: ApiError = { kind: 'unreachable' }
const refused = (code: number, result: unknown = null): ApiError => ({
  kind: 'refused',
  code,
  message: '',
  result,
  rid: '',
})

/** The keys that the requests go under, when they are answered so. */
async function keysOf(tries: { request?: object; error?: ApiError }[]): Promise<string[]> {
  const send = sendOnce()
  const keys: string[] = []
  for (const { request = { same: true }, error } of tries)
    await send(request, async (key): Promise<Outcome<null>> => {
      keys.push(key)
      return error ? { ok: false, error } : { ok: true, value: null }
    })
  return keys
}

describe('the same request again', () => {
  it.each<[string, ApiError]>([
    ['it was not answered', unreachable],
    ['a proxy answered', { kind: 'broken', status: 502, rid: '' }],
    ['the server failed', refused(500)],
    ['there were too many at once', refused(429)],
  ])('goes under the same key when %s', async (_why, error) => {
    const [first, second] = await keysOf([{ error }, {}])
    expect(second).toBe(first)
  })

  it('keeps its key while the first one is still at work', async () => {
    const [first, second, third] = await keysOf([{ error: unreachable }, { error: refused(409) }, {}])
    expect([second, third]).toEqual([first, first])
  })

  it('gets a new key once the backend repeats a refusal that it keeps', async () => {
    const kept: ApiError = { kind: 'refused', code: 409, message: '', result: null, rid: '', replayed: true }
    const [first, second, third] = await keysOf([{ error: unreachable }, { error: kept }, {}])
    expect([second === first, third === first]).toEqual([true, false])
  })

  it.each<[string, ApiError]>([
    ['the person is disabled', refused(409)],
    ['the lead is another version', refused(409, { id: '1' })],
    ['the lead is gone', refused(404)],
  ])('gets a new key when it was refused: %s', async (_why, error) => {
    const [first, second] = await keysOf([{ error }, {}])
    expect(second).not.toBe(first)
  })

  it('gets a new key after it was done', async () => {
    const [first, second] = await keysOf([{}, {}])
    expect(second).not.toBe(first)
  })
})

it('another request gets another key', async () => {
  const [first, second] = await keysOf([
    { request: { to: 'a' }, error: unreachable },
    { request: { to: 'b' }, error: unreachable },
  ])
  expect(second).not.toBe(first)
})

it('a request keeps its key while others are sent', async () => {
  const [first, , third] = await keysOf([
    { request: { to: 'a' }, error: unreachable },
    { request: { to: 'b' } },
    { request: { to: 'a' } },
  ])
  expect(third).toBe(first)
})
