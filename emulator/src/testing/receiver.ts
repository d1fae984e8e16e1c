import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { onTestFinished } from 'vitest'

export interface Received {
  method: string
  url: string
  contentType: string | undefined
  body: string
}

/** A tiny backend on a free port that thanks for every push and echoes what verifies it. */
export async function pushReceiver(): Promise<{ url: string; received: Received[] }> {
  const received: Received[] = []
  const server = createServer((request, response) => {
    let body = ''
    request.on('data', (chunk: Buffer) => (body += chunk.toString()))
    request.on('end', () => {
      const { method = '', url = '', headers } = request
      received.push({ method, url, contentType: headers['content-type'], body })
      const echo = new URL(url, 'http://127.0.0.1').searchParams.get('echostr')
      response.end(method === 'GET' ? echo : 'success')
    })
  })
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening))
  onTestFinished(() => {
    server.closeAllConnections()
    server.close()
  })
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/wechat/events`, received }
}
