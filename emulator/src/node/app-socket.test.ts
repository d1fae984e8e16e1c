import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { expect, onTestFinished, test } from 'vitest'
import { WebSocket, WebSocketServer } from 'ws'
import { demoAccounts } from '../cloud/demo.ts'
import { testEmulator } from '../testing/emulator.ts'
import { eventually } from '../testing/eventually.ts'

const openid = demoAccounts[0]?.openid ?? ''

interface Server {
  handleUpgrade(request: unknown, socket: unknown, head: unknown, done: (ws: WebSocket) => void): void
}

/** Somebody else's server on loopback, which says back what it hears. */
async function echo() {
  const headers: unknown[] = []
  const sockets = new WebSocketServer({ noServer: true, maxPayload: 1e6 }) as unknown as Server
  const server = createServer()
  server.on('upgrade', (request, socket, head) => {
    headers.push(request.headers['x-token'])
    sockets.handleUpgrade(request, socket, head, (client) => {
      client.on('message', (data, isBinary) => client.send(isBinary ? data : `echo ${data.toString()}`))
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => {
    server.closeAllConnections()
    server.close()
  })
  return { url: `ws://127.0.0.1:${(server.address() as AddressInfo).port}/live`, headers }
}

function phoneTo(base: string, url: string) {
  const address = new URL('/__phone/app-socket', base.replace('http', 'ws'))
  address.search = new URLSearchParams({ openid, url, header: '{"x-token":"t"}' }).toString()
  const heard: unknown[] = []
  const socket = new WebSocket(address.href, [], { headers: { origin: base } })
  socket.on('message', (data, isBinary) =>
    heard.push(isBinary ? [...(data as Buffer)] : (JSON.parse(data.toString()) as unknown)),
  )
  socket.on('error', ({ message }) => heard.push(message))
  onTestFinished(() => socket.close())
  return { socket, heard }
}

test('words and bytes go through to a server on loopback, and its end comes back', async () => {
  const emulator = await testEmulator()
  const server = await echo()
  const { socket, heard } = phoneTo(emulator.url, server.url)
  await eventually(async () => heard).toEqual([{ kind: 'accepted' }, { kind: 'open' }])
  socket.send(JSON.stringify({ kind: 'message', data: '你好' }))
  socket.send(Uint8Array.from([1, 2]))
  await eventually(async () => heard.slice(2)).toEqual([{ kind: 'message', data: 'echo 你好' }, [1, 2]])
  socket.send(JSON.stringify({ kind: 'close', code: 3001, reason: '再见' }))
  await eventually(async () => heard.slice(4)).toEqual([{ kind: 'close', code: 3001, reason: '再见' }])
  expect(server.headers).toEqual(['t'])
})

test('H47 the same list as for wx.request: 600002; without a network 600001', async () => {
  const emulator = await testEmulator()
  const refused = (errno: number) => [
    { kind: 'refused', failure: expect.objectContaining({ errno }) as object },
  ]
  const stranger = phoneTo(emulator.url, 'wss://unlisted.invalid/live')
  await eventually(async () => stranger.heard).toEqual(refused(600002))
  const own = phoneTo(emulator.url, emulator.url.replace('http', 'ws'))
  await eventually(async () => own.heard).toEqual(refused(600002))
  emulator.setPhone({ network: 'none' })
  const server = await echo()
  const offline = phoneTo(emulator.url, server.url)
  await eventually(async () => offline.heard).toEqual(refused(600001))
})
