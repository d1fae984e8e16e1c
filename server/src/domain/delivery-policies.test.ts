import { afterEach, describe, expect, it } from 'vitest'
import { Harness, type HarnessOptions, type Person } from '../testing/harness.ts'

let server: Harness
afterEach(() => server.stop())

/** A person without a grant, for whom as many leads wait as there are titles. */
async function waitingFor(titles: string[], options: HarnessOptions) {
  server = await Harness.start(options)
  const person: Person = await server.hire()
  const token = await server.tokenOf(person)
  const assigned = []
  for (const title of titles) assigned.push(await server.assign(person, title))
  return { person, token, assigned, ids: assigned.map(({ delivery }) => delivery.id) }
}

const stateOf = async (id: string) => (await server.delivery(id)).state
const statesOf = (ids: string[]) => Promise.all(ids.map(stateOf))

describe('where waiting messages are merged', () => {
  const merging: HarnessOptions = { template: { waiting: 'merge' } }

  it('one grant pays for one message about all of them, which opens the list', async () => {
    const { person, token, ids } = await waitingFor(['恒泰建材', '城东物流园', '南湖小区'], merging)
    await server.accept(person, token)
    await server.worker.round()
    expect(server.wechat.taken).toMatchObject([
      { page: 'pages/clue/clue', data: { thing1: { value: '恒泰建材等3条' } } },
    ])
    expect(await statesOf(ids)).toEqual(['sent', 'sent', 'sent'])
    expect((await server.delivery(ids[1] ?? '')).reason).toContain('合并成一条消息')
    expect(await server.quotaOf(token)).toBe(0)
  })

  it('those it stood for are not sent with it when WeChat refuses it', async () => {
    const { person, token, ids } = await waitingFor(['恒泰建材', '城东物流园'], merging)
    server.wechat.onSend = (_message, call) =>
      call === 1 ? { errcode: 45168, errmsg: 'hit sensitive words' } : undefined
    await server.accept(person, token)
    await server.worker.round()
    // the grant it did not spend pays for the next one
    expect(await statesOf(ids)).toEqual(['refused', 'sent'])
    expect(server.wechat.taken).toMatchObject([{ data: { thing1: { value: '城东物流园' } } }])
  })

  it('a lead that was deleted meanwhile is not counted as sent', async () => {
    const { person, token, assigned, ids } = await waitingFor(['恒泰建材', '城东物流园'], merging)
    const send = server.ctx.wechat.send
    server.ctx.wechat.send = async (...args) => {
      await server.deleteClue(assigned[1]?.clue.id ?? '')
      return send(...args)
    }
    await server.accept(person, token)
    await server.worker.round()
    expect(await statesOf(ids)).toEqual(['sent', 'dead'])
  })
})

describe('where waiting expires', () => {
  it('a message that waited too long is over, with its reason, and a younger one goes on', async () => {
    const hours = 3600_000
    const { person, token, ids } = await waitingFor(['恒泰建材'], {
      delivery: { waitingExpiresMs: 48 * hours },
    })
    server.advance(47 * hours)
    const younger = (await server.assign(person)).delivery.id
    await server.worker.round()
    expect(await stateOf(ids[0] ?? '')).toBe('waiting')
    server.advance(2 * hours)
    await server.worker.round()
    expect(await server.delivery(ids[0] ?? '')).toMatchObject({
      state: 'dead',
      reason: expect.stringContaining('已过期'),
    })
    // seven days of the session are not over
    await server.accept(person, token)
    await server.worker.round()
    expect(await stateOf(younger)).toBe('sent')
  })
})

describe('a lead that its owner closes', () => {
  it('rings nobody, and leaves the grant for another', async () => {
    const { person, token, assigned, ids } = await waitingFor(['恒泰建材', '城东物流园'], {})
    const clue = assigned[0]?.clue
    const body = { status: 'invalid', version: clue?.version }
    expect(await server.call('PUT', `/clues/${clue?.id ?? ''}`, { token, body })).toMatchObject({ code: 200 })
    await server.accept(person, token)
    await server.worker.round()
    expect(await statesOf(ids)).toEqual(['dead', 'sent'])
    expect((await server.delivery(ids[0] ?? '')).reason).toContain('已成交或作废')
  })
})
