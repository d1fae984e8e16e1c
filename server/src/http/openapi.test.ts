import { AdminChange, endpoints } from '@leadbell/contract'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import * as v from 'valibot'
import { refusals } from '../domain/refusal.ts'
import { Harness } from '../testing/harness.ts'
import { describeApi } from './openapi.ts'

const document = describeApi('1.2.3')
type Node = Record<string, unknown>
const isNode = (value: unknown): value is Node => typeof value === 'object' && value !== null

interface Operation {
  operationId: string
  tags: string[]
  summary: string
  security: Record<string, unknown>[]
  parameters?: { name?: string; in?: string; required?: boolean; $ref?: string }[]
  requestBody?: { content: Record<string, { schema: Node }> }
  responses: Record<
    string,
    { description?: string; $ref?: string; content?: Record<string, { schema?: Node }> }
  >
}

const operations = Object.entries(document.paths).flatMap(([path, item]) =>
  Object.entries(item).map(([method, operation]) => ({
    name: `${method.toUpperCase()} ${path}`,
    path,
    operation: operation as unknown as Operation,
  })),
)
const operationOf = (name: string) => {
  const found = operations.find((one) => one.name === name)
  if (!found) throw new Error(`${name} is not described`)
  return found.operation
}

function resolve(ref: string): unknown {
  return ref
    .replace(/^#\//, '')
    .split('/')
    .reduce<unknown>((node, key) => (isNode(node) ? node[key] : undefined), document)
}

/** Every object in the document with the path to it. */
function* nodes(value: unknown, at = '#'): Generator<[string, Node]> {
  if (!isNode(value)) return
  yield [at, value]
  for (const [key, inner] of Object.entries(value)) yield* nodes(inner, `${at}/${key}`)
}

/** Every schema there is: below `schema`, `schemas`, `properties`, `items` and the like. */
const schemas = [...nodes(document)].filter(([at]) =>
  /\/(schema|items|additionalProperties|propertyNames)$|\/(schemas|properties|anyOf|oneOf|allOf)\/[^/]+$/.test(
    at,
  ),
)

describe('the OpenAPI document', () => {
  it('describes every endpoint of the contract, and says what it takes and gives', () => {
    expect(document.openapi).toBe('3.1.0')
    for (const [name, endpoint] of Object.entries(endpoints)) {
      const operation = operationOf(name)
      expect(operation.summary).toBe(endpoint.summary)
      expect(operation.requestBody !== undefined).toBe('body' in endpoint)
      expect(operation.responses['200']?.content?.['application/json']?.schema).toBeDefined()
      expect(operation.responses).toHaveProperty('500')
    }
  })

  it('describes every route the server has', () => {
    const routes = server.app.routes.filter(({ method }) => method !== 'ALL')
    const served = new Set(routes.map(({ method, path }) => `${method} ${path.replace(/:(\w+)/g, '{$1}')}`))
    const pages = [...served].filter((name) => /^GET \/(docs|openapi\.json)/.test(name))
    const undescribed = [...served].filter((name) => !operations.some((one) => one.name === name))
    expect(undescribed.sort()).toEqual([...pages, 'POST /trial/assign'].sort())
  })

  it('has no reference that leads nowhere, and nothing that nothing refers to', () => {
    const refs = [...nodes(document)].flatMap(([, node]) =>
      typeof node.$ref === 'string' ? [node.$ref] : [],
    )
    expect(refs.filter((ref) => resolve(ref) === undefined)).toEqual([])
    for (const kind of ['schemas', 'parameters', 'responses', 'examples'])
      for (const name of Object.keys(document.components[kind] ?? {}))
        expect(refs, `${kind} ${name}`).toContain(`#/components/${kind}/${name}`)
  })

  it('says something in every schema; only the envelope’s result is left open', () => {
    expect(schemas.length).toBeGreaterThan(300)
    const words = ['type', '$ref', 'anyOf', 'oneOf', 'allOf', 'const', 'enum']
    const open = schemas.filter(([, schema]) => !words.some((word) => word in schema)).map(([at]) => at)
    expect(open).toEqual(['#/components/schemas/Envelope/properties/result'])
  })

  it('requires only properties that it has', () => {
    for (const [at, { required, properties }] of schemas)
      if (Array.isArray(required) && isNode(properties))
        expect(Object.keys(properties), at).toEqual(expect.arrayContaining(required))
  })

  it('names the parameters of every path', () => {
    for (const { name, path, operation } of operations) {
      const inPath = (operation.parameters ?? []).filter((one) => one.in === 'path')
      expect(
        inPath.map((one) => `{${one.name}}`),
        name,
      ).toEqual(path.match(/\{\w+\}/g) ?? [])
      expect(inPath.every(({ required }) => required)).toBe(true)
    }
  })

  it('gives every call a name of its own, a known tag in Chinese and a known way to be let in', () => {
    const tags = (document.tags as { name: string }[]).map(({ name }) => name)
    const ids = operations.map(({ operation }) => operation.operationId)
    expect(new Set(ids).size).toBe(ids.length)
    expect(ids).toContain('putAdminStaffById')
    for (const { operation } of operations) {
      expect(tags).toEqual(expect.arrayContaining(operation.tags))
      expect(operation.summary).toMatch(/\p{Script=Han}/u)
      for (const scheme of operation.security.flatMap((one) => Object.keys(one)))
        expect(document.components.securitySchemes).toHaveProperty(scheme)
    }
    expect(operationOf('GET /admin/staff').security).toEqual([{ adminToken: [] }, { session: [] }])
  })

  it('takes an Idempotency-Key where the back office changes something, and wants one from other systems', () => {
    const keysOf = (name: string) =>
      (operationOf(name).parameters ?? []).flatMap(({ $ref }) => ($ref ? [$ref] : []))
    for (const [name, { access }] of Object.entries(endpoints)) {
      const [method] = name.split(' ')
      const isBackOffice = access === 'clerk' || access === 'admin'
      const expected = access === 'integration' ? 'IdempotencyKeyRequired' : 'IdempotencyKey'
      const heeds = access === 'integration' || (isBackOffice && method !== 'GET')
      expect(keysOf(name), name).toEqual(heeds ? [`#/components/parameters/${expected}`] : [])
    }
  })

  it('shows an example of everything the server refuses, under the status it has', () => {
    const elsewhere = ['trial-assignee-unknown']
    const shown = new Map<string, Set<string>>()
    for (const { operation } of operations)
      for (const [status, { content }] of Object.entries(operation.responses))
        for (const [, { examples }] of Object.entries(content ?? {}) as [string, { examples?: Node }][])
          for (const name of Object.keys(examples ?? {}))
            shown.set(name, (shown.get(name) ?? new Set()).add(status))
    for (const [name, { status }] of Object.entries(refusals))
      if (!elsewhere.includes(name)) expect([...(shown.get(name) ?? [])], name).toEqual([String(status)])
  })

  it('fills every gap in the sentences of its examples', () => {
    for (const [name, example] of Object.entries(document.components.examples ?? {})) {
      const { message } = example.value as { message: string }
      expect(message, name).not.toMatch(/[{}]|（）|：$/)
    }
  })

  it('describes the live updates as what they are: events, and an envelope only when refused', () => {
    const { responses, security } = operationOf('GET /admin/events')
    expect(security).toEqual(operationOf('GET /admin/clues').security)
    const { example } = responses['200']?.content?.['text/event-stream'] as { example: string }
    const data = /^event: change\ndata: (.*)$/m.exec(example)?.[1] ?? ''
    expect(v.is(AdminChange, JSON.parse(data))).toBe(true)
    const refused = Object.keys(responses).filter((status) => status !== '200')
    expect(refused).toEqual(['401', '403', '429', '500'])
    for (const status of refused)
      expect(Object.keys(responses[status]?.content ?? {})).toEqual(['application/json'])
  })

  it('tells numbers in a query by what they mean', () => {
    const parameters = operationOf('GET /admin/staff').parameters
    expect(parameters).toContainEqual({
      name: 'limit',
      in: 'query',
      required: false,
      schema: { type: 'integer', minimum: 1, maximum: 50, default: 20 },
    })
  })
})

let server: Harness
beforeAll(async () => {
  server = await Harness.start()
})
afterAll(() => server.stop())

const get = (path: string, headers: Record<string, string> = {}) =>
  server.app.request(`http://localhost${path}`, { headers })

describe('the page of the API', () => {
  it('comes with the document, which may be kept and is not sent twice', async () => {
    const answer = await get('/openapi.json')
    expect(answer.headers.get('content-type')).toBe('application/json; charset=utf-8')
    expect(answer.headers.get('cache-control')).toMatch(/max-age/)
    expect(await answer.json()).toMatchObject({ openapi: '3.1.0', info: { title: '线索铃 Leadbell 接口' } })
    const again = await get('/openapi.json', { 'if-none-match': answer.headers.get('etag') ?? '' })
    expect(again.status).toBe(304)
  })

  it('is Chinese, has no script of its own in it, and allows none from elsewhere', async () => {
    const answer = await get('/docs')
    const html = await answer.text()
    expect(html).toContain('<html lang="zh-CN">')
    expect(html).toContain('<title>线索铃接口文档</title>')
    expect(html).not.toMatch(/<script(?![^>]* src=)/)
    const policy = answer.headers.get('content-security-policy') ?? ''
    expect(policy).toContain("default-src 'self'")
    expect(policy).not.toMatch(/https?:|script-src|\*/)
  })

  it('has every file it asks for on this server', async () => {
    const html = await (await get('/docs')).text()
    const files = [...html.matchAll(/(?:src|href)="([^"]+)"/g)].flatMap(([, file]) => file ?? [])
    expect(files.length).toBeGreaterThanOrEqual(4)
    for (const file of files) {
      expect(file).not.toMatch(/^(\w+:|\/)/)
      const answer = await get(`/${file}`)
      expect(answer.status, file).toBe(200)
      expect(answer.headers.get('cache-control')).toMatch(/max-age/)
      expect((await answer.arrayBuffer()).byteLength, file).toBeGreaterThan(100)
    }
    const icon = new Uint8Array(await (await get('/docs/favicon-32x32.png')).arrayBuffer())
    expect([...icon.slice(0, 4)]).toEqual([0x89, 0x50, 0x4e, 0x47])
  })

  it('gives out no other file', async () => {
    for (const path of ['/docs/package.json', '/docs/..%2fpackage.json', '/docs/index.html'])
      expect((await get(path)).status).toBe(404)
  })
})
