import { endpoints, type EndpointName, type Endpoints } from '@leadbell/contract'
import type { Context as HonoContext, Hono } from 'hono'
import type * as v from 'valibot'
import type { Actor } from '../domain/actor.ts'
import type { Context } from '../domain/context.ts'
import { onceForKey } from '../domain/idempotency.ts'
import { done, type Outcome } from '../domain/refusal.ts'
import { admissionsOf, type Admit, type Callers } from './auth.ts'
import type { AppDeps, HttpEnv } from './env.ts'
import { answer, type SuccessCode } from './envelope.ts'
import { heedsKey, keyedRequest, readKey } from './idempotency-key.ts'
import { check, readBody } from './input.ts'

interface Schemas {
  path?: v.GenericSchema
  query?: v.GenericSchema
  body?: v.GenericSchema
  result: v.GenericSchema
}

type Part<N extends EndpointName, K extends 'path' | 'query' | 'body'> =
  (typeof endpoints)[N] extends Record<K, infer S extends v.GenericSchema> ? v.InferOutput<S> : undefined

/** A request that fits the contract. */
export interface Request<N extends EndpointName> {
  path: Part<N, 'path'>
  query: Part<N, 'query'>
  body: Part<N, 'body'>
  address: string
}

/** Who may call it, as the contract says. */
export type Caller<N extends EndpointName> = Callers[(typeof endpoints)[N]['access']]

/** Works through `ctx` alone: under an Idempotency-Key it is the transaction that remembers the answer. */
export type Handler<N extends EndpointName> = (
  request: Request<N>,
  who: Caller<N>,
  ctx: Context,
) => Promise<Outcome<Endpoints[N]['result']>>

type ReadBody = (c: HonoContext<HttpEnv>) => Promise<Outcome<unknown>>

export interface EndpointOptions {
  /** @default 200 */
  successCode?: SuccessCode
  /** Makes the value that is checked against the contract. @default the JSON object in the body */
  readBody?: ReadBody
}

export type On = <N extends EndpointName>(name: N, handle: Handler<N>, options?: EndpointOptions) => void

/** Registers handlers by the contract's names: who may call is decided first, then the input is checked. */
export function endpointsOn(app: Hono<HttpEnv>, deps: AppDeps): On {
  const admissions = admissionsOf(deps)

  return <N extends EndpointName>(name: N, handle: Handler<N>, options: EndpointOptions = {}): void => {
    const { access } = endpoints[name]
    const [method = '', path = ''] = name.split(' ')
    // Caller<N> is looked up by the same access
    const admit = admissions[access] as Admit<Caller<N>>
    app.on(method, path.replace(/\{(\w+)\}/g, ':$1'), async (c) => {
      const who = await admit(c)
      if (!who.ok) return answer(c, who)
      const key = heedsKey(method, access) ? readKey(c, access) : done(undefined)
      if (!key.ok) return answer(c, key)
      const request = await readRequest(name, c, deps.addressOf(c), options.readBody ?? readBody)
      if (!request.ok) return answer(c, request)

      const work = (ctx: Context) => handle(request.value, who.value, ctx)
      if (key.value === undefined) return answer(c, await work(deps.ctx), options.successCode)
      const { path, query, body } = request.value
      // heedsKey: only where the caller is an Actor
      const keyed = keyedRequest(name, who.value as Actor, key.value, { path, query, body })
      const { outcome, replayed } = await onceForKey(deps.ctx, keyed, work)
      if (replayed) c.header('idempotent-replayed', 'true')
      return answer(c, outcome, options.successCode)
    })
  }
}

async function readRequest<N extends EndpointName>(
  name: N,
  c: HonoContext<HttpEnv>,
  address: string,
  readBody: ReadBody,
): Promise<Outcome<Request<N>>> {
  const schemas: Schemas = endpoints[name]
  const path = schemas.path ? check(schemas.path, c.req.param()) : done(undefined)
  if (!path.ok) return path
  const query = schemas.query ? check(schemas.query, c.req.query()) : done(undefined)
  if (!query.ok) return query
  const sent = schemas.body ? await readBody(c) : done(undefined)
  if (!sent.ok) return sent
  const body = schemas.body ? check(schemas.body, sent.value) : done(undefined)
  if (!body.ok) return body
  // the three were checked against the schemas that Part<N> is inferred from
  return done({ path: path.value, query: query.value, body: body.value, address } as Request<N>)
}
