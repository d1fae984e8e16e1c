import type { ImportResult } from '@leadbell/contract'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { ApiError, Outcome } from '../../api/outcome.ts'
import { carryOn, planRun, type Chunk, type ImportRun } from './import-run.ts'

const idsTo = (count: number) => Array.from({ length: count }, (_, n) => n + 1)
const imported = (count: number): Outcome<ImportResult> => ({
  ok: true,
  value: { total: count, imported: count, rows: [] },
})
const refusal = (code: number): ApiError => ({ kind: 'refused', code, message: '', result: null, rid: '' })

describe('an import', () => {
  it('goes in chunks of 200, in order, each under a key of its own', async () => {
    const sent: Chunk[] = []
    const progress: number[] = []
    const end = await carryOn(
      planRun(idsTo(500)),
      (chunk) => Promise.resolve(imported(sent.push(chunk) && chunk.ids.length)),
      (run) => progress.push(run.imported),
    )
    expect(end).toEqual({ kind: 'done' })
    expect(sent.map(({ ids }) => ids.length)).toEqual([200, 200, 100])
    expect(sent.flatMap(({ ids }) => ids)).toEqual(idsTo(500))
    expect(new Set(sent.map(({ key }) => key)).size).toBe(3)
    expect(progress).toEqual([200, 400, 500])
  })

  it.each<[string, ApiError, 'paused' | 'refused']>([
    ['no answer', { kind: 'unreachable' }, 'paused'],
    ['the page of a proxy', { kind: 'broken', status: 502, rid: '' }, 'paused'],
    ['the end of the session', { kind: 'unauthorized', message: '' }, 'paused'],
    ['a fault of the backend', refusal(500), 'paused'],
    ['the same request still being at work', refusal(409), 'paused'],
    ['too many requests', refusal(429), 'paused'],
    ['rows that are wrong', refusal(422), 'refused'],
    ['a body that is too large', refusal(413), 'refused'],
    ['missing rights', refusal(403), 'refused'],
  ])('after %s is %3$s', async (_what, error, kind) => {
    expect(
      await carryOn(
        planRun([1]),
        () => Promise.resolve({ ok: false, error }),
        () => undefined,
      ),
    ).toEqual({
      kind,
      error,
    })
  })

  it('brings each row in exactly once, however often requests or answers are lost', async () => {
    const fate = fc.constantFrom('answered', 'request lost', 'answer lost')
    await fc.assert(
      fc.asyncProperty(fc.nat(900), fc.infiniteStream(fate), async (count, fates) => {
        const kept = new Map<string, number>()
        const arrived: number[] = []
        let run: ImportRun = planRun(idsTo(count))
        const send = ({ key, ids }: Chunk): Promise<Outcome<ImportResult>> => {
          const what = fates.next().value
          if (what !== 'request lost' && !kept.has(key)) {
            kept.set(key, ids.length)
            arrived.push(...ids)
          }
          if (what === 'answered') return Promise.resolve(imported(kept.get(key) ?? 0))
          return Promise.resolve({ ok: false, error: { kind: 'unreachable' } })
        }
        while ((await carryOn(run, send, (next) => (run = next))).kind !== 'done') continue
        expect(arrived).toEqual(idsTo(count))
        expect(run).toMatchObject({ imported: count, chunks: [] })
      }),
    )
  })
})
