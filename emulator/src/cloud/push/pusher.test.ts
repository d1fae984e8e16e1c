import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { fakeBackend, plainTarget, thanks, type BackendAnswer } from '../../testing/backend.ts'
import { manualClock } from '../../testing/clock.ts'
import { newFaultBook } from '../fault-book.ts'
import type { PushEvent } from './event.ts'
import type { PushFault } from './faults.ts'
import { createPusher } from './pusher.ts'
import { BadPushTarget, readPushTarget, type PushTarget } from './target.ts'
import type { WaitingPush } from './waiting.ts'

const start = Date.parse('2026-11-23T09:00:00+08:00')
const change = (templateId: string): PushEvent => ({ kind: 'change', openid: 'o-1', at: start, templateId })
const errors = ['silence', 'unreachable', { status: 500, body: 'oops' }, { status: 200, body: 'ok' }] as const

async function world(
  answer?: (n: number) => BackendAnswer,
  target: Partial<PushTarget> = {},
  faults: PushFault[] = [],
) {
  const clock = manualClock(start)
  const { calls, transport } = fakeBackend(answer)
  const pusher = createPusher({
    appid: 'wxba5fad812f8e6fb9',
    style: { originalId: 'gh_123456789abc', createTime: 'number' },
    ...{ now: clock.now, timers: clock.timers, random: () => 0.5, transport },
  })
  const verification = await pusher.setTarget({ ...plainTarget, ...target })
  const book = newFaultBook(() => 0.5)
  for (const fault of faults) book.add(fault)
  const push = (...ids: string[]) => ids.forEach((id) => pusher.push(change(id), book))
  const told = () =>
    calls.map(({ body = '' }) => (JSON.parse(body) as { List: { TemplateId: string } }).List.TemplateId)
  return { clock, calls, pusher, push, told, verification }
}

describe('deliveries', () => {
  it('happen after the push, never within it', async () => {
    const { clock, calls, push } = await world()
    push('A')
    expect(calls).toEqual([])
    await clock.live(0)
    expect(calls).toHaveLength(1)
  })

  it.each(['', 'success', ' success\n'])('HTTP 200 with %j ends it', async (body) => {
    const { clock, calls, pusher, push } = await world(() => ({ status: 200, body }))
    push('A')
    await clock.live(60_000)
    expect(calls).toHaveLength(1)
    expect(pusher.log()).toMatchObject([
      { outcome: 'accepted', attempts: [{ answer: { kind: 'accepted' } }] },
    ])
  })

  it.each(errors)(
    'H45 after %j it is sent again every 5 s, three times in total, the same bytes',
    async (answer) => {
      const { clock, calls, pusher, push } = await world(() => answer)
      push('A')
      await clock.live(4_999)
      expect(calls).toHaveLength(1)
      await clock.live(1)
      expect(calls).toHaveLength(2)
      await clock.live(60_000)
      expect(calls).toHaveLength(3)
      expect(new Set(calls.map((call) => JSON.stringify(call))).size).toBe(1)
      const [record] = pusher.log()
      expect(record?.outcome).toBe('abandoned')
      expect(record?.attempts.map(({ at }) => at - start)).toEqual([0, 5000, 10_000])
    },
  )

  it('H45 whatever the backend answers: one to three deliveries of each event, ending with the first acceptance', async () => {
    const answers = fc.array(fc.constantFrom<BackendAnswer>(thanks, ...errors), {
      minLength: 3,
      maxLength: 3,
    })
    await fc.assert(
      fc.asyncProperty(fc.array(answers, { minLength: 1, maxLength: 6 }), async (plan) => {
        const asked = new Map<string, number>()
        const clock = manualClock(start)
        const { calls, transport } = fakeBackend((_, { body = '' }) => {
          const { List } = JSON.parse(body) as { List: { TemplateId: string } }
          const n = asked.get(List.TemplateId) ?? 0
          asked.set(List.TemplateId, n + 1)
          return plan[Number(List.TemplateId)]?.[n] ?? 'silence'
        })
        const style = { originalId: 'gh_123456789abc', createTime: 'number' } as const
        const parts = { now: clock.now, timers: clock.timers, random: () => 0, transport }
        const pusher = createPusher({ appid: 'wx', style, ...parts })
        await pusher.setTarget(plainTarget)
        plan.forEach((_, n) =>
          pusher.push(
            change(String(n)),
            newFaultBook(() => 0),
          ),
        )
        await clock.live(15_000)
        await pusher.settled()
        plan.forEach((its, n) => {
          const accepted = its.indexOf(thanks)
          expect(asked.get(String(n))).toBe(accepted === -1 ? 3 : accepted + 1)
          expect(pusher.log()[n]?.outcome).toBe(accepted === -1 ? 'abandoned' : 'accepted')
        })
        expect(new Set(calls.map(({ body }) => body)).size).toBe(plan.length)
      }),
      { numRuns: 60 },
    )
  })

  it('one that the backend keeps waiting does not hold up the others', async () => {
    const { clock, told, push } = await world((n) => (n === 0 ? 'silence' : thanks))
    push('A', 'B', 'C')
    await clock.live(0)
    expect(told()).toEqual(['A', 'B', 'C'])
  })

  it('64 calls at once, and the next one when there is room; its own time begins then', async () => {
    const { clock, calls, pusher, push } = await world((n) => (n < 64 ? 'silence' : thanks))
    push(...Array.from({ length: 65 }, (_, n) => String(n)))
    await clock.live(4_999)
    expect(calls).toHaveLength(64)
    await clock.live(1)
    expect(pusher.log().at(-1)).toMatchObject({ outcome: 'accepted', attempts: [{ at: start + 5000 }] })
  })

  it('latency shuffles the events; the time of signing is that of the first delivery', async () => {
    const waits = [9000, 10]
    const { clock, calls, told, push } = await world(undefined, { latencyMs: () => waits.shift() ?? 0 })
    push('A', 'B')
    await clock.live(9000)
    expect(told()).toEqual(['B', 'A'])
    const stamps = calls.map(({ url }) => Number(new URL(url).searchParams.get('timestamp')))
    expect(stamps).toEqual([start / 1000, start / 1000 + 9])
  })

  it('no two pushes of the same event carry the same nonce', async () => {
    const { clock, calls, push } = await world()
    push('A', 'A')
    await clock.live(0)
    expect(new Set(calls.map(({ url }) => new URL(url).searchParams.get('nonce'))).size).toBe(2)
  })
})

describe('over a restart', () => {
  const style = { originalId: 'gh_123456789abc', createTime: 'number' } as const
  /** Another process: its own pusher, the machine's clock going on, what was saved as JSON. */
  function next(clock: ReturnType<typeof manualClock>, saved: WaitingPush[], answer?: () => BackendAnswer) {
    const { calls, transport } = fakeBackend(answer)
    const parts = { now: clock.now, timers: clock.timers, random: () => 0.5, transport }
    const pusher = createPusher({ appid: 'wxba5fad812f8e6fb9', style, ...parts })
    pusher.resume(JSON.parse(JSON.stringify(saved)) as WaitingPush[])
    return { calls, pusher }
  }

  it.each([0, 1, 4999, 5000, 7000, 9999])(
    'H45 cut off %i ms after the event: it goes on by its schedule, three deliveries in total, the same bytes',
    async (ms) => {
      const { clock, calls, pusher, push } = await world(() => 'unreachable')
      push('A')
      await clock.live(ms)
      pusher.halt()
      const before = calls.length
      const after = next(clock, pusher.waiting(), () => 'unreachable')
      await clock.live(20_000)
      expect(calls).toHaveLength(before)
      expect(before + after.calls.length).toBe(3)
      expect(after.pusher.log()).toMatchObject([{ outcome: 'abandoned' }])
      expect(after.pusher.log()[0]?.attempts.map(({ at }) => at - start)).toEqual([0, 5000, 10_000])
      expect(new Set([...calls, ...after.calls].map((call) => JSON.stringify(call))).size).toBe(1)
      expect(after.pusher.waiting()).toEqual([])
    },
  )

  it('H45 a delivery that was under way counts: its answer is not waited for, its time is', async () => {
    const { clock, pusher, push } = await world(() => 'silence')
    push('A')
    await clock.live(11_000)
    pusher.halt()
    expect(pusher.waiting()).toMatchObject([{ begun: 3 }])
    const third = next(clock, pusher.waiting())
    await clock.live(60_000)
    expect(third.calls).toEqual([])
    expect(third.pusher.log()).toMatchObject([{ outcome: 'abandoned' }])

    const second = await world(() => 'silence')
    second.push('A')
    await second.clock.live(6000)
    second.pusher.halt()
    const last = next(second.clock, second.pusher.waiting())
    await second.clock.live(3999)
    expect(last.calls).toHaveLength(0)
    await second.clock.live(1)
    expect(last.calls).toHaveLength(1)
    expect(last.pusher.log()).toMatchObject([{ outcome: 'accepted' }])
  })

  it('one that was never signed keeps its time, and waits for a target if there is none yet', async () => {
    const { clock, calls, pusher, push } = await world(undefined, { latencyMs: 1000 })
    push('A')
    await clock.live(400)
    pusher.halt()
    const after = next(clock, pusher.waiting())
    await clock.live(60_000)
    expect([calls, after.calls]).toEqual([[], []])
    expect(after.pusher.waiting()).toHaveLength(1)
    await after.pusher.setTarget(plainTarget)
    await clock.live(0)
    expect(after.calls).toHaveLength(1)
    expect(after.pusher.waiting()).toEqual([])

    const early = await world(undefined, { latencyMs: 1000 })
    early.push('A')
    await early.clock.live(400)
    early.pusher.halt()
    const resumed = next(early.clock, early.pusher.waiting())
    await resumed.pusher.setTarget(plainTarget)
    await early.clock.live(599)
    expect(resumed.calls).toEqual([])
    await early.clock.live(1)
    expect(resumed.calls).toHaveLength(1)
  })

  it('what was accepted, lost or given up is not gone on with', async () => {
    const { clock, pusher, push } = await world(undefined, {}, [{ kind: 'lose', times: 1 }])
    push('A', 'B')
    await clock.live(0)
    expect(pusher.waiting()).toEqual([])
    const silent = await world(() => 'silence')
    silent.push('A')
    await silent.clock.live(0)
    expect(silent.pusher.waiting()).toHaveLength(1)
    silent.pusher.forget()
    await silent.clock.live(0)
    expect(silent.pusher.waiting()).toEqual([])
  })

  it('after halt nothing is delivered, nobody is told, and settled has nothing to wait for', async () => {
    const { clock, calls, pusher, push } = await world(() => 'unreachable')
    push('A')
    await clock.live(0)
    pusher.halt()
    push('B')
    await clock.live(60_000)
    await pusher.settled()
    expect(calls).toHaveLength(1)
    expect(pusher.waiting()).toMatchObject([{ begun: 1 }])
  })
})

describe('what a test breaks', () => {
  it('a lost event is never delivered; the ones after it are', async () => {
    const { clock, told, pusher, push } = await world(undefined, {}, [{ kind: 'lose', times: 1 }])
    push('A', 'B')
    await clock.live(60_000)
    expect(told()).toEqual(['B'])
    expect(pusher.log()).toMatchObject([{ outcome: 'lost', attempts: [] }, { outcome: 'accepted' }])
  })

  it('a repeated one comes twice, though it was accepted', async () => {
    const { clock, calls, push } = await world(undefined, {}, [{ kind: 'repeat', push: 'change' }])
    push('A')
    await clock.live(0)
    expect(calls).toHaveLength(2)
    expect(calls[0]).toEqual(calls[1])
  })

  it('a late one comes after its time', async () => {
    const { clock, told, push } = await world(undefined, {}, [{ kind: 'late', ms: 30_000, times: 1 }])
    push('A', 'B')
    await clock.live(29_999)
    expect(told()).toEqual(['B'])
    await clock.live(1)
    expect(told()).toEqual(['B', 'A'])
  })

  it('another kind, another user and a chance that does not come leave it alone', async () => {
    const { clock, told, push } = await world(undefined, {}, [
      { kind: 'lose', push: 'sent' },
      { kind: 'lose', openid: 'o-2' },
      { kind: 'lose', probability: 0.5 },
    ])
    push('A')
    await clock.live(0)
    expect(told()).toEqual(['A'])
  })
})

describe('the target', () => {
  it('H42 is verified with echostr, signed as the pushes are', async () => {
    expect((await world()).verification).toEqual({ ok: true })
  })

  it.each([
    ['another text', { status: 200, body: 'success' }, { kind: 'refused', status: 200, body: 'success' }],
    [
      'not found',
      { status: 404, body: 'x'.repeat(300) },
      { kind: 'refused', status: 404, body: 'x'.repeat(200) },
    ],
  ])('answered with %s it is not verified, and kept all the same', async (_, answer, expected) => {
    const clock = manualClock(start)
    const pusher = createPusher({
      appid: 'wx',
      style: { originalId: 'gh_123456789abc', createTime: 'number' },
      ...{ now: clock.now, timers: clock.timers, random: () => 0, transport: () => Promise.resolve(answer) },
    })
    expect(await pusher.setTarget(plainTarget)).toEqual({ ok: false, answer: expected })
    expect(pusher.target()).toEqual({
      ...{ url: plainTarget.url, mode: 'plain', format: 'json' },
      verification: { ok: false, answer: expected },
    })
  })

  it('without one nobody is told and nothing is kept; what is under way goes where it was sent', async () => {
    const { clock, calls, pusher, push } = await world(undefined, { latencyMs: 100 })
    push('A')
    pusher.clearTarget()
    push('B')
    await clock.live(100)
    expect(calls).toHaveLength(1)
    expect(pusher.log()).toHaveLength(1)
    expect(pusher.target()).toBeUndefined()
  })

  it('forget gives up what is under way', async () => {
    const { clock, calls, pusher, push } = await world(() => 'silence')
    push('A')
    await clock.live(0)
    pusher.forget()
    await clock.live(60_000)
    await pusher.settled()
    expect(calls).toHaveLength(1)
    expect(pusher.log()).toEqual([])
  })

  it.each<[string, object]>([
    ['本机', { url: 'https://example.com/wechat/events' }],
    ['url', { url: 'file:///etc/passwd' }],
    ['token', { token: 'a-b' }],
    ['mode', { mode: 'secret' }],
    ['format', { format: 'yaml' }],
    ['aesKey', { mode: 'encrypted' }],
    ['aesKey', { aesKey: 'A'.repeat(42) }],
    ['originalId', { originalId: 'gh_' }],
    ['latencyMs', { latencyMs: [5, 1] }],
    ['timeoutMs', { timeoutMs: 0 }],
    ['tokn', { tokn: 'AAAAA' }],
  ])('a bad %s is refused by name', (word, wrong) => {
    const read = () => readPushTarget({ ...plainTarget, ...wrong })
    expect(read).toThrow(BadPushTarget)
    expect(read).toThrow(word)
  })
})
