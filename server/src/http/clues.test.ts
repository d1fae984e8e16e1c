import { eq } from 'drizzle-orm'
import type { AssignResult, Clue, CluePage } from '@leadbell/contract'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { clues } from '../db/schema.ts'
import { Harness, type Person } from '../testing/harness.ts'

let server: Harness
let owner: Person & { token: string }
let other: Person & { token: string }
beforeAll(async () => {
  server = await Harness.start()
  const [a, b] = [await server.hire(), await server.hire()]
  owner = { ...a, token: await server.tokenOf(a) }
  other = { ...b, token: await server.tokenOf(b) }
})
afterAll(() => server.stop())

const list = (query = '', token = owner.token) => server.call<CluePage>('GET', `/clues${query}`, { token })

describe('the list of leads', () => {
  it('has the person’s own, newest assignment first, and no lead twice or left out across pages of equal times', async () => {
    const person = await server.hire()
    const token = await server.tokenOf(person)
    const mine: string[] = []
    for (let n = 0; n < 7; n++) {
      // three pairs and one share their moment
      if (n % 2 === 0) server.advance(1000)
      mine.unshift((await server.assign(person)).clue.id)
      await server.assign(other)
    }
    const seen: string[] = []
    let cursor: string | null = ''
    while (cursor !== null) {
      const page: CluePage = (await list(`?limit=3${cursor && `&cursor=${cursor}`}`, token)).result
      expect(page.items.length).toBeLessThanOrEqual(3)
      seen.push(...page.items.map(({ id }) => id))
      cursor = page.nextCursor
    }
    expect(seen).toEqual(mine)
  })

  it('stays in step when a lead is assigned between two pages', async () => {
    const person = await server.hire()
    const token = await server.tokenOf(person)
    for (let n = 0; n < 4; n++) await server.assign(person)
    const first = (await list('?limit=2', token)).result
    server.advance(1000)
    await server.assign(person)
    const second = (await list(`?limit=2&cursor=${first.nextCursor}`, token)).result
    expect(new Set([...first.items, ...second.items].map(({ id }) => id)).size).toBe(4)
    expect(second.nextCursor).toBeNull()
  })

  it('filters by status', async () => {
    const person = await server.hire()
    const token = await server.tokenOf(person)
    const { clue } = await server.assign(person)
    await server.assign(person)
    await server.db.database.db
      .update(clues)
      .set({ status: 'won' })
      .where(eq(clues.id, Number(clue.id)))
    expect((await list('?status=won', token)).result.items.map(({ id }) => id)).toEqual([clue.id])
  })

  it.each([
    ['云帆', 1],
    ['100%', 1],
    ['%', 1],
    ['_', 0],
    ['0000-1024', 3],
    ['王建', 3],
    ["'; drop table clues; --", 0],
  ])('searches %j literally', async (q, found) => {
    const person = await server.hire()
    const token = await server.tokenOf(person)
    for (const title of ['云帆物流 报价', '折扣100% 询问', '青禾食品']) await server.assign(person, title)
    expect((await list(`?q=${encodeURIComponent(q)}`, token)).result.items).toHaveLength(found)
  })

  it.each([
    ['?limit=51', 'limit'],
    ['?limit=0', 'limit'],
    ['?limit=x', 'limit'],
    ['?status=lost', 'status'],
  ])('refuses %s', async (query, field) => {
    const answer = await list(query)
    expect(answer).toMatchObject({ status: 400, code: 400 })
    expect(answer.message).toContain(`（${field}）`)
  })

  it('refuses a cursor it did not make', async () => {
    const forged = Buffer.from('99999999999999999.1').toString('base64url')
    for (const cursor of ['nonsense', forged, ''])
      expect(await list(`?cursor=${cursor}`)).toMatchObject({
        status: 400,
        message: expect.stringContaining('翻页位置'),
      })
  })
})

describe('one lead', () => {
  it('is there for its owner, and 404 for everybody else', async () => {
    const { clue } = await server.assign(owner)
    const read = (token: string) => server.call<Clue>('GET', `/clues/${clue.id}`, { token })
    expect((await read(owner.token)).result).toEqual(clue)
    expect(await read(other.token)).toMatchObject({
      status: 404,
      code: 404,
      result: null,
      message: '线索不存在，或已不在您名下',
    })
    expect(await server.call('GET', `/clues/${clue.id}`)).toMatchObject({ status: 401 })
  })

  it('is 404 once it is reassigned', async () => {
    const { clue } = await server.assign(owner)
    await server.reassign(clue, other)
    expect(await server.call('GET', `/clues/${clue.id}`, { token: owner.token })).toMatchObject({
      status: 404,
    })
  })

  it.each(['0', '-1', 'x', '1e3', '999999999', '9'.repeat(40), '%00'])('is 404 for the id %s', async (id) => {
    expect(await server.call('GET', `/clues/${id}`, { token: owner.token })).toMatchObject({
      status: 404,
      code: 404,
    })
  })
})

describe('the back office', () => {
  it('enters a lead, unassigned', async () => {
    expect(await server.enterClue('恒泰建材 采购咨询')).toMatchObject({
      title: '恒泰建材 采购咨询',
      status: 'pending',
      version: 1,
      assigneeId: null,
      assignedAt: null,
    })
  })

  it.each(['', 'Bearer ', 'Bearer wrong', 'Basic YWRtaW4='])(
    'is let in by nothing but the token: %j',
    async (authorization) => {
      const answer = await server.call('POST', '/admin/clues', { headers: { authorization }, body: {} })
      expect(answer).toMatchObject({
        status: 401,
        code: 401,
        message: expect.stringContaining('管理令牌无效'),
      })
    },
  )

  it('is told the present lead when someone was faster', async () => {
    const clue = await server.enterClue()
    const first = await server.reassign(clue, owner)
    expect(await server.reassign(clue, other)).toMatchObject({
      status: 409,
      success: false,
      code: 409,
      message: expect.stringContaining('已被他人修改'),
      result: first.result.clue,
    })
  })

  it('assigns one version once, of ten at a time', async () => {
    const clue = await server.enterClue()
    const answers = await Promise.all(Array.from({ length: 10 }, () => server.reassign(clue, owner)))
    expect(answers.filter(({ code }) => code === 200)).toHaveLength(1)
    expect(answers.filter(({ code }) => code === 409)).toHaveLength(9)
    const { rows } = await server.db.database.pool.query(
      'select (select count(*) from assignments where clue_id = $1) as a, (select count(*) from deliveries where clue_id = $1) as d',
      [clue.id],
    )
    expect(rows).toEqual([{ a: 1, d: 1 }])
  })

  it('is told which of the two is not there', async () => {
    const clue = await server.enterClue()
    const nobody = { ...owner, id: '99999' }
    expect(await server.reassign(clue, nobody)).toMatchObject({
      status: 404,
      message: expect.stringContaining('员工不存在'),
    })
    expect(await server.reassign({ ...clue, id: '99999' }, owner)).toMatchObject({
      status: 404,
      message: expect.stringContaining('线索不存在'),
    })
  })
})

describe('the trial’s button', () => {
  const press = (body?: unknown) => server.call<AssignResult>('POST', '/trial/assign', { admin: true, body })

  it('assigns a made-up lead to who holds the phone', async () => {
    const answer = await press({ openid: other.openid })
    expect(answer).toMatchObject({ code: 200, result: { assignment: { assigneeId: other.id } } })
    expect(await server.call('GET', `/clues/${answer.result.clue.id}`, { token: other.token })).toMatchObject(
      { code: 200 },
    )
  })

  it('goes by username, else to the first of the staff, and says what to do next', async () => {
    expect(await press({ username: other.username })).toMatchObject({
      result: { assignment: { assigneeId: other.id } },
    })
    const first = await press()
    expect(first).toMatchObject({ result: { assignment: { assigneeId: owner.id } } })
    expect(first.message).toContain(owner.username)
    const newcomer = await server.hire('赵一鸣')
    expect((await press({ username: newcomer.username })).message).toMatch(/赵一鸣.*登录并允许订阅后自动送达/)
  })

  it('needs the admin token and a person who exists', async () => {
    expect(await server.call('POST', '/trial/assign')).toMatchObject({ status: 401 })
    expect(await press({ username: 'nobody' })).toMatchObject({
      status: 404,
      message: expect.stringContaining('请先在手机上登录'),
    })
  })
})
