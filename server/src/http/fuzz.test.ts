import { endpoints, type EndpointName } from '@leadbell/contract'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import * as v from 'valibot'
import { signBody } from '../domain/webhook-signing.ts'
import { enterAs } from '../testing/back-office.ts'
import { ADMIN_TOKEN, Harness, TEMPLATE } from '../testing/harness.ts'
import { fitting, hostileText, hostileValue, onTheWire, spoilt, type Known } from '../testing/hostile.ts'

// FUZZ_SEED=$RANDOM FUZZ_RUNS=20000 looks further than a usual run does
const seed = Number(process.env.FUZZ_SEED ?? 20_261_123)
const numRuns = Number(process.env.FUZZ_RUNS ?? 1000)
const timeLimit = process.env.FUZZ_RUNS ? undefined : 6000

const INTEGRATION_SECRET = 'a secret of thirty-two characters'
/** Stands in everything that is B's. */
const PRIVATE = 'B的机密'
const PRIVATE_PHONE = '13999990001'

let server: Harness
let tokens: Record<'staff' | 'clerk' | 'admin', string>
let known: Known
let cluesOfB: Set<string>

beforeAll(async () => {
  server = await Harness.start({ integrationSecret: INTEGRATION_SECRET })
  // ids of people that no lead has: nobody ends the admin's session by guessing
  await server.db.database.pool.query('alter table accounts alter column id restart with 5000')
  const [a, b] = [await enterAs(server, 'staff', '甲'), await enterAs(server, 'staff', '乙')]
  const [clerk, admin] = [await enterAs(server, 'clerk', '文员'), await enterAs(server, 'admin', '主管')]
  tokens = { staff: a.token, clerk: clerk.token, admin: admin.token }
  await server.accept(a, a.token)
  await server.accept(b, b.token)
  const assigned = []
  for (const title of ['甲一', '甲二']) assigned.push(await server.assign(a, title))
  for (const title of ['一', '二']) assigned.push(await assignPrivate(b.id, title))
  const noted = assigned.at(-1)?.clue.id ?? ''
  const note = { id: 'note-of-b-1', text: `${PRIVATE}：下周签约` }
  await server.call('POST', `/clues/${noted}/notes`, { token: b.token, body: note })
  const unassigned = await server.enterClue('无主')
  await server.worker.round()

  const clueIds = [...assigned.map(({ clue }) => clue.id), unassigned.id]
  cluesOfB = new Set(assigned.filter(({ clue }) => clue.assigneeId === b.id).map(({ clue }) => clue.id))
  const deliveryIds = assigned.map(({ delivery }) => delivery.id)
  known = {
    id: [...clueIds, ...deliveryIds, a.id, b.id],
    clueId: clueIds,
    assigneeId: [a.id, b.id],
    assignee: [a.username, b.username],
    username: [a.username, b.username, 'newcomer'],
    code: [`code-of-${a.openid}#fuzz`, 'code-of-stranger'],
    attemptId: ['attempt-of-fuzz'],
    results: [{ [TEMPLATE]: 'accept' }, { [TEMPLATE]: 'reject' }],
    csv: ['线索名称,客户姓名,电话号码,备注\n恒泰,王,13800001024,\n', '线索名称\n"', '\ufeff"a\n'],
  }
})
afterAll(() => server.stop())

async function assignPrivate(assigneeId: string, title: string) {
  const body = {
    title: `${PRIVATE}${title}`,
    customerName: PRIVATE,
    phone: PRIVATE_PHONE,
    remark: PRIVATE,
  }
  const { result: clue } = await server.call<{ id: string; version: number }>('POST', '/admin/clues', {
    admin: true,
    body,
  })
  const assign = { assigneeId, version: clue.version }
  const path = `/admin/clues/${clue.id}/assign`
  return (
    await server.call<Awaited<ReturnType<Harness['assign']>>>('POST', path, { admin: true, body: assign })
  ).result
}

interface Shot {
  method: string
  path: string
  headers: Record<string, string>
  body: string | Uint8Array<ArrayBuffer> | undefined
}

interface Schemas {
  path?: v.GenericSchema
  query?: v.GenericSchema
  body?: v.GenericSchema
}

const fittingOrSpoilt = (schema: v.GenericSchema): fc.Arbitrary<unknown> => {
  const fits = fitting(schema, known)
  return fc.oneof(
    { weight: 5, arbitrary: fits },
    { weight: 4, arbitrary: fits.chain(spoilt) },
    { weight: 1, arbitrary: hostileValue },
  )
}

/** A text as part of an address: as a browser writes it, or as somebody types it who means harm. */
const inAddress = (text: string) => fc.constantFrom(encoded(text), text.replace(/[?#]/g, ''))

/** encodeURIComponent refuses half an emoji. */
const encoded = (text: string) => encodeURIComponent(text.replace(/[\ud800-\udfff]/gu, '\ufffd'))

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

const textOf = (value: unknown) => (typeof value === 'string' ? value : (JSON.stringify(value) ?? ''))

const headerText = fc.oneof(
  hostileText.map((text) => text.replace(/[^\t\x20-\x7e\x80-\xff]/g, '').slice(0, 2000)),
  fc.constantFrom('application/json', 'text/csv', 'text/csv; charset=gbk', 'multipart/form-data', '0', '-1'),
)
const spoiltHeaders = fc.dictionary(
  fc.constantFrom(
    'content-type',
    'content-length',
    'content-encoding',
    'accept',
    'idempotency-key',
    'x-test-address',
    'x-forwarded-for',
    'x-http-method-override',
    'x-leadbell-timestamp',
    'host',
    'range',
  ),
  headerText,
  { maxKeys: 3 },
)

function shots(name: EndpointName): fc.Arbitrary<Shot> {
  const schemas = endpoints[name] as Schemas
  const [method = '', template = ''] = name.split(' ')
  const path = (schemas.path ? fitting(schemas.path, known) : fc.constant({})).chain((fits) =>
    fc
      .tuple(
        ...[...template.matchAll(/\{(\w+)\}/g)].map(([, key = '']) =>
          fc
            .oneof(
              { weight: 4, arbitrary: fc.constant(textOf(isObject(fits) ? fits[key] : '')) },
              { weight: 1, arbitrary: hostileText.map((text) => text.slice(0, 3000)) },
            )
            .chain(inAddress),
        ),
      )
      .map((values) => values.reduce((text, value) => text.replace(/\{\w+\}/, () => value), template)),
  )
  const query = (schemas.query ? fittingOrSpoilt(schemas.query) : fc.constant({})).map((value) =>
    isObject(value)
      ? Object.entries(value)
          .filter(([, one]) => one !== undefined)
          .map(([key, one]) => `${encoded(key)}=${encoded(textOf(one))}`)
          .join('&')
      : encoded(textOf(value)),
  )
  const body = method === 'GET' ? fc.constant(undefined) : bodies(schemas.body)
  const headers = fc.oneof(
    { weight: 3, arbitrary: fc.constant({}) },
    { weight: 2, arbitrary: fc.uuid().map((key) => ({ 'idempotency-key': key })) },
    { weight: 1, arbitrary: fc.constant({ 'idempotency-key': 'always the same' }) },
    { weight: 2, arbitrary: spoiltHeaders },
  )
  return fc.record({ path, query, body, headers }).map((one) => ({
    method,
    path: one.query === '' ? one.path : `${one.path}?${one.query}`,
    headers: one.headers,
    body: one.body,
  }))
}

const bodies = (schema: v.GenericSchema | undefined) =>
  (schema ? fittingOrSpoilt(schema) : hostileValue).chain(onTheWire)

/** What is not in the contract's table, with the answers that are no envelopes. */
const plainRoutes = [
  'GET /healthz',
  'GET /readyz',
  'GET /metrics',
  'GET /openapi.json',
  'GET /docs',
  'GET /docs/../../package.json',
  'GET /wechat/events',
  'POST /wechat/events',
  'POST /trial/assign',
  'PATCH /clues',
  'OPTIONS /clues/1',
  'DELETE /',
] as const
const mayBePlain = /^(GET \/(metrics|openapi\.json|docs)|(GET|POST) \/wechat\/events)/

const elsewhere: fc.Arbitrary<Shot> = fc
  .record({
    route: fc.oneof(
      fc.constantFrom<string>(...plainRoutes),
      hostileText.chain(inAddress).map((text) => `GET /${text.slice(0, 3000)}`),
    ),
    query: fc.dictionary(fc.constantFrom('signature', 'timestamp', 'nonce', 'echostr', 'q'), hostileText),
    headers: spoiltHeaders,
    body: bodies(undefined),
  })
  .map(({ route, query, headers, body }) => {
    const [method = '', path = ''] = route.split(/ (.*)/s)
    const search = new URLSearchParams(query).toString()
    return { method, path: `${path}?${search}`, headers, body: method === 'GET' ? undefined : body }
  })

type Caller = 'nobody' | 'staff' | 'clerk' | 'admin' | 'bearer' | 'signer'

function credentials(caller: Caller, { body }: Shot): Record<string, string> {
  switch (caller) {
    case 'nobody':
      return {}
    case 'staff':
    case 'clerk':
    case 'admin':
      return { 'x-access-token': tokens[caller] }
    case 'bearer':
      return { authorization: `Bearer ${ADMIN_TOKEN}` }
    case 'signer': {
      const timestamp = String(Math.floor(server.now().getTime() / 1000))
      const signature = signBody(INTEGRATION_SECRET, timestamp, Buffer.from(body ?? ''))
      return { 'x-leadbell-timestamp': timestamp, 'x-leadbell-signature': signature }
    }
  }
}

/** Words of PostgreSQL, of the driver and of a stack; no value that is sent has them. */
const inside =
  /\n\s+at |node_modules|\.ts:\d|Failed query|syntax error at|invalid input|invalid byte|violates|out of range|relation "|ECONNREFUSED|DrizzleQueryError/

const AnyEnvelope = v.strictObject({
  success: v.boolean(),
  message: v.string(),
  code: v.number(),
  result: v.unknown(),
  timestamp: v.number(),
})

async function fire(caller: Caller, shot: Shot): Promise<{ status: number; text: string }> {
  const headers = { ...shot.headers, ...credentials(caller, shot) }
  const request = new Request(new URL(`http://localhost${shot.path}`), {
    method: shot.method,
    headers,
    ...(shot.body !== undefined && { body: shot.body }),
  })
  const response = await server.app.request(request)
  const text = await response.text()
  const rid = response.headers.get('x-request-id') ?? 'no id'
  const logged = server.logLines.filter((line) => line.includes(rid) && line.includes('"err"')).join('\n')
  server.logLines.length = 0
  expect(response.status, `${text.slice(0, 500)}\n${logged}`).toBeLessThan(500)
  expect(text, 'speaks of its inside').not.toMatch(inside)
  const route = `${request.method} ${new URL(request.url).pathname}`
  if (!mayBePlain.test(route)) expect(v.is(AnyEnvelope, JSON.parse(text)), `${route}: ${text}`).toBe(true)
  return { status: response.status, text }
}

const names = Object.keys(endpoints) as EndpointName[]
const shotsAt = (chosen: readonly EndpointName[]) =>
  fc.oneof(
    { weight: 8, arbitrary: fc.constantFrom(...chosen).chain(shots) },
    { weight: 1, arbitrary: elsewhere },
  )

/** Answers which part was done rather than refused: a fuzz that never gets through the door finds nothing. */
async function bombard(
  caller: Caller,
  chosen: readonly EndpointName[],
  check: (text: string) => void = () => undefined,
): Promise<number> {
  let [fired, done] = [0, 0]
  await fc.assert(
    fc.asyncProperty(shotsAt(chosen), async (shot) => {
      const { status, text } = await fire(caller, shot)
      check(text)
      fired++
      if (status === 200) done++
    }),
    {
      seed,
      numRuns,
      ...(timeLimit && { interruptAfterTimeLimit: timeLimit, markInterruptAsFailure: false }),
    },
  )
  return done / fired
}

/** Every object in a value, however deep. */
function* objectsIn(value: unknown): Generator<Record<string, unknown>> {
  if (typeof value !== 'object' || value === null) return
  if (isObject(value)) yield value
  for (const inner of Object.values(value)) yield* objectsIn(inner)
}

/** No answer to A, or to nobody, holds anything that is B's. */
function holdsNothingOfB(text: string): void {
  expect(text).not.toContain(PRIVATE)
  expect(text).not.toContain(PRIVATE_PHONE)
  if (!text.startsWith('{')) return
  for (const object of objectsIn(JSON.parse(text)))
    if ('title' in object || 'clueTitle' in object) expect(cluesOfB).not.toContain(object.id)
}

const usedBy = (...access: string[]) => names.filter((name) => access.includes(endpoints[name].access))
const backOffice = usedBy('clerk', 'admin')

// in this order: whoever may change things may give A what is B's
describe('whatever is sent to any endpoint is answered in the envelope and never by a 500', () => {
  it('from nobody, who learns nothing of anybody', { timeout: 60_000 }, async () => {
    expect(await bombard('nobody', names, holdsNothingOfB)).toBeGreaterThan(0)
  })

  it('from a member of staff, who sees no lead of another', { timeout: 60_000 }, async () => {
    expect(await bombard('staff', names, holdsNothingOfB)).toBeGreaterThan(0.05)
  })

  it('from the customer’s own system', { timeout: 60_000 }, async () => {
    expect(await bombard('signer', usedBy('integration', 'open'))).toBeGreaterThan(0)
  })

  it('from a clerk', { timeout: 60_000 }, async () => {
    expect(await bombard('clerk', backOffice)).toBeGreaterThan(0.05)
  })

  it('from an admin', { timeout: 60_000 }, async () => {
    expect(await bombard('admin', backOffice)).toBeGreaterThan(0.05)
  })

  it('from a program with the server’s token', { timeout: 60_000 }, async () => {
    expect(await bombard('bearer', names)).toBeGreaterThan(0.05)
  })
})

describe('what this found once', () => {
  it('half an emoji under an Idempotency-Key becomes the mark that UTF-8 makes of it', async () => {
    const body = { title: '合同 \ud83d', customerName: '王', phone: '13800001024' }
    const answer = await server.call<{ title: string }>('POST', '/admin/clues', {
      admin: true,
      body,
      headers: { 'idempotency-key': 'half-an-emoji' },
    })
    expect(answer).toMatchObject({ status: 200, result: { title: '合同 \ufffd' } })
  })

  it('an address of any length is counted, each for itself', async () => {
    for (const address of ['x'.repeat(5000), 'y'.repeat(5000)])
      expect(
        await server.call('GET', '/sys/randomImage/check-key-1', { headers: { 'x-test-address': address } }),
      ).toMatchObject({ status: 200, code: 0 })
  })
})
