import { get, type IncomingMessage } from 'node:http'
import { describe, expect, it, onTestFinished, vi } from 'vitest'
import { demoAccounts } from '../cloud/demo.ts'
import { newPhone } from '../phone-settings.ts'
import type { PhoneEvent } from '../protocol.ts'
import { demoRelease } from '../release.ts'
import { eventually } from '../testing/eventually.ts'
import { loopbackServer } from '../testing/loopback-server.ts'
import { testEmulator, type TestEmulator } from '../testing/emulator.ts'

const openid = demoAccounts[0]?.openid ?? ''
const other = demoAccounts[1]?.openid ?? ''

const bodyOf = async (request: IncomingMessage) => {
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(chunk as Buffer)
  return Buffer.concat(chunks).toString()
}

const wxRequest = async (emulator: TestEmulator, fields: Record<string, unknown>) =>
  (await emulator.post('/__phone/request', { openid, method: 'GET', header: {}, timeout: 5000, ...fields }))
    .json

describe('wx.request as the phone’s network performs it', () => {
  it('H47 any HTTP status is a response, with its headers and its text as UTF-8', async () => {
    const url = await loopbackServer((_, response) => {
      response.writeHead(500, { 'content-type': 'text/html', 'x-one': '1' }).end('<b>出错了</b>')
    })
    expect(await wxRequest(await testEmulator(), { url })).toMatchObject({
      kind: 'response',
      statusCode: 500,
      header: { 'content-type': 'text/html', 'x-one': '1' },
      data: '<b>出错了</b>',
    })
  })

  it('method, headers and body go out as given, with WeChat’s Referer and nobody’s Origin', async () => {
    const url = await loopbackServer(async (request, response) => {
      const { method, headers } = request
      response.end(JSON.stringify({ method, headers, body: await bodyOf(request), path: request.url }))
    })
    const answer = (await wxRequest(await testEmulator(), {
      url: `${url}/sys/login?a=1`,
      method: 'POST',
      header: {
        'content-type': 'application/json',
        'X-Access-Token': 't',
        referer: 'http://evil',
        host: 'evil',
      },
      data: '{"名":"陈"}',
    })) as { data: string }
    const seen = JSON.parse(answer.data) as { headers: Record<string, string> }
    expect(seen).toMatchObject({
      method: 'POST',
      path: '/sys/login?a=1',
      body: '{"名":"陈"}',
      headers: {
        'content-type': 'application/json',
        'x-access-token': 't',
        referer: 'https://servicewechat.com/wx1ead0be110000001/devtools/page-frame.html',
        host: new URL(url).host,
      },
    })
    expect(seen.headers).not.toHaveProperty('origin')
  })

  it('H47 no answer in time: errno 5', async () => {
    const url = await loopbackServer(() => undefined)
    expect(await wxRequest(await testEmulator(), { url, timeout: 50 })).toEqual({
      kind: 'fail',
      failure: { errMsg: 'request:fail timeout', errno: 5 },
    })
  })

  it('refused, or cut off in the middle: errno 600001', async () => {
    const emulator = await testEmulator()
    const url = await loopbackServer((_, response) => {
      response.write('half')
      response.socket?.destroy()
    })
    const failed = {
      kind: 'fail',
      failure: { errno: 600001, errMsg: expect.stringMatching(/^request:fail/) as string },
    }
    expect(await wxRequest(emulator, { url: 'http://127.0.0.1:1' })).toEqual(failed)
    expect(await wxRequest(emulator, { url })).toEqual(failed)
  })

  it('no network: request:fail with errno 600001, and nothing goes out', async () => {
    let asked = 0
    const url = await loopbackServer((_, response) => {
      asked++
      response.end()
    })
    const emulator = await testEmulator()
    emulator.setPhone({ network: 'none' })
    expect(await wxRequest(emulator, { url })).toEqual({
      kind: 'fail',
      failure: { errMsg: 'request:fail', errno: 600001 },
    })
    expect(asked).toBe(0)
    emulator.setPhone({ network: '4g' })
    expect(await wxRequest(emulator, { url })).toMatchObject({ statusCode: 200 })
  })

  it('H47 a host that is not on the list: errno 600002; so is the emulator, which plays api.weixin.qq.com', async () => {
    const refused = {
      kind: 'fail',
      failure: { errMsg: 'request:fail url not in domain list', errno: 600002 },
    }
    const emulator = await testEmulator({ requestDomains: ['http://listed.invalid'] })
    expect(await wxRequest(emulator, { url: 'http://unlisted.invalid/a' })).toEqual(refused)
    expect(await wxRequest(emulator, { url: 'https://listed.invalid/a' })).toEqual(refused)
    expect(await wxRequest(emulator, { url: `${emulator.url}/__desk/quota/${openid}` })).toEqual(refused)
    expect(await wxRequest(emulator, { url: 'http://listed.invalid/a' })).toMatchObject({
      failure: { errno: 600001 },
    })
  })

  it('what is no http url, and a method that HTTP does not have, fail and do not break the emulator', async () => {
    const emulator = await testEmulator()
    expect(await wxRequest(emulator, { url: 'file:///etc/passwd' })).toMatchObject({ kind: 'fail' })
    expect(await wxRequest(emulator, { url: 'http://127.0.0.1:1', method: 'CONNECT' })).toMatchObject({
      kind: 'fail',
    })
  })

  it('an answer above 10 MiB is not read to its end', async () => {
    let sent = 0
    const url = await loopbackServer((_, response) => {
      const more = () => {
        sent += 1
        if (!response.destroyed && sent < 400)
          response.write(Buffer.alloc(1024 * 1024), () => setImmediate(more))
      }
      more()
    })
    expect(await wxRequest(await testEmulator(), { url })).toMatchObject({
      kind: 'fail',
      failure: { errno: 600001 },
    })
    expect(sent).toBeLessThan(400)
  })

  it('a phone that gives up closes the connection to the server', async () => {
    let closed = false
    let arrived = false
    const url = await loopbackServer((request) => {
      arrived = true
      request.socket.once('close', () => (closed = true))
    })
    const emulator = await testEmulator()
    const giveUp = new AbortController()
    const asking = fetch(`${emulator.url}/__phone/request`, {
      method: 'POST',
      body: JSON.stringify({ openid, url, method: 'GET', header: {}, timeout: 60_000 }),
      signal: giveUp.signal,
    })
    asking.catch(() => undefined)
    await eventually(() => arrived).toBe(true)
    giveUp.abort()
    await eventually(() => closed).toBe(true)
  })
})

/** Reads the phone's events as they come. */
async function listen(emulator: TestEmulator, who = openid) {
  const stop = new AbortController()
  const response = await fetch(`${emulator.url}/__phone/events?openid=${who}`, { signal: stop.signal })
  const events: PhoneEvent[] = []
  let text = ''
  const reading = (async () => {
    const decoder = new TextDecoder()
    const reader = response.body?.getReader()
    for (;;) {
      const part = await reader?.read()
      if (!part || part.done) return
      text += decoder.decode(part.value, { stream: true })
      const blocks = text.split('\n\n')
      text = blocks.pop() ?? ''
      for (const block of blocks)
        if (block.startsWith('data: ')) events.push(JSON.parse(block.slice(6)) as PhoneEvent)
    }
  })().catch(() => undefined)
  onTestFinished(() => stop.abort())
  return { response, events, reading, stop: () => stop.abort() }
}

describe('what a phone knows of itself and its mini-program', () => {
  it('the owner’s own switches are kept and told; what only the desk may turn is not', async () => {
    const emulator = await testEmulator()
    const { json } = await emulator.post('/__phone/state/write', {
      ...{ openid, notifications: 'denied', privacyConsent: true, network: 'none' },
    })
    expect(json).toMatchObject({ notifications: 'denied', privacyConsent: true, network: 'wifi' })
    expect(emulator.cloud.phone.state(openid)).toEqual(json)
    expect(emulator.cloud.phone.state(other)).toMatchObject({
      notifications: 'authorized',
      privacyConsent: false,
    })
  })

  it('the desk turns every knob', async () => {
    const emulator = await testEmulator()
    const all = {
      ...{ network: '2g', weakNetwork: true, theme: 'dark', fontSize: 23 },
      ...{ notifications: 'denied', privacyConsent: true, platform: 'android' },
    }
    expect((await emulator.post(`/__desk/phones/${openid}`, all)).json).toEqual({
      ...{ openid, nickname: '小陈的手机' },
      ...all,
    })
  })

  it('a development version that declares every gated API, unless the options say otherwise', async () => {
    const asked = async (emulator: TestEmulator) => (await emulator.post('/__phone/release', { openid })).json
    expect(await asked(await testEmulator())).toEqual(demoRelease)
    const released = await testEmulator({
      ...{ envVersion: 'release', version: '2.0.1', privacy: { declares: [] } },
    })
    expect(await asked(released)).toEqual({
      ...{ envVersion: 'release', version: '2.0.1', clientProfile: {} },
      privacy: { declares: [], needsConsent: true },
    })
  })
})

describe('the phone’s events', () => {
  it('tell state and settings to the phone they are of, as an event stream', async () => {
    const emulator = await testEmulator()
    const [mine, theirs] = [await listen(emulator), await listen(emulator, other)]
    expect(mine.response.headers.get('content-type')).toContain('text/event-stream')
    await emulator.post(`/__desk/phones/${openid}`, { theme: 'dark', mainSwitch: false })
    await eventually(() => mine.events).toEqual([
      {
        kind: 'state',
        state: { ...newPhone, openid, nickname: '小陈的手机', theme: 'dark' },
      },
      { kind: 'settings', settings: { mainSwitch: false, items: [] } },
    ])
    emulator.setPhone({ fontSize: 23 }, other)
    await eventually(() => theirs.events).toMatchObject([
      { kind: 'state', state: { openid: other, fontSize: 23 } },
    ])
    expect(mine.events).toHaveLength(2)
  })

  it('a published version is told to every phone, from the desk and from a test', async () => {
    const emulator = await testEmulator()
    const [mine, theirs] = [await listen(emulator), await listen(emulator, other)]
    emulator.offerUpdate()
    expect((await emulator.post('/__desk/update')).status).toBe(204)
    const twice = [{ kind: 'update' }, { kind: 'update' }]
    await eventually(() => [mine.events, theirs.events]).toEqual([twice, twice])
  })

  it('a message for a phone without network arrives when the network is back, once', async () => {
    const emulator = await testEmulator()
    const templateId = 'TPL_CLUE_ASSIGNED_0000000000000000000000001'
    await emulator.post('/__phone/subscribe/open', { openid, tmplIds: [templateId] })
    const decisions = { [templateId]: 'accept' }
    await emulator.post('/__phone/subscribe/close', { openid, settled: {}, decisions, keep: false })
    const { events } = await listen(emulator)
    emulator.setPhone({ network: 'none' })

    const accessToken = await emulator.accessToken()
    const data = { thing1: { value: 'a' }, time2: { value: '9:42' }, phrase3: { value: '待' } }
    const sent = await emulator.post(`/cgi-bin/message/subscribe/send?access_token=${accessToken}`, {
      ...{ touser: openid, template_id: templateId, data },
    })
    expect(sent.json).toMatchObject({ errcode: 0 })
    expect((await emulator.post('/__phone/messages', { openid })).json).toEqual([])
    emulator.setPhone({ network: 'wifi' })
    emulator.setPhone({ network: '4g' })
    await eventually(() => events.map(({ kind }) => kind)).toEqual(['state', 'state', 'message', 'state'])

    const [card] = (await emulator.post('/__phone/messages', { openid })).json as {
      id: string
      read: boolean
    }[]
    expect(card?.read).toBe(false)
    await emulator.post('/__phone/messages/read', { openid, id: card?.id })
    expect((await emulator.post('/__phone/messages', { openid })).json).toMatchObject([{ read: true }])
  })

  it('a listener that left is forgotten, and closing the emulator ends the others', async () => {
    const emulator = await testEmulator()
    const { phone } = emulator.cloud
    const heard: PhoneEvent[][] = []
    const stopped: number[] = []
    const real = phone.listen.bind(phone)
    vi.spyOn(phone, 'listen').mockImplementation((who, listener) => {
      const own: PhoneEvent[] = []
      const index = heard.push(own) - 1
      const stop = real(who, (event) => {
        own.push(event)
        listener(event)
      })
      return () => {
        stopped.push(index)
        stop()
      }
    })
    const [leaving, staying] = [await listen(emulator), await listen(emulator)]
    leaving.stop()
    await eventually(() => stopped).toEqual([0])
    emulator.setPhone({ theme: 'dark' })
    await eventually(() => staying.events).toHaveLength(1)
    expect(heard.map((events) => events.length)).toEqual([0, 1])
    await emulator.close()
    await staying.reading
    await eventually(() => stopped).toEqual([0, 1])
  })
})

describe('who may speak to the phone’s side', () => {
  it.each([
    ['another site', { origin: 'https://evil.example' }],
    ['another port of this machine', { origin: 'http://127.0.0.1:1' }],
    ['a sandboxed page', { origin: 'null' }],
    ['a page of another site without Origin', { 'sec-fetch-site': 'cross-site' }],
  ])('%s: 403, and nothing happens', async (_, headers) => {
    const emulator = await testEmulator()
    expect(
      (await emulator.post('/__phone/settings/write', { openid, mainSwitch: false }, headers)).status,
    ).toBe(403)
    expect((await emulator.post('/__desk/reset', {}, headers)).status).toBe(403)
    expect(emulator.cloud.phone.readSettings(openid).mainSwitch).toBe(true)
  })

  it('another host name that points here: 403', async () => {
    const emulator = await testEmulator()
    // fetch does not let one choose the Host
    const status = await new Promise((resolve, reject) => {
      get(`${emulator.url}/__desk/phones`, { headers: { host: 'evil.example' } }, (response) => {
        response.resume()
        resolve(response.statusCode)
      }).on('error', reject)
    })
    expect(status).toBe(403)
  })

  it('bad input: 400 or 404 with a sentence, never a stack', async () => {
    const emulator = await testEmulator()
    const cases: [string, unknown, number][] = [
      ['/__phone/login', '{', 400],
      ['/__phone/login', [], 400],
      ['/__phone/login', {}, 400],
      ['/__phone/login', { openid: 'oNobody' }, 404],
      ['/__phone/login', { openid: '__proto__' }, 404],
      ['/__phone/subscribe/close', { openid, decisions: { A: 'maybe' }, keep: true }, 400],
      ['/__phone/settings/write', { openid, mainSwitch: 'on' }, 400],
      ['/__phone/request', { openid, url: 'http://127.0.0.1:1', method: 'GET', timeout: -1 }, 400],
      [`/__desk/phones/${openid}`, { network: '5g' }, 400],
      [`/__desk/phones/${openid}`, { notifications: 'maybe' }, 400],
      ['/__phone/state/write', { openid, privacyConsent: 'yes' }, 400],
      ['/__phone/state/write', { openid: 'oNobody', privacyConsent: true }, 404],
      ['/__phone/release', { openid: 'oNobody' }, 404],
      ['/__desk/faults', { call: 'send', kind: 'hang' }, 400],
      ['/__desk/faults', { call: 'token', kind: 'errcode', errcode: '40001', errmsg: 'x' }, 400],
      ['/__desk/faults', { call: 'token', kind: 'hang', user: openid }, 400],
      ['/__desk/push/faults', { kind: 'lose', event: 'sent' }, 400],
      [`/__desk/phones/${openid}`, { fontsize: 20 }, 400],
      ['/__desk/accounts', { nickname: '小周', name: 'zhou' }, 400],
      ['/__desk/actions/nope', { openid }, 404],
      ['/nowhere', {}, 404],
    ]
    for (const [path, body, status] of cases) {
      const answer = await emulator.post(path, body)
      expect([path, answer.status]).toEqual([path, status])
      expect((answer.json as { message: string }).message).toMatch(/^[^\n]+$/)
    }
    const large = await emulator.post('/__desk/reset', 'x'.repeat(100_000))
    expect(large.status).toBe(413)
  })
})
