import { fork, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { exchange } from './transport.ts'

/** In a process of its own: it says that it was asked, and answers while this one is busy. */
const SERVER = `
  const answer = (_request, response) => {
    process.send('asked')
    setTimeout(() => response.end('{"errcode":0}'), 50)
  }
  require('node:http').createServer(answer)
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
    await once(server, 'message')
    // nothing of this process moves for thrice the time allowed
    const until = performance.now() + 300
    while (performance.now() < until);
    expect(await call).toEqual({ kind: 'answered', status: 200, text: '{"errcode":0}' })
  })
})
