import type { AssignResult, ClueDetail, CluePage } from '@leadbell/contract'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
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
    const body = { status: 'won', version: clue.version }
    await server.call('PUT', `/clues/${clue.id}`, { token, body })
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
    ['\\', 0],
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
    ['?q=%00', 'q'],
  ])('refuses %s', async (query, field) => {
    const answer = await list(query)
    expect(answer).toMatchObject({ status: 400, code: 400 })
    expect(answer.message).toContain(`（${field}）`)
  })

  it('counts all unread leads of the person and nobody else’s, whatever is asked for', async () => {
    const person = await server.hire()
    const token = await server.tokenOf(person)
    const unread = async (query = '') => (await list(query, token)).result.unread
    expect(await unread()).toBe(0)
    const [first, second] = [await server.assign(person, '云帆物流 报价'), await server.assign(person)]
    await server.assign(person)
    await server.assign(other)
    for (const query of ['', '?limit=1', '?status=won', '?q=云帆']) expect(await unread(query)).toBe(3)

    await server.call('PUT', `/clues/${first.clue.id}/read`, { token })
    expect(await unread()).toBe(2)
    await server.reassign(second.clue, other)
    expect(await unread()).toBe(1)
  })

  it('forgets a lead that was deleted', async () => {
    const person = await server.hire()
    const token = await server.tokenOf(person)
    const [kept, deleted] = [await server.assign(person), await server.assign(person)]
    await server.deleteClue(deleted.clue.id)
    const { items, unread } = (await list('', token)).result
    expect({ ids: items.map(({ id }) => id), unread }).toEqual({ ids: [kept.clue.id], unread: 1 })
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
  it('is there for its owner, without notes at first', async () => {
    const { clue } = await server.assign(owner)
    const read = (token: string) => server.call<ClueDetail>('GET', `/clues/${clue.id}`, { token })
    expect((await read(owner.token)).result).toEqual({ ...clue, readAt: null, notes: [] })
    expect(await server.call('GET', `/clues/${clue.id}`)).toMatchObject({ status: 401 })
  })

  it.each(['0', '-1', 'x', '1e3', '999999999', '9'.repeat(40), '%00'])(
    'is none for the id %s',
    async (id) => {
      for (const [method, path, body] of callsOn(id))
        expect(await server.call(method, path, { token: owner.token, body })).toMatchObject(
          id === '%00' ? { code: 400 } : { status: 404, code: 404 },
        )
    },
  )
})

/** Every call on one lead. */
const callsOn = (id: string) =>
  [
    ['GET', `/clues/${id}`, undefined],
    ['PUT', `/clues/${id}`, { status: 'won', version: 2 }],
    ['PUT', `/clues/${id}/read`, undefined],
    ['POST', `/clues/${id}/notes`, { id: 'note-refused', text: '不该留下' }],
  ] as const

describe('a lead that is not the person’s', () => {
  /** Makes each call as `token`: all are refused alike, with nothing in them, and the lead stays what it was. */
  async function expectRefused(clueId: string, token: string, refusal: Record<string, unknown>) {
    const everything = () =>
      server.db.database.pool.query(
        'select c.*, (select count(*) from clue_notes n where n.clue_id = c.id) as notes from clues c where id = $1',
        [clueId],
      )
    const before = (await everything()).rows
    for (const [method, path, body] of callsOn(clueId))
      expect(await server.call(method, path, { token, body })).toMatchObject({ ...refusal, result: null })
    expect((await everything()).rows).toEqual(before)
  }
  const none = { status: 404, code: 404, success: false, message: '线索不存在，或已不在您名下' }
  const reassigned = { status: 403, code: 403, success: false, message: '这条线索已经转给其他同事' }
  const deleted = { status: 410, code: 410, success: false, message: '这条线索已被后台删除' }

  it('is 404 to a stranger, as is one that nobody has', async () => {
    const { clue } = await server.assign(owner)
    await expectRefused(clue.id, other.token, none)
    await expectRefused((await server.enterClue()).id, other.token, none)
  })

  it('is 403 to who held it before, until it comes back', async () => {
    const { clue } = await server.assign(owner)
    const { result } = await server.reassign(clue, other)
    await expectRefused(clue.id, owner.token, reassigned)
    await server.reassign(result.clue, owner)
    await expectRefused(clue.id, other.token, reassigned)
    expect(await server.call('GET', `/clues/${clue.id}`, { token: owner.token })).toMatchObject({ code: 200 })
  })

  it('is 410 to who holds or held it once it was deleted, and 404 to a stranger', async () => {
    const stranger = await server.tokenOf(await server.hire())
    const { clue } = await server.assign(owner)
    await server.reassign(clue, other)
    expect(await server.deleteClue(clue.id)).toMatchObject({ code: 200, result: null })
    await expectRefused(clue.id, owner.token, deleted)
    await expectRefused(clue.id, other.token, deleted)
    await expectRefused(clue.id, stranger, none)
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
      message: expect.stringMatching(/^这条线索刚刚已分配给.+，请刷新后再操作$/),
      result: { ...first.result.clue, assignee: { id: owner.id } },
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

describe('deleting a lead', () => {
  const gone = { status: 404, code: 404, message: '线索不存在或已删除，请刷新后再看' }

  it('happens once, and leaves nothing to assign', async () => {
    const clue = await server.enterClue()
    expect(await server.deleteClue(clue.id)).toMatchObject({ status: 200, code: 200, result: null })
    expect(await server.deleteClue(clue.id)).toMatchObject(gone)
    expect(await server.reassign(clue, owner)).toMatchObject(gone)
  })

  it.each(['0', 'x', '999999999'])('is 404 for the id %s', async (id) => {
    expect(await server.deleteClue(id)).toMatchObject(gone)
  })

  it('is the back office’s alone', async () => {
    const { clue } = await server.assign(owner)
    expect(await server.call('DELETE', `/admin/clues/${clue.id}`, { token: owner.token })).toMatchObject({
      status: 403,
    })
    expect(await server.call('GET', `/clues/${clue.id}`, { token: owner.token })).toMatchObject({ code: 200 })
  })

  it('at the same moment as an assignment lets no message about it stay open', async () => {
    for (let n = 0; n < 8; n++) {
      const clue = await server.enterClue()
      await Promise.all([server.reassign(clue, owner), server.deleteClue(clue.id)])
      const { rows } = await server.db.database.pool.query(
        "select state, reason from deliveries where clue_id = $1 and state <> 'dead'",
        [clue.id],
      )
      expect(rows).toEqual([])
    }
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
