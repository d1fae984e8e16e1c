import type { PushRequest } from '../cloud/push/request.ts'
import type { PushTransport } from '../cloud/push/transport.ts'

/** How a backend without a network answers a call: with a status and body, never, or not at all. */
export type BackendAnswer = { status: number; body: string } | 'silence' | 'unreachable'

export const thanks: BackendAnswer = { status: 200, body: 'success' }

/** Whom the cloud pushes to in tests that have no network. `answer` hears each call's number, from 0. */
export function fakeBackend(answer: (n: number, request: PushRequest) => BackendAnswer = () => thanks) {
  /** The GETs that verify are not among them. */
  const calls: PushRequest[] = []
  const transport: PushTransport = (request, signal) => {
    if (request.method === 'GET') {
      const echo = new URL(request.url).searchParams.get('echostr') ?? ''
      return Promise.resolve({ status: 200, body: echo })
    }
    const given = answer(calls.push(request) - 1, request)
    switch (given) {
      case 'unreachable':
        return Promise.reject(new TypeError('fetch failed', { cause: { code: 'ECONNREFUSED' } }))
      case 'silence':
        return new Promise((_, reject) =>
          signal.addEventListener('abort', () => reject(new Error('aborted'))),
        )
      default:
        return Promise.resolve(given)
    }
  }
  return { calls, transport }
}

/** In plain JSON, so that a test can read what it says. */
export const plainTarget = {
  url: 'http://127.0.0.1:9/wechat/events',
  token: 'AAAAA',
  mode: 'plain',
  format: 'json',
} as const
