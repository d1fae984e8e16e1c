import fc from 'fast-check'
import { expect, it } from 'vitest'
import { gate } from './gate.ts'

const planned = new Error('as planned')

it('never more than so many at once, in the order they came, and all of them, whichever ends first or fails', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.scheduler(),
      fc.integer({ min: 1, max: 3 }),
      fc.array(fc.boolean(), { maxLength: 12 }),
      async (scheduler, most, plan) => {
        const enter = gate(most)
        let running = 0
        const came: number[] = []
        const begun: number[] = []
        const works = plan.map(async (succeeds, n) => {
          await scheduler.schedule(Promise.resolve(), `${n} comes`)
          came.push(n)
          return enter(async () => {
            begun.push(n)
            expect(++running).toBeLessThanOrEqual(most)
            await scheduler.schedule(Promise.resolve(), `${n} ends`)
            running--
            if (!succeeds) throw planned
          })
        })
        const ended = Promise.allSettled(works)
        await scheduler.waitFor(ended)
        const outcomes = (await ended).map((one) =>
          one.status === 'fulfilled' ? 'done' : (one.reason as unknown),
        )
        expect(outcomes).toEqual(plan.map((succeeds) => (succeeds ? 'done' : planned)))
        expect(begun).toEqual(came)
      },
    ),
  )
})

it('as many as it lets in do run at once', async () => {
  const enter = gate(2)
  const begun: number[] = []
  for (const n of [1, 2, 3])
    void enter(() => {
      begun.push(n)
      return new Promise(() => undefined)
    })
  await Promise.resolve()
  expect(begun).toEqual([1, 2])
})
