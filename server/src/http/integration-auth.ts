import type { Context as HonoContext } from 'hono'
import type { Actor } from '../domain/actor.ts'
import { done, refuse, type Outcome } from '../domain/refusal.ts'
import { verifyBody } from '../domain/webhook-signing.ts'
import type { AppDeps, HttpEnv } from './env.ts'

/**
 * The customer's system, by the signature over the bytes of its body (docs/integration.zh-CN.md). Without a secret in
 * the configuration there is no such endpoint.
 */
export async function requireSignature(
  { ctx, integrationSecret }: AppDeps,
  c: HonoContext<HttpEnv>,
): Promise<Outcome<Actor>> {
  if (integrationSecret === undefined) return refuse('route-unknown')
  const signed = {
    timestamp: c.req.header('x-leadbell-timestamp') ?? '',
    signature: c.req.header('x-leadbell-signature') ?? '',
    // the request keeps it: whoever reads the body next gets the same bytes
    body: new Uint8Array(await c.req.arrayBuffer()),
  }
  switch (verifyBody(integrationSecret, signed, ctx.now())) {
    case 'good':
      return done({ kind: 'token', name: 'integration' })
    case 'wrong':
      return refuse('signature-wrong')
    case 'stale':
      return refuse('signature-stale', { now: String(Math.floor(ctx.now().getTime() / 1000)) })
  }
}
