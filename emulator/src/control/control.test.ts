import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { describe, expect, it, onTestFinished } from 'vitest'
import { demoAccounts, demoAppid, demoSecret, demoTemplates } from '../cloud/demo.ts'
import { startCloud } from '../node/start-cloud.ts'
import { testEmulator } from '../testing/emulator.ts'
import { pushReceiver } from '../testing/receiver.ts'
import { connectEmulator, EmulatorRefusal, type EmulatorControl } from './index.ts'

const openid = demoAccounts[0]?.openid ?? ''
const templateId = demoTemplates[0]?.priTmplId ?? ''

/** A running cloud, led over HTTP; `call` is what a backend does. */
async function world(options: Parameters<typeof startCloud>[0] = {}) {
  const running = await startCloud({ port: 0, keepSends: true, ...options })
  onTestFinished(() => running.close())
  const control = connectEmulator(`${running.url}/`)
  const post = async (path: string, body: object) =>
    (await (
      await fetch(running.url + path, { method: 'POST', body: JSON.stringify(body) })
    ).json()) as Record<string, unknown>
  const token = async () => {
    const app = { appid: demoAppid, secret: demoSecret, grant_type: 'client_credential' }
    return String((await post('/cgi-bin/stable_token', app)).access_token)
  }
  const send = async () => {
    const data = { thing1: { value: 'a' }, time2: { value: '9:42' }, phrase3: { value: '待' } }
    const path = `/cgi-bin/message/subscribe/send?access_token=${await token()}`
    return (await post(path, { touser: openid, template_id: templateId, data })).errcode
  }
  return { control, running, post, token, send }
}

const refusal = async (call: Promise<unknown>) => {
  const error = await call.then(
    () => undefined,
    (thrown: unknown) => thrown,
  )
  expect(error).toBeInstanceOf(EmulatorRefusal)
  return error as EmulatorRefusal
}

describe('leadbell-emulator/control', () => {
  it('phones: listed, turned, one more', async () => {
    const { control } = await world()
    expect((await control.phones()).map((one) => one.openid)).toEqual(demoAccounts.map((one) => one.openid))
    expect(
      await control.setPhone(openid, { network: '2g', platform: 'devtools', mainSwitch: false }),
    ).toMatchObject({
      network: '2g',
      platform: 'devtools',
    })
    await control.fault({ phone: 'settings/read' })
    expect((await control.settings())[openid]).toEqual({ mainSwitch: false, items: [] })
    const added = await control.addAccount({ nickname: '小周', platform: 'ios15' })
    expect(added).toMatchObject({ nickname: '小周', platform: 'ios15' })
    expect(await control.phones()).toHaveLength(3)
    expect(await refusal(control.addAccount({ nickname: '又', openid: added.openid }))).toMatchObject({
      ...{ status: 400, message: `openid ${added.openid} 已经有人用了 (taken)` },
    })
    expect((await refusal(control.addAccount({ nickname: '又', openid: 'a b' }))).message).toContain(
      'openid a b',
    )
    expect((await refusal(control.addAccount({ nickname: '' }))).message).toContain('nickname')
  })

  it('the settings page: kept choices and the main switch are changed, what it does not list is not', async () => {
    const { control, running } = await world()
    const of = async () => (await control.settings())[openid]
    const choose = (value: 'accept' | 'reject') =>
      control.setSettings(openid, { items: { [templateId]: value } })
    expect(await choose('accept')).toEqual({ mainSwitch: true, items: [] })
    running.cloud.phone.refuse(openid, templateId)
    const off = await control.setSettings(openid, { mainSwitch: false })
    expect(off).toMatchObject({ mainSwitch: false, items: [{ templateId, value: 'reject' }] })
    expect(await choose('accept')).toMatchObject({
      mainSwitch: false,
      items: [{ templateId, value: 'accept' }],
    })
    expect(await of()).toEqual(await control.setSettings(openid, {}))
    expect((await refusal(control.setSettings('oNobody', { mainSwitch: true }))).status).toBe(404)
    const bad = { mainSwitch: 'on' as unknown as boolean }
    expect(await refusal(control.setSettings(openid, bad))).toMatchObject({
      ...{ status: 400, message: expect.stringContaining('mainSwitch') as string },
    })
  })

  it('grants: given, set, read, spent; the sends', async () => {
    const { control, send } = await world()
    await control.grant(templateId)
    await control.grant(templateId, 2, openid)
    expect(await control.quota(openid)).toEqual({ [templateId]: 3 })
    expect(Object.values(await control.quotas())).toEqual([{ [templateId]: 3 }, { [templateId]: 1 }])
    expect(await control.changeQuota(openid, templateId, -1)).toEqual({ [templateId]: 2 })
    expect(await control.setQuota(openid, templateId, 1)).toEqual({ [templateId]: 1 })
    expect([await send(), await send()]).toEqual([0, 43101])
    expect(await control.sends()).toMatchObject([{ openid, templateId, arrived: true }])
    expect(await control.sends(1)).toEqual([])
  })

  it('templates and switches', async () => {
    const { control, send } = await world()
    await control.grant(templateId, 2)
    expect(await control.templates()).toEqual(demoTemplates)
    expect(
      await control.setTemplate(templateId, { banned: true, acceptedAs: 'acceptWithAlert' }),
    ).toMatchObject({
      banned: true,
      acceptedAs: 'acceptWithAlert',
    })
    expect(await send()).toBe(43107)
    expect(await control.setTemplate(templateId, { banned: false, acceptedAs: null })).not.toHaveProperty(
      'acceptedAs',
    )
    expect(await control.profile()).toMatchObject({ maxTemplates: 5 })
    expect(await control.setProfile({ dailyQuota: { 'subscribe/send': 0 } })).toMatchObject({
      maxTemplates: 5,
    })
    expect(await send()).toBe(45009)
    expect((await refusal(control.setProfile({ maxTemplates: 4 as 3 }))).message).toContain('maxTemplates')
    expect((await refusal(control.setTemplate('nope', {}))).status).toBe(404)
    const bad = { acceptedAs: 'accept' } as unknown as Parameters<EmulatorControl['setTemplate']>[1]
    expect((await refusal(control.setTemplate(templateId, bad))).status).toBe(400)
  })

  it('calls and log', async () => {
    const { control, send } = await world()
    await send()
    expect(await control.calls()).toMatchObject([
      { call: 'stable_token', request: { secret: '***' }, answer: { access_token: '***' } },
      { call: 'subscribe/send', openid, errcode: 43101, request: { touser: openid } },
    ])
    const log = await control.log()
    expect(log).toMatch(/^1 {2}.*stable_token.*成功.*\n2 {2}.*subscribe\/send {2}小陈的手机.*43101.*\n$/)
    expect(await control.log(1)).toBe(log.split('\n').slice(1).join('\n'))
    expect((await refusal(control.log(-1))).status).toBe(400)
  })

  it('faults: of calls, phones and pushes, listed, one and all taken away', async () => {
    const { control, send, post } = await world()
    const call = await control.fault({
      call: '*',
      kind: 'errcode',
      errcode: -1,
      errmsg: 'system error',
      times: 2,
    })
    const phone = await control.fault({ phone: 'login', openid })
    const push = await control.pushFault({ kind: 'late', ms: 5 })
    expect(call).toMatchObject({ fault: { call: '*' }, fired: 0, left: 2 })
    expect(await send()).toBe(-1)
    expect((await control.faults()).map(({ id }) => id)).toEqual([phone.id, push.id])
    expect(await post('/__phone/login', { openid })).toMatchObject({
      failure: { errMsg: 'login:fail network error', errno: 108 },
      message: expect.stringContaining('login:fail') as string,
    })
    expect(await control.faults()).toMatchObject([{ fired: 1, left: null }, { fired: 0 }])
    await control.removeFault(phone.id)
    expect(await post('/__phone/login', { openid })).toHaveProperty('code')
    expect((await refusal(control.removeFault(phone.id))).status).toBe(404)
    await control.clearFaults()
    expect(await control.faults()).toEqual([])
  })

  it.each<[string, object]>([
    ['call', { call: 'nope', kind: 'drop' }],
    ['phone', { phone: 'nope' }],
    ['either', { phone: 'login', call: 'token', kind: 'drop' }],
    ['errcode', { call: 'token', kind: 'errcode', errcode: 0.5, errmsg: 'x' }],
    ['errCode', { phone: 'login', errCode: 'x' }],
    ['times', { phone: 'login', times: 0 }],
    ['times', { phone: 'login', times: 1.5 }],
    ['probability', { phone: 'login', probability: 2 }],
  ])('a fault with a bad %s is refused in words: %j', async (word, fault) => {
    const { control } = await world()
    const { message, status } = await refusal(control.fault(fault as Parameters<EmulatorControl['fault']>[0]))
    expect([message, status]).toEqual([expect.stringContaining(word), 400])
    expect(await control.faults()).toEqual([])
  })

  it('latency by name and by numbers', async () => {
    const { control } = await world({ latencyMs: 'lan' })
    const { profiles, ...lan } = await control.latency()
    expect(lan).toEqual({ profile: 'lan', ms: profiles.lan })
    expect(Object.keys(profiles)).toEqual(['none', 'lan', 'typical', 'slow', 'rush'])
    await control.setLatency([1, 2])
    expect(await control.latency()).toEqual({ ms: [1, 2], profiles })
    await control.setLatency('none')
    expect(await control.latency()).toEqual({ profile: 'none', ms: 0, profiles })
    expect((await refusal(control.setLatency('fast' as 'lan'))).message).toContain('rush')
    expect((await refusal(control.setLatency([2, 1]))).status).toBe(400)
  })

  it('the clock: forward, and tokens are over', async () => {
    const { control, token, running } = await world()
    const access_token = await token()
    const ask = async () =>
      (await (
        await fetch(`${running.url}/cgi-bin/getcallbackip?access_token=${access_token}`)
      ).json()) as object
    expect(await ask()).toMatchObject({ errcode: 0 })
    expect((await control.advance(2 * 3600_000)).aheadMs).toBe(2 * 3600_000)
    expect((await control.clock()).aheadMs).toBe(2 * 3600_000)
    expect((await control.clock()).now).toBeGreaterThan(Date.now() + 3600_000)
    expect(await ask()).toMatchObject({ errcode: 42001 })
    expect((await refusal(control.advance(-1))).status).toBe(400)
  })

  it('a token is revoked', async () => {
    const { control, token } = await world()
    const before = await token()
    await control.revokeToken()
    expect(await token()).not.toBe(before)
  })

  it('pushes: where to, what came of them, and no more', async () => {
    const { control, running } = await world()
    const { url, received } = await pushReceiver()
    expect(await control.pushTarget()).toBeUndefined()
    const target = { url, token: 'pushToken', mode: 'plain', format: 'json' } as const
    expect(await control.setPush(target)).toEqual({ ok: true })
    expect(await control.pushTarget()).toMatchObject({ url, mode: 'plain', verification: { ok: true } })
    running.cloud.phone.refuse(openid, templateId)
    await running.cloud.pushesSettled()
    expect(await control.pushes()).toMatchObject([{ event: { kind: 'change', openid }, outcome: 'accepted' }])
    await control.stopPush()
    running.cloud.phone.refuse(openid, templateId)
    expect(received.filter(({ method }) => method === 'POST')).toHaveLength(1)
    expect((await refusal(control.setPush({ ...target, url: 'https://example.com' }))).message).toContain(
      '本机',
    )
  })

  it('all that is remembered: saved, forgotten, restored; a foreign file is refused and nothing changes', async () => {
    const { control } = await world()
    await control.grant(templateId, 2, openid)
    const { openid: added } = await control.addAccount({ nickname: '小周' })
    await control.advance(5000)
    const saved = await control.save()
    await control.reset()
    expect([await control.quota(openid), (await control.phones()).length]).toEqual([{}, 2])
    await control.restore({ ...saved, storage: { 'phone/a': '1' } })
    expect(await control.quota(openid)).toEqual({ [templateId]: 2 })
    expect((await control.phones()).map((one) => one.openid)).toContain(added)
    expect((await control.clock()).aheadMs).toBe(5000)
    expect((await control.save()).storage).toEqual({ 'phone/a': '1' })
    const { message, status } = await refusal(control.restore({ version: 2 as 1, cloud: {} }))
    expect([message, status]).toEqual([expect.stringContaining('更新的模拟器'), 400])
    expect(await control.quota(openid)).toEqual({ [templateId]: 2 })
    // a page saves it as a file
    const response = await fetch(`${control.url}/__desk/state`)
    expect(response.headers.get('content-disposition')).toContain('leadbell-emulator-state.json')
  })

  it('a state larger than the desk’s other bodies is taken', async () => {
    const { control } = await world()
    const storage = { 'phone/a': 'x'.repeat(1_000_000) }
    await control.restore({ ...(await control.save()), storage })
    expect((await control.save()).storage).toEqual(storage)
    const tooLong = { nickname: 'x'.repeat(100_000) }
    expect((await refusal(control.addAccount(tooLong))).status).toBe(413)
  })

  it('buttons, and a newer version, of an emulator with a phone', async () => {
    const action = { name: 'gone', label: '分配', method: 'POST', url: 'http://127.0.0.1:1/' } as const
    const emulator = await testEmulator({ deskActions: [action] })
    const control = connectEmulator(emulator.url)
    const heard: unknown[] = []
    emulator.cloud.phone.listen(openid, (event) => heard.push(event.kind))
    expect(await control.actions()).toEqual([{ name: 'gone', label: '分配' }])
    expect(await control.act('gone', openid)).toMatchObject({ ok: false })
    await control.publishUpdate()
    expect(heard).toEqual(['update'])
  })

  it('a phone that is not there, and an emulator that is not there, are said in words', async () => {
    const { control } = await world()
    expect(await refusal(control.quota('oNobody'))).toMatchObject({
      status: 404,
      message: '模拟器里没有这部手机：oNobody',
    })
    const nobody = connectEmulator('http://127.0.0.1:1')
    expect(await refusal(nobody.phones())).toMatchObject({
      status: 0,
      message: 'http://127.0.0.1:1 没有应答，模拟器还在运行吗？(no answer)',
    })
  })

  it.each(['<html>', '{"message":""}'])('a refusal without a sentence, %s, gets one', async (answer) => {
    const stranger = createServer((_, response) => response.writeHead(502).end(answer))
    await new Promise<void>((listening) => stranger.listen(0, '127.0.0.1', listening))
    onTestFinished(() => void stranger.close())
    const { port } = stranger.address() as AddressInfo
    expect(await refusal(connectEmulator(`http://127.0.0.1:${port}`).reset())).toMatchObject({
      status: 502,
      message: expect.stringContaining('模拟器拒绝了 /__desk/reset（HTTP 502）') as string,
    })
  })
})

describe('waiting', () => {
  it('for a call of the backend: one that was made before, or comes later', async () => {
    const { control, send } = await world()
    await control.grant(templateId, 1, openid)
    const isSent = ({ call, errcode }: { call: string; errcode: number }) =>
      call === 'subscribe/send' && errcode === 0
    const waiting = control.waitForCall(isSent)
    expect(await send()).toBe(0)
    expect(await waiting).toMatchObject({ call: 'subscribe/send', errcode: 0, openid })
    expect(await control.waitForCall(isSent, 0)).toEqual(await waiting)
  })

  it('for a push, until it has been accepted', async () => {
    const { control, send } = await world()
    const { url } = await pushReceiver()
    await control.setPush({ url, token: 'emulated', mode: 'plain', format: 'json' })
    await control.grant(templateId, 1, openid)
    await send()
    expect(
      await control.waitForPush(({ event, outcome }) => event.kind === 'sent' && outcome === 'accepted'),
    ).toMatchObject({ event: { kind: 'sent', openid } })
  })

  it('in vain: it says what came instead', async () => {
    const { control, send } = await world()
    expect(await refusal(control.waitForPush(() => true, 0))).toMatchObject({
      ...{ status: 0, message: '0 ms 里没有等到这样的推送，最近的是：一次也没有 (none came)' },
    })
    await send()
    expect((await refusal(control.waitForCall(({ errcode }) => errcode === 1, 40))).message).toContain(
      `stable_token 0、subscribe/send 43101 ${openid}`,
    )
  })
})

it('a fault for an openid that nobody has is refused: it would never fire', async () => {
  const { control } = await world()
  for (const call of [
    control.fault({ call: '*', kind: 'drop', openid: 'oNobody' }),
    control.fault({ phone: 'login', openid: 'oNobody' }),
    control.pushFault({ kind: 'lose', openid: 'oNobody' }),
  ])
    expect(await refusal(call)).toMatchObject({ status: 404, message: '模拟器里没有这部手机：oNobody' })
  expect(await control.faults()).toEqual([])
})
