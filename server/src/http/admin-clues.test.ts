import type { AdminClue, AdminClueDetail, AdminCluePage, Clue } from '@leadbell/contract'
import fc from 'fast-check'
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import { enterAs } from '../testing/back-office.ts'
import { Harness, type Person } from '../testing/harness.ts'

let server: Harness
let clerk: Person & { token: string }
beforeAll(async () => {
  server = await Harness.start()
  clerk = await enterAs(server, 'clerk', '周经理')
})
afterAll(() => server.stop())

const list = (query = '') => server.call<AdminCluePage>('GET', `/admin/clues${query}`, { token: clerk.token })
const read = (id: string) => server.call<AdminClueDetail>('GET', `/admin/clues/${id}`, { token: clerk.token })
const edit = (id: string, body: Record<string, unknown>) =>
  server.call<AdminClue>('PUT', `/admin/clues/${id}`, { token: clerk.token, body })

describe('the list of all leads', () => {
  beforeEach(async () => {
    await server.db.database.pool.query('update clues set deleted_at = now() where deleted_at is null')
  })

  const idsOf = async (query = '') => (await list(query)).result.items.map(({ id }) => id)

  it('has everybody’s, newest first, and none twice or left out while others come and go', async () => {
    const anyChange = fc.constantFrom<'enter' | 'delete'>('enter', 'delete')
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 7 }),
        fc.integer({ min: 1, max: 4 }),
        fc.array(anyChange, { maxLength: 6 }),
        async (entered, limit, changes) => {
          const stay: string[] = []
          const go: string[] = []
          for (let n = 0; n < entered; n++) {
            stay.unshift((await server.enterClue()).id)
            go.unshift((await server.enterClue()).id)
          }
          const seen: string[] = []
          let cursor: string | null = ''
          while (cursor !== null) {
            const page: AdminCluePage = (await list(`?limit=${limit}${cursor && `&cursor=${cursor}`}`)).result
            expect(page.items.length).toBeLessThanOrEqual(limit)
            seen.push(...page.items.map(({ id }) => id))
            cursor = page.nextCursor
            const change = changes.pop()
            if (change === 'enter') await server.enterClue()
            const gone = change === 'delete' ? go.pop() : undefined
            if (gone !== undefined) await server.deleteClue(gone)
          }
          expect(new Set(seen).size).toBe(seen.length)
          expect(seen).toEqual([...seen].sort((a, b) => Number(b) - Number(a)))
          expect(seen.filter((id) => stay.includes(id))).toEqual(stay)
          for (const id of [...stay, ...go]) await server.deleteClue(id)
          await server.db.database.pool.query('update clues set deleted_at = now() where deleted_at is null')
        },
      ),
      { numRuns: 15 },
    )
  })

  it('filters by status, by owner, and by having none', async () => {
    const [chen, lin] = [await server.hire(), await server.hire()]
    const free = await server.enterClue()
    const ofChen = (await server.assign(chen)).clue
    const ofLin = (await server.assign(lin)).clue
    await edit(ofLin.id, { version: ofLin.version, status: 'won' })
    expect(await idsOf('?status=won')).toEqual([ofLin.id])
    expect(await idsOf('?status=pending')).toEqual([ofChen.id, free.id])
    expect(await idsOf(`?assigneeId=${chen.id}`)).toEqual([ofChen.id])
    expect(await idsOf(`?assigneeId=${lin.id}&status=pending`)).toEqual([])
    expect(await idsOf('?unassigned=1')).toEqual([free.id])
    for (const nobody of ['0', '-1', 'x', '999999', '9'.repeat(40)])
      expect(await idsOf(`?assigneeId=${nobody}`)).toEqual([])
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
    for (const title of ['云帆物流 报价', '折扣100% 询问', '青禾食品']) await server.enterClue(title)
    expect(await idsOf(`?q=${encodeURIComponent(q)}`)).toHaveLength(found)
  })

  it('names the owner and what became of the newest message', async () => {
    const [chen, lin] = [await server.hire('陈小舟'), await server.hire('林可')]
    const free = await server.enterClue()
    const { clue } = await server.assign(chen)
    const { result } = await server.reassign(clue, lin)
    const [assigned, unassigned] = (await list()).result.items
    expect(assigned).toMatchObject({
      id: clue.id,
      version: 3,
      assigneeId: lin.id,
      assignee: { id: lin.id, realname: '林可' },
      delivery: {
        id: result.delivery.id,
        assigneeId: lin.id,
        state: 'waiting',
        reason: expect.stringContaining('还没有在小程序里用微信登录'),
      },
    })
    expect(unassigned).toEqual({ ...free, externalId: null, assignee: null, delivery: null })
  })

  it('asks the database once, however long the page', async () => {
    const person = await server.hire()
    for (let n = 0; n < 5; n++) await server.assign(person)
    const select = vi.spyOn(server.db.database.pool, 'query')
    const count = async (query: string) => {
      select.mockClear()
      const { items } = (await list(query)).result
      return { rows: items.length, queries: select.mock.calls.length }
    }
    await list()
    const [one, five] = [await count('?limit=1'), await count('?limit=5')]
    select.mockRestore()
    expect([one.rows, five.rows]).toEqual([1, 5])
    // one for the session, one for the page
    expect([one.queries, five.queries]).toEqual([2, 2])
  })

  it.each([
    ['?limit=51', 'limit'],
    ['?status=lost', 'status'],
    ['?unassigned=yes', 'unassigned'],
    ['?q=%00', 'q'],
    [`?cursor=${'x'.repeat(300)}`, 'cursor'],
  ])('refuses %s', async (query, field) => {
    const answer = await list(query)
    expect(answer).toMatchObject({ status: 400, message: expect.stringContaining(`（${field}）`) })
    expect(answer.message).not.toContain('请求内容')
  })

  it('refuses a cursor it did not make', async () => {
    for (const cursor of ['nonsense', '', Buffer.from('1; drop').toString('base64url')])
      expect(await list(`?cursor=${cursor}`)).toMatchObject({
        status: 400,
        message: expect.stringContaining('翻页位置'),
      })
  })
})

describe('one lead in the back office', () => {
  it('has its notes and who had it when, newest first, with the message each of them got', async () => {
    const [chen, lin] = [await server.hire('陈小舟'), await server.hire('林可')]
    const token = await server.tokenOf(chen)
    const first = await server.assign(chen, '恒泰建材 采购咨询')
    const note = { id: 'note-of-chen', text: '已电话沟通' }
    await server.call('POST', `/clues/${first.clue.id}/notes`, { token, body: note })
    server.advance(60_000)
    const second = await server.call<{ clue: Clue; delivery: { id: string } }>(
      'POST',
      `/admin/clues/${first.clue.id}/assign`,
      { token: clerk.token, body: { assigneeId: lin.id, version: first.clue.version, reason: '陈小舟休假' } },
    )
    const { clue, delivery } = second.result
    const recalledAt = server.now().toISOString()
    const recall = { version: clue.version, reason: '客户要求' }
    expect(
      await server.call('POST', `/admin/clues/${clue.id}/recall`, { token: clerk.token, body: recall }),
    ).toMatchObject({ code: 200, result: { assigneeId: null } })

    expect(await read(clue.id)).toMatchObject({
      code: 200,
      result: {
        id: clue.id,
        title: '恒泰建材 采购咨询',
        assigneeId: null,
        assignee: null,
        delivery: { id: delivery.id },
        notes: [{ ...note, author: '陈小舟' }],
        assignments: [
          {
            assignee: { id: lin.id, realname: '林可' },
            assignedBy: '周经理',
            reason: '陈小舟休假',
            assignedAt: clue.assignedAt,
            recalledAt,
            recalledBy: '周经理',
            recallReason: '客户要求',
            delivery: { id: delivery.id, state: 'dead', reason: '线索已收回，不再提醒' },
          },
          {
            assignee: { id: chen.id, realname: '陈小舟' },
            assignedBy: null,
            reason: null,
            recalledAt: null,
            delivery: { id: first.delivery.id, state: 'dead', reason: '线索已改派他人，不再提醒' },
          },
        ],
      },
    })
  })

  it('is none when it was deleted, or never was', async () => {
    const clue = await server.enterClue()
    await server.deleteClue(clue.id)
    for (const id of [clue.id, '0', 'x', '999999999', '9'.repeat(40)]) {
      expect(await read(id)).toMatchObject({ status: 404, result: null })
      expect(await edit(id, { version: 1, title: '改' })).toMatchObject({ status: 404, result: null })
    }
  })
})

describe('editing a lead', () => {
  it('changes what is given and leaves the rest', async () => {
    const clue = await server.enterClue()
    const answer = await edit(clue.id, { version: 1, phone: ' 010-8888 6666 ', remark: '下午联系' })
    const edited = { ...clue, version: 2, phone: '010-8888 6666', remark: '下午联系' }
    expect(answer).toMatchObject({ code: 200, result: edited })
    expect((await read(clue.id)).result).toMatchObject(edited)
  })

  it('is no edit when nothing is different', async () => {
    const clue = await server.enterClue()
    const { title, phone, status } = clue
    expect(await edit(clue.id, { version: 1, title, phone, status })).toMatchObject({
      result: { version: 1 },
    })
    expect(await edit(clue.id, { version: 1 })).toMatchObject({ result: { version: 1 } })
  })

  it('is refused with the present lead when someone was faster', async () => {
    const clue = await server.enterClue()
    const { result } = await edit(clue.id, { version: 1, title: '青禾食品' })
    for (const version of [1, 3, Number.MAX_SAFE_INTEGER])
      expect(await edit(clue.id, { version, title: '云帆物流' })).toMatchObject({
        status: 409,
        code: 409,
        message: expect.stringContaining('已被他人修改'),
        result,
      })
    expect((await read(clue.id)).result).toMatchObject({ version: 2, title: '青禾食品' })
  })

  it('of one version goes through once, of ten at a time', async () => {
    const clue = await server.enterClue()
    const answers = await Promise.all(
      Array.from({ length: 10 }, (_, n) => edit(clue.id, { version: 1, remark: `第 ${n} 个` })),
    )
    expect(answers.map(({ status }) => status).sort()).toEqual([200, ...Array<number>(9).fill(409)])
  })

  it.each(['won', 'invalid'])(
    'that makes it %s stops the message about it that is unsent',
    async (status) => {
      const person = await server.hire()
      const { clue, delivery } = await server.assign(person)
      expect(await edit(clue.id, { version: clue.version, status })).toMatchObject({
        result: {
          status,
          delivery: { id: delivery.id, state: 'dead', reason: '线索已成交或作废，不再提醒' },
        },
      })
      const token = await server.tokenOf(person)
      await server.accept(person, token)
      expect((await server.delivery(delivery.id)).state).toBe('dead')
    },
  )

  it('that leaves it open stops nothing', async () => {
    const { clue, delivery } = await server.assign(await server.hire())
    await edit(clue.id, { version: clue.version, status: 'following', title: '改了名字' })
    expect((await server.delivery(delivery.id)).state).toBe('waiting')
  })

  it.each([
    [{ title: ' ' }, 'title'],
    [{ phone: 'call me' }, 'phone'],
    [{ remark: 'x'.repeat(2001) }, 'remark'],
    [{ status: 'lost' }, 'status'],
    [{ version: 0 }, 'version'],
    [{ version: undefined }, 'version'],
  ])('with %j is 400', async (body, field) => {
    const clue = await server.enterClue()
    expect(await edit(clue.id, { version: 1, ...body })).toMatchObject({
      status: 400,
      message: expect.stringContaining(`（${field}）`),
    })
  })
})

describe('assigning many at once', () => {
  it('does or refuses each by itself', async () => {
    const person = await server.hire()
    const [good, stale] = [await server.enterClue(), await server.enterClue()]
    const { result } = await edit(stale.id, { version: 1, title: '改过' })
    const to = { assigneeId: person.id, version: 1 }
    const items = [
      { ...to, clueId: good.id },
      { ...to, clueId: stale.id },
      { ...to, clueId: '999999' },
    ]
    expect(
      await server.call('POST', '/admin/assignments', { token: clerk.token, body: { items } }),
    ).toMatchObject({
      code: 200,
      result: {
        assigned: 1,
        refused: 2,
        results: [
          { ok: true, clueId: good.id, version: 2 },
          { ok: false, clueId: stale.id, code: 409, clue: { id: stale.id, version: result.version } },
          { ok: false, clueId: '999999', code: 404, clue: null },
        ],
      },
    })
  })
})
