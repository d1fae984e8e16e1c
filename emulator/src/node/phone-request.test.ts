import type { IncomingMessage } from 'node:http'
import { expect, onTestFinished, test, vi } from 'vitest'
import { networkDelays, type NetworkDelays } from '../network-speeds.ts'
import { demoAccounts } from '../cloud/demo.ts'
import { loopbackServer } from '../testing/loopback-server.ts'
import { testEmulator } from '../testing/emulator.ts'
import { performRequest } from './phone-request.ts'

const bytesOf = async (request: IncomingMessage) => {
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(chunk as Buffer)
  return Buffer.concat(chunks)
}

const GET = { method: 'GET', header: {}, timeout: 5000 }
const wifi = { network: 'wifi', weakNetwork: false } as const
const open = { appid: 'wx1', isAllowed: () => true }
const never = new AbortController().signal

test('bytes go out and come back as they are', async () => {
  const url = await loopbackServer(async (request, response) => {
    const bytes = await bytesOf(request)
    response.end(Buffer.from([...bytes].reverse()))
  })
  const bytes = Buffer.from([0, 1, 200, 255])
  expect(
    await performRequest(
      { ...GET, method: 'POST', url, bytes: bytes.toString('base64'), binary: true },
      wifi,
      open,
      never,
    ),
  ).toMatchObject({ kind: 'response', data: Buffer.from([255, 200, 1, 0]).toString('base64') })
})

test('each cookie by itself, and all of them in the header', async () => {
  const url = await loopbackServer((_, response) => {
    response.setHeader('set-cookie', ['a=1; Path=/', 'b=2'])
    response.end()
  })
  expect(await performRequest({ ...GET, url }, wifi, open, never)).toMatchObject({
    header: { 'set-cookie': 'a=1; Path=/,b=2' },
    cookies: ['a=1; Path=/', 'b=2'],
  })
})

/** Delays that a fake clock can be set by. */
const slow: NetworkDelays = {
  ...networkDelays,
  '2g': { latencyMs: [1000, 3000], bytesPerSecond: 1000, lostPercent: 50 },
}
const on2g = { network: '2g', weakNetwork: false } as const
/** What `random` gives, call by call: first for the loss, then for the delay. */
const draws = (...values: number[]) => {
  let at = 0
  return () => values[at++] ?? 0
}

test('a slow network: nothing goes out before its delay, and the answer takes as long as it is', async () => {
  let asked = 0
  const url = await loopbackServer((_, response) => {
    asked += 1
    response.end('x'.repeat(500))
  })
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
  onTestFinished(() => void vi.useRealTimers())
  const random = draws(0.9, 0.5)
  const settled = vi.fn()
  const answer = performRequest({ ...GET, url }, on2g, { ...open, networkDelays: slow, random }, never)
  void answer.then(settled)
  await vi.advanceTimersByTimeAsync(1999)
  expect(asked).toBe(0)
  await vi.advanceTimersByTimeAsync(1)
  // the answer is here, and its 500 bytes take half a second
  while (vi.getTimerCount() === 0) await new Promise((resolve) => setImmediate(resolve))
  await vi.advanceTimersByTimeAsync(499)
  expect([asked, settled.mock.calls.length]).toEqual([1, 0])
  await vi.advanceTimersByTimeAsync(1)
  expect(await answer).toMatchObject({ kind: 'response', statusCode: 200 })
})

test('and it loses some: errno 600001, and nothing went out', async () => {
  let asked = 0
  const url = await loopbackServer((_, response) => {
    asked += 1
    response.end()
  })
  const quick = { ...slow, '2g': { ...slow['2g'], latencyMs: [0, 0] as const } }
  const answer = (lot: number) =>
    performRequest({ ...GET, url }, on2g, { ...open, networkDelays: quick, random: draws(lot) }, never)
  expect(await answer(0.49)).toMatchObject({ kind: 'fail', failure: { errno: 600001 } })
  expect(asked).toBe(0)
  expect(await answer(0.5)).toMatchObject({ kind: 'response' })
})

test('H47 a timeout counts the slow network in', async () => {
  const url = await loopbackServer((_, response) => response.end())
  const endless: NetworkDelays = { ...slow, '2g': { ...slow['2g'], latencyMs: [1e6, 1e6] } }
  expect(
    await performRequest(
      { ...GET, url, timeout: 20 },
      on2g,
      { ...open, networkDelays: endless, random: () => 0.9 },
      never,
    ),
  ).toEqual({ kind: 'fail', failure: { errMsg: 'request:fail timeout', errno: 5 } })
})

test('a weak network is slow whatever its kind is; wifi costs nothing', async () => {
  const { weak, wifi: good } = networkDelays
  expect(good).toEqual({ latencyMs: [0, 0], bytesPerSecond: Number.POSITIVE_INFINITY, lostPercent: 0 })
  const order = (['wifi', '4g', '3g', '2g'] as const).map((kind) => networkDelays[kind].latencyMs[1])
  expect([...order].sort((a, b) => a - b)).toEqual(order)
  const url = await loopbackServer((_, response) => response.end())
  const lossy = { ...networkDelays, weak: { ...weak, latencyMs: [0, 0] as const, lostPercent: 100 } }
  expect(
    await performRequest(
      { ...GET, url },
      { network: 'wifi', weakNetwork: true },
      { ...open, networkDelays: lossy, random: () => 0.5 },
      never,
    ),
  ).toMatchObject({ kind: 'fail' })
})

test('networkDelays: false makes every network as good as wifi', async () => {
  const url = await loopbackServer((_, response) => response.end())
  const emulator = await testEmulator({ networkDelays: false })
  emulator.setPhone({ network: '2g', weakNetwork: true })
  const openid = demoAccounts[0]?.openid
  const answers = await Promise.all(
    Array.from({ length: 20 }, () => emulator.post('/__phone/request', { openid, url, ...GET })),
  )
  expect(answers.filter(({ json }) => (json as { kind: string }).kind === 'response')).toHaveLength(20)
})
