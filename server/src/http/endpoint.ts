import { endpoints, type EndpointName, type Endpoints } from '@leadbell/contract'
import type { Context as HonoContext, Hono } from 'hono'
import type * as v from 'valibot'
import { done, type Outcome } from '../domain/refusal.ts'
import type { Session } from '../domain/sessions.ts'
import { requireAdmin, requireSession } from './auth.ts'
import type { AppDeps, HttpEnv } from './env.ts'
import { answer, type SuccessCode } from './envelope.ts'
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

type Answer<N extends EndpointName> = Promise<Outcome<Endpoints[N]['result']>>

/** Registers handlers by the contract's names: who may call is decided first, then the input is checked. */
export function endpointsOn(app: Hono<HttpEnv>, deps: AppDeps) {
  function register<N extends EndpointName, Who>(
    name: N,
    admit: (c: HonoContext<HttpEnv>) => Promise<Outcome<Who>> | Outcome<Who>,
    handle: (request: Request<N>, who: Who) => Answer<N>,
    successCode: SuccessCode = 200,
  ): void {
    const [method = '', path = ''] = name.split(' ')
    app.on(method, path.replace(/\{(\w+)\}/g, ':$1'), async (c) => {
      const who = await admit(c)
      if (!who.ok) return answer(c, who)
      const request = await readRequest(name, c, deps.addressOf(c))
      return answer(c, request.ok ? await handle(request.value, who.value) : request, successCode)
    })
  }

  return {
    open: <N extends EndpointName>(
      name: N,
      handle: (request: Request<N>) => Answer<N>,
      successCode?: SuccessCode,
    ) => register(name, () => done(null), handle, successCode),
    session: <N extends EndpointName>(
      name: N,
      handle: (request: Request<N>, session: Session) => Answer<N>,
    ) => register(name, (c) => requireSession(deps, c), handle),
    admin: <N extends EndpointName>(name: N, handle: (request: Request<N>) => Answer<N>) =>
      register(name, (c) => requireAdmin(deps, c), handle),
  }
}

async function readRequest<N extends EndpointName>(
  name: N,
  c: HonoContext<HttpEnv>,
  address: string,
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
