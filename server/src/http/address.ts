import { getConnInfo } from '@hono/node-server/conninfo'
import type { Context as HonoContext } from 'hono'
import type { HttpEnv } from './env.ts'

/**
 * The client's address: the socket's, or behind a trusted proxy the last entry of X-Forwarded-For, which is the one
 * that proxy wrote. The entries before it are whatever the client says.
 */
export function clientAddress(trustProxy: boolean): (c: HonoContext<HttpEnv>) => string {
  return (c) => {
    const forwarded = trustProxy ? c.req.header('x-forwarded-for')?.split(',').at(-1)?.trim() : undefined
    return forwarded || (getConnInfo(c).remote.address ?? 'unknown')
  }
}
