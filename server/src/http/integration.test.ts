import { randomUUID } from 'node:crypto'
import type {
  AdminClueDetail,
  ClueDetail,
  IntegrationAssignment,
  IntegrationResult,
} from '@leadbell/contract'
import { sql } from 'drizzle-orm'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { signBody } from '../domain/webhook-signing.ts'
import { createWebhookWorker } from '../domain/webhook-worker.ts'
import { Harness, type Answer, type Person } from '../testing/harness.ts'
import { WebhookStandIn } from '../testing/webhook-stand-in.ts'

const secret = 'an integration secret of 32 or more characters'
const PATH = '/integration/assignments'
let server: Harness
beforeAll(async () => {
  server = await Harness.start({ integrationSecret: secret, tellsCustomer: true })
  server.worker.start()
})
afterAll(() => server.stop())
beforeEach(() => server.wechat.reset())

const words = { title: '恒泰建材 采购咨询', customerName: '王建国', phone: '138-0000-1024', remark: '首单' }
let leads = 0
const newLead = () => `CRM-${++leads}`

function signed(raw: string, at = server.now()): Record<string, string> {
  const timestamp = String(Math.floor(at.getTime() / 1000))
  return { 'x-leadbell-timestamp': timestamp, 'x-leadbell-signature': signBody(secret, timestamp, raw) }
}

/** Their system assigns, under a key of its own unless one is given. */
function assign(
  body: Partial<IntegrationAssignment>,
  key: string = randomUUID(),
): Promise<Answer<IntegrationResult>> {
  const raw = JSON.stringify({ ...words, ...body })
  return server.call('POST', PATH, { raw, headers: { ...signed(raw), 'idempotency-key': key } })
}

async function personWithGrants(grants: number): Promise<Person & { token: string }> {
  const person = await server.hire()
  const token = await server.tokenOf(person)
  for (let n = 0; n < grants; n++) await server.accept(person, token)
  return { ...person, token }
}

const clueOf = async (person: Person & { token: string }, id: string) =>
  (await server.call<ClueDetail>('GET', `/clues/${id}`, { token: person.token })).result

async function countRows(table: 'clues' | 'deliveries', externalId: string): Promise<number> {
  const of = table === 'clues' ? sql`clues c` : sql`deliveries d join clues c on c.id = d.clue_id`
  const counted = await server.db.database.db.execute<{ n: number }>(
    sql`select count(*)::int as n from ${of} where c.external_id = ${externalId}`,
  )
  return counted.rows[0]?.n ?? -1
}

describe('a lead that their system assigns', () => {
  it('is made, given to the person of that username, and rings', async () => {
    const person = await personWithGrants(1)
    const externalId = newLead()
    const answer = await assign({ externalId, assignee: person.username })
    expect(answer).toMatchObject({
      status: 200,
      code: 200,
      result: { externalId, delivery: { assigneeId: person.id, state: 'ready', reason: null } },
    })
    await server.until(answer.result.delivery.id, 'sent')
    expect(server.wechat.taken).toMatchObject([
      { touser: person.openid, data: { thing1: { value: '恒泰建材 采购咨询' } } },
    ])
    expect(await clueOf(person, answer.result.clueId)).toMatchObject({ ...words, status: 'pending' })
    const detail = await server.call<AdminClueDetail>('GET', `/admin/clues/${answer.result.clueId}`, {
      admin: true,
    })
    expect(detail.result).toMatchObject({ externalId, assignments: [{ assignedBy: '业务系统' }] })
  })

  it('said again under another key it changes nothing and rings nobody', async () => {
    const person = await personWithGrants(2)
    const body = { externalId: newLead(), assignee: person.username }
    const first = await assign(body)
    await server.until(first.result.delivery.id, 'sent')
    const version = (await clueOf(person, first.result.clueId)).version
    const again = await assign(body)
    expect(again.result).toEqual({ ...first.result, delivery: { ...first.result.delivery, state: 'sent' } })
    expect((await clueOf(person, first.result.clueId)).version).toBe(version)
    expect(server.wechat.sendCalls).toBe(1)
    expect(await countRows('deliveries', body.externalId)).toBe(1)
  })

  it('gets new words without ringing anew, and a message that still waits has them', async () => {
    const person = await personWithGrants(0)
    const body = { externalId: newLead(), assignee: person.username }
    const first = await assign(body)
    expect(first.result.delivery).toMatchObject({
      state: 'waiting',
      reason: expect.stringContaining('订阅次数'),
    })
    const second = await assign({ ...body, title: '恒泰建材 加急' })
    expect(second.result).toEqual(first.result)
    expect(await clueOf(person, first.result.clueId)).toMatchObject({ title: '恒泰建材 加急' })
    await server.accept(person, person.token)
    await server.until(first.result.delivery.id, 'sent')
    expect(server.wechat.taken.map(({ data }) => data.thing1?.value)).toEqual(['恒泰建材 加急'])
  })

  it('goes to another person, who is told, while the first is not any more', async () => {
    const [first, second] = [await personWithGrants(0), await personWithGrants(1)]
    const externalId = newLead()
    const before = await assign({ externalId, assignee: first.username })
    const after = await assign({ externalId, assignee: second.username, remark: '改派' })
    expect(after.result.clueId).toBe(before.result.clueId)
    await server.until(after.result.delivery.id, 'sent')
    expect(await clueOf(second, after.result.clueId)).toMatchObject({ remark: '改派' })
    await server.accept(first, first.token)
    expect(await server.delivery(before.result.delivery.id)).toMatchObject({
      state: 'dead',
      reason: expect.stringContaining('改派他人'),
    })
    expect(server.wechat.taken.map(({ touser }) => touser)).toEqual([second.openid])
  })

  it('that the back office took back is assigned anew', async () => {
    const person = await personWithGrants(0)
    const body = { externalId: newLead(), assignee: person.username }
    const { clueId, delivery } = (await assign(body)).result
    const { version } = await clueOf(person, clueId)
    await server.call('POST', `/admin/clues/${clueId}/recall`, { admin: true, body: { version } })
    const again = await assign(body)
    expect(again.result).toMatchObject({ clueId, delivery: { state: 'waiting' } })
    expect(again.result.delivery.id).not.toBe(delivery.id)
  })

  it('that the back office deleted stays deleted: 410', async () => {
    const person = await personWithGrants(0)
    const body = { externalId: newLead(), assignee: person.username }
    const { clueId } = (await assign(body)).result
    await server.deleteClue(clueId)
    expect(await assign({ ...body, title: '又来了' })).toMatchObject({ status: 410, code: 410 })
    expect(await countRows('deliveries', body.externalId)).toBe(1)
  })

  it('twice in the same moment is one lead and one message', async () => {
    const person = await personWithGrants(5)
    const body = { externalId: newLead(), assignee: person.username }
    const answers = await Promise.all(Array.from({ length: 5 }, () => assign(body)))
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 200, 200])
    expect(new Set(answers.map(({ result }) => `${result.clueId} ${result.delivery.id}`)).size).toBe(1)
    await server.until(answers[0]?.result.delivery.id ?? '', 'sent')
    await server.services().worker.round()
    expect(server.wechat.sendCalls).toBe(1)
    expect([
      await countRows('clues', body.externalId),
      await countRows('deliveries', body.externalId),
    ]).toEqual([1, 1])
  })

  it('to two people in the same moment is one lead, and one of them has it', async () => {
    const [first, second] = [await personWithGrants(0), await personWithGrants(0)]
    const externalId = newLead()
    const answers = await Promise.all([
      assign({ externalId, assignee: first.username }),
      assign({ externalId, assignee: second.username }),
    ])
    expect(answers.map(({ status }) => status)).toEqual([200, 200])
    expect(await countRows('clues', externalId)).toBe(1)
    const states = await Promise.all(answers.map(({ result }) => server.delivery(result.delivery.id)))
    expect(states.map(({ state }) => state).sort()).toEqual(['dead', 'waiting'])
  })
})

describe('the Idempotency-Key', () => {
  it('gives the first answer again, whatever happened since', async () => {
    const [first, second] = [await personWithGrants(0), await personWithGrants(0)]
    const body = { externalId: newLead(), assignee: first.username }
    const key = randomUUID()
    const answer = await assign(body, key)
    await assign({ ...body, assignee: second.username })
    const repeated = await assign(body, key)
    expect(repeated.result).toEqual(answer.result)
    expect(repeated.headers.get('idempotent-replayed')).toBe('true')
    // it did not go back to the first
    expect(await clueOf(second, answer.result.clueId)).toMatchObject({ assigneeId: second.id })
  })

  it('is refused for another request', async () => {
    const person = await server.hire()
    const body = { externalId: newLead(), assignee: person.username }
    const key = randomUUID()
    await assign(body, key)
    expect(await assign({ ...body, title: '别的' }, key)).toMatchObject({ status: 422, code: 422 })
  })

  it('is required, and printable', async () => {
    const person = await server.hire()
    const raw = JSON.stringify({ ...words, externalId: newLead(), assignee: person.username })
    const without = await server.call('POST', PATH, { raw, headers: signed(raw) })
    expect(without).toMatchObject({ status: 400, message: expect.stringContaining('Idempotency-Key') })
    for (const key of ['x'.repeat(129), '\u00e9'])
      expect(
        (await server.call('POST', PATH, { raw, headers: { ...signed(raw), 'idempotency-key': key } }))
          .status,
      ).toBe(400)
  })
})

describe('what is refused', () => {
  it('a username that nobody has: nothing is made', async () => {
    const externalId = newLead()
    expect(await assign({ externalId, assignee: 'nobody' })).toMatchObject({
      status: 422,
      message: '没有用户名为 nobody 的员工账号，请先在后台添加',
    })
    expect(await countRows('clues', externalId)).toBe(0)
  })

  it('a person whose account is disabled: nothing is made', async () => {
    const person = await server.hire()
    await server.db.database.db.execute(
      sql`update accounts set disabled_at = now() where username = ${person.username}`,
    )
    const externalId = newLead()
    expect(await assign({ externalId, assignee: person.username })).toMatchObject({ status: 409 })
    expect(await countRows('clues', externalId)).toBe(0)
  })

  it('a field that does not fit, named', async () => {
    const person = await server.hire()
    const answer = await assign({ externalId: ' ', assignee: person.username })
    expect(answer).toMatchObject({ status: 400, message: expect.stringContaining('externalId') })
  })

  it('no signature, a wrong one, one over other bytes: before anything else is looked at', async () => {
    const raw = '{ not even JSON'
    const right = signed(raw)
    const tries: [string, Record<string, string>][] = [
      [raw, {}],
      [raw, { ...right, 'x-leadbell-signature': 'v1=00' }],
      [raw, { ...right, 'x-leadbell-timestamp': String(Number(right['x-leadbell-timestamp']) + 1) }],
      [`${raw} `, right],
      ['', right],
    ]
    for (const [sent, headers] of tries)
      expect(await server.call('POST', PATH, { raw: sent, headers })).toMatchObject({
        status: 401,
        message: '签名不正确，请检查密钥和签名方法',
      })
  })

  it('a signature of six minutes ago or ahead, with our time', async () => {
    const raw = '{}'
    for (const minutes of [-6, 6]) {
      const headers = signed(raw, new Date(server.now().getTime() + minutes * 60_000))
      const answer = await server.call('POST', PATH, { raw, headers })
      expect(answer.status).toBe(401)
      expect(answer.message).toContain(`服务器时间 ${server.now().getTime() / 1000}`)
    }
  })

  it('a body that is too large', async () => {
    const raw = JSON.stringify({ ...words, remark: 'x'.repeat(70_000) })
    expect((await server.call('POST', PATH, { raw, headers: signed(raw) })).status).toBe(413)
  })

  it('everything, where no secret is configured', async () => {
    const other = await Harness.start()
    const raw = '{}'
    const answer = await other.call('POST', PATH, { raw, headers: signed(raw) })
    await other.stop()
    expect(answer).toMatchObject({ status: 404, message: '接口不存在，请检查地址' })
  })
})

describe('what became of it is told', () => {
  it('waiting, the end of the old owner’s message, and sent, with their id of the lead', async () => {
    const customer = await new WebhookStandIn().start()
    const [first, second] = [await personWithGrants(0), await personWithGrants(0)]
    const externalId = newLead()
    const before = await assign({ externalId, assignee: first.username })
    const after = await assign({ externalId, assignee: second.username })
    await server.accept(second, second.token)
    await server.until(after.result.delivery.id, 'sent')

    const webhooks = createWebhookWorker(server.ctx, { url: customer.url, secret, concurrency: 100 })
    await webhooks.round()
    await customer.stop()
    const told = customer.requests
      .map(({ event }) => event)
      .filter(({ clue }) => clue.externalId === externalId)
    const about = (id: string) =>
      told
        .filter(({ delivery }) => delivery.id === id)
        .map(({ event, delivery }) => [event, delivery.reason?.code])
    expect(about(before.result.delivery.id)).toEqual([
      ['delivery.waiting', 'unpaid'],
      ['delivery.dead', 'reassigned'],
    ])
    expect(about(after.result.delivery.id)).toEqual([
      ['delivery.waiting', 'unpaid'],
      ['delivery.sent', undefined],
    ])
  })
})
