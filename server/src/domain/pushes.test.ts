import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import { Harness, push as settings, TEMPLATE, type Person } from '../testing/harness.ts'
import { ANSWER_COMES_MS } from './pushes.ts'
import { changeEvent, makePush, popupEvent, sentEvent } from '../testing/push-sender.ts'

type Event = Parameters<typeof makePush>[0]['event']

let server: Harness
beforeAll(async () => {
  server = await Harness.start({ delivery: { leaseMs: 30_000 } })
})
afterAll(() => server.stop())
beforeEach(() => {
  server.wechat.reset()
  server.advance(600_000)
})

let nonce = 0
async function push(event: Event, of: Harness = server): Promise<{ status: number; text: string }> {
  const made = makePush({
    settings,
    mode: 'plain',
    format: 'json',
    event,
    timestamp: of.now(),
    nonce: `nonce${++nonce}`,
  })
  const query = new URLSearchParams(made.query).toString()
  const response = await of.app.request(`http://localhost/wechat/events?${query}`, {
    method: 'POST',
    headers: { 'content-type': made.contentType },
    body: made.body,
  })
  return { status: response.status, text: await response.text() }
}

async function pushAndWork(event: Event, of: Harness = server): Promise<void> {
  expect(await push(event, of)).toEqual({ status: 200, text: 'success' })
  of.advance(ANSWER_COMES_MS)
  await of.pushWorker.round()
}

const popup = (person: Person, value = 'accept', at = server.now()) =>
  popupEvent(person.openid, [{ templateId: TEMPLATE, value }], at)

async function loggedIn(of: Harness = server): Promise<Person & { token: string }> {
  const person = await of.hire()
  return { ...person, token: await of.tokenOf(person) }
}

describe('the address WeChat pushes to', () => {
  it('answers the echo of a signed verification, and nothing to an unsigned one', async () => {
    const { query } = makePush({
      settings,
      mode: 'plain',
      format: 'json',
      event: popup(await server.hire()),
      timestamp: server.now(),
    })
    const ask = (more: Record<string, string>) =>
      server.app.request(
        `http://localhost/wechat/events?${new URLSearchParams({ ...query, echostr: '8147', ...more }).toString()}`,
      )
    const answer = await ask({})
    expect([answer.status, await answer.text()]).toEqual([200, '8147'])
    expect((await ask({ signature: 'f'.repeat(40) })).status).toBe(403)
  })

  it('keeps an event before it answers, and works it off afterwards', async () => {
    const person = await loggedIn()
    expect(await push(popup(person))).toEqual({ status: 200, text: 'success' })
    expect(await server.quotaOf(person.token)).toBe(0)
    await server.pushWorker.round()
    expect(await server.quotaOf(person.token)).toBe(1)
  })

  it('refuses a push of ten minutes ago, and one that is signed with something else', async () => {
    const person = await loggedIn()
    const old = makePush({
      settings,
      mode: 'plain',
      format: 'json',
      event: popup(person),
      timestamp: new Date(server.now().getTime() - 600_000),
    })
    const response = await server.app.request(
      `http://localhost/wechat/events?${new URLSearchParams(old.query).toString()}`,
      { method: 'POST', body: old.body },
    )
    expect(response.status).toBe(403)
  })
})

describe('an acceptance told by WeChat', () => {
  it.each(['the report first', 'the event first'])(
    'counts once with the phone’s report: %s',
    async (order) => {
      const person = await loggedIn()
      const event = popup(person)
      if (order === 'the event first') await pushAndWork(event)
      await server.report(person.token, 'attempt-1', 'accept')
      if (order === 'the report first') await pushAndWork(event)
      expect(await server.quotaOf(person.token)).toBe(1)
    },
  )

  it('counts once though WeChat tells it three times', async () => {
    const person = await loggedIn()
    const event = popup(person)
    for (let n = 0; n < 3; n++) await pushAndWork(event)
    expect(await server.quotaOf(person.token)).toBe(1)
  })

  it('is the same one though the phone’s clock is an hour behind', async () => {
    const person = await loggedIn()
    await pushAndWork(popup(person))
    const hourBehind = new Date(server.now().getTime() - 3600_000).toISOString()
    const body = {
      attemptId: 'attempt-slow',
      at: hourBehind,
      sentAt: hourBehind,
      results: { [TEMPLATE]: 'accept' },
    }
    await server.call('POST', '/notify/grants', { token: person.token, body })
    expect(await server.quotaOf(person.token)).toBe(1)
  })

  it('pays for what waited', async () => {
    const person = await loggedIn()
    const { delivery } = await server.assign(person)
    server.wechat.allow(person.openid)
    await pushAndWork(popup(person))
    await server.worker.round()
    expect((await server.delivery(delivery.id)).state).toBe('sent')
  })

  it('a rejected panel counts nothing', async () => {
    const person = await loggedIn()
    await pushAndWork(popup(person, 'reject'))
    expect(await server.quotaOf(person.token)).toBe(0)
  })
})

describe('拒收 in 服务通知', () => {
  it('takes what is left, and what was ready waits', async () => {
    const person = await loggedIn()
    for (const attempt of ['attempt-1', 'attempt-2']) await server.report(person.token, attempt, 'accept')
    const { delivery } = await server.assign(person)
    expect(delivery.state).toBe('ready')
    server.advance(60_000)
    await pushAndWork(changeEvent(person.openid, [{ templateId: TEMPLATE, value: 'reject' }], server.now()))
    expect(await server.quotaOf(person.token)).toBe(0)
    expect((await server.delivery(delivery.id)).state).toBe('waiting')
  })

  it('heard of late, it leaves alone what was accepted since', async () => {
    const person = await loggedIn()
    await server.report(person.token, 'attempt-1', 'accept')
    server.advance(60_000)
    const refused = server.now()
    server.advance(60_000)
    await server.report(person.token, 'attempt-2', 'accept')
    await pushAndWork(changeEvent(person.openid, [{ templateId: TEMPLATE, value: 'reject' }], refused))
    expect(await server.quotaOf(person.token)).toBe(1)
  })
})

describe('what became of a send', () => {
  /** A message whose answer never came; WeChat took it all the same. */
  async function inDoubt() {
    const person = await loggedIn()
    await server.accept(person, person.token)
    server.wechat.onSend = () => 'drop'
    const { delivery } = await server.assign(person)
    await server.worker.round()
    expect((await server.delivery(delivery.id)).state).toBe('in_doubt')
    server.wechat.onSend = undefined
    return { person, id: delivery.id }
  }

  it('settles a message in doubt, and books it', async () => {
    const { person, id } = await inDoubt()
    await pushAndWork(sentEvent(person.openid, TEMPLATE, '9007199254740993001', server.now()))
    expect(await server.delivery(id)).toMatchObject({ state: 'sent', msgid: '9007199254740993001' })
    expect(await server.quotaOf(person.token)).toBe(0)
  })

  it('settles one that was given up before the event came', async () => {
    const { person, id } = await inDoubt()
    const sentAt = server.now()
    server.advance(121_000)
    await server.worker.round()
    expect((await server.delivery(id)).state).toBe('dead')
    await pushAndWork(sentEvent(person.openid, TEMPLATE, '9007199254740993002', sentAt))
    expect((await server.delivery(id)).state).toBe('sent')
    expect(await server.quotaOf(person.token)).toBe(0)
  })

  it('is not taken for a message that was sent only later', async () => {
    const { person, id } = await inDoubt()
    const firstSentAt = server.now()
    server.advance(121_000)
    await server.worker.round()
    expect((await server.delivery(id)).state).toBe('dead')
    await server.accept(person, person.token)
    server.wechat.onSend = () => 'drop'
    const { delivery: later } = await server.assign(person)
    await server.worker.round()
    await pushAndWork(sentEvent(person.openid, TEMPLATE, '9007199254740993003', firstSentAt))
    expect((await server.delivery(later.id)).state).toBe('in_doubt')
    expect((await server.delivery(id)).state).toBe('sent')
  })

  it('waits for the answer of a send that is still in the air', async () => {
    const person = await loggedIn()
    await server.accept(person, person.token)
    let answer = () => {}
    const gate = new Promise<void>((resolve) => (answer = resolve))
    const send = server.ctx.wechat.send
    const slow = vi.spyOn(server.ctx.wechat, 'send').mockImplementation(async (...args) => {
      const outcome = await send(...args)
      await gate
      return outcome
    })
    const { delivery } = await server.assign(person)
    const round = server.worker.round()
    await server.until(delivery.id, 'leased')
    await vi.waitFor(() => expect(server.wechat.taken).toHaveLength(1))
    await pushAndWork(sentEvent(person.openid, TEMPLATE, '9007199254740993004', server.now()))
    expect((await server.delivery(delivery.id)).state).toBe('leased')
    answer()
    await round
    slow.mockRestore()
    expect((await server.delivery(delivery.id)).state).toBe('sent')
    expect(await server.quotaOf(person.token)).toBe(0)
  })

  it('that WeChat could not bring to the phone is told to the clerk', async () => {
    const person = await loggedIn()
    await server.accept(person, person.token)
    const { delivery } = await server.assign(person)
    await server.worker.round()
    const { msgid } = await server.delivery(delivery.id)
    await pushAndWork(
      sentEvent(person.openid, TEMPLATE, msgid ?? '', server.now(), {
        code: '20001',
        status: 'failed: system failed',
      }),
    )
    expect(await server.delivery(delivery.id)).toMatchObject({
      state: 'refused',
      reason: expect.stringContaining('没能推送'),
    })
    expect(await server.quotaOf(person.token)).toBe(0)
  })

  it('of a message that is not ours is passed over', async () => {
    await pushAndWork(sentEvent('stranger', TEMPLATE, '9007199254740993005', server.now()))
    const open = await server.db.database.pool.query('select 1 from wechat_pushes where processed_at is null')
    expect(open.rows).toEqual([])
  })
})
