import { createHmac, timingSafeEqual } from 'node:crypto'
import { createServer, type IncomingMessage, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { fileURLToPath } from 'node:url'

/*
 * docs/integration.zh-CN.md, from our system to theirs. It needs nothing but Node, so that it can be copied:
 *   WEBHOOK_SECRET=… PORT=8080 npx tsx server/examples/receive-webhook.ts
 */

export interface DeliveryEvent {
  id: string
  event: 'delivery.sent' | 'delivery.refused' | 'delivery.dead' | 'delivery.waiting'
  at: string
  delivery: {
    id: string
    state: string
    reason: { code: string; message: string } | null
    mergedInto: string | null
  }
  clue: { id: string; externalId: string | null }
  assignee: { id: string; username: string }
}

const WINDOW_SECONDS = 300
const MAX_BODY_BYTES = 64 * 1024

/**
 * A server that takes our webhook. `onEvent` is called once for each event; when it throws, the event comes again
 * later. In production the ids belong into your database, in the transaction that acts on the event.
 */
export function createReceiver(secret: string, onEvent: (event: DeliveryEvent) => Promise<void>): Server {
  const seen = new Set<string>()
  return createServer((request, response) => {
    const answer = (status: number) => response.writeHead(status).end()
    take(request).then(answer, () => answer(500))
  })

  async function take(request: IncomingMessage): Promise<number> {
    const body = await readBody(request)
    if (!isGenuine(secret, request.headers, body)) return 401
    const event = JSON.parse(body.toString('utf8')) as DeliveryEvent
    if (seen.has(event.id)) return 204
    await onEvent(event)
    seen.add(event.id)
    return 204
  }
}

/** Whether these bytes come from Leadbell, and were signed within the last five minutes. */
function isGenuine(secret: string, headers: IncomingMessage['headers'], body: Buffer): boolean {
  const timestamp = String(headers['x-leadbell-timestamp'] ?? '')
  const given = Buffer.from(String(headers['x-leadbell-signature'] ?? ''))
  const digest = createHmac('sha256', secret).update(`${timestamp}.`).update(body).digest('hex')
  const expected = Buffer.from(`v1=${digest}`)
  if (given.length !== expected.length || !timingSafeEqual(given, expected)) return false
  return Math.abs(Date.now() / 1000 - Number(timestamp)) <= WINDOW_SECONDS
}

/** The bytes as they came: JSON that was parsed and written again has another signature. */
async function readBody(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of request) {
    size += (chunk as Buffer).length
    if (size > MAX_BODY_BYTES) throw new Error('the body is too long')
    chunks.push(chunk as Buffer)
  }
  return Buffer.concat(chunks)
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const { WEBHOOK_SECRET: secret = '', PORT: port = '8080' } = process.env
  const server = createReceiver(secret, async ({ event, clue, assignee, delivery }) => {
    const why = delivery.reason ? `：${delivery.reason.message}` : ''
    process.stdout.write(`${event} ${clue.externalId ?? clue.id} ${assignee.username}${why}\n`)
  })
  server.listen(Number(port), '127.0.0.1', () => {
    process.stdout.write(`等待通知：http://127.0.0.1:${(server.address() as AddressInfo).port}/\n`)
  })
}
