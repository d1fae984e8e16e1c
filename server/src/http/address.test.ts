import { serve } from '@hono/node-server'
import { Hono } from 'hono'
import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { describe, expect, it } from 'vitest'
import { clientAddress } from './address.ts'
import type { HttpEnv } from './env.ts'

async function seenAs(trustProxy: boolean, forwarded?: string): Promise<string> {
  const app = new Hono<HttpEnv>().get('/', (c) => c.text(clientAddress(trustProxy)(c)))
  const server = serve({ fetch: app.fetch, hostname: '127.0.0.1', port: 0 })
  if (!server.listening) await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  const headers: Record<string, string> = forwarded === undefined ? {} : { 'x-forwarded-for': forwarded }
  const answer = await (await fetch(`http://127.0.0.1:${port}/`, { headers })).text()
  server.close()
  return answer
}

describe('the client’s address', () => {
  it('is the socket’s; a header is only what the client says', async () => {
    expect(await seenAs(false)).toBe('127.0.0.1')
    expect(await seenAs(false, '198.51.100.7')).toBe('127.0.0.1')
  })

  it('is what the trusted proxy wrote last', async () => {
    expect(await seenAs(true, '10.0.0.1, 198.51.100.7')).toBe('198.51.100.7')
    expect(await seenAs(true)).toBe('127.0.0.1')
  })
})
