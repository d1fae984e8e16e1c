import { Agent as HttpAgent, request as requestHttp } from 'node:http'
import { Agent as HttpsAgent, request as requestHttps } from 'node:https'

/**
 * What a call came to. `unreachable` means that not one byte of the request left; `unanswered` that it may have been
 * received and acted upon. WeChat's `send` knows no idempotency key, so everything hangs on that difference.
 */
export type Exchange =
  | { kind: 'answered'; status: number; text: string }
  | { kind: 'unreachable'; why: string }
  | { kind: 'unanswered'; why: string }

export interface Call {
  method: 'GET' | 'POST'
  url: URL
  body?: unknown
  /** For connection, request and answer together. */
  timeoutMs: number
}

const MAX_ANSWER_BYTES = 1024 * 1024
const LAST_LOOK_MS = 20
/** They keep no connection; the second one remembers the TLS session, so that the next handshake is short. */
const [plain, secured] = [new HttpAgent({ keepAlive: false }), new HttpsAgent({ keepAlive: false })]

/**
 * One HTTP exchange on a connection of its own. A kept connection that the other side closes in the same moment
 * cannot be told from one that took the request; fetch hides which it was.
 */
export function exchange({ method, url, body, timeoutMs }: Call): Promise<Exchange> {
  return new Promise((resolve) => {
    const payload = body === undefined ? undefined : Buffer.from(JSON.stringify(body))
    const secure = url.protocol === 'https:'
    let connected = false
    const failed = (why: string): Exchange => ({ kind: connected ? 'unanswered' : 'unreachable', why })

    const request = (secure ? requestHttps : requestHttp)(url, {
      method,
      agent: secure ? secured : plain,
      headers: payload && { 'content-type': 'application/json', 'content-length': payload.length },
    })
    const giveUp = () => {
      resolve(failed(`no answer within ${timeoutMs} ms`))
      request.destroy()
    }
    // after a stall of this process timers come first: an answer that has arrived meanwhile is read before
    let timer = setTimeout(() => {
      timer = setTimeout(giveUp, LAST_LOOK_MS)
    }, timeoutMs)
    const finish = (outcome: Exchange) => {
      clearTimeout(timer)
      resolve(outcome)
    }

    request.on('socket', (socket) => {
      socket.once(secure ? 'secureConnect' : 'connect', () => {
        connected = true
      })
    })
    request.on('error', (error) => finish(failed(error.message)))
    request.on('response', (response) => {
      const chunks: Buffer[] = []
      let size = 0
      response.on('data', (chunk: Buffer) => {
        size += chunk.length
        if (size > MAX_ANSWER_BYTES) request.destroy(new Error('the answer is too long'))
        else chunks.push(chunk)
      })
      response.on('end', () =>
        finish({
          kind: 'answered',
          status: response.statusCode ?? 0,
          text: Buffer.concat(chunks).toString('utf8'),
        }),
      )
      // cut off in the middle: `end` never comes, `close` always does
      response.on('close', () => finish(failed('the answer was cut off')))
    })
    request.end(payload)
  })
}
