import type { MiddlewareHandler } from 'hono'
import { bodyLimit } from 'hono/body-limit'

const names = ['127.0.0.1', 'localhost', '[::1]']

/**
 * Lets in only who addresses the emulator by its own loopback name: a web page anywhere can make a browser call
 * 127.0.0.1, and can point its own host name at it (DNS rebinding). `port` is asked per request.
 */
export function ownOriginOnly(port: () => number): MiddlewareHandler {
  return async (c, next) => {
    const hosts = names.map((name) => `${name}:${port()}`)
    const host = c.req.header('host') ?? ''
    const origin = c.req.header('origin')
    const isOurs =
      hosts.includes(host) && (origin === undefined || hosts.some((own) => origin === `http://${own}`))
    if (!isOurs || c.req.header('sec-fetch-site') === 'cross-site')
      return c.json({ message: '只接受来自模拟器本机页面的请求 (not the emulator’s own origin)' }, 403)
    return next()
  }
}

export const limitedTo = (maxSize: number) =>
  bodyLimit({ maxSize, onError: (c) => c.json({ message: '请求太大 (too large)' }, 413) })
