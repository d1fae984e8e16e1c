import { randomUUID } from 'node:crypto'
import { endpoints, type AdminTopic, type EndpointName, type StaffMember } from '@leadbell/contract'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import { claimDeliveries } from '../db/delivery-claims.ts'
import { createHousekeeping } from '../domain/housekeeping.ts'
import { bookSentLate } from '../domain/late-evidence.ts'
import { signBody } from '../domain/webhook-signing.ts'
import { setDeliveryState } from '../testing/delivery-rows.ts'
import { EventStream } from '../testing/event-stream.ts'
import { ADMIN_TOKEN, Harness, push, TEMPLATE, type Answer, type Person } from '../testing/harness.ts'
import { changeEvent, makePush, popupEvent, sentEvent, type EventToPush } from '../testing/push-sender.ts'

const INTEGRATION_SECRET = 'a secret of thirty-two characters'
const WAIT_MS = 3_600_000
const everything: AdminTopic[] = ['clues', 'deliveries', 'staff']

let server: Harness
beforeAll(async () => {
  server = await Harness.start({
    integrationSecret: INTEGRATION_SECRET,
    delivery: { inDoubtGraceMs: 60_000, waitingExpiresMs: WAIT_MS },
  })
})
afterAll(() => server.stop())

type Act = () => Promise<Answer<unknown>>
type Staff = Person & { token: string }
interface Row {
  topics: readonly AdminTopic[]
  /** Brings about what it needs and answers the one call that changes something. */
  prepare: () => Promise<Act>
}

async function hire(): Promise<Staff> {
  const person = await server.hire()
  return { ...person, token: await server.tokenOf(person) }
}

/** Somebody with a lead of their own. */
async function withLead() {
  const person = await hire()
  const { clue, delivery } = await server.assign(person)
  return { person, token: person.token, clue, delivery }
}

const admin = (method: 'POST' | 'PUT' | 'DELETE', path: string, body?: unknown) => () =>
  server.call(method, path, { admin: true, ...(body !== undefined && { body }) })

async function member(person: Person): Promise<StaffMember> {
  return (await server.call<StaffMember>('GET', `/admin/staff/${person.id}`, { admin: true })).result
}

const CSV = '线索名称,客户姓名,电话号码,备注\n恒泰建材,王建国,13800001024,'

/** Every call that changes something, and what a page of the back office has to read again afterwards. */
type Changing = Exclude<EndpointName, `GET ${string}`>
const table: Record<Changing, Row> = {
  'POST /sys/login': {
    topics: everything,
    prepare: async () => {
      const person = await server.hire()
      return () => server.login(person)
    },
  },
  'POST /sys/logout': {
    topics: everything,
    prepare: async () => {
      const { token } = await hire()
      return () => server.call('POST', '/sys/logout', { token, body: { unbind: true } })
    },
  },
  // last seen is all that is new
  'POST /notify/login': {
    topics: [],
    prepare: async () => {
      const { openid } = await hire()
      const body = { code: `code-of-${openid}#${randomUUID()}` }
      return () => server.call('POST', '/notify/login', { body })
    },
  },
  'POST /notify/bind': {
    topics: everything,
    prepare: async () => {
      const person = await server.hire()
      const { token } = (await server.login(person, { code: undefined })).result
      const body = { code: `code-of-${person.openid}#${randomUUID()}` }
      return () => server.call('POST', '/notify/bind', { token, body })
    },
  },
  'POST /notify/grants': {
    topics: everything,
    prepare: async () => {
      const person = await hire()
      return () => server.accept(person, person.token)
    },
  },
  'PUT /clues/{id}': {
    topics: ['clues'],
    prepare: async () => {
      const { token, clue } = await withLead()
      const body = { status: 'following', version: clue.version }
      return () => server.call('PUT', `/clues/${clue.id}`, { token, body })
    },
  },
  'PUT /clues/{id}/read': {
    topics: ['clues'],
    prepare: async () => {
      const { token, clue } = await withLead()
      return () => server.call('PUT', `/clues/${clue.id}/read`, { token })
    },
  },
  'POST /clues/{id}/notes': {
    topics: ['clues'],
    prepare: async () => {
      const { token, clue } = await withLead()
      const body = { id: randomUUID(), text: '周四再联系' }
      return () => server.call('POST', `/clues/${clue.id}/notes`, { token, body })
    },
  },
  'POST /admin/clues': {
    topics: ['clues'],
    prepare: async () => {
      const body = { title: '恒泰建材', customerName: '王建国', phone: '13800001024' }
      return admin('POST', '/admin/clues', body)
    },
  },
  'POST /admin/clues/import': {
    topics: ['clues'],
    prepare: async () => admin('POST', '/admin/clues/import', { csv: CSV }),
  },
  'PUT /admin/clues/{id}': {
    topics: everything,
    prepare: async () => {
      const { id, version } = await server.enterClue()
      return admin('PUT', `/admin/clues/${id}`, { version, title: '恒泰建材 复购' })
    },
  },
  'DELETE /admin/clues/{id}': {
    topics: everything,
    prepare: async () => admin('DELETE', `/admin/clues/${(await server.enterClue()).id}`),
  },
  'POST /admin/clues/{id}/assign': {
    topics: everything,
    prepare: async () => {
      const [person, { id, version }] = [await hire(), await server.enterClue()]
      return admin('POST', `/admin/clues/${id}/assign`, { assigneeId: person.id, version })
    },
  },
  'POST /admin/clues/{id}/recall': {
    topics: everything,
    prepare: async () => {
      const { clue } = await withLead()
      return admin('POST', `/admin/clues/${clue.id}/recall`, { version: clue.version })
    },
  },
  'POST /admin/assignments': {
    topics: everything,
    prepare: async () => {
      const [person, { id, version }] = [await hire(), await server.enterClue()]
      return admin('POST', '/admin/assignments', { items: [{ clueId: id, assigneeId: person.id, version }] })
    },
  },
  'POST /admin/deliveries/{id}/redrive': {
    topics: everything,
    prepare: async () => {
      const { delivery } = await withLead()
      server.advance(WAIT_MS + 1)
      await server.worker.round()
      expect(await server.delivery(delivery.id)).toMatchObject({ state: 'dead' })
      return admin('POST', `/admin/deliveries/${delivery.id}/redrive`)
    },
  },
  'POST /admin/staff': {
    topics: ['staff'],
    prepare: async () => {
      const username = `new-${randomUUID().slice(0, 8)}`
      return admin('POST', '/admin/staff', { username, realname: '周也', password: 'a good password' })
    },
  },
  'PUT /admin/staff/{id}': {
    topics: everything,
    prepare: async () => {
      const { id, version } = await member(await hire())
      return admin('PUT', `/admin/staff/${id}`, { version, disabled: true })
    },
  },
  'DELETE /admin/staff/{id}/sessions': {
    topics: everything,
    prepare: async () => admin('DELETE', `/admin/staff/${(await hire()).id}/sessions`),
  },
  'DELETE /admin/staff/{id}/binding': {
    topics: everything,
    prepare: async () => admin('DELETE', `/admin/staff/${(await hire()).id}/binding`),
  },
  'POST /integration/assignments': {
    topics: everything,
    prepare: async () => {
      const words = { title: '恒泰建材', customerName: '王建国', phone: '13800001024' }
      const order = { ...words, externalId: randomUUID(), assignee: (await hire()).username }
      const raw = JSON.stringify(order)
      const timestamp = String(Math.floor(server.now().getTime() / 1000))
      const headers = {
        'x-leadbell-timestamp': timestamp,
        'x-leadbell-signature': signBody(INTEGRATION_SECRET, timestamp, raw),
        'idempotency-key': randomUUID(),
      }
      return () => server.call('POST', '/integration/assignments', { raw, headers })
    },
  },
}

let stream: EventStream
async function openStream(): Promise<void> {
  const headers = { authorization: `Bearer ${ADMIN_TOKEN}` }
  stream = new EventStream(await server.app.request('http://localhost/admin/events', { headers }))
  expect(await stream.next()).toMatchObject({ event: 'hello' })
}
beforeEach(() => server.wechat.reset())
afterEach(async () => {
  vi.restoreAllMocks()
  await stream.close()
})

/** Does it in front of an open page, which hears of these topics and of no others. */
async function expectHeard(topics: readonly AdminTopic[], act: () => Promise<unknown>): Promise<void> {
  const changed = vi.spyOn(server.ctx, 'changed')
  await act()
  expect([...new Set(changed.mock.calls.flat())].sort()).toEqual(topics)
  changed.mockRestore()
  await stream.heard(topics)
}

describe('what a page of the back office hears of', () => {
  it('is every call of the contract that changes something', async () => {
    await openStream()
    const changing = Object.keys(endpoints).filter((name) => !name.startsWith('GET '))
    expect(Object.keys(table).sort()).toEqual(changing.sort())
  })

  it.each(Object.entries(table))('%s', async (_name, { topics, prepare }) => {
    const act = await prepare()
    await openStream()
    await expectHeard(topics, async () => expect((await act()).code).toBe(200))
  })

  it('is not a call that was refused', async () => {
    const { clue } = await withLead()
    await openStream()
    const stale = { version: clue.version - 1, assigneeId: clue.assigneeId }
    await expectHeard([], async () => {
      const csv = `${CSV}\n乙公司,,,`
      for (const refused of [
        await admin('POST', `/admin/clues/${clue.id}/assign`, stale)(),
        await admin('PUT', `/admin/clues/${clue.id}`, { ...stale, title: '改' })(),
        await admin('POST', `/admin/clues/${clue.id}/recall`, stale)(),
        await admin('DELETE', '/admin/clues/999999')(),
        await admin('POST', '/admin/clues/import', { csv })(),
        await admin('DELETE', '/admin/staff/999999/binding')(),
      ])
        expect(refused.success).toBe(false)
    })
  })

  it('is an answer that was given under a key once, when it was given', async () => {
    await openStream()
    const enter = () =>
      server.call('POST', '/admin/clues', {
        admin: true,
        headers: { 'idempotency-key': 'one lead' },
        body: { title: '恒泰建材', customerName: '王建国', phone: '13800001024' },
      })
    await expectHeard(['clues'], enter)
    await expectHeard([], enter)
  })

  it('is a lead that its owner closes: nobody is rung about it any more', async () => {
    const { token, clue } = await withLead()
    await openStream()
    const body = { status: 'won', version: clue.version }
    const close = () => server.call('PUT', `/clues/${clue.id}`, { token, body })
    await expectHeard(everything, close)
  })

  it('is a lead of the trial', async () => {
    const { openid } = await hire()
    await openStream()
    await expectHeard(everything, admin('POST', '/trial/assign', { openid }))
  })
})

describe('what it hears of by itself', () => {
  // nothing is left to do but what the test brings
  beforeEach(() => server.worker.round())

  /** A message that is paid for, and what WeChat makes of it. */
  async function ready(): Promise<{ person: Staff; delivery: string }> {
    const person = await hire()
    await server.accept(person, person.token)
    const { delivery } = await server.assign(person)
    expect(delivery.state).toBe('ready')
    return { person, delivery: delivery.id }
  }

  it.each(['sent', 'refused', 'in_doubt', 'ready'] as const)(
    'is a message that becomes %s',
    async (state) => {
      const { delivery } = await ready()
      const answers = {
        sent: undefined,
        refused: { errcode: 47003, errmsg: 'argument invalid' },
        in_doubt: 'drop',
        ready: { errcode: 45009, errmsg: 'reach max api daily quota limit' },
      } as const
      const answer = answers[state]
      if (answer !== undefined) server.wechat.onSend = () => answer
      await openStream()
      await expectHeard(everything, () => server.worker.round())
      expect(await server.delivery(delivery)).toMatchObject({ state })
    },
  )

  it('is a message while it is being sent', async () => {
    await ready()
    await openStream()
    const changed = vi.spyOn(server.ctx, 'changed')
    const { send } = server.ctx.wechat
    let toldBefore: AdminTopic[] = []
    vi.spyOn(server.ctx.wechat, 'send').mockImplementation(async (...args) => {
      toldBefore = changed.mock.calls.flat()
      return send(...args)
    })
    await server.worker.round()
    expect(toldBefore).toEqual(['clues', 'deliveries'])
    await stream.heard(everything)
  })

  it('is a doubt that is settled, and a wait that was too long', async () => {
    const { delivery } = await ready()
    server.wechat.onSend = () => 'drop'
    await server.worker.round()
    const { delivery: waiting } = await withLead()
    await openStream()
    server.advance(60_001)
    await expectHeard(everything, () => server.worker.round())
    expect(await server.delivery(delivery)).toMatchObject({ state: 'dead' })
    server.advance(WAIT_MS)
    await expectHeard(everything, () => server.worker.round())
    expect(await server.delivery(waiting.id)).toMatchObject({ state: 'dead' })
  })

  it('is a message whose process went away in the middle of its sending', async () => {
    const { delivery } = await ready()
    const now = server.now()
    const leasedUntil = new Date(now.getTime() + 1000)
    await claimDeliveries(server.db.database.db, { leasedUntil, now, limit: 10 })
    await openStream()
    server.advance(1001)
    await expectHeard(everything, () => server.worker.round())
    expect(await server.delivery(delivery)).toMatchObject({ state: 'in_doubt' })
  })

  it('is an answer of WeChat that comes when the lease is over', async () => {
    const { delivery } = await ready()
    server.wechat.onSend = () => 'drop'
    await server.worker.round()
    const { attemptId } = await server.delivery(delivery)
    await openStream()
    await expectHeard(everything, () => bookSentLate(server.ctx, attemptId ?? 0, null))
    expect(await server.delivery(delivery)).toMatchObject({ state: 'sent' })
  })

  it('is a message that waited although it was paid for', async () => {
    const { delivery } = await ready()
    await setDeliveryState(server.db.database.db, Number(delivery), 'waiting')
    await openStream()
    const { round } = createHousekeeping(server.ctx, { retentionDays: 400 })
    await expectHeard(everything, round)
    expect(await server.delivery(delivery)).toMatchObject({ state: 'ready' })
  })

  it('is nothing while nothing happens', async () => {
    await openStream()
    await expectHeard([], () => server.worker.round())
    await expectHeard([], () => server.pushWorker.round())
  })

  async function pushed(event: EventToPush): Promise<void> {
    const made = makePush({
      settings: push,
      mode: 'plain',
      format: 'json',
      event,
      timestamp: server.now(),
    })
    const query = new URLSearchParams(made.query).toString()
    await server.app.request(`http://localhost/wechat/events?${query}`, { method: 'POST', body: made.body })
    server.advance(2000)
    await server.pushWorker.round()
  }

  it('is a grant, a refusal and a late word of WeChat about a message', async () => {
    const { person, delivery } = await ready()
    server.wechat.onSend = () => 'drop'
    await server.worker.round()
    await openStream()
    const of = [{ templateId: TEMPLATE, value: 'accept' }]
    const events = [
      popupEvent(person.openid, of, server.now()),
      changeEvent(person.openid, [{ templateId: TEMPLATE, value: 'reject' }], server.now()),
      sentEvent(person.openid, TEMPLATE, '4242424242', server.now()),
    ]
    for (const event of events) await expectHeard(everything, () => pushed(event))
    expect(await server.delivery(delivery)).toMatchObject({ state: 'sent' })
  })
})
