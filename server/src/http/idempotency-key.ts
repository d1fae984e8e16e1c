import { createHash } from 'node:crypto'
import type { Access } from '@leadbell/contract'
import type { Context as HonoContext } from 'hono'
import { callerKey, type Actor } from '../domain/actor.ts'
import type { KeyedRequest } from '../domain/idempotency.ts'
import { done, refuse, type Outcome } from '../domain/refusal.ts'
import type { HttpEnv } from './env.ts'

const KEY = /^[\x20-\x7e]{1,128}$/

/** Whether a call heeds an Idempotency-Key: those of the back office and of other systems that change something. */
export const heedsKey = (method: string, access: Access): boolean =>
  method !== 'GET' && (access === 'clerk' || access === 'admin' || access === 'integration')

/** The key of the request, 1 to 128 printable ASCII characters; undefined when it has none and needs none. */
export function readKey(c: HonoContext<HttpEnv>, access: Access): Outcome<string | undefined> {
  const key = c.req.header('idempotency-key')
  if (key === undefined) return access === 'integration' ? refuse('idempotency-key-missing') : done(undefined)
  return KEY.test(key) ? done(key) : refuse('idempotency-key-bad')
}

/** `content` is the checked request: two spellings of one JSON are the same. */
export function keyedRequest(endpoint: string, who: Actor, key: string, content: unknown): KeyedRequest {
  return {
    scope: `${callerKey(who)} ${endpoint}`,
    key,
    requestHash: createHash('sha256').update(JSON.stringify(content)).digest('hex'),
  }
}
