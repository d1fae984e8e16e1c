import { upgradeWebSocket } from '@hono/node-server'
import type { MiddlewareHandler } from 'hono'
import type { WSContext } from 'hono/ws'
import type { Cloud } from '../cloud/cloud.ts'
import type { PhoneEvent, PhoneFrame, WeChatFrame } from '../protocol.ts'
import { text } from './input.ts'

/** Performs `POST /__phone/{path}` as if it had come over HTTP. */
export type PhoneCall = (path: string, init: RequestInit) => Response | Promise<Response>

/**
 * `GET /__phone/socket?openid=…` of protocol.ts: one connection carries a phone's calls and its events. Over HTTP/1.1 a
 * browser opens six connections to one host, so the seventh phone's stream, or the sixth call that waits for a slow
 * backend, would stop every phone in it.
 * @throws UnknownPhone and BadInput, before the socket is one
 */
export function phoneSocket(cloud: Cloud, call: PhoneCall): MiddlewareHandler {
  return upgradeWebSocket((c) => {
    const openid = text(c.req.query('openid'), 'openid')
    cloud.phone.state(openid)
    // a call is let in as the one who opened the socket was
    const headers = { host: c.req.header('host') ?? '', 'content-type': 'application/json' }
    const underWay = new Map<number, AbortController>()
    let stopListening = () => {}

    const say = (socket: WSContext, frame: WeChatFrame) => {
      if (socket.readyState === OPEN) socket.send(JSON.stringify(frame))
    }

    async function answer(socket: WSContext, { id, path, body }: Extract<PhoneFrame, { path: string }>) {
      const abort = new AbortController()
      underWay.set(id, abort)
      try {
        const init = {
          method: 'POST',
          headers,
          body: JSON.stringify({ ...body, openid }),
          signal: abort.signal,
        }
        const response = await call(path, init)
        say(socket, { kind: 'answer', id, status: response.status, body: await response.text() })
      } finally {
        underWay.delete(id)
      }
    }

    return {
      onOpen: (_, socket) => {
        const tell = (event: PhoneEvent) => say(socket, { kind: 'event', event })
        stopListening = cloud.phone.listen(openid, tell)
        tell({ kind: 'clock', aheadMs: cloud.clock().aheadMs })
      },
      onMessage({ data }, socket) {
        const frame = readFrame(data)
        if (!frame) return socket.close(BAD_FRAME, 'not a frame of protocol.ts')
        if (frame.kind === 'cancel') underWay.get(frame.id)?.abort()
        else void answer(socket, frame)
      },
      onClose() {
        stopListening()
        for (const abort of underWay.values()) abort.abort()
      },
    }
  })
}

const OPEN = 1
/** WebSocket's own code for data that makes no sense (RFC 6455 §7.4.1). */
const BAD_FRAME = 1007

function readFrame(data: unknown): PhoneFrame | undefined {
  if (typeof data !== 'string') return undefined
  try {
    const frame = JSON.parse(data) as Partial<Record<string, unknown>> | null
    const { kind, id, path, body } = frame ?? {}
    if (typeof id !== 'number') return undefined
    if (kind === 'cancel') return { kind, id }
    if (kind !== 'call' || typeof path !== 'string' || !/^[a-z-]+(\/[a-z-]+)*$/.test(path)) return undefined
    return typeof body === 'object' && body !== null ? { kind, id, path, body } : undefined
  } catch {
    return undefined
  }
}
