import { expect, it } from 'vitest'
import type { Changes } from '../cloud/changes.ts'
import { eventually } from '../testing/eventually.ts'
import { testEmulator, type TestEmulator } from '../testing/emulator.ts'
import { pushReceiver } from '../testing/receiver.ts'

const ask = async ({ url }: TestEmulator, mark = '') =>
  (await (await fetch(`${url}/__desk/changes?after=${mark}`)).json()) as Changes
const told = ({ calls, pushes }: Changes) => ({
  calls: calls.map(({ record }) => record.call),
  pushes: pushes.map(({ record }) => record.outcome),
})

it('GET /__desk/changes tells each call and push once, and again when something became of it', async () => {
  const { url } = await pushReceiver()
  const push = { url, token: 'AAAAA', mode: 'plain', format: 'json', latencyMs: 60_000 } as const
  const emulator = await testEmulator({ push })
  await emulator.accessToken()
  const first = await ask(emulator)
  expect(told(first)).toEqual({ calls: ['stable_token'], pushes: [] })

  emulator.cloud.phone.refuse(emulator.cloud.firstOpenid, 'TPL_CLUE_ASSIGNED_0000000000000000000000001')
  const second = await ask(emulator, first.mark)
  expect(told(second)).toEqual({ calls: [], pushes: ['waiting'] })
  emulator.advance(60_000)
  await eventually(async () => told(await ask(emulator, second.mark)).pushes).toEqual(['accepted'])
  const third = await ask(emulator, second.mark)
  expect(third.pushes[0]?.id).toBe(second.pushes[0]?.id)
  expect(told(await ask(emulator, third.mark))).toEqual({ calls: [], pushes: [] })
})

it('after a reset, and of another emulator, it tells everything', async () => {
  const [before, after] = [await testEmulator(), await testEmulator()]
  await before.accessToken()
  const { mark } = await ask(before)
  expect(await ask(after, mark)).toMatchObject({ isAfresh: true, calls: [] })
  await before.post('/__desk/reset')
  await before.accessToken()
  const anew = await ask(before, mark)
  expect(anew.isAfresh).toBe(true)
  expect(told(anew).calls).toEqual(['stable_token'])
})
