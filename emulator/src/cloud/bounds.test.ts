import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { expect, it } from 'vitest'
import { phone, testCloud } from '../testing/cloud.ts'
import { demoAppid, demoSecret } from './demo.ts'
import type { CloudState } from './state.ts'
import { realTimers } from './timers.ts'

const app = { appid: demoAppid, secret: demoSecret, grant_type: 'client_credential' }

it('H34 a backend that fetches a token for every call does not fill the memory, and loses neither kind', () => {
  const { cloud } = testCloud()
  const ask = (call: 'token' | 'stable_token') => {
    const served = cloud.api.call(call, call === 'token' ? { query: app } : { body: app })
    return (JSON.parse(served.kind === 'answer' ? served.body : '{}') as { access_token: string })
      .access_token
  }
  const stable = ask('stable_token')
  const plain = Array.from({ length: 3000 }, () => ask('token')).slice(-2)
  expect((cloud.save().cloud as CloudState).tokens.length).toBeLessThanOrEqual(1001)
  for (const access_token of [stable, ...plain])
    expect(cloud.api.call('getcategory', { query: { access_token } })).toMatchObject({
      body: expect.stringContaining('"errcode":0') as string,
    })
  expect(ask('stable_token')).toBe(stable)
})

it('a phone that is offline for long is owed no more than 服务通知 keeps', () => {
  const { cloud, send } = testCloud()
  cloud.setQuota(phone, 'A', 300)
  cloud.phone.change(phone, { network: 'none' })
  for (let n = 0; n < 300; n++) send('A')
  expect((cloud.save().cloud as CloudState).users[phone]?.undelivered).toHaveLength(200)
  expect(cloud.phone.messages(phone)).toEqual([])
  cloud.phone.change(phone, { network: 'wifi' })
  expect(cloud.phone.messages(phone)).toHaveLength(200)
})

it('H36 no msgid is told twice: not after a reset, and not by a WeChat that goes on from an older file', () => {
  const world = testCloud()
  const sendOne = ({ cloud, send, pass }: typeof world) => {
    cloud.setQuota(phone, 'A', 1)
    send('A')
    pass(1)
    return cloud.phone.messages(phone).at(-1)?.id ?? ''
  }
  const saved = world.cloud.save()
  const ids = [sendOne(world), sendOne(world)]
  world.cloud.restore(saved)
  ids.push(sendOne(world))
  world.cloud.reset()
  ids.push(sendOne(world))
  expect(new Set(ids).size).toBe(4)
  for (const id of ids) expect(id).toMatch(/^\d{19}$/)
  // as a number it is another one
  for (const id of ids) expect(String(Number(id))).not.toBe(id)
})

it('a push that was delivered leaves its record behind and nothing else', async () => {
  setFlagsFromString('--expose_gc')
  const collect = runInNewContext('gc') as () => void
  const heap = () => {
    collect()
    return process.memoryUsage().heapUsed
  }
  const PUSHES = 500
  const { cloud, send } = testCloud({
    timers: realTimers,
    pushTransport: () => Promise.resolve({ status: 200, body: '' }),
  })
  await cloud.setPush({ url: 'http://127.0.0.1:9/', token: 'emulated', mode: 'plain', format: 'json' })
  const sendAll = async () => {
    cloud.setQuota(phone, 'A', PUSHES)
    for (let n = 0; n < PUSHES; n++) send('A')
    await cloud.pushesSettled()
  }
  await sendAll()
  const before = heap()
  await sendAll()
  expect((heap() - before) / PUSHES).toBeLessThan(4000)
})
