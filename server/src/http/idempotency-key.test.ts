import { randomUUID } from 'node:crypto'
import { endpoints, type Clue, type EndpointName } from '@leadbell/contract'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { enterAs } from '../testing/back-office.ts'
import { Harness, type Answer, type Person } from '../testing/harness.ts'

let server: Harness
let clerk: Person & { token: string }
beforeAll(async () => {
  server = await Harness.start()
  clerk = await enterAs(server, 'clerk')
})
afterAll(() => server.stop())

const draft = (title: string) => ({ title, customerName: '王建国', phone: '13800001024', remark: '' })

const enter = (key: string, title: string, who: { token?: string; admin?: boolean } = { admin: true }) =>
  server.call<Clue>('POST', '/admin/clues', {
    ...who,
    headers: { 'idempotency-key': key },
    body: draft(title),
  })

async function countClues(title: string): Promise<number> {
  const { rows } = await server.db.database.pool.query('select count(*) from clues where title = $1', [title])
  return rows[0].count
}

const isReplay = ({ headers }: Answer<unknown>) => headers.get('idempotent-replayed') === 'true'

describe('an Idempotency-Key', () => {
  it('gives the same request the first answer again, and does nothing more', async () => {
    const [key, title] = [randomUUID(), `线索 ${randomUUID()}`]
    const first = await enter(key, title)
    expect(first).toMatchObject({ status: 200, code: 200, result: { title } })
    expect(isReplay(first)).toBe(false)
    const again = await enter(key, title)
    expect(again).toMatchObject({ status: 200, code: 200, message: first.message, result: first.result })
    expect(isReplay(again)).toBe(true)
    expect(await countClues(title)).toBe(1)
  })

  it('knows a request by what it says, not by how it is written', async () => {
    const [key, title] = [randomUUID(), `线索 ${randomUUID()}`]
    await enter(key, title)
    const { customerName, phone } = draft(title)
    const raw = `{ "phone": " ${phone} ", "title": ${JSON.stringify(title)},\n "customerName": "${customerName}" }`
    const again = await server.call('POST', '/admin/clues', {
      admin: true,
      headers: { 'idempotency-key': key },
      raw,
    })
    expect(isReplay(again)).toBe(true)
  })

  it('refuses another request under the same key', async () => {
    const [key, title] = [randomUUID(), `线索 ${randomUUID()}`]
    await enter(key, title)
    expect(await enter(key, `${title}，另一条`)).toMatchObject({
      status: 422,
      code: 422,
      message: expect.stringContaining('已经用于另一个请求'),
    })
    expect(await countClues(`${title}，另一条`)).toBe(0)
  })

  it('tells one path from another', async () => {
    const key = randomUUID()
    const [a, b] = [await server.enterClue(), await server.enterClue()]
    const remove = (id: string) =>
      server.call('DELETE', `/admin/clues/${id}`, { admin: true, headers: { 'idempotency-key': key } })
    expect(await remove(a.id)).toMatchObject({ status: 200 })
    expect(await remove(b.id)).toMatchObject({ status: 422 })
    // without its key it would be 404 by now
    expect(await remove(a.id)).toMatchObject({ status: 200 })
  })

  it('is the caller’s and the endpoint’s own', async () => {
    const [key, title] = [randomUUID(), `线索 ${randomUUID()}`]
    await enter(key, title)
    expect(isReplay(await enter(key, title, clerk))).toBe(false)
    expect(await countClues(title)).toBe(2)
    const clue = await server.enterClue()
    const edit = { version: clue.version, remark: '改过' }
    expect(
      await server.call('PUT', `/admin/clues/${clue.id}`, {
        admin: true,
        headers: { 'idempotency-key': key },
        body: edit,
      }),
    ).toMatchObject({ status: 200 })
  })

  it('keeps a refusal, too', async () => {
    const clue = await server.enterClue()
    const edit = (key: string) =>
      server.call<Clue>('PUT', `/admin/clues/${clue.id}`, {
        admin: true,
        headers: { 'idempotency-key': key },
        body: { version: 7, remark: '改过' },
      })
    const key = randomUUID()
    const refused = await edit(key)
    expect(refused).toMatchObject({ status: 409, code: 409, result: { id: clue.id, version: 1 } })
    const again = await edit(key)
    expect(again).toMatchObject({ status: 409, code: 409, message: refused.message, result: refused.result })
    expect(isReplay(again)).toBe(true)
  })

  it.each(['', 'x'.repeat(129), '钥匙'])('that is %j is 400', async (key) => {
    // a header is bytes: this is how the text would arrive
    const sent = Buffer.from(key).toString('latin1')
    expect(await enter(sent, '线索')).toMatchObject({
      status: 400,
      message: expect.stringContaining('Idempotency-Key'),
    })
  })

  it.each(['x'.repeat(128), '7', 'order #12/ü'.replace('ü', 'u')])('may be %j', async (key) => {
    expect(await enter(key, '线索')).toMatchObject({ status: 200 })
  })

  it('is not taken by a request that does not fit the contract', async () => {
    const [key, title] = [randomUUID(), `线索 ${randomUUID()}`]
    expect(await enter(key, '')).toMatchObject({ status: 400 })
    expect(await enter(key, title)).toMatchObject({ status: 200, result: { title } })
  })

  it('is not taken by a failure of ours, which leaves nothing behind', async () => {
    const [key, title] = [randomUUID(), `线索 ${randomUUID()}`]
    const { pool } = server.db.database
    // the very last thing that is written
    await pool.query(
      'alter table idempotency_keys add constraint broken check (created_at is null) not valid',
    )
    const failed = await enter(key, title).finally(() =>
      pool.query('alter table idempotency_keys drop constraint broken'),
    )
    expect(failed).toMatchObject({ status: 500 })
    expect(await countClues(title)).toBe(0)
    const again = await enter(key, title)
    expect(again).toMatchObject({ status: 200 })
    expect(isReplay(again)).toBe(false)
    expect(await countClues(title)).toBe(1)
  })

  it('rings for an assignment once, and only after the commit', async () => {
    const person = await server.hire()
    const token = await server.tokenOf(person)
    await server.accept(person, token)
    const clue = await server.enterClue()
    const wake = vi.spyOn(server.ctx, 'wakeWorker')
    const assign = () =>
      server.call<{ delivery: { id: string } }>('POST', `/admin/clues/${clue.id}/assign`, {
        token: clerk.token,
        headers: { 'idempotency-key': 'one assignment' },
        body: { assigneeId: person.id, version: clue.version },
      })
    const [first, again] = [await assign(), await assign()]
    expect(again.result).toEqual(first.result)
    expect(wake).toHaveBeenCalledTimes(1)
    wake.mockRestore()
    expect((await server.delivery(first.result.delivery.id)).state).toBe('ready')
  })
})

describe('requests that come at one moment', () => {
  const request = fc.record({ key: fc.constantFrom('a', 'b'), title: fc.constantFrom('x', 'y') })

  it('have one effect for each key; whoever is not the first is answered alike, or asked to wait, or refused', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(request, { minLength: 2, maxLength: 8 }), async (requests) => {
        const run = randomUUID()
        const send = ({ key, title }: { key: string; title: string }) =>
          enter(`${run} ${key}`, `${run} ${title} of ${key}`)
        const answers = await Promise.all(requests.map(send))
        const sent = requests.map((it, n) => ({ ...it, answer: answers[n] as Answer<Clue> }))
        for (const key of new Set(requests.map((it) => it.key))) {
          const of = sent.filter((it) => it.key === key)
          const [first, ...others] = of.filter(({ answer }) => answer.code === 200 && !isReplay(answer))
          expect(others).toEqual([])
          if (!first) throw new Error('nobody was the first')
          expect(await countClues(`${run} x of ${key}`)).toBe(first.title === 'x' ? 1 : 0)
          expect(await countClues(`${run} y of ${key}`)).toBe(first.title === 'y' ? 1 : 0)
          for (const { title, answer } of of)
            if (answer.code === 200) expect(answer.result).toEqual(first.answer.result)
            else expect(title === first.title ? [409] : [409, 422]).toContain(answer.status)
          // the dust has settled: nobody is asked to wait any more
          for (const it of of) expect((await send(it)).code).toBe(it.title === first.title ? 200 : 422)
        }
      }),
      { numRuns: 25 },
    )
  })
})

/** A failure of the database in the middle of each call. */
describe('every call of the back office that changes something', () => {
  const changing = (Object.keys(endpoints) as EndpointName[]).filter((name) => {
    const { access } = endpoints[name]
    return !name.startsWith('GET ') && (access === 'clerk' || access === 'admin')
  })

  it.each(changing)('%s works inside the transaction of its key', async (name) => {
    const person = await server.hire()
    const { clue, delivery } = await server.assign(person)
    const [method, pattern = ''] = name.split(' ') as ['POST' | 'PUT' | 'DELETE', string]
    const id = name.includes('/staff/') ? person.id : name.includes('/deliveries/') ? delivery.id : clue.id
    const body = bodies(name, clue, person)
    const answer = await server.call(method, pattern.replace('{id}', id), {
      admin: true,
      headers: { 'idempotency-key': randomUUID() },
      ...(body !== undefined && { body }),
    })
    // a lead that still waits is not sent once more
    expect(answer).toMatchObject(name.endsWith('/redrive') ? { status: 409 } : { status: 200, code: 200 })
  })

  function bodies(name: string, clue: Clue, person: Person): unknown {
    const { version } = clue
    const assignment = { assigneeId: person.id, version }
    const byName: Record<string, unknown> = {
      'POST /admin/clues': draft('线索'),
      'POST /admin/clues/import': { csv: '线索名称,客户姓名,电话号码\n甲,乙,13800001024' },
      'PUT /admin/clues/{id}': { version, status: 'won' },
      'POST /admin/clues/{id}/assign': assignment,
      'POST /admin/clues/{id}/recall': { version },
      'POST /admin/assignments': { items: [{ ...assignment, clueId: clue.id }] },
      'POST /admin/staff': { username: `new-${person.id}`, realname: '新人', password: 'a good password' },
      'PUT /admin/staff/{id}': { version: 1, password: 'another good one' },
    }
    return byName[name]
  }
})
