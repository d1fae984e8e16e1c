import { fork, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { exchange } from './transport.ts'

/** In a process of its own: it answers while this one is busy. */
const SERVER = `
  require('node:http').createServer((_request, response) => response.end('{"errcode":0}'))
    .listen(0, '127.0.0.1', function () { process.send(this.address().port) })`

let server: ChildProcess
let url: URL
beforeAll(async () => {
  server = fork('-e', [SERVER], { execArgv: [], execPath: process.execPath })
  const [port] = (await once(server, 'message')) as [number]
  url = new URL(`http://127.0.0.1:${port}/`)
})
afterAll(() => void server.kill())

describe('an exchange', () => {
  it('reads an answer that came in time, though this process was too busy to look', async () => {
    const call = exchange({ method: 'POST', url, body: {}, timeoutMs: 100 })
    // the request leaves in the next turns of the loop; then nothing of this process moves for thrice the time allowed
    await new Promise((sent) => setTimeout(sent, 5))
    const until = performance.now() + 300
    while (performance.now() < until);
    expect(await call).toEqual({ kind: 'answered', status: 200, text: '{"errcode":0}' })
  })
})
