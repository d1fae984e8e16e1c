// @vitest-environment node
import { endpoints, envelope, type EndpointName } from '@leadbell/contract'
import { describe, expect, it } from 'vitest'
import { aClue, aLogin, defaultBackend, refused, type BackendAnswer } from '../fakes/backend.ts'
import { pageOf } from '../fakes/clue-pages.ts'

const bodies: Partial<Record<EndpointName, Record<string, unknown>>> = {
  'PUT /clues/{id}': { status: 'won', version: 1 },
  'POST /clues/{id}/notes': { id: 'note-0001', text: '约了周三' },
}

/** What the contract's schema has against a value. */
async function issues(
  schema: ReturnType<typeof envelope> | (typeof endpoints)[EndpointName]['result'],
  value: unknown,
) {
  const { issues } = await schema['~standard'].validate(value)
  return issues?.map(({ message, path }) => `${path?.map((step) => JSON.stringify(step))}: ${message}`)
}

describe('the fake backend answers as the contract says', () => {
  const handlers = Object.entries(defaultBackend()) as [EndpointName, (request: object) => BackendAnswer][]

  it.each(handlers)('%s', async (endpoint, handler) => {
    const { data } = handler({ endpoint, path: { id: '7' }, query: {}, body: bodies[endpoint] ?? {} })
    const isRefusal = (data as { code: number }).code === 401
    expect(
      await issues(isRefusal ? envelope(nothing) : envelope(endpoints[endpoint].result), data),
    ).toBeUndefined()
  })

  it('every endpoint of the phone is there', () => {
    const ofThePhone = Object.entries(endpoints).flatMap(([name, { access }]) =>
      access === 'open' || access === 'session' ? [name] : [],
    )
    expect(handlers.map(([endpoint]) => endpoint).sort()).toEqual(ofThePhone.sort())
  })

  it('a login by WeChat alone and a page of leads, which tests put in place, too', async () => {
    expect(await issues(envelope(endpoints['POST /notify/login'].result), aLogin().data)).toBeUndefined()
    const page = pageOf([aClue('2'), aClue('1')], {}, 1)
    expect(page.nextCursor).not.toBeNull()
    expect(await issues(endpoints['GET /clues'].result, page)).toBeUndefined()
  })

  it('a refusal is an envelope without a result', async () => {
    expect(await issues(envelope(nothing), refused(500, '不行').data)).toBeUndefined()
  })
})

const nothing = endpoints['POST /sys/logout'].result
