// @vitest-environment jsdom
import fc from 'fast-check'
import { expect, test, vi } from 'vitest'
import { clientProfiles, platforms, profileOf, type ClientProfile } from '../profiles.ts'
import { AppTimers } from './app-timers.ts'
import { Inspection } from './inspection.ts'
import { TapState } from './tap-state.ts'
import { asyncApi, ok, type Outcome, type TapRule } from './wx/api.ts'
import type { WxHost } from './wx/host.ts'

const { strict, android } = clientProfiles

test('H1 a press has the tap state, and nothing after it', () => {
  const tap = new TapState()
  expect(tap.held).toBe(false)
  expect(tap.press(() => tap.held)).toBe(true)
  expect(tap.held).toBe(false)
})

test('H1 a press that throws ends all the same', () => {
  const tap = new TapState()
  expect(() =>
    tap.press(() => {
      throw new Error('x')
    }),
  ).toThrow('x')
  expect(tap.held).toBe(false)
})

test('H4 by default a microtask has lost it', async () => {
  const tap = new TapState(strict)
  const later = tap.press(() => Promise.resolve().then(() => tap.held))
  expect(await later).toBe(false)
})

test('H4 on Android microtasks keep it, the next task does not', async () => {
  const tap = new TapState(android)
  const chained = tap.press(async () => {
    await null
    await null
    return tap.held
  })
  const nextTask = new Promise<boolean>((resolve) => setTimeout(() => resolve(tap.held), 20))
  expect(await chained).toBe(true)
  expect(await nextTask).toBe(false)
})

test('H4 a late end of one press does not end the next', async () => {
  const tap = new TapState(android)
  tap.press(() => undefined)
  tap.withoutPress(() => undefined)
  const second = tap.press(async () => {
    await null
    return tap.held
  })
  expect(await second).toBe(true)
})

test.each([
  ['strict', strict],
  ['android', android],
])('H3 a setTimeout or setInterval callback has no tap state (%s)', async (_, profile) => {
  const tap = new TapState(profile)
  const timers = new AppTimers(tap, new Inspection())
  const seen: boolean[] = []
  tap.press(() => {
    timers.setTimeout(() => seen.push(tap.held))
    const id = timers.setInterval(() => {
      seen.push(tap.held)
      timers.clearInterval(id)
    })
  })
  await vi.waitFor(() => expect(seen).toEqual([false, false]))
})

test('H7 after a sensitive call nothing is passed on, though the state is still held', () => {
  const tap = new TapState()
  tap.press(() => {
    expect(tap.passesOn).toBe(true)
    tap.spend()
    expect(tap.passesOn).toBe(false)
    expect(tap.held).toBe(true)
  })
  tap.press(() => expect(tap.passesOn).toBe(true))
})

test('H7 the other reading of the documents passes on', () => {
  const tap = new TapState({ ...strict, passesOnAfterSensitiveCall: true })
  tap.press(() => {
    tap.spend()
    expect(tap.passesOn).toBe(true)
  })
})

/** What app code does in a handler: calls that are looked at, and continuations of several kinds. */
type Step = { kind: 'look' } | { kind: 'sensitive' } | { kind: Continuation; then: Step[] }
type Continuation = 'microtask' | 'timeout' | 'request' | 'login' | 'modal'

const { program } = fc.letrec<{ program: Step[]; step: Step }>((tie) => ({
  program: fc.array(tie('step'), { maxLength: 5 }),
  step: fc.oneof(
    { maxDepth: 4, withCrossShrink: true },
    fc.constantFrom<Step>({ kind: 'look' }, { kind: 'sensitive' }),
    fc.record({
      kind: fc.constantFrom<Continuation>('microtask', 'timeout', 'request', 'login', 'modal'),
      then: tie('program'),
    }),
  ),
}))

/** What every look and every sensitive call of a program sees, by its place in the program. */
type Seen = Record<string, boolean>

/**
 * The rule as a model: a macrotask has the state or has not; its microtasks too where the platform keeps it there;
 * what a request hands on ends with the first sensitive call; a pressed modal begins anew.
 */
function model(steps: Step[], profile: ClientProfile): Seen {
  const seen: Seen = {}
  const tasks: { steps: Step[]; at: string; held: boolean }[] = [{ steps, at: '', held: true }]
  for (let task = tasks.shift(); task; task = tasks.shift()) {
    let spent = false
    const queue = [{ ...task }]
    for (let part = queue.shift(); part; part = queue.shift()) {
      const { held, at } = part
      part.steps.forEach((step, index) => {
        const here = `${at}.${index}`
        switch (step.kind) {
          case 'look':
            seen[here] = held
            return
          case 'sensitive':
            seen[here] = held
            spent ||= held
            return
          case 'microtask':
            return void queue.push({
              steps: step.then,
              at: here,
              held: held && profile.microtasks === 'kept',
            })
          case 'timeout':
          case 'login':
            return void tasks.push({ steps: step.then, at: here, held: false })
          case 'request': {
            const passes = held && (!spent || profile.passesOnAfterSensitiveCall)
            return void tasks.push({ steps: step.then, at: here, held: passes })
          }
          case 'modal':
            return void tasks.push({ steps: step.then, at: here, held: true })
        }
      })
    }
  }
  return seen
}

/** The same program through the emulator's own timers and APIs. */
async function perform(steps: Step[], profile: ClientProfile): Promise<Seen> {
  const tap = new TapState(profile)
  const inspection = new Inspection()
  const timers = new AppTimers(tap, inspection)
  const host = { tap, profile, inspection, alive: () => true } as unknown as WxHost
  const api = (name: string, rule: TapRule, outcome: () => Outcome | Promise<Outcome>) =>
    asyncApi(host, { name, tap: rule, perform: outcome })
  const answered = (): Promise<Outcome> => new Promise((resolve) => setTimeout(() => resolve(ok()), 0))
  const sensitive = api('requestSubscribeMessage', 'needs', ok)
  const apis = {
    request: api('request', 'passes', answered),
    login: api('login', 'none', answered),
    modal: api('showModal', 'none', () => ({ kind: 'ok', pressed: true })),
  }
  const seen: Seen = {}
  let open = 1
  let finish: () => void = () => undefined
  const finished = new Promise<void>((resolve) => (finish = resolve))
  const run = (part: Step[], at: string): void => {
    part.forEach((step, index) => {
      const here = `${at}.${index}`
      if (step.kind === 'look' || step.kind === 'sensitive') {
        seen[here] = tap.held
        if (step.kind === 'sensitive') sensitive({ fail: () => undefined })
        return
      }
      open += 1
      const next = () => run(step.then, here)
      if (step.kind === 'microtask') void Promise.resolve().then(next)
      else if (step.kind === 'timeout') timers.setTimeout(next, 0)
      else apis[step.kind]({ success: next })
    })
    open -= 1
    if (open === 0) finish()
  }
  tap.press(() => run(steps, ''))
  await finished
  return seen
}

const readings = platforms.flatMap((platform) =>
  [false, true].map((passesOnAfterSensitiveCall) => ({ platform, passesOnAfterSensitiveCall })),
)

test.each(readings)(
  'H1 H3 H4 H5 H6 H7 H8 any program sees what the rule says ($platform, passes on: $passesOnAfterSensitiveCall)',
  async ({ platform, passesOnAfterSensitiveCall }) => {
    const profile = profileOf(platform, { passesOnAfterSensitiveCall })
    await fc.assert(
      fc.asyncProperty(program, async (steps) => {
        expect(await perform(steps, profile)).toEqual(model(steps, profile))
      }),
      { numRuns: 40 },
    )
  },
)

test('timers of a killed mini-program do not run, and a throwing one is collected', async () => {
  const inspection = new Inspection()
  const timers = new AppTimers(new TapState(), inspection)
  const run = vi.fn()
  timers.setTimeout(run, 5)
  timers.stop()
  const others = new AppTimers(new TapState(), inspection)
  others.setTimeout(() => {
    throw new Error('late')
  }, 10)
  await vi.waitFor(() => expect(inspection.errors.map(({ message }) => message)).toEqual(['late']))
  expect(run).not.toHaveBeenCalled()
})
