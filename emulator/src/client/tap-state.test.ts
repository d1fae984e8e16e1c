// @vitest-environment jsdom
import { expect, test, vi } from 'vitest'
import { Inspection } from './inspection.ts'
import { AppTimers } from './app-timers.ts'
import { androidTapProfile, strictTapProfile, TapState } from './tap-state.ts'

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
  const tap = new TapState(strictTapProfile)
  const later = tap.press(() => Promise.resolve().then(() => tap.held))
  expect(await later).toBe(false)
})

test('H4 on Android microtasks keep it, the next task does not', async () => {
  const tap = new TapState(androidTapProfile)
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
  const tap = new TapState(androidTapProfile)
  tap.press(() => undefined)
  tap.withoutPress(() => undefined)
  const second = tap.press(async () => {
    await null
    return tap.held
  })
  expect(await second).toBe(true)
})

test.each([
  ['strict', strictTapProfile],
  ['android', androidTapProfile],
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
  const tap = new TapState({ ...strictTapProfile, passesOnAfterSensitiveCall: true })
  tap.press(() => {
    tap.spend()
    expect(tap.passesOn).toBe(true)
  })
})

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
