import { get } from 'node:http'
import { describe, expect, it } from 'vitest'
import { demoAccounts } from '../cloud/demo.ts'
import { testEmulator, type TestEmulator } from '../testing/emulator.ts'
import { eventually } from '../testing/eventually.ts'

const openid = demoAccounts[0]?.openid ?? ''

interface RawSocket {
  status: number | undefined
  /** What came, as text, and `closed` when the other side ended it. */
  heard: string[]
  /** Sends one text frame, masked with zeros, of less than 126 bytes. */
  say(text: string): void
}

/** Asks for the socket as a page of `origin` does. */
function open(
  emulator: TestEmulator,
  who = openid,
  headers: Record<string, string> = {},
): Promise<RawSocket> {
  return new Promise((resolve, reject) => {
    const asked = get(`${emulator.url}/__phone/socket?openid=${who}`, {
      headers: {
        ...{ connection: 'Upgrade', upgrade: 'websocket', origin: emulator.url },
        ...{ 'sec-websocket-version': '13', 'sec-websocket-key': 'dGhlIHNhbXBsZSBub25jZQ==' },
        ...headers,
      },
    })
    const heard: string[] = []
    asked.on('error', reject)
    asked.on('response', (response) => {
      response.resume()
      resolve({ status: response.statusCode, heard, say: () => undefined })
    })
    asked.on('upgrade', ({ statusCode }, socket, first) => {
      heard.push(first.toString())
      socket.on('data', (data: Buffer) => heard.push(data.toString()))
      socket.on('error', () => undefined)
      socket.on('close', () => heard.push('closed'))
      const say = (text: string) => {
        const bytes = Buffer.from(text)
        socket.write(Buffer.concat([Buffer.from([0x81, 0x80 | bytes.length, 0, 0, 0, 0]), bytes]))
      }
      resolve({ status: statusCode, heard, say })
    })
  })
}

describe('the phone’s socket', () => {
  it('carries calls and events, each call’s answer with its number and status', async () => {
    const emulator = await testEmulator()
    const { status, heard, say } = await open(emulator)
    expect(status).toBe(101)
    say('{"kind":"call","id":7,"path":"messages","body":{}}')
    await eventually(() => heard.join()).toContain('{"kind":"answer","id":7,"status":200,"body":"[]"}')
    say('{"kind":"call","id":8,"path":"messages/read","body":{}}')
    await eventually(() => heard.join()).toContain('"id":8,"status":400')
    emulator.setPhone({ theme: 'dark' })
    await eventually(() => heard.join()).toContain('{"kind":"event","event":{"kind":"state"')
  })

  it('says how far WeChat’s clock is ahead, to begin with and when it is put forward, from anywhere', async () => {
    const emulator = await testEmulator()
    emulator.advance(60_000)
    const { heard } = await open(emulator)
    await eventually(() => heard.join()).toContain('{"kind":"clock","aheadMs":60000}')
    emulator.advance(1000)
    await eventually(() => heard.join()).toContain('{"kind":"clock","aheadMs":61000}')
    emulator.cloud.reset()
    await eventually(() => heard.join()).toContain('{"kind":"clock","aheadMs":0}')
  })

  it('a call is its own phone’s, whatever openid it names', async () => {
    const emulator = await testEmulator()
    const { heard, say } = await open(emulator)
    say(`{"kind":"call","id":1,"path":"state","body":{"openid":"${demoAccounts[1]?.openid}"}}`)
    await eventually(() => heard.join()).toContain(openid)
  })

  it.each([
    ['another site', openid, { origin: 'https://evil.example' }, 403],
    ['another host name that points here', openid, { host: 'evil.example' }, 403],
    ['a phone that nobody has', 'oNobody0001', {}, 404],
    ['no phone', '', {}, 400],
  ])('%s is not let in', async (_, who, headers, status) => {
    expect((await open(await testEmulator(), who, headers)).status).toBe(status)
  })

  it.each([
    '{',
    '[]',
    'null',
    '{"kind":"call","id":1,"path":"../__desk/reset","body":{}}',
    '{"kind":"call","id":1}',
  ])('what makes no sense ends it: %s', async (text) => {
    const { heard, say } = await open(await testEmulator())
    say(text)
    await eventually(() => heard.join()).toContain('not a frame of protocol.ts')
  })

  it('closing the emulator ends it', async () => {
    const emulator = await testEmulator()
    const { heard } = await open(emulator)
    await emulator.close()
    await eventually(() => heard.at(-1)).toBe('closed')
  })
})
