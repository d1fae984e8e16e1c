import type { AdminClue, AdminClueDetail, AdminCluePage, Clue } from '@leadbell/contract'
import fc from 'fast-check'
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import { insertAssignment } from '../db/assignments.ts'
import { giveClueTo } from '../db/clues.ts'
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

const assign = (id: string, body: { assigneeId: string; version: number }, token = clerk.token) =>
  server.call<AdminClue>('POST', `/admin/clues/${id}/assign`, { token, body })
const recall = (id: string, version: number, token = clerk.token) =>
  server.call<AdminClue>('POST', `/admin/clues/${id}/recall`, { token, body: { version } })

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
    expect(unassigned).toEqual({
      ...free,
      externalId: null,
      assignee: null,
      assignedBy: null,
      delivery: null,
    })
  })

  it('names who gave a lead to its present owner, and nobody when it was a program or nobody has it', async () => {
    const [chen, lin] = [await server.hire('陈小舟'), await server.hire('林可')]
    const other = await enterAs(server, 'clerk', '王主管')
    const givenBy = async () => (await list()).result.items[0]?.assignedBy
    const { id } = await server.enterClue()
    await assign(id, { assigneeId: chen.id, version: 1 })
    expect(await givenBy()).toBe('周经理')
    await assign(id, { assigneeId: lin.id, version: 2 }, other.token)
    expect(await givenBy()).toBe('王主管')
    await edit(id, { version: 3, remark: '改过' })
    expect(await givenBy()).toBe('王主管')
    await recall(id, 4)
    expect(await givenBy()).toBeNull()
    await server.call('POST', `/admin/clues/${id}/assign`, {
      admin: true,
      body: { assigneeId: chen.id, version: 5 },
    })
    expect(await givenBy()).toBeNull()
  })

  it('names who gave a lead that no message was sent about', async () => {
    const [owner, { id }] = [await server.hire(), await server.enterClue()]
    const { db } = server.db.database
    const [clueId, assigneeId, now] = [Number(id), Number(owner.id), server.now()]
    await giveClueTo(db, { id: clueId, version: 1, assigneeId, now })
    await insertAssignment(db, { clueId, assigneeId, clueVersion: 2, assignedBy: '王主管', assignedAt: now })
    expect((await list()).result.items).toMatchObject([
      { id, assignee: { id: owner.id }, assignedBy: '王主管', delivery: null },
    ])
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
    const unassignedFirst = await count('?order=unassigned-first&limit=5')
    select.mockRestore()
    expect([one.rows, five.rows, unassignedFirst.rows]).toEqual([1, 5, 5])
    // one for the session, one for the page
    expect([one.queries, five.queries, unassignedFirst.queries]).toEqual([2, 2, 2])
  })

  it.each([
    ['?limit=51', 'limit'],
    ['?status=lost', 'status'],
    ['?unassigned=yes', 'unassigned'],
    ['?order=oldest', 'order'],
    ['?q=%00', 'q'],
    [`?cursor=${'x'.repeat(300)}`, 'cursor'],
  ])('refuses %s', async (query, field) => {
    const answer = await list(query)
    expect(answer).toMatchObject({ status: 400, message: expect.stringContaining(`（${field}）`) })
    expect(answer.message).not.toContain('请求内容')
  })

  it('refuses a cursor it did not make', async () => {
    for (const text of ['nonsense', '', '1; drop', 'u', 'u0', 'a-1', 'b12', 'u1\n'])
      for (const order of ['newest', 'unassigned-first'])
        expect(await list(`?order=${order}&cursor=${Buffer.from(text).toString('base64url')}`)).toMatchObject(
          { status: 400, message: expect.stringContaining('翻页位置') },
        )
  })

  it('refuses a cursor of the other order', async () => {
    await server.assign(await server.hire())
    for (let n = 0; n < 2; n++) await server.enterClue()
    for (const [made, used] of [
      ['newest', 'unassigned-first'],
      ['unassigned-first', 'newest'],
    ])
      for (const limit of [1, 2]) {
        const { nextCursor } = (await list(`?order=${made}&limit=${limit}`)).result
        expect(await list(`?order=${made}&cursor=${nextCursor}`)).toMatchObject({ code: 200 })
        expect(await list(`?order=${used}&cursor=${nextCursor}`)).toMatchObject({
          status: 400,
          message: '翻页位置无效，请回到列表顶部刷新',
        })
      }
  })

  describe('with those that nobody has first', () => {
    const FIRST = '?order=unassigned-first'
    const newestFirst = (ids: string[]) => [...ids].sort((a, b) => Number(b) - Number(a))

    async function pages(query: string, limit: number, betweenPages = async () => {}): Promise<string[]> {
      const seen: string[] = []
      let cursor: string | null = ''
      while (cursor !== null) {
        const next: string = `${query}&limit=${limit}${cursor && `&cursor=${cursor}`}`
        const answer = await list(next)
        expect(answer.code).toBe(200)
        const ids = answer.result.items.map(({ id }) => id)
        expect(new Set(ids).size).toBe(ids.length)
        seen.push(...ids)
        cursor = answer.result.nextCursor
        if (cursor !== null) await betweenPages()
      }
      return seen
    }

    it('has both newest first, whatever the length of a page', async () => {
      const person = await server.hire()
      const [free, taken]: [string[], string[]] = [[], []]
      for (const assigned of [false, true, true, false, false, true])
        if (assigned) taken.push((await server.assign(person)).clue.id)
        else free.push((await server.enterClue()).id)
      for (const limit of [1, 2, 3, 4, 6, 50])
        expect(await pages(FIRST, limit)).toEqual([...newestFirst(free), ...newestFirst(taken)])
    })

    it('goes with every filter', async () => {
      const [chen, lin] = [await server.hire(), await server.hire()]
      const ofChen = (await server.assign(chen, '青禾食品')).clue
      const free = await server.enterClue('云帆物流 报价')
      const ofLin = (await server.assign(lin, '云帆物流 询问')).clue
      const invalid = await server.enterClue('青禾食品')
      await edit(invalid.id, { version: 1, status: 'invalid' })
      for (const limit of [1, 50]) {
        expect(await pages(`${FIRST}&status=pending`, limit)).toEqual([free.id, ofLin.id, ofChen.id])
        expect(await pages(`${FIRST}&status=invalid`, limit)).toEqual([invalid.id])
        expect(await pages(`${FIRST}&q=${encodeURIComponent('云帆')}`, limit)).toEqual([free.id, ofLin.id])
        expect(await pages(`${FIRST}&assigneeId=${chen.id}`, limit)).toEqual([ofChen.id])
        expect(await pages(`${FIRST}&assigneeId=${chen.id}&unassigned=1`, limit)).toEqual([])
        expect(await pages(`${FIRST}&unassigned=1`, limit)).toEqual([invalid.id, free.id])
      }
    })

    it('goes on from a place among those of nobody when an owner is asked for', async () => {
      const person = await server.hire()
      for (let n = 0; n < 2; n++) await server.enterClue()
      const owned = (await server.assign(person)).clue.id
      const { nextCursor } = (await list(`${FIRST}&limit=1`)).result
      expect(await idsOf(`${FIRST}&assigneeId=${person.id}&cursor=${nextCursor}`)).toEqual([owned])
    })

    it('shows every lead that stays where it is once, and none twice that did not move, while others are assigned', async () => {
      const person = await server.hire()
      const anyMove = fc.record({
        lead: fc.nat(),
        kind: fc.constantFrom<'assign' | 'recall'>('assign', 'recall'),
      })
      await fc.assert(
        fc.asyncProperty(
          fc.array(fc.boolean(), { minLength: 1, maxLength: 7 }),
          fc.integer({ min: 1, max: 3 }),
          fc.array(anyMove, { maxLength: 5 }),
          async (assigned, limit, moves) => {
            const leads: { id: string; version: number; taken: boolean }[] = []
            for (const taken of assigned) {
              const { id, version } = taken ? (await server.assign(person)).clue : await server.enterClue()
              leads.push({ id, version, taken })
            }
            const [free, taken] = [leads.filter((one) => !one.taken), leads.filter((one) => one.taken)]
            const before = [free, taken].flatMap((part) => newestFirst(part.map(({ id }) => id)))
            const moved = new Set<string>()
            const seen = await pages(FIRST, limit, async () => {
              const { lead = 0, kind } = moves.pop() ?? {}
              const one = leads[lead % leads.length]
              if (!one || !kind || one.taken === (kind === 'assign')) return
              if (kind === 'assign') await assign(one.id, { assigneeId: person.id, version: one.version })
              else await recall(one.id, one.version)
              one.taken = kind === 'assign'
              one.version++
              moved.add(one.id)
            })
            const stayed = (id: string) => !moved.has(id)
            expect(seen.filter(stayed)).toEqual(before.filter(stayed))
            for (const { id } of leads) await server.deleteClue(id)
          },
        ),
        { numRuns: 25 },
      )
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
    const gone = { status: 404, message: '线索不存在或已删除，请刷新后再看', result: null }
    for (const id of [clue.id, '0', 'x', '999999999', '9'.repeat(40)]) {
      expect(await read(id)).toMatchObject(gone)
      expect(await edit(id, { version: 1, title: '改' })).toMatchObject(gone)
      expect(await assign(id, { assigneeId: clerk.id, version: 1 })).toMatchObject(gone)
      expect(await recall(id, 1)).toMatchObject(gone)
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

describe('a clerk who is not the first', () => {
  it('is told who assigned the lead to whom, and sees it as it is now', async () => {
    const [chen, lin] = [await server.hire('陈小舟'), await server.hire('林可')]
    const other = await enterAs(server, 'clerk', '王主管')
    const { id } = await server.enterClue()
    const { result } = await assign(id, { assigneeId: chen.id, version: 1 }, other.token)
    expect(result).toMatchObject({ clue: { version: 2 } })
    const present = {
      id,
      version: 2,
      assignee: { id: chen.id, realname: '陈小舟' },
      assignedBy: '王主管',
      assignedAt: server.now().toISOString(),
    }
    const refused = {
      status: 409,
      code: 409,
      message: '这条线索刚刚已由王主管分配给陈小舟，请刷新后再操作',
      result: present,
    }
    expect(await assign(id, { assigneeId: lin.id, version: 1 })).toMatchObject(refused)
    expect(await recall(id, 1)).toMatchObject(refused)
    const items = [{ clueId: id, assigneeId: lin.id, version: 1 }]
    expect(
      await server.call('POST', '/admin/assignments', { token: clerk.token, body: { items } }),
    ).toMatchObject({
      result: { results: [{ ok: false, code: 409, message: refused.message, clue: present }] },
    })
    expect((await assign(id, { assigneeId: lin.id, version: 1 })).result).toEqual(
      (await list(`?assigneeId=${chen.id}`)).result.items[0],
    )
  })

  it('hears no name when a program assigned it', async () => {
    const [chen, { id }] = [await server.hire('陈小舟'), await server.enterClue()]
    await server.call('POST', `/admin/clues/${id}/assign`, {
      admin: true,
      body: { assigneeId: chen.id, version: 1 },
    })
    expect(await assign(id, { assigneeId: chen.id, version: 1 })).toMatchObject({
      status: 409,
      message: '这条线索刚刚已分配给陈小舟，请刷新后再操作',
      result: { assignedBy: null },
    })
  })

  it.each([
    ['was edited', async (id: string) => edit(id, { version: 2, remark: '改过' }), '陈小舟'],
    ['was taken back', async (id: string) => recall(id, 2), null],
  ])('hears nothing of an assignment when the lead %s since', async (_what, change, owner) => {
    const [chen, lin] = [await server.hire('陈小舟'), await server.hire('林可')]
    const { id } = await server.enterClue()
    await assign(id, { assigneeId: chen.id, version: 1 })
    await change(id)
    expect(await assign(id, { assigneeId: lin.id, version: 2 })).toMatchObject({
      status: 409,
      message: '线索已被他人修改，请核对最新内容后再操作',
      result: { id, version: 3, assignee: owner === null ? null : { realname: owner } },
    })
  })

  it('is told that nobody has it when somebody took it back before', async () => {
    const [chen, { id }] = [await server.hire(), await server.enterClue()]
    await assign(id, { assigneeId: chen.id, version: 1 })
    await recall(id, 2)
    expect(await recall(id, 2)).toMatchObject({
      status: 409,
      message: '这条线索还没有分配给任何人，不需要收回',
      result: { id, version: 3, assignee: null, assignedBy: null },
    })
  })

  it('is one of ten at a time, and each of the nine is told the same first one', async () => {
    const people = await Promise.all(Array.from({ length: 10 }, (_, n) => server.hire(`员工${n}`)))
    const { id } = await server.enterClue()
    const answers = await Promise.all(
      people.map((person) => assign(id, { assigneeId: person.id, version: 1 })),
    )
    const refused = answers.filter(({ status }) => status === 409)
    expect(refused).toHaveLength(9)
    const [first] = (await list()).result.items
    for (const { result, message } of refused) {
      expect(result).toEqual(first)
      expect(message).toContain(`由周经理分配给${first?.assignee?.realname}，`)
    }
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
